import type { TrafficRow } from './log-analytics.js'

const FILTER = /^deployment eq '([^']*)' and statusCodeClass eq '\*'$/
const MINUTE_MS = 60_000

export interface MetricAnswer {
  readonly status: number
  readonly body: object
}

/** The metric RequestsPerMinute of an online endpoint, by minutes and classes of status; a minute without requests has no value. */
export function answerMetrics(query: URLSearchParams, rows: readonly TrafficRow[]): MetricAnswer {
  const wanted = {
    'api-version': '2024-02-01',
    interval: 'PT1M',
    metricnames: 'RequestsPerMinute',
    aggregation: 'average',
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (query.get(key) !== value) return refused(`${key}: ${query.get(key)}`)
  }
  const deployment = FILTER.exec(query.get('$filter') ?? '')?.[1]
  if (deployment === undefined) return refused(`Invalid filter ${query.get('$filter')}`)
  const [from = Number.NaN, to = Number.NaN] = (query.get('timespan') ?? '')
    .split('/')
    .map(Date.parse)
  if (!(from < to)) return refused('Invalid timespan')
  const own = rows.filter((row) => row.DeploymentName === deployment)
  const classes = [...new Set(own.map(classOf))].sort()
  const timeseries = classes.map((name) => ({
    metadatavalues: [
      { name: { value: 'deployment' }, value: deployment },
      { name: { value: 'statuscodeclass' }, value: name },
    ],
    data: minutes(from, to).map((begin) => {
      const count = own.filter(
        (row) =>
          classOf(row) === name &&
          row.TimeGenerated >= begin &&
          row.TimeGenerated < begin + MINUTE_MS,
      ).length
      const timeStamp = new Date(begin).toISOString()
      return count === 0 ? { timeStamp } : { timeStamp, average: count }
    }),
  }))
  const name = { value: 'RequestsPerMinute', localizedValue: 'Requests Per Minute' }
  const value = [{ name, unit: 'Count', timeseries, errorCode: 'Success' }]
  return { status: 200, body: { cost: 59, interval: 'PT1M', namespace: 'x', value } }
}

function classOf({ ResponseCode }: TrafficRow): string {
  return `${Math.floor(ResponseCode / 100)}xx`
}

function minutes(from: number, to: number): number[] {
  const first = Math.floor(from / MINUTE_MS) * MINUTE_MS
  const count = Math.ceil((to - first) / MINUTE_MS)
  return Array.from({ length: count }, (_, i) => first + i * MINUTE_MS)
}

function refused(message: string): MetricAnswer {
  return { status: 400, body: { error: { code: 'BadRequest', message } } }
}
