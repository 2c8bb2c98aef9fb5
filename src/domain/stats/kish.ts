/**
 * Kish's effective sample size of weighted rows, (sum of weights)^2 / (sum of squared weights) (Kish 1965, Survey
 * Sampling): the number of rows when all weights are equal, less otherwise. Rows of weight 0 count for nothing. No weight
 * above 0, or one that is negative or not finite -> undefined.
 */
export function kishEffectiveSize(weights: ArrayLike<number>): number | undefined {
  let largest = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) return undefined
    if (weight > largest) largest = weight
  }
  if (largest === 0) return undefined
  let sum = 0
  let squares = 0
  for (let i = 0; i < weights.length; i++) {
    // Shares of the largest can be squared whatever the unit.
    const share = (weights[i] ?? 0) / largest
    sum += share
    squares += share * share
  }
  return (sum * sum) / squares
}
