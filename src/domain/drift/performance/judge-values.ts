import { valueText } from '../../gate/wording.js'
import type { Metric } from '../../metrics/metric.js'
import { amountOf } from './allowance.js'
import { type AskedMetric, allowedText } from './realised.js'
import type { Judgement, Valued } from './result.js'

interface Ends {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * Whether a value is worse than the reference's by more than the margin, from the intervals of both: the square-and-add interval of
 * their difference (Zou & Donner 2008, Statist. Med. 27:1693-1702), which needs neither's rows again.
 */
export function judgeValues(
  asked: AskedMetric,
  current: Valued | null,
  reference: Valued | null,
): Judgement {
  const one = endsOf(current)
  const other = endsOf(reference)
  const { metric, allowance } = asked
  if (one === undefined || other === undefined) {
    return { status: 'inconclusive', reason: 'it has no interval here or in the reference' }
  }
  const { low, high } = differenceOf(one, scaledBy(other, asked))
  const [best, worst] = metric.direction === 'higher' ? [high, low] : [-low, -high]
  const amount = allowance.relative ? 0 : amountOf(allowance, other.value)
  const said = `${valueText(metric, one.value)} after ${valueText(metric, other.value)}`
  if (best < -amount)
    return { status: 'drifted', reason: `${said}, more than ${allowedText(asked)}` }
  if (worst >= -amount) return { status: 'stable', reason: `${said}, within ${allowedText(asked)}` }
  return { status: 'inconclusive', reason: `${said}, which may be chance` }
}

function endsOf(valued: Valued | null): Ends | undefined {
  if (valued === null || valued.low === null || valued.high === null) return undefined
  return { value: valued.value, low: valued.low, high: valued.high }
}

/** With a margin that is a share of the reference's value: what is still allowed. */
function scaledBy(ends: Ends, { metric, allowance }: AskedMetric): Ends {
  if (!allowance.relative) return ends
  const factor = shareOf(metric, allowance.margin)
  const [low, high] = [ends.low * factor, ends.high * factor]
  return { value: ends.value * factor, low: Math.min(low, high), high: Math.max(low, high) }
}

function shareOf({ direction }: Metric, margin: number): number {
  return direction === 'higher' ? 1 - margin : 1 + margin
}

function differenceOf(one: Ends, other: Ends): { low: number; high: number } {
  const difference = one.value - other.value
  return {
    low: difference - Math.hypot(one.value - one.low, other.high - other.value),
    high: difference + Math.hypot(one.high - one.value, other.value - other.low),
  }
}
