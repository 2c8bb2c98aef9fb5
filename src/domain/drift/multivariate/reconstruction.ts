import type { DenseDesign } from '../../stats/design.js'
import {
  type PrincipalComponents,
  principalComponents,
  type Reconstruction,
  reconstruct,
} from '../../stats/principal-components.js'
import { createRandom } from '../../stats/random.js'
import { type WelchResult, welchDifference } from '../../stats/welch.js'
import { labelOf } from '../label.js'
import type { ColumnStatus, Sides } from '../predicate.js'
import { percent, pText, shortNumber } from '../wording.js'
import { encode, mostEncoded } from './encode.js'
import { mostly } from './explain.js'
import { drawSides, type Pooled } from './pooled.js'
import {
  type Explanation,
  FEWEST_ROWS,
  type MultivariateTest,
  type TestLimits,
  undecided,
} from './result.js'

/** NannyML's: enough of what columns have in common, little of their noise. */
const EXPLAINED = 0.65
/** Rows times encoded columns: bounds the memory for many columns. */
const MOST_CELLS = 4_000_000
const MOST_EXPLAINED = 10

/**
 * Reconstruction error by principal components (as NannyML's multivariate drift; cf. Kuncheva & Faithfull 2014):
 * components learned from one half of the reference, the mean error of the current rows against that of the other half, which
 * the components have not seen either (Welch 1947). Sees when columns no longer go together as they did.
 */
export function reconstructionTest(
  pooled: Pooled,
  over: number,
  { alpha, seed }: TestLimits,
): MultivariateTest {
  const name = 'pca'
  const random = createRandom(seed)
  const most = Math.floor(MOST_CELLS / Math.max(1, 2 * mostEncoded(pooled.columns)))
  const drawn = drawSides(pooled.rows, Math.max(2 * FEWEST_ROWS, most), random.below)
  const rows = { reference: drawn.reference.length, current: drawn.current.length }
  const without = (reason: string) => undecided(name, rows, { reason, threshold: over })
  const tooFew = tooFewReason(rows, pooled.columns.length)
  if (tooFew !== undefined) return without(tooFew)
  const { learned, held } = halves(drawn.reference, random.below)
  const { columns, sources, values } = encode(
    pooled,
    Uint32Array.from([...learned, ...held, ...drawn.current]),
  )
  const part = (start: number, count: number): DenseDesign => ({
    rows: count,
    columns,
    values: values.subarray(start * columns, (start + count) * columns),
  })
  const model = principalComponents(part(0, learned.length), EXPLAINED)
  if (model === undefined) return without('fewer than two columns vary')
  const reference = reconstruct(model, part(learned.length, held.length))
  const current = reconstruct(model, part(rows.reference, rows.current))
  const found = compare(reference, current, 1 - alpha)
  if (found === undefined) return without('the errors of reconstruction do not vary')
  const explains = explain(pooled, sources, { reference, current })
  const verdict = judge({ found, over, model, alpha })
  const cause = verdict.status === 'drifted' ? mostly(explains) : ''
  return {
    name,
    status: verdict.status,
    reason: cause === '' ? verdict.reason : `${verdict.reason}; ${cause}`,
    statistic: found.moved,
    pValue: found.test.pValue,
    interval: { level: 1 - alpha, low: found.low, high: found.high },
    threshold: over,
    rows,
    explains: verdict.status === 'drifted' ? explains : [],
  }
}

function tooFewReason({ reference, current }: Sides, columns: number): string | undefined {
  if (columns < 2) return 'fewer than two columns can be used'
  if (reference >= 2 * FEWEST_ROWS && current >= FEWEST_ROWS) return undefined
  return `${reference} and ${current} rows are too few: ${2 * FEWEST_ROWS} and ${FEWEST_ROWS} are needed`
}

interface Halves {
  readonly learned: Uint32Array
  readonly held: Uint32Array
}

function halves(rows: Uint32Array, below: (n: number) => number): Halves {
  const order = rows.slice()
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1)
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  const middle = order.length >> 1
  return { learned: order.subarray(0, middle), held: order.subarray(middle) }
}

interface Comparison {
  readonly test: WelchResult
  /** The difference of the means and its interval, in standard deviations of the reference's errors. */
  readonly moved: number
  readonly low: number
  readonly high: number
}

function compare(
  reference: Reconstruction,
  current: Reconstruction,
  level: number,
): Comparison | undefined {
  const test = welchDifference({
    candidate: { values: current.errors },
    baseline: { values: reference.errors },
    level,
  })
  const deviation = deviationOf(reference.errors)
  if (test === undefined || !(deviation > 0)) return undefined
  const { difference, low, high } = test
  return { test, moved: difference / deviation, low: low / deviation, high: high / deviation }
}

function deviationOf(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

interface JudgeInput {
  readonly found: Comparison
  readonly over: number
  readonly model: PrincipalComponents
  readonly alpha: number
}

function judge({ found, over, model, alpha }: JudgeInput): {
  status: ColumnStatus
  reason: string
} {
  const { test, moved, low, high } = found
  const components = model.kept === 1 ? 'component' : 'components'
  const basis = `${model.kept} ${components} (${percent(model.explained)} of the variance)`
  const numbers = `${shortNumber(moved)} standard deviations (${shortNumber(low)} to ${shortNumber(high)}), p ${pText(test.pValue)}`
  const isCertain = test.pValue <= alpha
  if (isCertain && Math.abs(moved) > over) {
    return {
      status: 'drifted',
      reason: `the mean error of reconstruction by ${basis} moved by ${numbers}, over ${shortNumber(over)}`,
    }
  }
  if ((high - low) / 2 > over) {
    return {
      status: 'inconclusive',
      reason: `too few rows to be certain of a move of ${shortNumber(over)} in the error of reconstruction: ${numbers}`,
    }
  }
  return {
    status: 'stable',
    reason: `the mean error of reconstruction by ${basis} moved by ${numbers}, not ${isCertain ? '' : 'certainly '}over ${shortNumber(over)}`,
  }
}

/** The columns whose own errors moved in the direction of the whole, by their shares of that. */
function explain(
  pooled: Pooled,
  sources: Int32Array,
  sides: { readonly reference: Reconstruction; readonly current: Reconstruction },
): Explanation[] {
  const moves = new Float64Array(pooled.columns.length)
  sources.forEach((source, j) => {
    const move = (sides.current.byColumn[j] ?? 0) - (sides.reference.byColumn[j] ?? 0)
    moves[source] = (moves[source] ?? 0) + move
  })
  const direction = Math.sign(moves.reduce((sum, move) => sum + move, 0))
  const parts = moves.map((move) => Math.max(0, direction * move))
  const total = parts.reduce((sum, part) => sum + part, 0)
  return pooled.columns
    .map(({ name }, source) => ({
      columns: [labelOf(name)],
      share: (parts[source] ?? 0) / total,
      reference: null,
      current: null,
      difference: null,
    }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_EXPLAINED)
}
