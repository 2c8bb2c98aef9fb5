import type { Problem } from '../../problem.js'
import { medianOf } from '../../stats/robust-scale.js'
import { FEWEST_VALUES } from '../policy.js'
import { percent } from '../wording.js'
import type { ColumnHistory, MeasureHistory, Observed } from './column-history.js'
import type { Learned, LearnedColumn, LearnedMeasure } from './learned.js'

/** The keys of `drift.learn` that the statistics read. */
export interface LearnRule {
  readonly windows: number
  /** The share of runs without drift that may report some. */
  readonly 'false-alarms': number
}

/** With fewer, windows scored by each other say too little of the rate: nine raised alarms in 10 to 15% of runs for 10%. */
const FEWEST_TO_LEARN = 19

/** With fewer windows than this of a column its variation is not known. */
const FEWEST_WINDOWS = 5

/** Why nothing can be learned: windows too few for the rate, or too small. `rows` are those of the reference. */
export function learnProblems(rule: LearnRule, rows: number): readonly Problem[] {
  const rate = rule['false-alarms']
  const problems: Problem[] = []
  const needed = Math.max(FEWEST_TO_LEARN, Math.ceil(1 / rate - 1 - TINY))
  if (rule.windows < needed) {
    const least = Math.ceil(1000 / (rule.windows + 1)) / 1000
    const other = rule.windows < FEWEST_TO_LEARN ? '' : `, or false-alarms to at least ${least}`
    problems.push({
      code: 'MW-DRIFT-811',
      where: 'drift.learn.windows',
      what: `${rule.windows} windows are too few to hold a rate of ${percent(rate)}: at least ${needed} are needed.`,
      fix: `Set windows to at least ${needed}${other}.`,
    })
  }
  const each = Math.floor(rows / rule.windows)
  if (each < FEWEST_VALUES) {
    problems.push({
      code: 'MW-DRIFT-812',
      where: 'drift.learn',
      what: `${rows} rows of the reference make ${rule.windows} windows of ${each}; at least ${FEWEST_VALUES} rows a window are needed.`,
      fix: 'Set fewer windows, or give a longer reference.',
    })
  }
  return problems
}

const TINY = 1e-9

/** How many of the windows and a new one may be over the cutoff. */
function allowed(rule: LearnRule): number {
  return Math.floor(rule['false-alarms'] * (rule.windows + 1) + TINY)
}

/**
 * Thresholds that a share `false-alarms` of runs without drift exceeds anywhere. Each measure of each window is put into
 * standard deviations over its median among the other windows; the largest over all columns is the window's score; and
 * the cutoff is the score's split-conformal quantile, the ceil((1 - rate)(K + 1))-th smallest of K (Vovk, Gammerman &
 * Shafer 2005, Algorithmic Learning in a Random World; Angelopoulos & Bates 2021, arXiv:2107.07511). It depends neither
 * on the law of the data nor on how columns hang together, only on a new window being exchangeable with those of the
 * reference, of the same size. Windows are scored by the others (as the jackknife does, Barber et al. 2021, Annals of
 * Statistics 49:486-507) and not by a part kept aside, for which there are too few of them: the rate is then the
 * simulation's of docs/drift-calibration.md and not a theorem's. For another size the part of the variation that chance
 * explains is rescaled.
 *
 * The shares of missing, infinite and new cells are learned along, and must also be over their usual limits.
 */
export function learnThresholds(histories: readonly ColumnHistory[], rule: LearnRule): Learned {
  const largest = new Float64Array(rule.windows).fill(0)
  for (const history of histories) {
    for (const measure of measuresOf(history)) raise(largest, measure)
  }
  largest.sort()
  const cutoff = largest[Math.max(0, rule.windows - Math.max(1, allowed(rule)))] ?? 0
  return {
    windows: rule.windows,
    falseAlarms: rule['false-alarms'],
    cutoff,
    columns: Object.fromEntries(histories.map((history) => [history.name, columnOf(history)])),
  }
}

function measuresOf({ distance, nulls, infinities, fresh }: ColumnHistory) {
  return [distance, nulls, infinities, fresh]
}

/** Raises each window's score to that of this measure; a change that could not count scores nothing. */
function raise(largest: Float64Array, { windows, least }: MeasureHistory): void {
  if (windows.filter((one) => one !== null).length < FEWEST_WINDOWS) return
  for (const [index, one] of windows.entries()) {
    if (one === null || one.value <= least) continue
    const others = variationOf(
      windows.filter((_, other) => other !== index),
      least,
    )
    if (others === undefined) continue
    largest[index] = Math.max(largest[index] ?? 0, scoreOf(one, others))
  }
}

function scoreOf({ value, centre, spread }: Observed, others: LearnedMeasure): number {
  const over = value - centre - others.excess
  if (over <= 0) return 0
  return over / Math.max(Math.hypot(others.spread, spread), SMALLEST)
}

/** Of what never varied, any change is beyond all that was seen. */
const SMALLEST = 1e-9

/**
 * Where a measure lies over chance, and how far it spreads beside chance. The spread is about the median but not robust:
 * a column with one wild window gets a loose limit of its own, and not a score that would loosen those of all others. For
 * the same reason shares spread by their usual limit at least: they are what it is to be far.
 */
function variationOf(
  windows: readonly (Observed | null)[],
  least: number,
): LearnedMeasure | undefined {
  const known = windows.filter((one) => one !== null)
  const over = Float64Array.from(known, ({ value, centre }) => value - centre)
  const excess = medianOf(over)
  if (excess === undefined) return undefined
  let beside = 0
  for (const { value, centre, spread } of known) {
    beside += ((value - centre - excess) ** 2 - spread ** 2) / known.length
  }
  return { excess, spread: Math.max(least, Math.sqrt(Math.max(0, beside))) }
}

function columnOf({ distance, nulls, infinities, fresh }: ColumnHistory): LearnedColumn {
  const learned = (measure: MeasureHistory): LearnedMeasure | null => {
    if (measure.windows.filter((one) => one !== null).length < FEWEST_WINDOWS) return null
    return variationOf(measure.windows, measure.least) ?? null
  }
  const own = learned(distance)
  return {
    distance: own && { name: distance.name, ...own },
    nulls: learned(nulls),
    infinities: learned(infinities),
    fresh: learned(fresh),
  }
}
