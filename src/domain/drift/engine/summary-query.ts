import type { Dialect, EngineColumn } from './dialect.js'
import type { SideSummary } from './number-counter.js'
import { countIn, type EngineCell, numberIn, numbersIn } from './read-cell.js'
import { doubleOf, fromSource, isMissing, type TableSource } from './table-source.js'

/** What one scan tells about one column of one sample. */
export interface ColumnSummary {
  readonly column: EngineColumn
  readonly rows: number
  /** Null, and NaN. */
  readonly missing: number
  readonly infinities: number
  /** About how many values differ. */
  readonly distinct: number
  /** Of the finite numbers or times; undefined for other columns. */
  readonly numbers: SideSummary | undefined
}

export interface TableSummary {
  readonly rows: number
  readonly columns: readonly ColumnSummary[]
}

export interface Query<T> {
  readonly sql: string
  readonly read: (rows: readonly (readonly EngineCell[])[]) => T
}

/** Where to cut: 1/33, 2/33, … 32/33. */
const QUANTILES = Array.from({ length: 32 }, (_, i) => (i + 1) / 33)

function isNumeric({ type }: EngineColumn): boolean {
  return type === 'integer' || type === 'number' || type === 'timestamp' || type === 'date'
}

/** One scan over some columns of one sample. */
export function summaryQuery(
  dialect: Dialect,
  source: TableSource,
  columns: readonly EngineColumn[],
): Query<TableSummary> {
  const parts = columns.map((column, i) => partOf(dialect, column, i))
  const inner = ['1 AS mw_row', ...parts.flatMap((part) => part.inner)].join(', ')
  const outer = ['COUNT(*)', ...parts.flatMap((part) => part.outer)].join(', ')
  return {
    sql: `SELECT ${outer} FROM (SELECT ${inner} ${fromSource(dialect, source)}) mw_t`,
    read: (answer) => {
      const cells = answer[0] ?? []
      const rows = countIn(cells[0])
      let at = 1
      const found = parts.map(({ outer: asked, read }) => {
        const own = cells.slice(at, at + asked.length)
        at += asked.length
        return read(rows, own)
      })
      return { rows, columns: found }
    },
  }
}

interface SummaryPart {
  readonly inner: readonly string[]
  readonly outer: readonly string[]
  readonly read: (rows: number, cells: readonly EngineCell[]) => ColumnSummary
}

function partOf(dialect: Dialect, column: EngineColumn, i: number): SummaryPart {
  return isNumeric(column) ? numericPart(dialect, column, i) : otherPart(dialect, column, i)
}

function otherPart(dialect: Dialect, column: EngineColumn, i: number): SummaryPart {
  return {
    inner: [`${dialect.identifier(column.name)} AS mw_v${i}`],
    outer: [`COUNT(mw_v${i})`, dialect.approximateDistinct(`mw_v${i}`)],
    read: (rows, [present, distinct]) => ({
      column,
      rows,
      missing: rows - countIn(present),
      infinities: 0,
      distinct: countIn(distinct),
      numbers: undefined,
    }),
  }
}

function numericPart(dialect: Dialect, column: EngineColumn, i: number): SummaryPart {
  const value = doubleOf(dialect, column)
  const x = `mw_x${i}`
  // An integer is always finite.
  const finite = column.type === 'number' ? dialect.isFinite(value) : '1 = 1'
  return {
    inner: [
      `CASE WHEN ${finite} THEN ${value} END AS ${x}`,
      `CASE WHEN ${isMissing(dialect, column)} THEN 1 ELSE 0 END AS mw_m${i}`,
    ],
    outer: [
      `SUM(mw_m${i})`,
      `COUNT(${x})`,
      `MIN(${x})`,
      `MAX(${x})`,
      dialect.approximateDistinct(x),
      ...dialect.approximateQuantiles(x, QUANTILES),
    ],
    read: (rows, [missing, present, min, max, distinct, ...quantiles]) => {
      const count = countIn(present)
      const gone = countIn(missing)
      return {
        column,
        rows,
        missing: gone,
        infinities: rows - gone - count,
        distinct: countIn(distinct),
        numbers: {
          count,
          min: numberIn(min) ?? Number.POSITIVE_INFINITY,
          max: numberIn(max) ?? Number.NEGATIVE_INFINITY,
          distinct: countIn(distinct),
          quantiles: quantiles.flatMap(numbersIn).toSorted((a, b) => a - b),
        },
      }
    },
  }
}
