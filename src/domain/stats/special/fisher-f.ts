import { incompleteBetaOf } from './beta.js'

/**
 * P(F > x) of Fisher's law with `df1` and `df2` > 0 degrees of freedom, accurate in relative terms in the upper tail.
 * x <= 0 -> 1; invalid degrees of freedom or NaN -> NaN.
 */
export function fisherFSf(x: number, df1: number, df2: number): number {
  if (Number.isNaN(x) || !(df1 > 0 && df2 > 0)) return Number.NaN
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const ratio = (df1 / df2) * x
  return incompleteBetaOf({
    x: 1 / (1 + ratio),
    y: ratio / (1 + ratio),
    a: df2 / 2,
    b: df1 / 2,
  })
}
