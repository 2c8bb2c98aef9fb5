import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DriftSection } from '../../config/drift.js'
import { UserError } from '../../errors.js'
import type { DataSource } from '../../ports/data-source.js'
import type { JobContext } from '../../runtime/job.js'
import { digestOf } from '../../statements/canonical.js'
import type { DataPath, DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import { dataPaths, listFiles } from '../../tabular/data-set/list-files.js'
import { type RegistryPorts, registryReference } from './registry-reference.js'

/** What the job needs of the world to find its data. */
export interface SidePorts extends RegistryPorts {
  readonly openSource: (source: string) => Promise<DataSource>
}

/** One of the samples, as the configuration names it. */
export interface Side {
  readonly which: 'reference' | 'current'
  readonly lines: readonly string[]
  /** The configuration key, for errors. */
  readonly where: string
}

/** How the files of a sample are read: where they are, and which of their rows count. */
export async function optionsOf(
  context: JobContext<DriftSection>,
  ports: SidePorts,
  side: Side,
): Promise<DataSetOptions> {
  const { settings, workspace } = context
  const { rows, time, columns } = settings
  const lists = Object.values(columns.vectors).flat()
  const timed = time !== undefined && (side.which === 'current' || time.season !== 'none')
  return {
    root: workspace.root,
    paths: await pathsOf(context, ports, side),
    where: side.where,
    vectors: lists.length > 0 ? lists : undefined,
    filters: [rows.where, rows[side.which]],
    time: timed ? { column: time.column } : undefined,
    sample: rows.sample === undefined ? undefined : { rows: rows.sample, seed: rows.seed },
  }
}

async function pathsOf(
  context: JobContext<DriftSection>,
  ports: SidePorts,
  side: Side,
): Promise<readonly DataPath[]> {
  const wanted = side.lines.filter((line) => !line.startsWith('!'))
  if (wanted.length === 0) throw nothingNamed(side.where)
  const found: DataPath[] = []
  for (const line of wanted) found.push(...(await pathsOfLine(context, ports, { line, side })))
  return withoutExcluded(context, side, found)
}

interface Line {
  readonly line: string
  readonly side: Side
}

async function pathsOfLine(
  context: JobContext<DriftSection>,
  ports: SidePorts,
  { line, side: { which, where } }: Line,
): Promise<readonly DataPath[]> {
  const { workspace, signal } = context
  const scheme = schemeOf(line)
  if (scheme === 'file') return dataPaths(workspace, [localPath(line)], where)
  if (scheme === 'registry' && which === 'reference')
    return registryReference(context, ports, { line, where })
  const source = await openFor(ports, line, where)
  // Files of one name from two places, for two references, are two files.
  const place = `${which}-${digestOf([where, line]).slice(-16)}`
  const target = workspace.resolve(join('.modelway-data', place), where)
  const fetched = await source.fetch({ source: line, revision: undefined, target, signal })
  return fetched.files.map((path) => ({ path }))
}

/** One letter is a Windows drive, not a scheme. */
function schemeOf(line: string): string {
  return /^([a-z][a-z0-9+.-]+):/i.exec(line)?.[1]?.toLowerCase() ?? 'file'
}

function localPath(line: string): string {
  return line.replace(/^file:(\/\/(?=\/))?/i, '')
}

async function withoutExcluded(
  { workspace }: JobContext<DriftSection>,
  { lines, where }: Side,
  found: readonly DataPath[],
): Promise<readonly DataPath[]> {
  const excluded = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  if (excluded.length === 0) return found
  const left = new Set(await workspace.glob(excluded, where))
  const kept: DataPath[] = []
  for (const given of found) {
    for (const one of await filesBelow(given, { root: workspace.root, where })) {
      if (!left.has(one.path)) kept.push(one)
    }
  }
  return kept
}

/** Of a folder its files, so that one of them can be left out. */
async function filesBelow(
  given: DataPath,
  { root, where }: Pick<DataSetOptions, 'root' | 'where'>,
): Promise<readonly DataPath[]> {
  const isFolder = (await stat(given.path)).isDirectory()
  if (!isFolder) return [given]
  const { path, base = path } = given
  const files = await listFiles({ root, paths: [given], where })
  return files.map((file) => ({ path: file.path, base }))
}

function nothingNamed(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-011',
    where,
    what: 'nothing is named.',
    fix: 'Name files, globs, a folder, a source such as https:, or a profile, one a line.',
  })
}

/** The sources speak of data.source, where they are named most often. */
async function openFor(ports: SidePorts, line: string, where: string): Promise<DataSource> {
  try {
    return await ports.openSource(line)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      error.problems.map((problem) => ({ ...problem, where })),
      { cause: error },
    )
  }
}
