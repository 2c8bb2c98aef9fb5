/**
 * Smirnov's formula for the upper tail of a sum of independent chi-square variables with one degree of freedom each
 * and distinct weights (Smirnov 1937; Martynov 1975, Theory Probab. Appl. 20): an alternating series of integrals, each
 * between two neighbouring poles of the moment generating function. Every term is a Gauss-Chebyshev sum, whose weight takes up
 * the inverse square roots at both ends, so that far tails keep all their digits where 1 - cdf would be 0.
 */
interface MixtureLaw {
  /** The poles are at pole(1) < pole(2) < … in the variable of integration. */
  readonly pole: (k: number) => number
  /** The exponent that goes with the statistic, growing with s. */
  readonly rate: (s: number) => number
  /** What is left of the integrand, without exp(-x rate(s)) / sqrt(|g(s)|). */
  readonly factor: (s: number) => number
  /** Zero at the poles. */
  readonly oscillation: (s: number) => number
}

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost. */
const { abs, cos, exp, PI, sin, sqrt } = Math

const NODES = 128

/** cos((2 i - 1) pi / (2 NODES)) and the matching sine. */
const NODE_COSINES = Float64Array.from({ length: NODES }, (_, i) =>
  cos(((2 * i + 1) * PI) / (2 * NODES)),
)
const NODE_SINES = Float64Array.from({ length: NODES }, (_, i) =>
  sin(((2 * i + 1) * PI) / (2 * NODES)),
)

function termOf(law: MixtureLaw, x: number, k: number): number {
  const low = law.pole(2 * k - 1)
  const half = (law.pole(2 * k) - low) / 2
  let sum = 0
  for (let i = 0; i < NODES; i++) {
    const s = low + half * (1 - (NODE_COSINES[i] ?? 0))
    const value = exp(-x * law.rate(s)) * law.factor(s)
    sum += (value * (NODE_SINES[i] ?? 0)) / sqrt(abs(law.oscillation(s)))
  }
  return (sum * half * PI) / NODES
}

function survival(law: MixtureLaw, x: number): number {
  let sum = 0
  for (let k = 1; k < 1000; k++) {
    const term = termOf(law, x, k)
    sum += k % 2 === 1 ? term : -term
    if (term <= sum * 1e-17) break
  }
  return Math.min(1, Math.max(0, sum))
}

/** Below these the distribution functions are under 1e-20. */
const ANDERSON_DARLING_FROM = 0.026
const CRAMER_VON_MISES_FROM = 0.0026

const ANDERSON_DARLING: MixtureLaw = {
  pole: (k) => 2 * k + 1,
  rate: (s) => (s * s - 1) / 8,
  factor: (s) => s / sqrt(PI * (s * s - 1)),
  oscillation: (s) => cos((PI * s) / 2),
}

const CRAMER_VON_MISES: MixtureLaw = {
  pole: (k) => PI * k,
  rate: (s) => (s * s) / 2,
  factor: (s) => 2 / (PI * sqrt(s)),
  oscillation: (s) => sin(s),
}

/**
 * P(A² > x) of the Anderson-Darling statistic's limit law, the sum of chi-squares weighted by 1 / (j (j + 1)) (Anderson &
 * Darling 1952, Ann. Math. Statist. 23:193-212), to about 1e-12 of itself in the upper tail. x <= 0 -> 1; NaN -> NaN.
 */
export function andersonDarlingSurvival(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  return x < ANDERSON_DARLING_FROM ? 1 : survival(ANDERSON_DARLING, x)
}

/**
 * P(W² > x) of the Cramér-von Mises statistic's limit law, the sum of chi-squares weighted by 1 / (pi j)² (Csörgő &
 * Faraway 1996, J. R. Statist. Soc. B 58:221-234), to about 1e-12 of itself in the upper tail. x <= 0 -> 1; NaN -> NaN.
 */
export function cramerVonMisesSurvival(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  return x < CRAMER_VON_MISES_FROM ? 1 : survival(CRAMER_VON_MISES, x)
}
