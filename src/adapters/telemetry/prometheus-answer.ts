import * as z from 'zod'
import type { CumulativeCounts, Series } from '../../domain/drift/monitoring/operational-query.js'
import { ExternalError, UserError } from '../../errors.js'
import type { Redaction } from '../../secrets.js'

/** Prometheus writes numbers as text, since JSON has neither NaN nor infinities. */
const Point = z.tuple([z.number(), z.string()])
const Labels = z.record(z.string(), z.string())

const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z.object({
      metric: Labels,
      values: z.array(Point).optional(),
      histograms: z.array(z.unknown()).optional(),
    }),
  ),
})

const Vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(
    z.object({ metric: Labels, value: Point.optional(), histogram: z.unknown().optional() }),
  ),
})

const Remarks = z.array(z.string()).default([])

const Success = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    Matrix,
    Vector,
    z.object({ resultType: z.enum(['scalar', 'string']) }),
  ]),
  warnings: Remarks,
  infos: Remarks,
})
export type Success = z.output<typeof Success>

const Failure = z.object({
  status: z.literal('error'),
  errorType: z.string().default(''),
  error: z.string().default(''),
})

const Envelope = z.discriminatedUnion('status', [Success, Failure])

export interface Asked {
  /** The query's name in the configuration. */
  readonly name: string
  /** Where it stands there. */
  readonly where: string
  /** As a user knows the server. */
  readonly service: string
  readonly status: number
  /** What no message may show is hidden by it. */
  readonly hide: Redaction
}

/** The data of an answer; what the server calls an error of the query is the user's to mend, the rest is the server's. */
export function readAnswer(text: string, asked: Asked): Success {
  const answer = Envelope.safeParse(parsed(text)).data
  if (answer?.status === 'success') return answer
  if (answer !== undefined && isOfQuery(answer.errorType)) {
    throw new UserError({
      code: 'MW-DRIFT-660',
      where: asked.where,
      what: `Prometheus cannot evaluate the query: ${asked.hide(answer.error).slice(0, 500)}`,
      fix: 'Mend the query; the expression browser of Prometheus shows what it gives.',
    })
  }
  const said = answer === undefined ? NOT_PROMETHEUS : `${answer.errorType}: ${answer.error}`
  throw new ExternalError({
    code: 'MW-DRIFT-661',
    service: asked.service,
    status: asked.status,
    what: `gave no answer to ${JSON.stringify(asked.name)}: ${asked.hide(said).slice(0, 500)}`,
    retryable: false,
  })
}

const NOT_PROMETHEUS = 'what came is no answer of the HTTP API of Prometheus. Is the address right?'

/** What fails when it is evaluated may be what the series are that day: labels that match twice, too many samples. */
function isOfQuery(errorType: string): boolean {
  return errorType === 'bad_data'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function whereOf(name: string): string {
  return `drift.prometheus.queries.${name}`
}

/** The one series of an answer; none is undefined, and more than one has to be aggregated by the user. */
export function seriesOf({ data }: Success, name: string): Series | undefined {
  if (data.resultType !== 'matrix') throw wrongType(name, data.resultType)
  if (data.result.length > 1)
    throw manySeries(
      name,
      data.result.map(({ metric }) => metric),
    )
  const [only] = data.result
  if (only === undefined) return undefined
  if ((only.histograms?.length ?? 0) > 0) throw nativeHistogram(name)
  const points = only.values ?? []
  return {
    times: Float64Array.from(points, ([seconds]) => seconds * 1000),
    values: Float64Array.from(points, ([, value]) => toNumber(value)),
  }
}

/** The counts by `le`; no series at all is undefined. */
export function countsOf({ data }: Success, name: string): CumulativeCounts | undefined {
  if (data.resultType !== 'vector') throw wrongType(name, data.resultType)
  if (data.result.length === 0) return undefined
  if (data.result.some(({ histogram }) => histogram !== undefined)) throw nativeHistogram(name)
  const byBound = new Map<number, number>()
  for (const { metric, value } of data.result) {
    const bound = toNumber(metric['le'] ?? '')
    if (Number.isNaN(bound)) throw notBuckets(name, 'one of its series has no label le')
    if (byBound.has(bound))
      throw manySeries(
        name,
        data.result.map(({ metric: labels }) => labels),
      )
    byBound.set(bound, toNumber(value?.[1] ?? ''))
  }
  if (!byBound.has(Number.POSITIVE_INFINITY)) throw notBuckets(name, 'it has no bucket le="+Inf"')
  const sorted = [...byBound].sort(([a], [b]) => a - b)
  // 0/0, as a share of nothing: as good as no observation.
  const known = sorted.map(([bound, count]) => [bound, Number.isFinite(count) ? count : 0] as const)
  return {
    bounds: Float64Array.from(known, ([bound]) => bound),
    counts: Float64Array.from(known, ([, count]) => count),
  }
}

/** `NaN`, `+Inf`, `-Inf`, and what JavaScript reads as Go writes it. */
export function toNumber(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  return text.trim() === '' ? Number.NaN : Number(text)
}

function manySeries(name: string, series: readonly Record<string, string>[]): UserError {
  const shown = series.slice(0, 3).map(seriesText).join(' and ')
  const more = series.length > 3 ? ` and ${series.length - 3} more` : ''
  return new UserError({
    code: 'MW-DRIFT-662',
    where: whereOf(name),
    what: `the query gives ${series.length} series: ${shown}${more}.`,
    fix: 'Aggregate them to one by sum, avg or max (a histogram by `sum by (le)`), or name a query for each.',
  })
}

function seriesText(labels: Record<string, string>): string {
  const { __name__: metric = '', ...others } = labels
  const pairs = Object.entries(others).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `${metric}{${pairs.join(', ')}}`.slice(0, 200)
}

function nativeHistogram(name: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-663',
    where: whereOf(name),
    what: 'the query gives native histograms, which are neither values nor buckets by le.',
    fix: 'Take a number from them, by histogram_quantile or histogram_avg.',
  })
}

function notBuckets(name: string, why: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-664',
    where: whereOf(name),
    what: `the query gives no buckets of a histogram: ${why}.`,
    fix: 'Write it as `sum by (le) (increase(<metric>_bucket[$range]))`.',
  })
}

function wrongType(name: string, type: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-665',
    where: whereOf(name),
    what: `the query gives a ${type}, which holds no series.`,
    fix: 'Write an expression that gives an instant vector, such as vector(1) for 1.',
  })
}
