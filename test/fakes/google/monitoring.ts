import { type Filter, fits, type Labels, parseFilter } from './filter.js'
import { type Answer, type Call, type Clock, found, refused } from './protocol.js'

const MINUTE_MS = 60_000
/** After sampling, data is not visible for up to 180 seconds. */
const HIDDEN_MS = 180_000
const EXPLICIT = [5, 10, 20, 50, 100]

interface Request {
  readonly of: 'run' | 'vertex'
  readonly version: string
  readonly at: number
  readonly status: number
  readonly ms: number
}

interface Metric {
  readonly of: 'run' | 'vertex'
  readonly resource: string
  readonly labels: readonly string[]
  readonly kind: 'count' | 'distribution'
}

const RUN = { of: 'run', resource: 'cloud_run_revision' } as const
const VERTEX = { of: 'vertex', resource: 'aiplatform.googleapis.com/Endpoint' } as const
const ONLINE = 'aiplatform.googleapis.com/prediction/online'

/** Metrics and their labels, as Google's list of metrics has them. */
const METRICS: Readonly<Record<string, Metric>> = {
  'run.googleapis.com/request_count': {
    ...RUN,
    labels: ['response_code', 'response_code_class'],
    kind: 'count',
  },
  'run.googleapis.com/request_latencies': {
    ...RUN,
    labels: ['response_code', 'response_code_class'],
    kind: 'distribution',
  },
  [`${ONLINE}/response_count`]: {
    ...VERTEX,
    labels: ['deployed_model_id', 'response_code'],
    kind: 'count',
  },
  [`${ONLINE}/prediction_latencies`]: {
    ...VERTEX,
    labels: ['deployed_model_id', 'latency_type'],
    kind: 'distribution',
  },
}

/** DELTA metrics, minute by minute, of the requests that the other stand-ins serve. */
export class Monitoring {
  readonly served: Request[] = []
  /** Points a page; Google takes at most so many as are asked for. */
  mostPoints = 100_000
  /** Said along with the next answers. */
  said: object = {}
  /** Given instead of `DELTA`. */
  metricKind = 'DELTA'
  /** What points are moved by: not all metrics are sampled at whole minutes. */
  shiftMs = 0
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  count(
    of: 'run' | 'vertex',
    version: string,
    { status, ms }: { status: number; ms: number },
  ): void {
    this.served.push({ of, version, at: this.clock.now, status, ms })
  }

  answer({ name, query }: Call): Answer {
    if (name !== 'projects/shop') return refused(403, 'PERMISSION_DENIED', 'Permission denied.')
    const from = Date.parse(query.get('interval.startTime') ?? '')
    const to = Date.parse(query.get('interval.endTime') ?? '')
    if (!(from <= to))
      return refused(400, 'INVALID_ARGUMENT', 'Field interval had an invalid value.')
    if (query.get('view') !== 'FULL') return refused(400, 'INVALID_ARGUMENT', 'Field view')
    const filter = parseFilter(query.get('filter') ?? '')
    const metric = METRICS[filter?.get('metric.type')?.value ?? '']
    if (filter === undefined || metric === undefined) {
      return refused(404, 'NOT_FOUND', 'Cannot find metric that matches the filter.')
    }
    const unknown = unknownLabel(filter, metric)
    if (unknown !== undefined) return refused(400, 'INVALID_ARGUMENT', `filter: ${unknown}`)
    const all = this.series(filter, metric).map((series) => ({
      ...series,
      points: series.points.filter(({ interval }) => {
        const end = Date.parse(interval.endTime)
        return end > from && end <= to && end <= this.clock.now - HIDDEN_MS
      }),
    }))
    return this.page(
      all.filter(({ points }) => points.length > 0),
      query,
    )
  }

  private page(all: readonly Series[], query: URLSearchParams): Answer {
    const size = Math.min(this.mostPoints, Number(query.get('pageSize') ?? '100000'))
    const begin = Number(query.get('pageToken') ?? '0')
    const flat = all.flatMap((series) =>
      series.points.map((point) => ({ ...series, points: [point] })),
    )
    const timeSeries = flat.slice(begin, begin + size)
    const next = begin + size < flat.length ? { nextPageToken: String(begin + size) } : {}
    return found({ ...(timeSeries.length > 0 ? { timeSeries } : {}), ...next, ...this.said })
  }

  private series(filter: Filter, metric: Metric): readonly Series[] {
    const groups = new Map<string, Request[]>()
    for (const request of this.served) {
      const labels = labelsOf(request)
      if (request.of !== metric.of || !fits(filter, labels)) continue
      const key = JSON.stringify(
        Object.fromEntries(metric.labels.map((label) => [label, labels[label] ?? ''])),
      )
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [request])
      else group.push(request)
    }
    const type = filter.get('metric.type')?.value ?? ''
    return [...groups].map(([key, requests]) => ({
      metric: { type, labels: JSON.parse(key) as Labels },
      resource: { type: metric.resource, labels: { project_id: 'shop' } },
      metricKind: this.metricKind,
      valueType: metric.kind === 'count' ? 'INT64' : 'DISTRIBUTION',
      points: pointsOf(requests, metric, this.shiftMs),
    }))
  }
}

interface Point {
  readonly interval: { readonly startTime: string; readonly endTime: string }
  readonly value: object
}

interface Series {
  readonly metric: object
  readonly resource: object
  readonly metricKind: string
  readonly valueType: string
  readonly points: readonly Point[]
}

/** Most recent first. */
function pointsOf(
  requests: readonly Request[],
  { kind, of }: Metric,
  shift: number,
): readonly Point[] {
  const minutes = new Map<number, Request[]>()
  for (const request of requests) {
    const minute = Math.floor((request.at - shift) / MINUTE_MS)
    const own = minutes.get(minute)
    if (own === undefined) minutes.set(minute, [request])
    else own.push(request)
  }
  return [...minutes]
    .sort(([a], [b]) => b - a)
    .map(([minute, own]) => {
      const time = (n: number) => new Date(n * MINUTE_MS + shift).toISOString()
      const value =
        kind === 'count'
          ? { int64Value: String(own.length) }
          : {
              distributionValue: distribution(
                own.map(({ ms }) => ms),
                of,
              ),
            }
      return { interval: { startTime: time(minute), endTime: time(minute + 1) }, value }
    })
}

/** Cloud Run's buckets grow by a factor, those of Vertex AI are listed; empty ones at the end are left out. */
function distribution(values: readonly number[], of: 'run' | 'vertex'): object {
  const exponential = { numFiniteBuckets: 8, growthFactor: 2, scale: 2 }
  const bounds = of === 'run' ? Array.from({ length: 9 }, (_none, i) => 2 * 2 ** i) : EXPLICIT
  const counts = [...bounds, 0].map(() => 0)
  for (const value of values) {
    const bucket = bounds.findIndex((bound) => value < bound)
    const index = bucket === -1 ? bounds.length : bucket
    counts[index] = (counts[index] ?? 0) + 1
  }
  const last = counts.findLastIndex((count) => count > 0)
  return {
    count: String(values.length),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    bucketOptions:
      of === 'run' ? { exponentialBuckets: exponential } : { explicitBuckets: { bounds } },
    bucketCounts: counts.slice(0, last + 1).map(String),
  }
}

function labelsOf({ of, version, status }: Request): Labels {
  const place = { location: 'europe-west1' }
  const code = `${Math.floor(status / 100)}xx`
  return of === 'run'
    ? {
        ...place,
        service_name: 'api',
        revision_name: version,
        response_code: String(status),
        response_code_class: code,
      }
    : {
        ...place,
        endpoint_id: '77',
        deployed_model_id: version,
        response_code: code,
        latency_type: 'total',
      }
}

const RESOURCE_LABELS: Readonly<Record<string, readonly string[]>> = {
  run: ['location', 'service_name', 'revision_name'],
  vertex: ['location', 'endpoint_id'],
}

function unknownLabel(filter: Filter, { of, labels, resource }: Metric): string | undefined {
  const known = [
    'metric.type',
    'resource.type',
    ...labels.map((label) => `metric.labels.${label}`),
    ...(RESOURCE_LABELS[of] ?? []).map((label) => `resource.labels.${label}`),
  ]
  if ((filter.get('resource.type')?.value ?? resource) !== resource) return 'resource.type'
  return [...filter.keys()].find((key) => !known.includes(key))
}
