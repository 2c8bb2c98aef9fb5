import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

const schema = JSON.parse(
  readFileSync(new URL('./timeseries-request.schema.json', import.meta.url), 'utf8'),
)
const isRequest = new Ajv({ allErrors: true }).compile(schema)

/** One value that was sent of a count metric. */
export interface Sent {
  readonly metric: string
  readonly tags: Readonly<Record<string, string>>
  readonly at: number
  readonly count: number
}

interface Wanted {
  readonly from: number
  readonly to: number
  readonly interval?: number
  readonly queries: readonly { readonly name: string; readonly query: string }[]
  readonly formulas: readonly { readonly formula: string }[]
}

interface Answered {
  readonly status: number
  readonly body: object
}

const QUERY = /^sum:([\w.]+)\{([\w.:/-]+(?:,[\w.:/-]+)*)\}\.as_count\(\)$/

/**
 * POST /api/v2/query/timeseries over what was sent: intervals that begin on multiples of their length, only those of them
 * that hold anything, null for a series that has nothing in one.
 */
export function answerTimeseries(text: string, sent: readonly Sent[], least = 1): Answered {
  const body: unknown = JSON.parse(text)
  if (!isRequest(body)) return refused(JSON.stringify(isRequest.errors))
  const { attributes } = (body as unknown as { data: { attributes: Wanted } }).data
  const { from, to, queries, formulas } = attributes
  const interval = Math.max(least, attributes.interval ?? 60_000)
  const byName = new Map<string, ReadonlyMap<number, number>>()
  for (const { name, query } of queries) {
    const counts = countsOf(query, { sent, from, to, interval })
    if (counts === undefined) return refused(`Error parsing query: unable to parse ${query}`)
    byName.set(name, counts)
  }
  const series = formulas.map(({ formula }) => byName.get(formula))
  if (series.includes(undefined)) return refused('a formula names no query')
  const all = series.flatMap((counts) => [...(counts?.keys() ?? [])])
  const times = [...new Set(all)].sort((a, b) => a - b)
  const there = series.flatMap((counts, index) => (counts?.size ? [{ counts, index }] : []))
  return {
    status: 200,
    body: {
      data: {
        type: 'timeseries_response',
        attributes: {
          times,
          series: there.map(({ index }) => ({ group_tags: [], query_index: index, unit: null })),
          values: there.map(({ counts }) => times.map((time) => counts.get(time) ?? null)),
        },
      },
    },
  }
}

function refused(error: string): Answered {
  return { status: 400, body: { errors: [error] } }
}

interface Asked extends Pick<Wanted, 'from' | 'to'> {
  readonly sent: readonly Sent[]
  readonly interval: number
}

function countsOf(
  query: string,
  { sent, from, to, interval }: Asked,
): ReadonlyMap<number, number> | undefined {
  const [, metric, scope = ''] = QUERY.exec(query) ?? []
  if (metric === undefined) return undefined
  const tags = scope.split(',').map((tag) => [tag.split(':', 1)[0], tag.replace(/^[^:]*:/, '')])
  const counts = new Map<number, number>()
  for (const one of sent) {
    if (one.metric !== metric || one.at < from || one.at >= to) continue
    if (!tags.every(([key = '', value]) => one.tags[key] === value)) continue
    const begin = Math.floor(one.at / interval) * interval
    counts.set(begin, (counts.get(begin) ?? 0) + one.count)
  }
  return counts
}
