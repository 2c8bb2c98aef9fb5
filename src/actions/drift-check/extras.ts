import type { FileSource } from '../../comparison/open-files.js'
import { readRows, rowsIn, rowsOfSeasons, rowsOfWindows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { HealthResult, SchemaFacts } from '../../domain/drift/health/index.js'
import { spanOf } from '../../domain/drift/history/entry.js'
import type { MultivariateResult } from '../../domain/drift/multivariate/result.js'
import type { PerformanceResult, PerformanceWindow } from '../../domain/drift/performance/index.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { drawRows } from '../../domain/stats/draw-rows.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { takeRows } from '../../tabular/data-set/take-rows.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import { readHistoryFile } from './history-file.js'
import type { Extras } from './judged.js'
import type { OpenedSide } from './open-sides.js'
import { windowName } from './windows.js'

/** Both samples, the windows, and what the columns' own distributions said. */
export interface JudgedSides {
  readonly reference: OpenedSide
  readonly current: OpenedSide
  readonly windows: readonly TimeWindow[] | undefined
  readonly body: DriftPredicateBody
}

/**
 * All columns together, predictions and performance, and health: each only where the settings ask for it, and loaded only then, since
 * loading is most of what a small table costs.
 */
export async function extrasOf(
  context: JobContext<DriftSection>,
  sides: JudgedSides,
): Promise<Extras> {
  const input = inputOf(sides)
  return {
    multivariate: await multivariateOf(context, input),
    performance: await performanceOf(context, input),
    health: await healthOf(context, input),
  }
}

function typesOf({ columns }: OpenedSide): ReadonlyMap<string, string> {
  return new Map(columns.map(({ name, type }) => [name, type]))
}

/** Where there is no row to judge: how old the newest is, of which that is the reason. */
export async function freshnessOf(
  context: JobContext<DriftSection>,
  sides: JudgedSides,
): Promise<Extras> {
  const { freshness } = context.settings.health
  if (freshness === undefined) return {}
  const settings = { ...context.settings, health: { freshness } }
  return { health: await healthOf({ ...context, settings }, inputOf(sides)) }
}

function inputOf({ reference, current, windows, body }: JudgedSides): ExtrasInput {
  return {
    // Asked for only where rows of it are needed.
    get reference() {
      return rawOf(reference)
    },
    get current() {
      return rawOf(current)
    },
    types: { reference: typesOf(reference), current: typesOf(current) },
    windows,
    body,
  }
}

interface ExtrasInput {
  readonly reference: FileSource
  readonly current: FileSource
  /** By column. */
  readonly types: Readonly<Record<'reference' | 'current', ReadonlyMap<string, string>>>
  readonly windows: readonly TimeWindow[] | undefined
  readonly body: DriftPredicateBody
}

function rawOf({ raw, where }: OpenedSide): FileSource {
  if (raw !== undefined) return raw
  throw new UserError({
    code: 'MW-DRIFT-035',
    where,
    what: 'a profile has no rows, and multivariate, performance, health.ranges and health.outliers need those of the reference.',
    fix: 'Name the data itself as the reference, or leave these keys out.',
  })
}

/** The rows of the window that decides; undefined for all. */
async function lastRows(
  { current, windows }: ExtrasInput,
  signal: AbortSignal,
): Promise<Uint32Array | undefined> {
  return windows && (await rowsOfWindows(current, windows, signal)).at(-1)
}

/** The rows of the reference that the deciding window is compared with; undefined for all. */
async function usualRows(
  { time }: DriftSection,
  { reference, windows }: ExtrasInput,
  signal: AbortSignal,
): Promise<Uint32Array | undefined> {
  if (time === undefined || time.season === 'none' || windows === undefined) return undefined
  const { season } = time
  return (await rowsOfSeasons(reference, { windows: windows.slice(-1), season }, signal)).at(-1)
}

async function multivariateOf(
  { settings, signal }: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<MultivariateResult | undefined> {
  const { multivariate } = settings
  if (multivariate.tests.length === 0) return undefined
  const random = createRandom(settings.rows.seed)
  const most = multivariate['max-rows']
  const draw = (rows: Uint32Array | undefined, count: number): Uint32Array => {
    const drawn = drawRows(count, most, random)
    return rows === undefined ? drawn : drawn.map((at) => rows[at] ?? 0)
  }
  const window = await lastRows(input, signal)
  const usual = await usualRows(settings, input, signal)
  const columns = input.body.columns.flatMap(({ name, kind }) =>
    kind === 'numeric' || kind === 'categorical' ? [{ name, kind }] : [],
  )
  const { multivariateProblems } = await import('../../domain/drift/multivariate/problems.js')
  const problems = multivariateProblems(multivariate.columns, columns)
  if (problems.length > 0) throw new UserError(problems)
  const names = columns.map(({ name }) => name)
  const { reference, current } = input
  const rows = {
    reference: draw(usual, usual?.length ?? rowsIn(reference)),
    current: draw(window, window?.length ?? rowsIn(current)),
  }
  const drift = await import('../../domain/drift/multivariate/multivariate-drift.js')
  return drift.multivariateDrift({
    settings: multivariate,
    reference: await readRows(reference, names, { rows: rows.reference, signal }),
    current: await readRows(current, names, { rows: rows.current, signal }),
    columns,
    alpha: settings.alpha,
    seed: settings.rows.seed,
  })
}

async function performanceOf(
  { settings, signal }: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<PerformanceResult | undefined> {
  const { performance, alpha } = settings
  if (performance === undefined) return undefined
  const judge = await import('../../domain/drift/performance/index.js')
  const { prediction, score, label, scores = {} } = performance
  const names = [prediction, score, label, ...Object.values(scores)].filter(
    (name) => name !== undefined,
  )
  const reference = await readRows(input.reference, names, { signal })
  const current = await windowTables(input, names, signal)
  const known = {
    reference: [...input.types.reference.keys()],
    current: [...input.types.current.keys()],
  }
  const problems = judge.performanceProblems(performance, { reference, current, known })
  if (problems.length > 0) throw new UserError(problems)
  return judge.performanceDrift({
    settings: performance,
    reference,
    current,
    alpha,
    covariates: covariatesOf(input.body),
    random: createRandom(settings.rows.seed),
  })
}

async function windowTables(
  { current, windows }: ExtrasInput,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly PerformanceWindow[]> {
  const whole = await readRows(current, names, { signal })
  if (windows === undefined) return [{ label: 'current', table: whole }]
  const rows = await rowsOfWindows(current, windows, signal)
  return windows.map((window, i) => ({
    label: windowName(window),
    ...window,
    table: takeRows(whole, rows[i] ?? new Uint32Array(0)),
  }))
}

function covariatesOf({ driftedShare, columns }: DriftPredicateBody) {
  if (columns.some(({ drifted }) => drifted)) return { status: 'drifted', driftedShare } as const
  const open = columns.every(({ status }) => status === 'inconclusive')
  return { status: open ? 'inconclusive' : 'stable', driftedShare } as const
}

async function healthOf(
  context: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<HealthResult | undefined> {
  const { settings, signal, workspace, now } = context
  const { health } = settings
  if (Object.values(health).every((rule) => rule === undefined)) return undefined
  const judge = await import('../../domain/drift/health/index.js')
  const { readContract } = await import('../../quality/data-contract.js')
  const where = 'drift.health.contract'
  const expectations = readContract(health.contract, { workspace, where })
  const compares = health.ranges !== undefined || health.outliers !== undefined
  const names = (source: FileSource) => source.facts.columns.map(({ name }) => name)
  const rows = await lastRows(input, signal)
  const current = await readRows(input.current, names(input.current), { rows, signal })
  const reference = compares
    ? await readRows(input.reference, names(input.reference), { signal })
    : undefined
  const problems = judge.healthProblems(health, reference ? [current, reference] : [current])
  if (problems.length > 0) throw new UserError(problems)
  return judge.healthChecks({
    policy: health,
    current,
    reference: reference && judge.healthReference(reference, overOf(health)),
    schema: schemaFacts(input),
    volume: volumeFacts(context, input),
    contract: expectations && { expectations },
    now: now().getTime(),
    alpha: settings.alpha,
    random: createRandom(settings.rows.seed),
  })
}

/** How many rows earlier windows had, of this run's history file. */
function volumeFacts(context: JobContext<DriftSection>, { windows }: ExtrasInput) {
  const start = windows?.at(-1)?.start ?? null
  const own = new Set(windows?.slice(-1).map(windowName))
  const earlier = readHistoryFile(context)
    .filter(({ window, state }) => state === 'judged' && !own.has(window))
    .map(({ window, rows }) => ({ rows: rows.current, start: spanOf(window)?.start ?? null }))
  return { earlier, start }
}

function overOf({ outliers }: DriftSection['health']) {
  return outliers?.method === 'robust-z' ? { over: outliers.over } : {}
}

function schemaFacts({ body, types }: ExtrasInput): SchemaFacts {
  const of = (kind: string) =>
    body.findings.filter((one) => one.kind === kind).map(({ column }) => column)
  const changed = body.findings
    .filter(({ kind }) => kind === 'type-changed')
    .map(({ column }) => ({
      column,
      reference: types.reference.get(column) ?? 'absent',
      current: types.current.get(column) ?? 'absent',
    }))
  return { added: of('column-new'), gone: of('column-absent'), changed }
}
