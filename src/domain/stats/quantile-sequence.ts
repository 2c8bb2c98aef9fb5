import { logGamma } from './special/log-gamma.js'

export interface QuantileOptions {
  /** Which quantile, inside (0, 1). */
  readonly quantile: number
  readonly alpha: number
  /** The size at which the bounds are to be sharpest; any other is as valid. */
  readonly sharpestAt: number
}

export interface QuantileInterval {
  readonly estimate: number
  /** -Infinity where the values do not bound the quantile. */
  readonly low: number
  readonly high: number
}

/** Two-sided mixture of binomial likelihood ratios against probability p, over a beta law around it. */
interface Mixture {
  readonly p: number
  readonly r: number
}

function mixtureOf({ quantile: p, alpha, sharpestAt }: QuantileOptions): Mixture {
  if (!(p > 0 && p < 1)) throw new RangeError(`quantile must lie inside (0, 1): ${p}`)
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie inside (0, 1): ${alpha}`)
  if (!(sharpestAt >= 1)) throw new RangeError(`sharpestAt must be 1 or more: ${sharpestAt}`)
  const variance = p * (1 - p)
  const loss = 2 * Math.log(1 / alpha)
  const rho = (sharpestAt * variance) / (loss + Math.log(1 + loss))
  return { p, r: Math.max(rho - variance, 1e-3 * variance) }
}

/** Log e-value of `below` (not always whole) of n values against "a value is below with probability p". */
function logEvidence({ p, r }: Mixture, below: number, n: number): number {
  const [a, b] = [r / (1 - p), r / p]
  const likelihood = -below * Math.log(p) - (n - below) * Math.log1p(-p)
  return likelihood + logBeta(a + below, b + n - below) - logBeta(a, b)
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/**
 * Confidence sequence for a quantile of independent values of one law, from sorted values: the order statistics that a
 * beta-binomial mixture does not reject, valid at all sizes at once (Howard and Ramdas 2022, Bernoulli 28:1704,
 * arXiv:1906.09712, with the mixture of Howard et al. 2021). No values -> undefined.
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  options: QuantileOptions,
): QuantileInterval | undefined {
  const mixture = mixtureOf(options)
  const n = sorted.length
  if (n === 0) return undefined
  const threshold = Math.log(1 / options.alpha)
  const middle = Math.floor(n * mixture.p)
  const rejects = (k: number) => logEvidence(mixture, k, n) >= threshold
  const low = rejects(0) ? lastTrue(0, middle, rejects) : -1
  const high = rejects(n) ? n - lastTrue(0, n - middle - 1, (k) => rejects(n - k)) : n + 1
  return {
    estimate: sorted[Math.min(n - 1, middle)] ?? Number.NaN,
    low: sorted[low] ?? Number.NEGATIVE_INFINITY,
    high: sorted[high - 1] ?? Number.POSITIVE_INFINITY,
  }
}

/** The last whole number in [from, to] for which `holds`, which holds at `from` and never again once it fails. */
function lastTrue(from: number, to: number, holds: (k: number) => boolean): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * p-value, valid at every look, for "both samples have the same quantile" (Howard and Ramdas 2022, section 5): one over the
 * least evidence, over all values x, against x being the quantile of both. From sorted values; an empty sample -> 1.
 */
export function quantileTest(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  options: QuantileOptions,
): number {
  const mixture = mixtureOf(options)
  if (one.length === 0 || other.length === 0) return 1
  const arms = [armOf(mixture, one), armOf(mixture, other)] as const
  const [first, second] = arms[0].to <= arms[1].to ? arms : [arms[1], arms[0]]
  const at = (x: number) => first.evidence(x) + second.evidence(x)
  let least = Math.min(at(first.to), at(second.from))
  // Between the flat parts the first rises and the second falls, at its own values only.
  const end = countUpTo(second.sorted, second.from)
  for (let i = Math.max(0, countUpTo(second.sorted, first.to) - 1); i < end; i++) {
    least = Math.min(least, at(second.sorted[i] ?? Number.NaN))
  }
  return Math.min(1, Math.exp(-least))
}

interface Arm {
  readonly sorted: ArrayLike<number>
  /** Between these values an arm has least evidence. */
  readonly from: number
  readonly to: number
  readonly evidence: (x: number) => number
}

function armOf(mixture: Mixture, sorted: ArrayLike<number>): Arm {
  const n = sorted.length
  const least = leastEvident(mixture, n)
  const from = sorted[Math.max(0, Math.ceil(least) - 1)] ?? Number.NaN
  const to = sorted[Math.min(n - 1, Math.floor(least))] ?? Number.NaN
  const evidence = (x: number) => {
    if (x < from) return logEvidence(mixture, countUpTo(sorted, x), n)
    return logEvidence(mixture, x > to ? countBelow(sorted, x) : least, n)
  }
  return { sorted, from, to, evidence }
}

/** The count at which the convex evidence is least, by golden sections. */
function leastEvident(mixture: Mixture, n: number): number {
  const part = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, n]
  for (let i = 0; i < 60; i++) {
    const [left, right] = [high - part * (high - low), low + part * (high - low)]
    if (logEvidence(mixture, left, n) < logEvidence(mixture, right, n)) high = right
    else low = left
  }
  return (low + high) / 2
}

function countUpTo(sorted: ArrayLike<number>, x: number): number {
  return countWhile(sorted, (value) => value <= x)
}

function countBelow(sorted: ArrayLike<number>, x: number): number {
  return countWhile(sorted, (value) => value < x)
}

function countWhile(sorted: ArrayLike<number>, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle] ?? Number.NaN)) low = middle + 1
    else high = middle
  }
  return low
}
