import { logGamma } from '../special/log-gamma.js'
import { normalCdf } from '../special/normal.js'
import { studentTQuantile } from '../special/student-t.js'
import type { Region } from './plan.js'

/** Panels of Simpson's rule: far more than a smooth bell needs. */
const PANELS = 400
/** The law of the sample standard deviation is followed this many of its deviations from its centre. */
const REACH = 9

/** log of the density of s / sigma with `df` degrees of freedom. */
function logDensity(u: number, df: number): number {
  const half = df / 2
  return Math.LN2 + half * Math.log(half) - logGamma(half) + (df - 1) * Math.log(u) - half * u * u
}

/**
 * The power of Student's t interval of n values to lie inside a region, for a normal law with mean `mean` and standard
 * deviation `sd` > 0: the normal probability given the sample's standard deviation, integrated over the latter's law. It is
 * the noncentral t law for one side (Owen 1965, Biometrika 52:437-446, for both).
 */
export function studentPower(input: {
  readonly n: number
  readonly mean: number
  readonly sd: number
  readonly region: Region
  readonly level: number
}): number {
  const { n, mean, sd, region, level } = input
  const df = n - 1
  if (!(df >= 1)) return 0
  const t = -studentTQuantile((1 - level) / 2, df)
  const root = Math.sqrt(n) / sd
  const toLower = (mean - region.lower) * root
  const toUpper = (region.upper - mean) * root
  const given = (u: number) => Math.max(0, normalCdf(toUpper - t * u) - normalCdf(t * u - toLower))
  const spread = REACH / Math.sqrt(2 * df)
  const low = Math.max(0, 1 - spread)
  const step = (1 + spread - low) / PANELS
  let sum = 0
  for (let i = 0; i <= PANELS; i++) {
    const u = low + i * step
    if (u === 0 && df > 1) continue
    const ends = i === 0 || i === PANELS
    const inner = i % 2 === 1 ? 4 : 2
    const density = u === 0 ? Math.sqrt(2 / Math.PI) : Math.exp(logDensity(u, df))
    sum += (ends ? 1 : inner) * density * given(u)
  }
  return Math.min(1, (sum * step) / 3)
}
