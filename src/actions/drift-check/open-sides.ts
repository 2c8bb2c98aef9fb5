import { availableParallelism } from 'node:os'
import { openCrew } from '../../comparison/open-crew.js'
import type { FileSource } from '../../comparison/open-files.js'
import { rowsIn } from '../../comparison/read-rows.js'
import type { SourceFacts } from '../../comparison/source.js'
import { bytesOf, planMemory, refuseWindows } from '../../comparison/summaries/plan-memory.js'
import { isProfile, readProfile } from '../../comparison/summaries/profile-file.js'
import { summariseSource } from '../../comparison/summaries/summarise-source.js'
import type { Crew } from '../../comparison/threads/pool.js'
import type { DriftSection } from '../../config/drift.js'
import { type Profile, summariesOfProfile } from '../../domain/drift/profile/profile.js'
import type { NamedType } from '../../domain/drift/schemas.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import type { DataSetOptions, NestedInFile } from '../../tabular/data-set/data-set-options.js'
import { listFiles } from '../../tabular/data-set/list-files.js'
import { hashFile } from '../../tabular/hash-file.js'
import { namingSides } from './side-problems.js'
import { optionsOf, type Side, type SidePorts } from './sides.js'

/** One of the samples, ready to be read column by column. */
export interface OpenedSide {
  /** The configuration key. */
  readonly where: string
  readonly source: SourceFacts
  readonly columns: readonly NamedType[]
  readonly rows: number
  readonly files: readonly Subject[]
  /** Columns that a profile leaves out, and why. */
  readonly omitted: readonly { readonly name: string; readonly reason: string }[]
  /** Columns that the files have and that are left out, since they are nested. */
  readonly nested: readonly NestedInFile[]
  /** The files, for what needs rows; undefined where a profile stands for them. */
  readonly raw: FileSource | undefined
}

export interface OpenedSides {
  readonly reference: OpenedSide
  /** Further references, by name. */
  readonly others: readonly { readonly name: string; readonly side: OpenedSide }[]
  readonly current: OpenedSide
  /** Who reads and compares; whoever opened the sides closes it. */
  readonly crew: Crew
}

interface Found {
  readonly side: Side
  readonly options: DataSetOptions
  readonly profile: Profile | undefined
  readonly files: readonly Subject[]
}

/** Finds, hashes and opens all samples; what does not fit in memory is summarised. */
export async function openSides(
  context: JobContext<DriftSection>,
  ports: SidePorts,
): Promise<OpenedSides> {
  const { settings, distribution, signal } = context
  const found: Found[] = []
  for (const side of sidesOf(settings)) found.push(await find(context, ports, side))
  const samples = found.filter(({ profile }) => profile === undefined).map(({ options }) => options)
  const most = settings.threads ?? availableParallelism()
  const memory = settings.memory === undefined ? undefined : bytesOf(settings.memory)
  const plan = await namingSides(samples, () => planMemory({ samples, memory, threads: most }))
  const files = (await Promise.all(samples.map(listFiles))).flat().map(({ path }) => path)
  const crew = await openCrew({ distribution, threads: plan.threads, files, signal })
  const open = (one: Found) => {
    if (one.profile !== undefined) return Promise.resolve(ofProfile(one, one.profile))
    const at = samples.indexOf(one.options)
    const limit = plan.limits[at]
    const memory = Math.min(plan.summaryMemory, limit?.held ?? plan.summaryMemory)
    const summary = { memory, threads: plan.threads }
    const hold = plan.readings[at] !== 'summaries'
    return openFound(context, crew, { ...one, options: { ...one.options, limit, hold }, summary })
  }
  try {
    const opened = await namingSides(samples, () => Promise.all(found.map(open)))
    const [current, reference, ...others] = opened
    if (current === undefined || reference === undefined) throw new TypeError('both were found')
    for (const side of [reference, ...others, current]) tellSide(context, side)
    const names = Object.keys(settings.references)
    const named = others.map((side, i) => ({ name: names[i] ?? '', side }))
    return { current, reference, others: named, crew }
  } catch (error) {
    await crew.close()
    throw error
  }
}

/** In an order that no thread decides. */
function tellSide({ log }: JobContext<DriftSection>, side: OpenedSide): void {
  const { where, rows, columns, raw, source } = side
  const from = raw === undefined ? ', from a profile' : ''
  log.info(`${where}: ${rows} rows, ${columns.length} columns${from}`)
  if (raw === undefined || source.kind === 'files') return
  log.info(`${where}: larger than the memory allowed: summarised by sketches`)
}

function sidesOf({ reference = [], references, current }: DriftSection): readonly Side[] {
  return [
    { which: 'current', lines: current, where: 'drift.current' },
    { which: 'reference', lines: reference, where: 'drift.reference' },
    ...Object.entries(references).map(([name, lines]) => ({
      which: 'reference' as const,
      lines,
      where: `drift.references.${name}`,
    })),
  ]
}

async function find(
  context: JobContext<DriftSection>,
  ports: SidePorts,
  side: Side,
): Promise<Found> {
  const options = await optionsOf(context, ports, side)
  const paths = options.paths.map((path) => (typeof path === 'string' ? path : path.path))
  const [only] = paths
  if (only === undefined || !(await isProfile(only))) {
    return { side, options, profile: undefined, files: [] }
  }
  if (side.which === 'current') throw currentProfile(side.where)
  if (paths.length > 1) throw severalProfiles(side.where)
  const { workspace, signal } = context
  const shownAs = workspace.relative(only)
  const profile = await readProfile({ path: only, shownAs })
  const { sha256 } = await hashFile(only, signal)
  return { side, options, profile, files: [{ name: shownAs, digest: { sha256 } }] }
}

function severalProfiles(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-030',
    where,
    what: 'a profile is named together with other files.',
    fix: 'Make one profile of all the data: modelway profile FILE... --out FILE.',
  })
}

function currentProfile(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-036',
    where,
    what: 'it is a profile, and a profile can only stand for the reference.',
    fix: 'Name the data itself; a profile of it has no rows to judge.',
  })
}

function ofProfile({ side, files }: Found, profile: Profile): OpenedSide {
  const samples = summariesOfProfile(profile)
  return {
    where: side.where,
    source: { kind: 'samples', samples },
    columns: samples.map(({ name, type }) => ({ name, type })),
    rows: profile.rows,
    files,
    omitted: profile.omitted,
    nested: [],
    raw: undefined,
  }
}

type ToOpen = Found & {
  /** How it is summarised where it is too large to be held. */
  readonly summary: { readonly memory: number; readonly threads: number }
}

async function openFound(
  { settings, signal }: JobContext<DriftSection>,
  crew: Crew,
  { side, options, summary }: ToOpen,
): Promise<OpenedSide> {
  const { where } = side
  const needsRows = settings.time !== undefined || settings.learn !== undefined
  if (options.hold === false && needsRows) refuseWindows(where)
  const [answer] = await crew.run([{ kind: 'open', options }])
  if (answer === undefined || !('kind' in answer) || answer.kind !== 'files') {
    throw new TypeError('files were asked for')
  }
  const { files } = answer.facts
  const columns = answer.facts.columns.map(({ name, type }) => ({ name, type }))
  if (signal.aborted) throw signal.reason
  const opened = {
    where,
    columns,
    rows: rowsIn(answer),
    files: files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    omitted: [],
    nested: answer.facts.nested,
    raw: answer,
  }
  // What is larger than it looked is not held either.
  if (answer.facts.options.hold !== false) return { ...opened, source: answer }
  if (needsRows) refuseWindows(where)
  const ignored = new Set(settings.columns.ignore)
  const names = columns.map(({ name }) => name).filter((name) => !ignored.has(name))
  const seed = settings.rows.seed
  const source = await summariseSource(crew, answer, { columns: names, seed, ...summary })
  return { ...opened, source }
}
