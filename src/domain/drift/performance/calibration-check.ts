import { keptOrder } from '../../stats/sort-order.js'
import { upperGamma } from '../../stats/special/gamma.js'
import { normalSf } from '../../stats/special/normal.js'
import type { Probabilities } from './expected.js'
import type { CalibrationCheck } from './result.js'

const MOST_BINS = 20
/** A bin's expected variance must be at least this for its chi-square. */
const FEWEST_VARIANCE = 5
const LEVEL = 0.05

/**
 * Whether probabilities mean what they say, by Hosmer and Lemeshow's chi-square over bins of equal count (1980, Comm. Statist.
 * A9:1043-1069; nothing is fitted, so each bin is a degree of freedom) and Spiegelhalter's z (1986, Statist. Med. 5:421-433), for
 * each class against the others. The calibration error is biased upwards by chance: it is given beside what chance alone makes.
 */
export function checkCalibration(
  probabilities: Probabilities,
  labels: Float64Array,
): CalibrationCheck {
  // Of two classes the second says all.
  const codes = probabilities.length === 2 ? [1] : [...probabilities.keys()]
  const found = codes.map((code) => {
    const shares = probabilities[code] ?? new Float64Array()
    return {
      ...binned(shares, labels, code),
      z: normalTest(spiegelhalter(shares, labels, code)),
    }
  })
  const least = (values: readonly number[]) =>
    Math.min(1, codes.length * values.reduce((a, b) => Math.min(a, b), 1))
  const mean = (values: readonly number[]) =>
    values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)
  const binsPValue = least(found.map(({ pValue }) => pValue))
  const spiegelhalterPValue = least(found.map(({ z }) => z))
  return {
    n: labels.length,
    error: mean(found.map(({ error }) => error)),
    noiseFloor: mean(found.map(({ noiseFloor }) => noiseFloor)),
    binsPValue,
    spiegelhalterPValue,
    calibrated: Math.min(1, 2 * Math.min(binsPValue, spiegelhalterPValue)) >= LEVEL,
  }
}

function normalTest(z: number): number {
  return Math.min(1, 2 * normalSf(Math.abs(z)))
}

/** Where no probability varies it is 0 if all came true, and infinite else. */
function spiegelhalter(shares: Float64Array, labels: Float64Array, code: number): number {
  let sum = 0
  let variance = 0
  for (let i = 0; i < shares.length; i++) {
    const p = shares[i] ?? 0
    const tilt = 1 - 2 * p
    sum += ((labels[i] === code ? 1 : 0) - p) * tilt
    variance += tilt * tilt * p * (1 - p)
  }
  if (variance > 0) return sum / Math.sqrt(variance)
  return Math.abs(sum) < 1e-9 ? 0 : Infinity
}

function binned(shares: Float64Array, labels: Float64Array, code: number) {
  const order = keptOrder(shares)
  const n = order.length
  const size = Math.max(1, n / MOST_BINS)
  const bin = { n: 0, gap: 0, variance: 0 }
  const sums = { error: 0, floor: 0, chiSquare: 0, bins: 0 }
  const close = () => {
    sums.error += Math.abs(bin.gap)
    sums.floor += Math.sqrt((2 * bin.variance) / Math.PI)
    sums.chiSquare += bin.variance > 0 ? bin.gap ** 2 / bin.variance : bin.gap === 0 ? 0 : Infinity
    sums.bins++
    Object.assign(bin, { n: 0, gap: 0, variance: 0 })
  }
  for (let i = 0; i < n; i++) {
    const row = order[i] ?? 0
    const p = shares[row] ?? 0
    bin.n++
    bin.gap += (labels[row] === code ? 1 : 0) - p
    bin.variance += p * (1 - p)
    if (bin.n >= size && bin.variance >= FEWEST_VARIANCE) close()
  }
  if (bin.n > 0) close()
  const { error, floor, chiSquare, bins } = sums
  const pValue = chiSquare === Infinity ? 0 : upperGamma(bins / 2, chiSquare / 2)
  return { error: error / Math.max(1, n), noiseFloor: floor / Math.max(1, n), pValue }
}
