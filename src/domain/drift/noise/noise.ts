import { total } from '../../stats/shares.js'
import { type NumericShape, shapeOf } from '../numeric-shape.js'
import type { CategoryPair, NumericPair } from '../tests/drift-test.js'
import { areaNoise } from './area.js'
import { type CellTerm, sumOfCells } from './cells.js'

/** What a distance is between two samples of one distribution, at these sizes. */
export interface Noise {
  /** Its mean (the root of the mean square, for distances that are roots). */
  readonly centre: number
  /** What it exceeds in a share alpha of such pairs. */
  readonly floor: number
  /** The same with the spread of well filled cells, where these cells say too little of their own. */
  readonly open?: number
}

interface Estimator {
  readonly numeric?: (shape: NumericShape, alpha: number) => Noise | undefined
  readonly categorical?: (pair: CategoryPair, alpha: number) => Noise | undefined
  /** A root of a sum adds its noise in squares, a sum as it is. */
  readonly adds: 'in-squares' | 'linearly'
}

const SMALLEST_SHARE = 1e-4

interface CellDistance {
  readonly adds: Estimator['adds']
  /** Whether the distance is the root of the sum. */
  readonly root: boolean
  readonly term: CellTerm
}

const CELL_DISTANCES = {
  'jensen-shannon': {
    adds: 'in-squares',
    root: true,
    term: {
      order: 2,
      factor: 1 / (8 * Math.LN2),
      of: (p, q) => (relative(p, q) + relative(q, p)) / 2,
    },
  },
  hellinger: {
    adds: 'in-squares',
    root: true,
    term: { order: 2, factor: 1 / 8, of: (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2 / 2 },
  },
  psi: {
    adds: 'linearly',
    root: false,
    term: { order: 2, factor: 1, of: floored((p, q) => (p - q) * Math.log(p / q)) },
  },
  'kullback-leibler': {
    adds: 'linearly',
    root: false,
    term: { order: 2, factor: 1 / 2, of: floored((p, q) => q * Math.log(q / p) + p - q) },
  },
  'total-variation': {
    adds: 'in-squares',
    root: false,
    term: { order: 1, factor: 1 / 2, of: (p, q) => Math.abs(p - q) / 2 },
  },
} as const satisfies Record<string, CellDistance>

function relative(p: number, q: number): number {
  return p > 0 ? p * Math.log2((2 * p) / (p + q)) : 0
}

function floored(term: CellTerm['of']): CellTerm['of'] {
  return (p, q) => term(Math.max(p, SMALLEST_SHARE), Math.max(q, SMALLEST_SHARE))
}

function cellEstimator({ adds, root, term }: CellDistance): Estimator {
  const noise = (counts: Parameters<typeof sumOfCells>[0], alpha: number) => {
    const sum = sumOfCells(counts, term, alpha)
    if (sum === undefined || !root) return sum
    const { centre, floor, open = floor } = sum
    return { centre: Math.sqrt(centre), floor: Math.sqrt(floor), open: Math.sqrt(open) }
  }
  return {
    adds,
    numeric: (shape, alpha) => noise(shape.bins(), alpha),
    categorical: (pair, alpha) => noise(pair, alpha),
  }
}

const ESTIMATORS: Readonly<Record<string, Estimator>> = {
  ...Object.fromEntries(
    Object.entries(CELL_DISTANCES).map(([name, distance]) => [name, cellEstimator(distance)]),
  ),
  wasserstein: { adds: 'in-squares', numeric: (shape, alpha) => areaNoise(shape, 1, alpha) },
  'wasserstein-normalised': { adds: 'in-squares', numeric: normalisedNoise },
  energy: { adds: 'in-squares', numeric: energyNoise },
}

function normalisedNoise(shape: NumericShape, alpha: number): Noise | undefined {
  const noise = areaNoise(shape, 1, alpha)
  const deviation = shape.deviation()
  if (noise === undefined || !(deviation > 0) || !Number.isFinite(deviation)) return undefined
  return { centre: noise.centre / deviation, floor: noise.floor / deviation }
}

/** The root of twice the area between the squared distribution functions. */
function energyNoise(shape: NumericShape, alpha: number): Noise | undefined {
  const noise = areaNoise(shape, 2, alpha)
  if (noise === undefined) return undefined
  return { centre: Math.sqrt(2 * noise.centre), floor: Math.sqrt(2 * noise.floor) }
}

export interface Resolution extends Noise {
  /** The smallest true distance that shows in about half of such samples. */
  readonly detectable: number
}

/** The noise of a distance at these sizes; undefined for a distance of which it is not known, or without values. */
export function resolutionOf(
  distance: string,
  pair: NumericPair | NumericShape | CategoryPair,
  alpha: number,
): Resolution | undefined {
  const estimator = Object.hasOwn(ESTIMATORS, distance) ? ESTIMATORS[distance] : undefined
  const noise =
    pair.kind === 'categorical'
      ? estimator?.categorical?.(pair, alpha)
      : estimator?.numeric?.(pair.kind === 'numeric' ? shapeOf(pair) : pair, alpha)
  if (estimator === undefined || noise === undefined || !Number.isFinite(noise.floor)) {
    return undefined
  }
  const { centre, floor, open = floor } = noise
  return { centre, floor, detectable: withoutNoise(open, centre, estimator.adds) }
}

/** A distance without what chance adds to it on average. */
function withoutNoise(distance: number, centre: number, adds: Estimator['adds']): number {
  if (adds === 'linearly') return Math.max(0, distance - centre)
  if (distance <= centre) return 0
  // The squares of the largest doubles have no number.
  return distance * Math.sqrt(1 - (centre / distance) ** 2)
}

/** The same where ranks vary so many times as much. */
export function scaledResolution(
  distance: string,
  { centre, floor }: Resolution,
  inflation: number,
): Resolution {
  const adds = ESTIMATORS[distance]?.adds ?? 'in-squares'
  const scale = adds === 'linearly' ? inflation : Math.sqrt(inflation)
  const scaled = { centre: centre * scale, floor: floor * scale }
  return { ...scaled, detectable: withoutNoise(scaled.floor, scaled.centre, adds) }
}

/** A distance without what chance adds to it on average; as it is where its noise is not known. */
export function correctedDistance(
  distance: string,
  value: number,
  resolution: Resolution | undefined,
): number {
  const estimator = Object.hasOwn(ESTIMATORS, distance) ? ESTIMATORS[distance] : undefined
  if (estimator === undefined || resolution === undefined) return value
  return withoutNoise(value, resolution.centre, estimator.adds)
}

/** How many values of each sample were compared. */
export function valuesOf(pair: NumericPair | CategoryPair): {
  readonly reference: number
  readonly current: number
} {
  return pair.kind === 'numeric'
    ? { reference: pair.reference.length, current: pair.current.length }
    : { reference: total(pair.reference), current: total(pair.current) }
}
