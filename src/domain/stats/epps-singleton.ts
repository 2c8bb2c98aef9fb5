import { pooledQuantile } from './pooled-quantile.js'
import { upperGamma } from './special/gamma.js'
import { symmetricEigen } from './symmetric-eigen.js'

export interface EppsSingletonResult {
  readonly statistic: number
  /** The rank of the covariance: 4 unless the values take very few places. */
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/** Where the characteristic functions are compared, in half interquartile ranges (Epps & Singleton's choice); the second is twice the first. */
const FIRST_POINT = 0.4
/** cos and sin at both points. */
const FEATURES = 4
const FEWEST = 5
/** From this size on the correction for small samples is not needed. */
const LARGE = 25
/** Directions with less than this share of the largest variance are rounding. */
const RANK_TOLERANCE = 1e-11

/**
 * Epps-Singleton two-sample test on sorted finite samples (Epps & Singleton 1986, J. Statist. Comput. Simul. 26:177-203; Goerg &
 * Kaiser 2009, Stata J. 9:454-465): compares the empirical characteristic functions at 0.4 and 0.8, and is valid for discrete
 * values too. The same as scipy.stats.epps_singleton_2samp. Fewer than five values in a sample, or no spread between the
 * quartiles of both samples together: undefined.
 */
export function eppsSingleton(a: Float64Array, b: Float64Array): EppsSingletonResult | undefined {
  if (a.length < FEWEST || b.length < FEWEST) return undefined
  const low = pooledQuantile(a, b, 0.25)
  const scale = pooledQuantile(a, b, 0.75) / 2 - low / 2
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined
  // Angles from the lower quartile instead of 0: the statistic is the same, and large offsets lose no digits.
  const map = { centre: low, factor: FIRST_POINT / scale }
  const one = featureMoments(a, map)
  const other = featureMoments(b, map)
  const { quadratic, rank } = quadraticForm(one, other)
  const size = a.length + b.length
  const statistic = size * quadratic * smallSampleFactor(a.length, b.length)
  if (rank === 0) return { statistic: 0, degreesOfFreedom: 0, pValue: 1 }
  return { statistic, degreesOfFreedom: rank, pValue: upperGamma(rank / 2, statistic / 2) }
}

interface AngleMap {
  readonly centre: number
  readonly factor: number
}

interface Moments {
  readonly n: number
  readonly means: readonly number[]
  /** Row by row, divisor n. */
  readonly covariance: readonly number[]
}

/** Means and covariance of (cos t, cos 2t, sin t, sin 2t): one cosine and one sine a value. */
function featureMoments(values: Float64Array, { centre, factor }: AngleMap): Moments {
  const n = values.length
  let [c, d, s, t] = [0, 0, 0, 0]
  let [cc, cd, cs, ct, dd, ds, dt, ss, st, tt] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const angle = ((values[i] ?? 0) - centre) * factor
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    const cos2 = 2 * cos * cos - 1
    const sin2 = 2 * sin * cos
    c += cos
    d += cos2
    s += sin
    t += sin2
    cc += cos * cos
    cd += cos * cos2
    cs += cos * sin
    ct += cos * sin2
    dd += cos2 * cos2
    ds += cos2 * sin
    dt += cos2 * sin2
    ss += sin * sin
    st += sin * sin2
    tt += sin2 * sin2
  }
  const means = [c / n, d / n, s / n, t / n]
  const products = [cc, cd, cs, ct, cd, dd, ds, dt, cs, ds, ss, st, ct, dt, st, tt]
  const covariance = products.map(
    (sum, at) => sum / n - (means[Math.floor(at / FEATURES)] ?? 0) * (means[at % FEATURES] ?? 0),
  )
  return { n, means, covariance }
}

/** The squared length of the difference of means under the pseudo-inverse of its covariance, without the factor of the size. */
function quadraticForm(
  a: Moments,
  b: Moments,
): { readonly quadratic: number; readonly rank: number } {
  const size = a.n + b.n
  const matrix = a.covariance.map(
    (value, at) => (size / a.n) * value + (size / b.n) * (b.covariance[at] ?? 0),
  )
  const difference = a.means.map((mean, i) => mean - (b.means[i] ?? 0))
  const eigen = symmetricEigen(Float64Array.from(matrix), FEATURES)
  const largest = eigen?.values[0] ?? 0
  let quadratic = 0
  let rank = 0
  for (const [k, value] of eigen?.values.entries() ?? []) {
    if (!(value > largest * RANK_TOLERANCE)) continue
    let along = 0
    for (const [i, gap] of difference.entries()) {
      along += gap * (eigen?.vectors[k * FEATURES + i] ?? 0)
    }
    quadratic += (along * along) / value
    rank++
  }
  return { quadratic, rank }
}

function smallSampleFactor(n: number, m: number): number {
  if (Math.max(n, m) >= LARGE) return 1
  return 1 / (1 + (n + m) ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7))
}
