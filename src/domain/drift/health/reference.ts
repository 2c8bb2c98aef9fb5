import { extent, finiteOf } from '../../gate/diagnostics/order-statistics.js'
import { type RobustScale, robustScale, robustZ } from '../../stats/robust-scale.js'
import type { NumericColumn, Table } from '../../table/column.js'

/** What ranges and outliers need to know of a numeric column of the reference. */
export interface NumericSummary {
  readonly type: NumericColumn['type']
  /** Cells that are not missing; infinities are values. */
  readonly values: number
  /** Of no values, infinities the wrong way round. */
  readonly min: number
  readonly max: number
  /** Undefined where there is no finite value. */
  readonly scale: RobustScale | undefined
  /** How many values are `over` robust standard deviations or more from the centre. */
  readonly beyond: number
}

export interface HealthReference {
  readonly columns: ReadonlyMap<string, NumericSummary>
  /** The rows: an isolation forest is trained on them. */
  readonly table?: Table | undefined
}

interface SummaryOptions {
  /** The columns to look at; all numeric ones unless given. */
  readonly columns?: readonly string[] | undefined
  /** The robust z-score of an outlier; undefined where outliers are not asked for, which spares the medians. */
  readonly over?: number | undefined
}

/** Summarises the numeric columns of a reference; points in time have none, since they always move on. */
export function healthReference(table: Table, options: SummaryOptions = {}): HealthReference {
  const wanted = options.columns === undefined ? undefined : new Set(options.columns)
  const columns = new Map<string, NumericSummary>()
  for (const column of table.columns) {
    if (column.kind !== 'numeric' || column.type === 'timestamp') continue
    if (wanted !== undefined && !wanted.has(column.name)) continue
    columns.set(column.name, summarise(column, options.over))
  }
  return { columns, table }
}

function summarise(column: NumericColumn, over: number | undefined): NumericSummary {
  const { low: min, high: max } = extent(column.values)
  const values = column.values.length - column.missing
  const scale = over === undefined ? undefined : robustScale(finiteOf(column.values))
  const beyond =
    scale === undefined || over === undefined ? 0 : countBeyond(column.values, scale, over).beyond
  return { type: column.type, values, min, max, scale, beyond }
}

export interface Beyond {
  /** Cells that are not missing. */
  readonly values: number
  readonly beyond: number
  /** The value that is furthest away, where any is beyond. */
  readonly worst: number | undefined
}

/** Counts the values that are `over` robust standard deviations or more from the centre; infinities are. */
export function countBeyond(cells: Float64Array, scale: RobustScale, over: number): Beyond {
  const low = scale.centre - over * scale.spread
  const high = scale.centre + over * scale.spread
  let missing = 0
  let beyond = 0
  let worst = scale.centre
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row] ?? Number.NaN
    // Of a constant, the centre itself is at both limits.
    if ((value > low && value < high) || value === scale.centre) continue
    if (Number.isNaN(value)) {
      missing++
      continue
    }
    beyond++
    if (Math.abs(robustZ(value, scale)) >= Math.abs(robustZ(worst, scale))) worst = value
  }
  const values = cells.length - missing
  return { values, beyond, worst: beyond === 0 ? undefined : worst }
}
