import { chiSquareTwoSample } from '../../stats/chi-square.js'
import { jensenShannonDistance } from '../../stats/jensen-shannon.js'
import { adjustPValues } from '../../stats/multiplicity.js'
import { total } from '../../stats/shares.js'
import { FEWEST_VALUES } from '../policy.js'
import type { Sides } from '../predicate.js'
import { percent, pText, shortNumber } from '../wording.js'
import { CYCLES, type Cycle, wholeCycles } from './cycles.js'

/** How one cycle's shares changed. */
export interface CycleEvidence {
  readonly cycle: Cycle['name']
  /** How many whole cycles of each sample were compared. */
  readonly cycles: Sides
  readonly labels: readonly string[]
  /** Shares by label. */
  readonly reference: readonly number[]
  readonly current: readonly number[]
  /** Chi-square. */
  readonly statistic: number
  readonly pValue: number
  /** By Holm's method among the cycles. */
  readonly adjustedPValue: number
  /** Jensen-Shannon, base 2. */
  readonly distance: number
}

/** The longest stretch without a value. */
export interface GapEvidence {
  /** Milliseconds. */
  readonly longest: number
  /** Where it begins, in ISO 8601; null for a point that no date can hold. */
  readonly from: string | null
  /** How many times as long as the mean gap. */
  readonly timesMean: number | null
}

/** What a column of points in time says, as plain JSON. */
export interface DatetimeEvidence {
  readonly rows: Sides
  /**
   * Which cycle distance, p-value and statistic are of: the one with the largest distance of those that surely changed, or, where none
   * did, the one with the smallest p-value. Null, as they are, with too little data to say.
   */
  readonly leading: Cycle['name'] | null
  readonly distance: { readonly name: 'jensen-shannon'; readonly value: number | null }
  /** Corrected for the number of cycles. */
  readonly pValue: number | null
  readonly statistic: number | null
  /** The cycles that both samples span twice or more. */
  readonly cycles: readonly CycleEvidence[]
  readonly gaps: { readonly reference: GapEvidence | null; readonly current: GapEvidence | null }
  /** What was measured, a clause a thing. */
  readonly reasons: readonly string[]
}

const LEAST_CYCLES = 2
const SURE = 0.05

/**
 * Compares when things happen: the hours of the day, the days of the week and the months of the year in UTC, each over the whole cycles
 * that a sample spans, if there are two or more. Clocks put forward in summer show as hours that moved. Where in time the samples lie is not compared: it always moves on. Both are sorted
 * finite milliseconds since 1970, taken to be independent points. With fewer than 30 in either or no cycle spanned twice, distance and
 * p-value are null: nothing can be said.
 */
export function measureDatetime(reference: Float64Array, current: Float64Array): DatetimeEvidence {
  const rows = { reference: reference.length, current: current.length }
  const enough = Math.min(rows.reference, rows.current) >= FEWEST_VALUES
  const cycles = enough
    ? corrected(CYCLES.flatMap((cycle) => compare(cycle, reference, current)))
    : []
  const leading = leadingOf(cycles)
  return {
    rows,
    leading: leading?.cycle ?? null,
    distance: { name: 'jensen-shannon', value: leading?.distance ?? null },
    pValue: leading?.adjustedPValue ?? null,
    statistic: leading?.statistic ?? null,
    cycles,
    gaps: { reference: longestGap(reference), current: longestGap(current) },
    reasons: leading
      ? [leading, ...cycles.filter((cycle) => cycle !== leading)].map(clause)
      : [lackOf(rows, enough)],
  }
}

/** A distance counts for something only with the p-value of the same cycle. */
function leadingOf(cycles: readonly CycleEvidence[]): CycleEvidence | undefined {
  const sure = cycles.filter(({ adjustedPValue }) => adjustedPValue < SURE)
  if (sure.length > 0) return sure.toSorted((a, b) => b.distance - a.distance)[0]
  return cycles.toSorted((a, b) => a.adjustedPValue - b.adjustedPValue)[0]
}

type Uncorrected = Omit<CycleEvidence, 'adjustedPValue'>

function compare(cycle: Cycle, reference: Float64Array, current: Float64Array): Uncorrected[] {
  const before = wholeCycles(reference, cycle, LEAST_CYCLES)
  const now = wholeCycles(current, cycle, LEAST_CYCLES)
  if (before === undefined || now === undefined) return []
  const counts = { reference: before.counts, current: now.counts }
  const test = chiSquareTwoSample(counts)
  const distance = jensenShannonDistance(counts)
  if (test === undefined || distance === undefined) return []
  return [
    {
      cycle: cycle.name,
      cycles: { reference: before.cycles, current: now.cycles },
      labels: cycle.labels,
      reference: shares(counts.reference),
      current: shares(counts.current),
      statistic: test.statistic,
      pValue: test.pValue,
      distance,
    },
  ]
}

function shares(counts: Float64Array): number[] {
  const all = total(counts)
  return Array.from(counts, (count) => count / all)
}

function corrected(cycles: readonly Uncorrected[]): CycleEvidence[] {
  const adjusted = adjustPValues(
    cycles.map(({ pValue }) => pValue),
    'holm',
  )
  return cycles.map((cycle, i) => ({ ...cycle, adjustedPValue: adjusted[i] ?? 1 }))
}

function longestGap(sorted: Float64Array): GapEvidence | null {
  let longest = 0
  let from = 0
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0)
    if (gap <= longest) continue
    longest = gap
    from = sorted[i - 1] ?? 0
  }
  if (longest === 0 || longest === Number.POSITIVE_INFINITY) return null
  const mean = ((sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)) / (sorted.length - 1)
  const start = new Date(from)
  return {
    longest,
    from: Number.isNaN(start.getTime()) ? null : start.toISOString(),
    timesMean: Number.isFinite(longest / mean) ? longest / mean : null,
  }
}

/** `hour of day: Jensen-Shannon distance 0.2 (p < 0.0001), most at 03 with 12% instead of 4%`. */
function clause(evidence: CycleEvidence): string {
  const { cycle, labels, reference, current, distance, adjustedPValue } = evidence
  let most = 0
  labels.forEach((_, i) => {
    if (gapAt(evidence, i) > gapAt(evidence, most)) most = i
  })
  const where = `${labels[most]} with ${percent(current[most] ?? 0)} instead of ${percent(reference[most] ?? 0)}`
  return `${cycle}: Jensen-Shannon distance ${shortNumber(distance)} (p ${pText(adjustedPValue)}), most at ${where}`
}

function gapAt({ reference, current }: CycleEvidence, i: number): number {
  return Math.abs((current[i] ?? 0) - (reference[i] ?? 0))
}

function lackOf({ reference, current }: Sides, enough: boolean): string {
  return enough
    ? 'neither two whole days, weeks nor years are spanned by both samples'
    : `too few values to say (${reference} and ${current}, ${FEWEST_VALUES} are needed)`
}
