import { adjustPValues } from '../../stats/multiplicity.js'
import { createRandom } from '../../stats/random.js'
import { normalQuantile } from '../../stats/special/normal.js'
import { labelOf } from '../label.js'
import { pText, shortNumber } from '../wording.js'
import { namesOf } from './explain.js'
import { comparePairs, type PairOfColumns } from './pairs.js'
import { drawSides, type Pooled, type PooledColumn } from './pooled.js'
import {
  type Explanation,
  FEWEST_ROWS,
  type MultivariateTest,
  type TestLimits,
  undecided,
} from './result.js'

/** What a run may cost: rows times pairs, a pair with a category counted for what it takes more. */
const MOST_WORK = 2_000_000_000
const COST_OF_RATIO = 15
const COST_OF_TABLE = 4
const MOST_EXPLAINED = 10

/** A pair with its p-value corrected for the number of pairs. */
interface JudgedPair extends PairOfColumns {
  readonly adjusted: number
}

/**
 * Have correlations moved? Every pair of columns is compared, p-values are corrected for their number (Benjamini & Hochberg 1995);
 * drift where a difference is certain and larger than the threshold. Very many columns are compared on fewer rows.
 */
export function correlationTest(
  pooled: Pooled,
  over: number,
  { alpha, seed }: TestLimits,
): MultivariateTest {
  const name = 'correlation'
  const random = createRandom(seed)
  const most = Math.max(FEWEST_ROWS, Math.floor(MOST_WORK / (2 * costOf(pooled.columns) + 1)))
  const drawn = drawSides(pooled.rows, most, random.below)
  const rows = { reference: drawn.reference.length, current: drawn.current.length }
  const without = (reason: string) => undecided(name, rows, { reason, threshold: over })
  if (pooled.columns.length < 2) return without('fewer than two columns can be used')
  if (Math.min(rows.reference, rows.current) < FEWEST_ROWS) {
    return without(
      `${rows.reference} and ${rows.current} rows are too few: ${FEWEST_ROWS} of each are needed`,
    )
  }
  const pairs = adjust(comparePairs(pooled, drawn, { alpha, over }))
  const first = pairs.find((pair) => isDrifted(pair, { alpha, over })) ?? pairs[0]
  if (first === undefined) return without('no two columns vary in both samples')
  const drifted = pairs.filter((pair) => isDrifted(pair, { alpha, over }))
  return {
    name,
    ...judge({ pooled, pairs, drifted, over, alpha, isCut: isCut(pooled, rows) }),
    statistic: Math.abs(first.difference),
    pValue: first.adjusted,
    interval: null,
    threshold: over,
    rows,
    explains: (drifted.length > 0 ? drifted : pairs)
      .slice(0, MOST_EXPLAINED)
      .map((pair) => explanationOf(pooled, pair)),
  }
}

function isCut({ rows }: Pooled, drawn: Pooled['rows']): boolean {
  return drawn.reference < rows.reference || drawn.current < rows.current
}

/** For one row of both samples. */
function costOf(columns: readonly PooledColumn[]): number {
  const numbers = columns.filter(({ kind }) => kind === 'numeric').length
  const categories = columns.length - numbers
  return (
    (numbers * (numbers - 1)) / 2 +
    COST_OF_RATIO * numbers * categories +
    (COST_OF_TABLE * categories * (categories - 1)) / 2
  )
}

/** Largest difference first. */
function adjust(pairs: readonly PairOfColumns[]): JudgedPair[] {
  const adjusted = adjustPValues(
    pairs.map(({ pValue }) => pValue),
    'benjamini-hochberg',
  )
  return pairs
    .map((pair, i) => ({ ...pair, adjusted: adjusted[i] ?? 1 }))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
}

function isDrifted(
  { adjusted, difference }: JudgedPair,
  { alpha, over }: { readonly alpha: number; readonly over: number },
): boolean {
  return adjusted <= alpha && Math.abs(difference) > over
}

interface JudgeInput {
  readonly pooled: Pooled
  readonly pairs: readonly JudgedPair[]
  readonly drifted: readonly JudgedPair[]
  readonly over: number
  readonly alpha: number
  /** Whether there are more rows than were looked at. */
  readonly isCut: boolean
}

function judge({
  pooled,
  pairs,
  drifted,
  over,
  alpha,
  isCut,
}: JudgeInput): Pick<MultivariateTest, 'status' | 'reason'> {
  const counted = pairs.length === 1 ? '1 pair of columns' : `${pairs.length} pairs of columns`
  const first = drifted[0]
  if (first !== undefined) {
    const { columns } = explanationOf(pooled, first)
    return {
      status: 'drifted',
      reason: `the correlation of ${drifted.length} of ${counted} moved by more than ${shortNumber(over)}: most that of ${namesOf(columns)}, from ${shortNumber(first.reference)} to ${shortNumber(first.current)}, corrected p ${pText(first.adjusted)}`,
    }
  }
  const widest = pairs.reduce((most, { standardError }) => Math.max(most, standardError), 0)
  // One pair alone must pass the strictest of the corrected levels.
  const needed = normalQuantile(1 - alpha / (2 * pairs.length)) * widest
  if (needed > over) {
    const advice = isCut
      ? '; so many columns are looked at on fewer rows than there are: name some in drift.multivariate.columns'
      : ''
    return {
      status: 'inconclusive',
      reason: `too few rows to be certain of a correlation that moved by ${shortNumber(over)}: among ${counted} it must move by ${shortNumber(needed)}${advice}`,
    }
  }
  return {
    status: 'stable',
    reason: `no correlation among ${counted} certainly moved by more than ${shortNumber(over)}`,
  }
}

function explanationOf(pooled: Pooled, pair: JudgedPair): Explanation {
  return {
    columns: [pair.one, pair.other].map((place) => labelOf(pooled.columns[place]?.name ?? '')),
    share: null,
    reference: pair.reference,
    current: pair.current,
    difference: pair.difference,
  }
}
