import { beyondRangePValue } from '../../stats/beyond-range.js'
import { drawRows } from '../../stats/draw-rows.js'
import { anomalyScores, growIsolationForest } from '../../stats/isolation-forest.js'
import { quantileSorted } from '../../stats/quantile.js'
import { findColumn, type Table } from '../../table/column.js'
import { percent } from '../wording.js'
import { type ExcessCounts, excessCase, FEWEST_VALUES } from './outliers.js'
import type { HealthRequest, OutliersRule } from './policy.js'
import { type HealthCheck, healthCheck } from './result.js'
import { rowFeatures } from './row-features.js'
import { judgeShares } from './share.js'

/** Rows beyond this are drawn at random: a share of one in a hundred is then known to 0.15 points either way. */
const MOST_ROWS = 20_000

interface Scores {
  /** Of rows of the reference that the forest has not seen, ascending. */
  readonly reference: Float64Array
  readonly current: Float64Array
}

/**
 * The share of rows that an isolation forest finds more unusual than all but `contamination` of the reference's rows.
 * The forest is grown on one half of the reference and the threshold read off the other, so that rows which it has
 * seen do not pass for ordinary ones.
 */
export function rowOutlierCheck(request: HealthRequest, rule: OutliersRule): HealthCheck {
  const scores = scoresOf(request)
  if (scores === undefined) return unknown(rule)
  const { reference, current } = scores
  const threshold = quantileSorted(reference, 1 - rule.contamination) ?? Number.POSITIVE_INFINITY
  const counts = {
    reference: countOver(reference, threshold),
    referenceTotal: reference.length,
    current: countOver(current, threshold),
    currentTotal: current.length,
  }
  const excess = excessCase(counts, rule['max-share'])
  if (Number.isNaN(excess.pValue)) return unknown(rule)
  const pValue = Math.max(excess.pValue, chanceOf(counts))
  const [status = 'inconclusive'] = judgeShares([{ ...excess, pValue }], {
    alpha: request.alpha,
    level: rule.level,
  })
  const drawn = current.length < request.current.rows ? ' that were drawn at random' : ''
  const doubt = status === 'inconclusive' ? ': too few rows to tell this from chance' : ''
  return healthCheck({
    ...CHECK,
    status,
    observed: counts.current / counts.currentTotal,
    expected: expectation(counts.reference / counts.referenceTotal, rule),
    failedRows: counts.current,
    detail: `${counts.current} of ${counts.currentTotal} rows${drawn} are more unusual than all but ${counts.reference} of ${counts.referenceTotal} rows of the reference${doubt}`,
  })
}

/** The threshold is itself read off few rows: how likely so many are beyond it where nothing changed, exactly. */
function chanceOf({ reference, referenceTotal, current, currentTotal }: ExcessCounts): number {
  return beyondRangePValue({
    reference: referenceTotal,
    current: currentTotal,
    beyond: current,
    ends: reference + 1,
  })
}

const CHECK = { id: 'outliers.rows', column: null } as const

function expectation(usual: number, rule: OutliersRule): string {
  return `at most ${percent(usual)} + ${percent(rule['max-share'])}`
}

function unknown(rule: OutliersRule): HealthCheck {
  return healthCheck({
    ...CHECK,
    status: 'inconclusive',
    observed: 'unknown',
    expected: expectation(rule.contamination, rule),
    failedRows: 0,
    detail: `an isolation forest needs ${2 * FEWEST_VALUES} rows of the reference itself, ${FEWEST_VALUES} of the current data and a column of both`,
  })
}

function scoresOf({ reference, current, columns, random }: HealthRequest): Scores | undefined {
  const table = reference?.table
  if (table === undefined || table.rows < 2 * FEWEST_VALUES || current.rows < FEWEST_VALUES) {
    return undefined
  }
  const features = rowFeatures(table, comparable(table, current, columns))
  if (features.columns === 0) return undefined
  const drawn = drawRows(table.rows, 2 * MOST_ROWS, random)
  const half = drawn.length >>> 1
  const forest = growIsolationForest(features.matrixOf(table, drawn.subarray(0, half)), { random })
  if (forest === undefined) return undefined
  const scored = (data: Table, rows: Uint32Array) =>
    anomalyScores(forest, features.matrixOf(data, rows))
  return {
    reference: scored(table, drawn.subarray(half)).sort(),
    current: scored(current, drawRows(current.rows, MOST_ROWS, random)),
  }
}

/** Columns of both tables and of one kind; points in time always move on. */
function comparable(
  reference: Table,
  current: Table,
  columns: readonly string[] | undefined,
): readonly string[] {
  const names = columns ?? reference.columns.map(({ name }) => name)
  return names.filter((name) => {
    const before = findColumn(reference, name)
    const now = findColumn(current, name)
    return before?.kind === now?.kind && before !== undefined && before.type !== 'timestamp'
  })
}

function countOver(scores: Float64Array, threshold: number): number {
  let count = 0
  for (const score of scores) if (score > threshold) count++
  return count
}
