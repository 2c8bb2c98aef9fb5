import type { CategoricalColumn, Column, NumericColumn, Table } from '../../domain/table/column.js'
import type { ColumnType, ValueRange } from '../table-format.js'
import { cellTest, rangeTest } from './row-tests.js'

export type Scalar = string | number | boolean

/** What a cell must be; conditions hold all together. A missing cell is in no list and between no bounds, and none of `not-in`. */
export interface CellRule {
  readonly in?: readonly Scalar[] | undefined
  readonly 'not-in'?: readonly Scalar[] | undefined
  /** The smallest value. */
  readonly min?: number | string | undefined
  /** The largest value. */
  readonly max?: number | string | undefined
  /** What values must be under. */
  readonly below?: number | string | undefined
  /** Whether the cell is missing. */
  readonly missing?: boolean | undefined
}

/** A value, a list of values, or a rule: as `drift.rows.where` has them by column. */
export type RowCondition = Scalar | readonly Scalar[] | CellRule
export type RowFilter = Readonly<Record<string, RowCondition>>

/** Tells rows that count from others. Pure. */
export interface RowMatcher {
  /** The columns that it looks at. */
  readonly columns: readonly string[]
  /** Sets `keep[row]` to 0 for each row for which a condition on a column of the table does not hold. */
  readonly apply: (table: Table, keep: Uint8Array) => void
  /** False where the ranges of columns exclude that any row matches. */
  readonly mayHold: (
    rangeOf: (column: string) => ValueRange | undefined,
    typeOf: (column: string) => ColumnType | undefined,
  ) => boolean
}

/**
 * A matcher of all the filters together. On numbers and times, values are numbers or texts of such (times in ISO 8601, or
 * milliseconds); on text, texts, and a number stands for how it is written; on truth values true and false. Order is that of numbers, or
 * of UTF-16 code units for text. MW-DATA-303 is thrown, when it is applied, for a value that does not go with the column; `where` is the
 * configuration key.
 */
export function rowMatcher(filters: readonly RowFilter[], where: string): RowMatcher {
  const rules = filters.flatMap((filter) =>
    Object.entries(filter).map(([column, condition]) => ({ column, rule: ruleOf(condition) })),
  )
  return {
    columns: [...new Set(rules.map(({ column }) => column))],
    apply: (table, keep) => {
      const byName = new Map(table.columns.map((column) => [column.name, column]))
      for (const { column: name, rule } of rules) {
        const column = byName.get(name)
        if (column !== undefined) applyRule(column, cellTest(column, rule, where), keep)
      }
    },
    mayHold: (rangeOf, typeOf) =>
      rules.every(({ column, rule }) => {
        const type = typeOf(column)
        const range = type === undefined ? undefined : rangeOf(column)
        if (type === undefined || range === undefined) return true
        return rangeTest({ name: column, type }, rule, where)(range)
      }),
  }
}

function ruleOf(condition: RowCondition): CellRule {
  if (Array.isArray(condition)) return { in: condition }
  return typeof condition === 'object' ? (condition as CellRule) : { in: [condition] }
}

type CellTest = (value: number | string | undefined) => boolean

function applyRule(column: Column, test: CellTest, keep: Uint8Array): void {
  if (column.kind === 'categorical') applyToCodes(column, test, keep)
  else applyToNumbers(column, test, keep)
}

function applyToCodes(column: CategoricalColumn, test: CellTest, keep: Uint8Array): void {
  const onMissing = test(undefined) ? 1 : 0
  const onCategory = Uint8Array.from(column.categories, (category) => (test(category) ? 1 : 0))
  for (let row = 0; row < keep.length; row++) {
    const code = column.codes[row] as number
    if ((code < 0 ? onMissing : onCategory[code]) === 0) keep[row] = 0
  }
}

function applyToNumbers(column: NumericColumn, test: CellTest, keep: Uint8Array): void {
  for (let row = 0; row < keep.length; row++) {
    const value = column.values[row] as number
    if (!test(Number.isNaN(value) ? undefined : value)) keep[row] = 0
  }
}
