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
  const byCode = new Map<string, number>()
  for (const { labels, value } of buckets) {
    const bound = numberOf(labels.get('le') ?? '')
    if (Number.isNaN(bound) || !Number.isSafeInteger(value) || value < 0) throw noCount(histogram)
    upTo.set(bound, (upTo.get(bound) ?? 0) + value)
    if (bound !== Number.POSITIVE_INFINITY) continue
    const code = labels.get('code') ?? ''
    byCode.set(code, (byCode.get(code) ?? 0) + value)
  }
  const sorted = [...upTo].sort(([a], [b]) => a - b)
  return {
    requests: sumOf(byCode, () => true),
    errors: sumOf(byCode, (code) => /^5\d\d$/.test(code)),
    rejected: sumOf(byCode, isRejected),
    unanswered: sumOf(byCode, (code) => UNANSWERED.has(code)),
    bounds: sorted.slice(0, -1).map(([bound]) => bound * 1000),
    upTo: sorted.map(([, count]) => count),
  }
}

function sumOf(byCode: ReadonlyMap<string, number>, isCounted: (code: string) => boolean): number {
  return [...byCode].reduce((sum, [code, count]) => (isCounted(code) ? sum + count : sum), 0)
}

/** 499 says that the user was gone before. */
export function isRejected(code: string): boolean {
  return /^4\d\d$/.test(code) && code !== '499'
}

function noCount(histogram: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-174',
    service: 'The metrics of the proxy',
    what: `${histogram}_bucket has a bucket or a number that is no count.`,
    retryable: true,
  })
}
