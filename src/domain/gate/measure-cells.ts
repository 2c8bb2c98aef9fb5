import type { ConfusionMetric } from '../metrics/metric.js'
import { multinomialDraw } from '../stats/bootstrap-cells.js'
import type { RandomSource } from '../stats/random.js'
import type { Finding, Question } from './evidence.js'
import type { Pair } from './examples.js'
import { cellMetric, type JointCells, jointCells, strataOf } from './joint-cells.js'
import { degreesOfFreedom, leaveOneOut, type Sampler } from './measure-sampler.js'
import { withScore } from './measure-score.js'

const RESAMPLES = 10_000
const MOST_RESAMPLES = 100_000
/** With many classes there are many cells: fewer resamples then, and never fewer than this. */
const FEWEST_RESAMPLES = 2000
const MOST_DRAWS = 2e7
/** With fewer degrees of freedom the bootstrap of a comparison claims too much: see `withScore`. */
const FEW_DEGREES = 200

interface Resampled {
  readonly question: Question
  readonly metric: ConfusionMetric
  readonly samplers: readonly Sampler[]
}

/** The bootstrap's finding; where few examples move a comparison, what is claimed must hold by the score test as well. */
export function withFewDiscordant(resampled: Resampled, finding: Finding): Finding {
  const { question, metric, samplers } = resampled
  const { pair, of, unpaired } = question
  if (of === 'candidate' || pair.baseline === undefined || unpaired === true) return finding
  if (metric.byGroup || pair.candidate.labelSets !== undefined) return finding
  const few = degreesOfFreedom(leaveOneOut(question, samplers)) < FEW_DEGREES
  return few ? withScore(question, metric, finding) : finding
}

/**
 * A metric of confusion tables under resampling, both models together, as multinomial counts of joint cells: exact, and its cost
 * does not grow with the number of examples.
 */
export function cellSampler(question: Question, metric: ConfusionMetric, pair: Pair): Sampler {
  const { options, random } = question
  const cells = jointCells(pair, metric.byGroup)
  const models = pair.baseline === undefined ? (['candidate'] as const) : BOTH
  const metrics = models.map((model) => {
    const value = cellMetric(cells, model, { metric, options })
    return (counts: ArrayLike<number>) => value(counts).value ?? Number.NaN
  })
  const strata = strataOf(cells, metric.strata)
  const affordable = (most: number) =>
    Math.max(FEWEST_RESAMPLES, Math.min(most, Math.floor(MOST_DRAWS / cells.counts.length)))
  return {
    values: metrics.map((value) => value(cells.counts)),
    first: affordable(RESAMPLES),
    most: affordable(MOST_RESAMPLES),
    draw: (resamples) => drawCells({ cells, strata, random, resamples, metrics }),
    leaveOut: () =>
      strata.map((stratum) => ({
        weights: Float64Array.from(stratum, (cell) => cells.counts[cell] ?? 0),
        values: metrics.map((value) => withoutOne(cells.counts, stratum, value)),
      })),
  }
}

const BOTH = ['candidate', 'baseline'] as const

interface CellDraws {
  readonly cells: JointCells
  readonly strata: readonly (readonly number[])[]
  readonly random: RandomSource
  readonly resamples: number
  readonly metrics: readonly ((counts: ArrayLike<number>) => number)[]
}

function drawCells({ cells, strata, random, resamples, metrics }: CellDraws): Float64Array[] {
  const drawn = new Float64Array(cells.counts.length)
  const next = multinomialDraw({ counts: cells.counts, random, strata }, drawn)
  const values = metrics.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample++) {
    next()
    for (let model = 0; model < metrics.length; model++) {
      const into = values[model]
      if (into !== undefined) into[resample] = metrics[model]?.(drawn) ?? Number.NaN
    }
  }
  return values
}

/** The value without one example of each cell of a stratum; 0 for cells that have none. */
function withoutOne(
  counts: readonly number[],
  stratum: readonly number[],
  value: (counts: ArrayLike<number>) => number,
): Float64Array {
  const left = Float64Array.from(counts)
  return Float64Array.from(stratum, (cell) => {
    const count = left[cell] ?? 0
    if (count === 0) return 0
    left[cell] = count - 1
    const without = value(left)
    left[cell] = count
    return without
  })
}
