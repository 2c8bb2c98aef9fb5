import { join } from 'node:path'
import type { DriftSection } from '../../config/drift.js'
import { UserError } from '../../errors.js'
import type { DataSource } from '../../ports/data-source.js'
import type { JobContext } from '../../runtime/job.js'
import type { DataPath, DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import { dataPaths } from '../../tabular/data-set/list-files.js'

/** What the job needs of the world to find its data. */
export interface SidePorts {
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
  { lines, where, which }: Side,
): Promise<readonly DataPath[]> {
  const { workspace, signal } = context
  const wanted = lines.filter((line) => !line.startsWith('!'))
  if (wanted.length === 0) throw nothingNamed(where)
  const found: DataPath[] = []
  for (const [index, line] of wanted.entries()) {
    if (isLocal(line)) {
      found.push(...(await dataPaths(workspace, [localPath(line)], where)))
      continue
    }
    const source = await ports.openSource(line)
    const folder = join('.modelway-data', `${which}-${index}`)
    const target = workspace.resolve(folder, where)
    const fetched = await source.fetch({ source: line, revision: undefined, target, signal })
    found.push(...fetched.files.map((path) => ({ path })))
  }
  return withoutExcluded(context, { lines, where, which }, found)
}

/** One letter is a Windows drive, not a scheme. */
function isLocal(line: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(line)?.[1]?.toLowerCase()
  return scheme === undefined || scheme === 'file'
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
  return found.filter(({ path }) => !left.has(path))
}

function nothingNamed(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-011',
    where,
    what: 'nothing is named.',
    fix: 'Name files, globs, a folder, a source such as https:, or a profile, one a line.',
  })
}
