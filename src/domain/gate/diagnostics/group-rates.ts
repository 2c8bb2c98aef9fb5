import { wilsonInterval } from '../../stats/wilson.js'
import type { GroupRate } from '../verdict.js'
import { type DiagnosedExamples, type Judged, type JudgedPair, outputsOf } from './examples.js'

const MOST_GROUPS = 30
const MOST_COLUMNS = 10

/** Counts in one group by one model. */
class GroupCounts {
  positives = 0
  negatives = 0
  truePositives = 0
  falsePositives = 0
  right = 0
}

interface RateOf {
  readonly rate: string
  /** Needs a positive class. */
  readonly binary: boolean
  hits(counts: GroupCounts): number
  of(counts: GroupCounts): number
}

const RATES: readonly RateOf[] = [
  {
    rate: 'selection-rate',
    binary: true,
    hits: (counts) => counts.truePositives + counts.falsePositives,
    of: (counts) => counts.positives + counts.negatives,
  },
  {
    rate: 'true-positive-rate',
    binary: true,
    hits: (counts) => counts.truePositives,
    of: (counts) => counts.positives,
  },
  {
    rate: 'false-positive-rate',
    binary: true,
    hits: (counts) => counts.falsePositives,
    of: (counts) => counts.negatives,
  },
  {
    rate: 'accuracy',
    binary: false,
    hits: (counts) => counts.right,
    of: (counts) => counts.positives + counts.negatives,
  },
]

/**
 * The rates that a fairness gap is made of, for each group of these columns, with Wilson intervals; `n` is what the
 * rate is a share of (for the true-positive rate the group's positives), and a rate of nothing is null. The 30 largest
 * groups of a column, sorted by name, the rows without a group last. Without a positive class only the accuracy.
 */
export function groupRatesOf(
  examples: DiagnosedExamples,
  columns: readonly string[],
  level: number,
): readonly GroupRate[] {
  const predictions = outputsOf(examples, 'predictions')
  if (examples.task !== 'classification' || predictions === undefined) return []
  return [...new Set(columns)]
    .slice(0, MOST_COLUMNS)
    .flatMap((column) => ratesIn({ column, predictions, level, positive: examples.positive }))
}

interface ColumnInput {
  readonly column: string
  readonly predictions: JudgedPair
  readonly level: number
  readonly positive: number | undefined
}

function ratesIn({ column, predictions, level, positive }: ColumnInput): GroupRate[] {
  const candidate = countGroups(predictions.candidate, column, positive)
  const baseline = predictions.baseline && countGroups(predictions.baseline, column, positive)
  const rates = RATES.filter(({ binary }) => !binary || positive !== undefined)
  return largest(candidate).flatMap(([group, own]) => {
    const other = baseline?.get(group)
    return rates.map((rate) => ({
      column,
      group,
      n: rate.of(own),
      rate: rate.rate,
      candidate: shareOf(rate, own, level),
      baseline: other === undefined ? null : shareOf(rate, other, level),
    }))
  })
}

/** By the group's name; null holds the rows without one. */
function countGroups(
  { values, labels, groups }: Judged,
  column: string,
  positive: number | undefined,
): Map<string | null, GroupCounts> {
  const { codes, names } = groups.get(column) ?? { codes: new Int32Array(), names: [] }
  const counts = [...names, null].map(() => new GroupCounts())
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? -1
    const own = counts[code < 0 ? names.length : code]
    if (own === undefined) continue
    const isPositive = labels[i] === positive
    if (isPositive) own.positives++
    else own.negatives++
    if (values[i] === positive) own[isPositive ? 'truePositives' : 'falsePositives']++
    if (values[i] === labels[i]) own.right++
  }
  return new Map(counts.map((own, code) => [names[code] ?? null, own]))
}

type Group = readonly [string | null, GroupCounts]

function largest(groups: ReadonlyMap<string | null, GroupCounts>): Group[] {
  const size = ([, { positives, negatives }]: Group): number => positives + negatives
  return [...groups]
    .filter((group) => size(group) > 0)
    .sort((a, b) => size(b) - size(a) || byName(a, b))
    .slice(0, MOST_GROUPS)
    .sort(byName)
}

/** Rows without a group last. */
function byName([a]: Group, [b]: Group): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : 1
}

function shareOf(rate: RateOf, counts: GroupCounts, level: number): GroupRate['candidate'] {
  const n = rate.of(counts)
  const interval = wilsonInterval(rate.hits(counts), n, level)
  if (interval === undefined) return null
  return { value: rate.hits(counts) / n, low: interval.low, high: interval.high }
}
