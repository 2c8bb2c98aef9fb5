import type { MetricResult, Valued } from '../../drift/performance/result.js'
import { percent } from '../../drift/wording.js'
import { formatNumber } from '../words.js'

interface MetricRow {
  readonly name: string
  readonly before: string
  readonly now: string
  readonly change: string
  readonly margin: string
  /** Labels, or an estimate and whether it can be trusted. */
  readonly basis: string
}

/** One metric of the current data against the reference, in words. */
export function metricRow(metric: MetricResult): MetricRow {
  const { name, average, realised, estimated, basis } = metric
  const shown = basis === 'realised' ? realised : (estimated ?? realised)
  return {
    name: average === null ? name : `${name} (${average})`,
    before: valuedWords(realised.reference),
    now: valuedWords(shown.current),
    change: changeWords(metric, shown.difference),
    margin: marginWords(metric),
    basis: basisWords(metric),
  }
}

/** `0.91 (0.9 to 0.92)`. */
export function valuedWords(valued: Valued | null): string {
  if (valued === null) return '–'
  const { value, low, high } = valued
  const range = low === null || high === null ? '' : ` (${number(low)} to ${number(high)})`
  return `${number(value)}${range}`
}

function number(value: number): string {
  return formatNumber(Number(value.toPrecision(4)))
}

function changeWords({ direction }: MetricResult, difference: number | null): string {
  if (difference === null) return '–'
  if (difference === 0) return '0'
  const sign = difference < 0 ? '−' : '+'
  const better = direction === 'higher' ? difference > 0 : difference < 0
  return `${sign}${number(Math.abs(difference))} (${better ? 'better' : 'worse'})`
}

function marginWords({ margin }: MetricResult): string {
  return margin.relative ? `${percent(margin.value)} of the reference` : number(margin.value)
}

const TRUST = {
  trusted: 'estimated from scores',
  'not-trusted': 'estimated, but not to be trusted',
  unverified: 'estimated, not verified',
} as const

function basisWords({ basis, estimated }: MetricResult): string {
  if (basis === 'realised') return 'labels'
  return estimated === null ? 'nothing yet' : TRUST[estimated.trust]
}
