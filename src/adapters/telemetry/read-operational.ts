import type {
  OperationalQuery,
  OperationalReading,
  TimeRange,
} from '../../domain/drift/monitoring/operational-query.js'
import { ExternalError, type Problem, UserError } from '../../errors.js'
import type { MonitoringServer } from '../../ports/telemetry.js'

export interface OperationalRequest {
  readonly queries: Readonly<Record<string, OperationalQuery>>
  readonly server: MonitoringServer
  /** Where the ranges end, in milliseconds since 1970. */
  readonly now: number
}

export interface OperationalReadings {
  readonly readings: readonly OperationalReading[]
  /** What the server remarked, each with the name of its query. */
  readonly warnings: readonly string[]
}

const SHORTEST_STEP_MS = 15_000
const POINTS = 60
/** Prometheus gives no more. */
const MOST_POINTS = 11_000

/**
 * Asks every query. A server that cannot be reached or does not answer, or of which an answer cannot be used, leaves its readings open,
 * so that the rest of the check is not lost; queries that no server could evaluate are thrown, all of them at once.
 */
export async function readOperational(wanted: OperationalRequest): Promise<OperationalReadings> {
  const readings: OperationalReading[] = []
  const warnings: string[] = []
  const problems: Problem[] = []
  for (const [name, query] of Object.entries(wanted.queries)) {
    try {
      const read = await readOne(wanted, name, query)
      readings.push(read.reading)
      warnings.push(...new Set(read.warnings.map((text) => `${name}: ${text}`)))
    } catch (error) {
      const failure = failureOf(error)
      if (failure !== undefined) readings.push(failed(wanted, { name, query, failure }))
      else if (error instanceof UserError) problems.push(...error.problems)
      else throw error
    }
  }
  if (problems.length > 0) throw new UserError(problems)
  return { readings, warnings }
}

interface Read {
  readonly reading: OperationalReading
  readonly warnings: readonly string[]
}

function readOne(
  { server, now }: OperationalRequest,
  name: string,
  query: OperationalQuery,
): Promise<Read> {
  const ranges = rangesOf(query, now)
  const expression = query.query.replaceAll(
    '$range',
    `${Math.max(1, Math.round(query.range / 1000))}s`,
  )
  return query.kind === 'histogram'
    ? readHistogram(server, { name, query, expression, ...ranges })
    : readSeries(server, { name, query, expression, ...ranges })
}

interface Ranges {
  readonly now: TimeRange
  readonly before: TimeRange | undefined
}

type Planned<Q> = Ranges & { readonly name: string; readonly query: Q; readonly expression: string }
type OfKind<K> = Extract<OperationalQuery, { readonly kind: K }>

async function readSeries(
  server: MonitoringServer,
  { name, query, expression, now, before }: Planned<OfKind<'values'>>,
): Promise<Read> {
  const step = stepOf(query)
  const ask = (range: TimeRange) => server.series({ name, query: expression, ...range, step })
  const current = await ask(now)
  const earlier = before === undefined ? undefined : await ask(before)
  return {
    reading: {
      kind: 'values',
      name,
      query,
      now,
      before,
      current: current.data,
      earlier: earlier?.data,
    },
    warnings: [...current.warnings, ...(earlier?.warnings ?? [])],
  }
}

async function readHistogram(
  server: MonitoringServer,
  { name, query, expression, now, before }: Planned<OfKind<'histogram'>>,
): Promise<Read> {
  const ask = (range: TimeRange) => server.histogram({ name, query: expression, at: range.to })
  const current = await ask(now)
  const earlier = before === undefined ? undefined : await ask(before)
  return {
    reading: {
      kind: 'histogram',
      name,
      query,
      now,
      before,
      current: current.data,
      earlier: earlier?.data,
    },
    warnings: [...current.warnings, ...(earlier?.warnings ?? [])],
  }
}

function rangesOf(query: OperationalQuery, end: number): Ranges {
  const now = { from: end - query.range, to: end }
  const apart = query['compare-with']
  const before = apart === undefined ? undefined : { from: now.from - apart, to: now.to - apart }
  return { now, before }
}

function stepOf({ range, step }: OfKind<'values'>): number {
  const usual = Math.max(SHORTEST_STEP_MS, range / POINTS)
  return Math.ceil(Math.max(step ?? usual, range / (MOST_POINTS - 1), 1))
}

/** Answers that may be others another day: of several series, of native histograms, of no buckets. */
const OF_THE_ANSWER = new Set(['MW-DRIFT-662', 'MW-DRIFT-663', 'MW-DRIFT-664'])

/** Why a query is left open, in words; undefined of what is no matter of its answer. */
function failureOf(error: unknown): string | undefined {
  if (error instanceof ExternalError) return error.message
  if (!(error instanceof UserError)) return undefined
  const [first] = error.problems
  if (first === undefined || !OF_THE_ANSWER.has(first.code)) return undefined
  return `${first.code}: ${first.what}`
}

function failed(
  { now: end }: OperationalRequest,
  asked: { readonly name: string; readonly query: OperationalQuery; readonly failure: string },
): OperationalReading {
  const failure = asked.failure.slice(0, 500).replace(/\.$/, '')
  return { ...asked, kind: 'failed', failure, ...rangesOf(asked.query, end) }
}
