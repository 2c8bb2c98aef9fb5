/** Numbers of one sample, with what is known about how they were drawn. */
export interface Sample {
  readonly values: Float64Array
  /** Non-negative, one a value; absent: all equal. A value of weight 0 counts as not there. */
  readonly weights?: ArrayLike<number> | undefined
  /** Codes from 0 on, one a value, equal for values that vary together; absent: values are independent. */
  readonly clusters?: ArrayLike<number> | undefined
}

/** A sample's weights and clusters, found to be valid. */
export interface SamplingDesign {
  readonly n: number
  readonly weights: ArrayLike<number> | undefined
  readonly totalWeight: number
  /** For each value its cluster's place in `0..groups - 1`; undefined where each value is its own. */
  readonly places: Int32Array | undefined
  /** How many clusters, or values, have weight: what the degrees of freedom are counted from. */
  readonly groups: number
}

/** A mean with the deviations that its variance is made of. */
export interface LinearisedMean {
  readonly mean: number
  /** For each cluster the sum of weight * (value - mean) / total weight; together they are 0. */
  readonly scores: Float64Array
}

function isWeight(weight: number | undefined): weight is number {
  return weight !== undefined && weight >= 0 && weight < Number.POSITIVE_INFINITY
}

/** Their sum, or undefined where one is negative, infinite or NaN, or all are 0. */
function sumOfWeights(weights: ArrayLike<number>): number | undefined {
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]
    if (!isWeight(weight)) return undefined
    total += weight
  }
  return total > 0 && Number.isFinite(total) ? total : undefined
}

interface Places {
  readonly places: Int32Array
  readonly groups: number
}

/** The largest code; undefined where a code is negative or no whole number. */
function largestCode(clusters: ArrayLike<number>): number | undefined {
  let largest = -1
  for (let i = 0; i < clusters.length; i++) {
    const code = clusters[i] ?? -1
    if (!Number.isInteger(code) || code < 0) return undefined
    if (code > largest) largest = code
  }
  return largest
}

/** Numbers the clusters that have weight; undefined where a code is negative or no whole number. */
function placesOf(clusters: ArrayLike<number>, weights?: ArrayLike<number>): Places | undefined {
  const n = clusters.length
  const largest = largestCode(clusters)
  if (largest === undefined) return undefined
  const placeOf = firstComeTable(n, largest)
  const places = new Int32Array(n).fill(-1)
  for (let i = 0; i < n; i++) {
    if (weights === undefined || weights[i] !== 0) places[i] = placeOf.of(clusters[i] ?? 0)
  }
  return { places, groups: placeOf.size() }
}

interface FirstCome {
  of(code: number): number
  size(): number
}

/** Numbers codes as they come, by a table, or by a map where codes are large: a table is much faster. */
function firstComeTable(n: number, largest: number): FirstCome {
  let groups = 0
  if (largest < 4 * n + 1024) {
    const table = new Int32Array(largest + 1)
    return {
      of: (code) => {
        if (table[code] === 0) table[code] = ++groups
        return (table[code] ?? 0) - 1
      },
      size: () => groups,
    }
  }
  const map = new Map<number, number>()
  return {
    of: (code) => {
      const known = map.get(code)
      if (known !== undefined) return known
      map.set(code, groups)
      return groups++
    },
    size: () => groups,
  }
}

function countWeighted(n: number, weights: ArrayLike<number> | undefined): number {
  if (weights === undefined) return n
  let count = 0
  for (let i = 0; i < n; i++) if (weights[i] !== 0) count++
  return count
}

/**
 * Checks weights and clusters against the number of values. Undefined where they are of another length, a weight is
 * negative or not finite, all weights are 0, a cluster's code is negative, or there is nothing.
 */
export function samplingDesign(sample: Sample): SamplingDesign | undefined {
  const { weights, clusters } = sample
  const n = sample.values.length
  if (n === 0 || (weights ?? sample.values).length !== n) return undefined
  if ((clusters ?? sample.values).length !== n) return undefined
  const totalWeight = weights === undefined ? n : sumOfWeights(weights)
  if (totalWeight === undefined) return undefined
  if (clusters === undefined) {
    return { n, weights, totalWeight, places: undefined, groups: countWeighted(n, weights) }
  }
  const found = placesOf(clusters, weights)
  return found && { n, weights, totalWeight, ...found }
}

/** One pass of the mean: `near` plus the weighted mean of what is left. Exact for equal values. */
function meanFrom(values: Float64Array, design: SamplingDesign, near: number): number {
  const { weights, totalWeight } = design
  let rest = 0
  if (weights === undefined) for (const value of values) rest += value - near
  else {
    for (let i = 0; i < values.length; i++) rest += (weights[i] ?? 0) * ((values[i] ?? 0) - near)
  }
  return near + rest / totalWeight
}

/** The (weighted) mean; undefined where a value is not finite, also one of weight 0. */
export function weightedMeanOf(values: Float64Array, design: SamplingDesign): number | undefined {
  for (const value of values) if (!Number.isFinite(value)) return undefined
  // The second pass takes away the rounding of the first.
  const mean = meanFrom(values, design, meanFrom(values, design, firstWeighted(values, design)))
  return Number.isFinite(mean) ? mean : undefined
}

/** A value that counts, so that equal ones have exactly themselves as their mean. */
function firstWeighted(values: Float64Array, { weights }: SamplingDesign): number {
  if (weights === undefined) return values[0] ?? 0
  for (let i = 0; i < values.length; i++) if (weights[i] !== 0) return values[i] ?? 0
  return 0
}

/**
 * The linearised scores of a mean (Taylor linearisation: Woodruff 1971), summed in each cluster. A sum that is nothing
 * but rounding is 0, so that clusters with equal means have no variance.
 */
export function linearisedScores(
  values: Float64Array,
  mean: number,
  design: SamplingDesign,
): Float64Array {
  const { weights, places, totalWeight } = design
  if (places === undefined) {
    return values.map((value, i) => ((weights?.[i] ?? 1) * (value - mean)) / totalWeight)
  }
  const sums = new Float64Array(design.groups)
  const sizes = new Float64Array(design.groups)
  for (let i = 0; i < values.length; i++) {
    const place = places[i] ?? -1
    if (place < 0) continue
    const weight = weights?.[i] ?? 1
    const value = values[i] ?? 0
    sums[place] = (sums[place] ?? 0) + weight * (value - mean)
    sizes[place] = (sizes[place] ?? 0) + weight * (Math.abs(value) + Math.abs(mean))
  }
  return sums.map((sum, g) => {
    const isRounding = Math.abs(sum) <= 4 * Number.EPSILON * (sizes[g] ?? 0)
    return isRounding ? 0 : sum / totalWeight
  })
}

/**
 * Mean and scores together, from at least two values or clusters; undefined where there are fewer or a value is not
 * finite.
 */
export function linearisedMean(
  values: Float64Array,
  design: SamplingDesign,
): LinearisedMean | undefined {
  if (design.groups < 2) return undefined
  const mean = weightedMeanOf(values, design)
  return mean === undefined ? undefined : { mean, scores: linearisedScores(values, mean, design) }
}

/** The CR1 covariance of two linearised means: G / (G - 1) times the sum of the products of their scores. */
export function scoreCovariance(one: Float64Array, other: Float64Array, groups: number): number {
  let sum = 0
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0)
  return (sum * groups) / (groups - 1)
}
