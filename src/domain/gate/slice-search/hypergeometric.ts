import { binomialPmf } from '../../stats/special/binomial.js'

/** An urn: `n` rows are drawn of `total`, of which `marked` are wrong. */
export interface Urn {
  readonly n: number
  readonly marked: number
  readonly total: number
}

/** P(X = x) in Loader's form (2000, "Fast and accurate computation of binomial probabilities"), as R's dhyper. */
function pmf(x: number, { n, marked, total }: Urn): number {
  if (n === total) return x === marked ? 1 : 0
  const p = n / total
  const inside = binomialPmf(x, marked, p) * binomialPmf(n - x, total - marked, p)
  return inside / binomialPmf(n, total, p)
}

/**
 * P(X > x) + P(X = x) / 2 for the number X of marked rows among those drawn: Fisher's exact one-sided test with the
 * mid-p (Lancaster 1961), which does not need the counts to be large. 1/2 where nothing can vary.
 */
export function hypergeometricMidP(x: number, urn: Urn): number {
  const { n, marked, total } = urn
  const mean = (n * marked) / total
  const first = pmf(x, urn)
  // The shorter tail is summed, where the terms fall.
  if (x < mean) return 1 - tail(x, { urn, first, step: -1 })
  return tail(x, { urn, first, step: 1 })
}

function tail(
  x: number,
  { urn, first, step }: { readonly urn: Urn; readonly first: number; readonly step: 1 | -1 },
): number {
  const { n, marked, total } = urn
  let sum = first / 2
  let term = first
  for (let k = x; term > sum * 1e-17; k += step) {
    const ratio = ((marked - k) * (n - k)) / ((k + 1) * (total - marked - n + k + 1))
    const inverse = (k * (total - marked - n + k)) / ((marked - k + 1) * (n - k + 1))
    term *= step === 1 ? ratio : inverse
    if (!(term > 0)) break
    sum += term
  }
  return sum
}
