import { ksOfGap } from '../../stats/ks.js'
import type { MeanEstimate } from '../../stats/student-interval.js'
import { smallestTie, type TiedRun } from '../../stats/tied-runs.js'
import { welchOfMeans } from '../../stats/welch-t-test.js'
import type { Comparand } from '../comparand.js'
import { numericHistogram } from '../histogram.js'
import { resolutionOf } from '../noise/noise.js'
import { middleDeviationOf } from '../numeric-shape.js'
import { FEWEST_VALUES } from '../policy.js'
import type { Sides } from '../predicate.js'
import type { DriftTest, TestOutcome } from '../tests/drift-test.js'
import { findTest } from '../tests/index.js'
import { countsOn, numberRows, type WholeNumbers } from '../whole-numbers.js'
import { type Cell, countCells, isPoint, sizeOf } from './cells.js'
import { countedShape } from './counted-shape.js'
import { largestGap } from './largest-gap.js'

/** The finite values of one side. */
export interface SideMoments {
  readonly min: number
  readonly max: number
  /** In units. */
  readonly mean: number
  /** The sum of squares around the mean, in units. */
  readonly squares: number
  /** How many values differ; about, from an engine's estimate. */
  readonly distinct: number
}

/** A column of numbers as an engine counted it, exact in what the comparison asks. */
export interface CountedNumbers {
  /** In ascending order; those that KS and deciles depend on are points. */
  readonly cells: readonly Cell[]
  /** The area between the distribution functions; undefined where nobody asked. */
  readonly area: number | undefined
  readonly scale: number
  readonly reference: SideMoments | undefined
  readonly current: SideMoments | undefined
}

/** Tests of numbers that counts in order answer exactly. All others need every value. */
export const COUNTED_TESTS: readonly string[] = [
  'ks',
  't-test',
  'wasserstein',
  'wasserstein-normalised',
  'psi',
  'jensen-shannon',
  'kullback-leibler',
  'hellinger',
  'total-variation',
]

export function countedComparand(numbers: CountedNumbers): Comparand {
  const { cells, reference, current } = numbers
  const sizes = countCells(cells)
  const shape = countedShape(cells, deviationOf(numbers, reference, sizes.reference))
  const gap = { ...largestGap(cells, sizes), ties: tiesOf(cells, sizes) }
  const isEmpty = sizes.reference === 0 || sizes.current === 0
  return {
    kind: 'numeric',
    values: sizes,
    run: (name) => {
      const test = findTest(name)
      if (test === undefined || isEmpty) return undefined
      return finite(outcomeOf(test, { numbers, sizes, gap, bins: shape.bins }))
    },
    resolution: (distance, alpha) => resolutionOf(distance, shape, alpha),
    middleDeviation: () => middleDeviationOf(shape),
    histogram: (type) => numericHistogram(shape, type),
    looksLikeIdentifier: (type) =>
      type === 'integer' &&
      numberRows(sizes, {
        reference: wholeNumbers(reference, sizes.reference),
        current: wholeNumbers(current, sizes.current),
      }),
    hidesValues: false,
    looksIdentical:
      sizes.reference >= FEWEST_VALUES && sizes.reference === sizes.current && gap.steps === 0,
    categories: undefined,
  }
}

/** As `tiedRuns` of the values: cells that could hide a run were opened. */
function tiesOf(cells: readonly Cell[], { reference, current }: Sides): readonly TiedRun[] {
  const least = smallestTie(reference + current)
  const runs: TiedRun[] = []
  let from = 0
  for (const cell of cells) {
    const to = from + sizeOf(cell)
    if (isPoint(cell) && to - from >= least) runs.push({ from, to })
    from = to
  }
  return runs
}

function finite(outcome: TestOutcome | undefined): TestOutcome | undefined {
  if (outcome === undefined || !Number.isFinite(outcome.statistic)) return undefined
  return { statistic: outcome.statistic, pValue: outcome.pValue }
}

interface Evaluated {
  readonly numbers: CountedNumbers
  readonly sizes: Sides
  readonly gap: Parameters<typeof ksOfGap>[2]
  readonly bins: () => { readonly reference: Float64Array; readonly current: Float64Array }
}

function outcomeOf(
  test: DriftTest,
  { numbers, sizes, gap, bins }: Evaluated,
): TestOutcome | undefined {
  switch (test.name) {
    case 'ks':
      return ksOfGap(sizes.reference, sizes.current, gap)
    case 't-test':
      return welch(numbers, sizes)
    case 'wasserstein':
      return numbers.area === undefined ? undefined : { statistic: numbers.area, pValue: null }
    case 'wasserstein-normalised':
      return normalised(numbers, sizes)
    default:
      // What is left of those that counts answer compares bins as it compares categories.
      if (!COUNTED_TESTS.includes(test.name)) return undefined
      return test.categorical?.({ kind: 'categorical', categories: [], ...bins() })
  }
}

function welch(
  { reference, current }: CountedNumbers,
  sizes: Sides,
): { statistic: number; pValue: number } | undefined {
  const one = meanOf(reference, sizes.reference)
  const other = meanOf(current, sizes.current)
  return one && other && welchOfMeans(one, other)
}

function meanOf(moments: SideMoments | undefined, n: number): MeanEstimate | undefined {
  if (moments === undefined || n < 2) return undefined
  const { min, max, mean, squares } = moments
  const standardError = min === max ? 0 : Math.sqrt(squares / (n - 1) / n)
  if (!Number.isFinite(mean) || !Number.isFinite(standardError)) return undefined
  return { mean, standardError, degreesOfFreedom: n - 1 }
}

/** In the column's unit. */
function deviationOf(
  { scale }: CountedNumbers,
  moments: SideMoments | undefined,
  n: number,
): number {
  return moments === undefined ? Number.NaN : rootOf(moments.squares / n, scale)
}

function rootOf(variance: number, scale: number): number {
  return Math.sqrt(variance) / scale
}

/** As `normalisedWasserstein`: a constant reference is measured by the spread of both samples. */
function normalised(numbers: CountedNumbers, sizes: Sides): TestOutcome | undefined {
  const { area, reference, current, scale } = numbers
  if (area === undefined || reference === undefined || current === undefined) return undefined
  if (area === 0) return { statistic: 0, pValue: null }
  const { reference: n, current: m } = sizes
  const apart = (reference.mean - current.mean) ** 2 * (n / (n + m)) * (m / (n + m))
  const pooled = (reference.squares + current.squares) / (n + m) + apart
  const isConstant = reference.min === reference.max
  const spread = rootOf(isConstant ? pooled : reference.squares / n, scale)
  return Number.isFinite(spread) ? { statistic: area / spread, pValue: null } : undefined
}

/** Estimates of how many values differ are a few percent off. */
const ALMOST_ALL = 0.9

function wholeNumbers(moments: SideMoments | undefined, n: number): WholeNumbers {
  if (moments === undefined) return { allDiffer: false, areNumbered: false }
  const { min, max, distinct } = moments
  return { allDiffer: distinct >= ALMOST_ALL * n, areNumbered: countsOn(max - min, n) }
}
