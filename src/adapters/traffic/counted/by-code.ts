import { ExternalError } from '../../../errors.js'
import { type Line, numberOf, samplesOf } from './exposition.js'
import type { Totals } from './totals.js'

export interface ByCode {
  /** A histogram of times in seconds, with the labels `code` and `le`. */
  readonly histogram: string
  /** Whether a series counts a version's requests. */
  readonly isOf: (labels: ReadonlyMap<string, string>, version: string) => boolean
}

/** What a proxy itself answers where the version does not. */
const UNANSWERED = new Set(['502', '504'])

/**
 * Totals by version of a histogram by status code in Prometheus' text format. A version without series has none so far. Throws
 * ExternalError MW-DEPLOY-174 for numbers that count nothing.
 */
export function totalsByCode(
  text: string,
  { histogram, isOf }: ByCode,
  versions: readonly string[],
): ReadonlyMap<string, Totals> {
  const buckets = samplesOf(text, [`${histogram}_bucket`])
  return new Map(
    versions.map((version) => [
      version,
      totalsOf(
        buckets.filter(({ labels }) => isOf(labels, version)),
        histogram,
      ),
    ]),
  )
}

function totalsOf(buckets: readonly Line[], histogram: string): Totals {
  const upTo = new Map<number, number>()
  let errors = 0
  let unanswered = 0
  for (const { labels, value } of buckets) {
    const bound = numberOf(labels.get('le') ?? '')
    if (Number.isNaN(bound) || !Number.isSafeInteger(value) || value < 0) throw noCount(histogram)
    upTo.set(bound, (upTo.get(bound) ?? 0) + value)
    const code = labels.get('code') ?? ''
    if (bound !== Number.POSITIVE_INFINITY) continue
    if (/^5\d\d$/.test(code)) errors += value
    if (UNANSWERED.has(code)) unanswered += value
  }
  const sorted = [...upTo].sort(([a], [b]) => a - b)
  return {
    requests: upTo.get(Number.POSITIVE_INFINITY) ?? 0,
    errors,
    unanswered,
    bounds: sorted.slice(0, -1).map(([bound]) => bound * 1000),
    upTo: sorted.map(([, count]) => count),
  }
}

function noCount(histogram: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-174',
    service: 'The metrics of the proxy',
    what: `${histogram}_bucket has a bucket or a number that is no count.`,
    retryable: true,
  })
}
