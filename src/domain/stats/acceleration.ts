/** Leave-one-out values of one independently resampled group, each with the number of units that share it. */
export interface JackknifeGroup {
  readonly values: Float64Array
  /** Units behind each value; undefined means one each. */
  readonly weights?: Float64Array | undefined
}

function weightedTotal(group: JackknifeGroup): { total: number; mean: number } {
  let total = 0
  let sum = 0
  group.values.forEach((value, i) => {
    const weight = group.weights?.[i] ?? 1
    if (weight === 0) return
    total += weight
    sum += weight * value
  })
  return { total, mean: sum / total }
}

/** Sums of squares and cubes of the group's influences, (n - 1) (mean - value) / n. */
function influenceMoments(group: JackknifeGroup): { squares: number; cubes: number } {
  const { total, mean } = weightedTotal(group)
  const factor = (total - 1) / total
  let squares = 0
  let cubes = 0
  group.values.forEach((value, i) => {
    const weight = group.weights?.[i] ?? 1
    if (weight === 0) return
    const influence = factor * (mean - value)
    squares += weight * influence * influence
    cubes += weight * influence ** 3
  })
  return { squares, cubes }
}

/**
 * The acceleration of BCa from leave-one-out values (Efron 1987; for several groups DiCiccio & Efron 1996, as in R's
 * boot and scipy). Undefined where no unit moves the statistic or a leave-one-out value does not exist.
 */
export function jackknifeAcceleration(groups: readonly JackknifeGroup[]): number | undefined {
  let squares = 0
  let cubes = 0
  for (const group of groups) {
    const moments = influenceMoments(group)
    squares += moments.squares
    cubes += moments.cubes
  }
  const acceleration = cubes / (6 * squares ** 1.5)
  return Number.isFinite(acceleration) ? acceleration : undefined
}
