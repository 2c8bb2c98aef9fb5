import { amountText } from '../../gate/wording.js'
import type { MetricData } from '../../metrics/data.js'
import { outcomeOf } from '../../metrics/value.js'
import { normalMultiplier } from '../../stats/special/normal.js'
import { amountOf } from './allowance.js'
import type { Calibration } from './calibration.js'
import { type Expected, expectedMetric, type Probabilities } from './expected.js'
import { judgeValues } from './judge-values.js'
import type { AskedMetric } from './realised.js'
import type { EstimatedMetric, Valued } from './result.js'
import { FEWEST_LABELS } from './settings.js'

interface Ask {
  readonly asked: AskedMetric
  readonly check: TrustCheck | undefined
  readonly referenceValue: Valued | null
  /** Rows with predictions and scores. */
  readonly current: MetricData
  readonly probabilities: Probabilities
  readonly confidence: number
  /** By how much the calibration's own variance grows on these rows; see `shiftFrom`. */
  readonly shift: number
}

/** Labelled reference rows, and what their scores mean. */
interface Learned {
  readonly data: MetricData
  readonly calibration: Calibration
}

type HeldOut = EstimatedMetric['heldOut']

/** How far the estimate was from the truth on reference rows that the calibration had not seen. */
export interface TrustCheck {
  readonly trust: EstimatedMetric['trust']
  readonly heldOut: HeldOut
  /** Of realised minus estimated, over that many rows. */
  readonly variance: number
  readonly reason: string | undefined
}

/**
 * The check of an estimate on held-out reference rows: trusted unless realised and estimated differ for certain and may do so by more
 * than the margin. How little a small reference can show is part of every estimate's interval. Unverified without labels in the
 * reference.
 */
export function checkTrust(
  asked: AskedMetric,
  reference: Learned | undefined,
  confidence: number,
): TrustCheck {
  const unverified = UNVERIFIED
  if (reference === undefined) {
    return { ...unverified, reason: 'the reference has no labels to check the scores with' }
  }
  const { data, calibration } = reference
  if (data.n < FEWEST_LABELS) {
    return { ...unverified, reason: `the reference has only ${data.n} labelled rows` }
  }
  const { metric, options, allowance } = asked
  const expected = expectedMetric({ ...asked, data, probabilities: calibration.heldOut })
  const realised = outcomeOf(metric, data, options)
  if (expected.value === undefined || realised.value === undefined) {
    return { ...unverified, reason: expected.reason ?? realised.reason }
  }
  const gap = realised.value - expected.value
  const half = normalMultiplier(confidence) * Math.sqrt(expected.variance)
  const [low, high] = [gap - half, gap + half]
  const margin = amountOf(allowance, realised.value)
  const heldOut = { estimated: expected.value, realised: realised.value, low, high }
  const off = (low > 0 || high < 0) && !(low >= -margin && high <= margin)
  const { variance } = expected
  const found = { heldOut, variance }
  if (!off) return { trust: 'trusted', reason: undefined, ...found }
  const amount = amountText(metric, gap)
  const reason = `the estimate is not trusted: on held-out reference rows it was off by ${amount}`
  return { trust: 'not-trusted', reason, ...found }
}

const UNVERIFIED = { trust: 'unverified', heldOut: null, variance: 0 } as const

/**
 * A metric of the current rows from their scores alone, with the interval that labels would fall in: their own chance, and that of the
 * reference that the scores' meaning was learned from. It is right only while the relation between inputs and labels is the reference's.
 */
export function estimateMetric(ask: Ask): EstimatedMetric {
  const { asked, referenceValue, check = { ...UNVERIFIED, reason: undefined } } = ask
  const current = estimatedValue(ask, check)
  const { trust, heldOut } = check
  const difference =
    current.valued === null || referenceValue === null
      ? null
      : current.valued.value - referenceValue.value
  const found = { current: current.valued, difference, trust, heldOut }
  if (current.valued === null) {
    return { status: 'inconclusive', reason: current.reason ?? 'it has no value', ...found }
  }
  if (check.reason !== undefined) return { status: 'inconclusive', reason: check.reason, ...found }
  if (ask.current.n < FEWEST_LABELS) {
    const reason = `only ${ask.current.n} rows have scores; ${FEWEST_LABELS} are needed`
    return { status: 'inconclusive', reason, ...found }
  }
  const { status, reason } = judgeValues(asked, current.valued, referenceValue)
  return { status, reason: `estimated ${reason}`, ...found }
}

/** The estimate with its interval; null with the reason where there is none. */
export function estimatedValue(
  { asked, current, probabilities, confidence, shift }: Omit<Ask, 'check' | 'referenceValue'>,
  { variance }: Pick<TrustCheck, 'variance'>,
): { readonly valued: Valued | null; readonly reason: string | undefined } {
  const { metric } = asked
  if (isCalibrationError(metric.name)) {
    return { valued: null, reason: 'an estimate assumes that scores are calibrated' }
  }
  const expected: Expected = expectedMetric({ ...asked, data: current, probabilities })
  if (expected.value === undefined) return { valued: null, reason: expected.reason }
  const half = normalMultiplier(confidence) * Math.sqrt(expected.variance + variance * shift)
  const [least, most] = metric.range
  const { value } = expected
  const valued = { value, low: Math.max(least, value - half), high: Math.min(most, value + half) }
  return { valued, reason: undefined }
}

function isCalibrationError(name: string): boolean {
  return name === 'expected-calibration-error'
}
