import type { ConfusionMetric } from '../metrics/metric.js'
import { multinomialScore, scoreEnds } from '../stats/multinomial-score.js'
import { normalCdf, normalMultiplier } from '../stats/special/normal.js'
import { contrastOf, cutInterval, type Finding, limitsOf, type Question } from './evidence.js'
import { type CellKeys, cellMetric, type JointCells, jointCells } from './joint-cells.js'

/**
 * Bootstrap evidence on a comparison of confusion tables, widened to what the score test at the likeliest table under each
 * hypothesis does not reject either. A bootstrap resamples the few discordant examples that were seen, and knows no
 * others: with six of them it passes 6% of models that lie exactly at the margin, at 2.5% nominal; the score test, Tango's for
 * other metrics than accuracy, at most 2.5%. (docs/decisions/0008-few-discordant-examples.md)
 */
export function withScore(question: Question, metric: ConfusionMetric, finding: Finding): Finding {
  const { evidence } = finding
  if (evidence === undefined || !evidence.interval.method.startsWith('bootstrap')) return finding
  const cells = withMirrors(jointCells(question.pair, false))
  if (cells.counts.length > MOST_CELLS) return finding
  const { score, estimate } = scoreOf(question, metric, cells)
  const { low, high, method } = evidence.interval
  const scale = (high - low) / (2 * normalMultiplier(question.level))
  if (!(scale > 0)) return finding
  const { level } = question
  const ends = scoreEnds(score, { estimate, level, scale, limits: limitsOf(question) })
  return {
    evidence: {
      interval: cutInterval(question, {
        low: Math.min(low, ends.low),
        high: Math.max(high, ends.high),
        method: `${method}-score`,
      }),
      testAt: (boundary) => {
        const resampled = evidence.testAt(boundary)
        const statistic = score(boundary)
        const below = Math.max(resampled.below, normalCdf(statistic))
        const above = Math.max(resampled.above, normalCdf(-statistic))
        const pValue = Math.min(1, 2 * Math.min(below, above))
        return { name: `${resampled.name}-score`, statistic, pValue, below, above }
      },
    },
  }
}

function scoreOf(question: Question, metric: ConfusionMetric, cells: CountedCells) {
  const { of, options } = question
  const candidate = cellMetric(cells, 'candidate', { metric, options })
  const baseline = cellMetric(cells, 'baseline', { metric, options })
  const statistic = (shares: ArrayLike<number>) =>
    contrastOf(of, candidate(shares).value ?? Number.NaN, baseline(shares).value ?? Number.NaN)
  return {
    score: multinomialScore({ counts: cells.counts, statistic }),
    estimate: statistic(cells.counts),
  }
}

interface CountedCells extends CellKeys {
  readonly counts: readonly number[]
}

/** Of few classes all cells there could be are worth a place under a hypothesis. */
const FEW_CELLS = 64
/** Beyond so many cells the likeliest tables take too long, and the bootstrap stands alone. */
const MOST_CELLS = 200

/**
 * The cells, and beside them those that a hypothesis may put examples into: all there could be of few classes, of more classes
 * each cell with the models' predictions swapped.
 */
function withMirrors(cells: JointCells): CountedCells {
  const { classes } = cells
  const tally = new Map<number, number>()
  const keyOf = (label: number, one: number, other: number) =>
    (label * classes + one) * classes + other
  if (classes ** 3 <= FEW_CELLS) for (let key = 0; key < classes ** 3; key++) tally.set(key, 0)
  cells.counts.forEach((_, cell) => {
    const { label, candidate, baseline } = cells
    tally.set(keyOf(label[cell] ?? 0, baseline[cell] ?? 0, candidate[cell] ?? 0), 0)
  })
  cells.counts.forEach((count, cell) => {
    const { label, candidate, baseline } = cells
    tally.set(keyOf(label[cell] ?? 0, candidate[cell] ?? 0, baseline[cell] ?? 0), count)
  })
  const keys = [...tally.keys()].sort((a, b) => a - b)
  const part = (divisor: number) =>
    Int32Array.from(keys, (key) => Math.floor(key / divisor) % classes)
  return {
    ...cells,
    group: new Int32Array(keys.length),
    counts: keys.map((key) => tally.get(key) ?? 0),
    label: part(classes ** 2),
    candidate: part(classes),
    baseline: part(1),
  }
}
