import { compareDataSets } from '../../comparison/compare-data-sets.js'
import { openCrew } from '../../comparison/open-crew.js'
import type { FileSource } from '../../comparison/open-files.js'
import { newestTime, rowsIn, rowsOfWindows } from '../../comparison/read-rows.js'
import type { Crew } from '../../comparison/threads/pool.js'
import type { DriftSection } from '../../config/drift.js'
import { type ColumnComparison, decideColumns } from '../../domain/drift/decide.js'
import type { DriftPredicateBody, Sides } from '../../domain/drift/predicate.js'
import { driftProblems, planProblems } from '../../domain/drift/problems.js'
import { compareSchemas, type NamedType } from '../../domain/drift/schemas.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import { extrasOf } from './extras.js'
import type { Judged, JudgedWindow } from './judged.js'
import { optionsOf, type SidePorts } from './sides.js'
import { componentsOf, vectorsOf } from './vectors.js'
import { windowsToJudge } from './windows.js'

/** Both samples, opened. */
export interface OpenedSides {
  readonly reference: FileSource
  readonly current: FileSource
}

/** Compares files, here: reads both samples, a column at a time, in threads where that is worth it. */
export async function judgeFiles(
  context: JobContext<DriftSection>,
  ports: SidePorts,
): Promise<Judged> {
  const { settings, signal, log } = context
  const lines = { reference: settings.reference ?? [], current: settings.current }
  const options = await Promise.all(
    (['reference', 'current'] as const).map((which) =>
      optionsOf(context, ports, { which, lines: lines[which], where: `drift.${which}` }),
    ),
  )
  const files = options.flatMap(({ paths }) => paths.map(pathOf))
  const { distribution } = context
  const crew = await openCrew({ distribution, threads: settings.threads, files, signal })
  try {
    const opened = await log.group('Reading', () => openBoth(context, crew, options))
    return await judgeOpened(context, crew, opened)
  } finally {
    await crew.close()
  }
}

function pathOf(path: DataSetOptions['paths'][number]): string {
  return typeof path === 'string' ? path : path.path
}

async function openBoth(
  { settings, log }: JobContext<DriftSection>,
  crew: Crew,
  options: readonly DataSetOptions[],
): Promise<OpenedSides> {
  const answers = await crew.run(options.map((one) => ({ kind: 'open', options: one })))
  const [reference, current] = answers.map((answer) => {
    if ('kind' in answer && answer.kind === 'files') return answer
    throw new TypeError('a sample was asked for')
  })
  if (reference === undefined || current === undefined) throw new TypeError('both were asked for')
  for (const side of [reference, current]) {
    const { columns, options: given } = side.facts
    log.info(`${given.where}: ${rowsIn(side)} rows, ${columns.length} columns`)
  }
  const { columns } = reference.facts
  const problems = driftProblems(settings, named(columns), named(current.facts.columns))
  if (problems.length > 0) throw new UserError(problems)
  requireRows(reference)
  if (settings.time === undefined) requireRows(current)
  return { reference, current }
}

/** Text and booleans are read as categories, whatever the file calls them. */
function named(columns: FileSource['facts']['columns']): readonly NamedType[] {
  return columns.map(({ name, type }) => ({ name, type }))
}

function requireRows(side: FileSource): void {
  if (rowsIn(side) > 0) return
  const { files, options } = side.facts
  throw new UserError({
    code: 'MW-DRIFT-010',
    where: options.where,
    what: `${files.map(({ name }) => name).join(', ')}: there is no row${options.filters?.some(hasKeys) || options.sample ? ' that counts' : ''}.`,
    fix: 'Name files that hold data, and check drift.rows.',
  })
}

function hasKeys(filter: object): boolean {
  return Object.keys(filter).length > 0
}

async function judgeOpened(
  context: JobContext<DriftSection>,
  crew: Crew,
  sides: OpenedSides,
): Promise<Judged> {
  const { settings, signal } = context
  const { time } = settings
  const common = { subject: subjects(sides.current), reference: subjects(sides.reference) }
  if (time === undefined) {
    const [body] = await judgeAll(context, crew, { ...sides, windows: undefined })
    if (body === undefined) throw new TypeError('all data is one window')
    const last = { window: undefined, body }
    const extras = await extrasOf(context, { ...sides, windows: undefined, body })
    return { state: 'judged', last, earlier: [], ...common, extras }
  }
  const newest = await newestTime(sides.current, signal)
  const now = context.now().getTime()
  refuseFuture(time.end, { newest, now })
  const windows = windowsToJudge({ time, newest, now })
  const rows = windows && (await rowsOfWindows(sides.current, windows, signal))
  if (windows === undefined || (rows?.at(-1)?.length ?? 0) === 0) {
    const state = windows === undefined && newest !== undefined ? 'late' : 'no-data'
    const last = { window: windows?.at(-1), body: nothingToJudge(settings, sides, state) }
    return { state, last, earlier: [], ...common, extras: {} }
  }
  const bodies = await judgeAll(context, crew, { ...sides, windows })
  const judged: JudgedWindow[] = bodies.map((body, i) => ({ window: windows[i], body }))
  const last = judged.at(-1)
  if (last === undefined) throw new TypeError('there is at least one window')
  const extras = await extrasOf(context, { ...sides, windows, body: last.body })
  return { state: 'judged', last, earlier: judged.slice(0, -1), ...common, extras }
}

function subjects({ facts }: FileSource): Judged['subject'] {
  return facts.files.map(({ name, sha256 }) => ({ name, digest: { sha256 } }))
}

/** A point in time that nothing can have happened up to. */
function refuseFuture(
  end: string,
  { newest, now }: { readonly newest: number | undefined; readonly now: number },
): void {
  const asked = Date.parse(end)
  if (Number.isNaN(asked) || asked <= now || (newest !== undefined && newest >= asked)) return
  throw new UserError({
    code: 'MW-DRIFT-012',
    where: 'drift.time.end',
    what: `${end} lies in the future: the window cannot be complete.`,
    fix: 'Give a point in the past, or `latest` or `now`.',
  })
}

/** One body a window. */
async function judgeAll(
  { settings, signal }: JobContext<DriftSection>,
  crew: Crew,
  { reference, current, windows }: OpenedSides & { readonly windows: Windows },
): Promise<readonly DriftPredicateBody[]> {
  const season = settings.time?.season ?? 'none'
  const schemas = compareSchemas(
    settings,
    named(reference.facts.columns),
    named(current.facts.columns),
  )
  const components = componentsOf(settings, reference.facts.columns)
  const names = schemas.compared
    .map(({ name }) => name)
    .filter((name) => !components.has(name) && !isOnlyTime(settings, name))
  const request = {
    policy: settings,
    reference,
    current,
    windows,
    season: season === 'none' ? undefined : season,
  }
  const compared = await compareDataSets(crew, request, names)
  const problems = planProblems(
    settings,
    (compared[0] ?? []).map(({ plan }) => plan),
  )
  if (problems.length > 0) throw new UserError(problems)
  const vectors = await vectorsOf(settings, { reference, current, windows, signal })
  return compared.map((columns, window) => {
    const comparisons = [...columns, ...(vectors[window] ?? [])]
    return decideColumns(settings, comparisons, {
      rows: rowsOf(comparisons, { reference: rowsIn(reference), current: rowsIn(current) }),
      findings: schemas.findings.filter(({ column }) => !components.has(column)),
    })
  })
}

/** By what the windows are cut always differs: the time is compared only where it is asked for. */
function isOnlyTime({ time, columns, tests }: DriftSection, name: string): boolean {
  const asked = [...columns.datetime, ...columns.critical, ...Object.keys(tests)]
  return name === time?.column && !asked.includes(name)
}

type Windows = readonly TimeWindow[] | undefined

/** Of a window not all rows of the data are compared. */
function rowsOf(comparisons: readonly ColumnComparison[], all: Sides): Sides {
  const measured = comparisons.find((one) => one.measured !== undefined)?.measured
  return measured?.rows ?? all
}

function nothingToJudge(
  settings: DriftSection,
  { reference }: OpenedSides,
  state: 'late' | 'no-data',
): DriftPredicateBody {
  const facts = { rows: { reference: rowsIn(reference), current: 0 }, findings: [] }
  const reason =
    state === 'late'
      ? 'the window may still be filling: it is not judged yet'
      : 'the window holds no row: that is no drift, and not its absence'
  return { ...decideColumns(settings, [], facts), reason }
}
