import type { Column } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import { timestampOf } from '../csv/parse-timestamp.js'
import type { ColumnType, ValueRange } from '../table-format.js'
import type { CellRule, Scalar } from './row-filter.js'

interface TypedColumn {
  readonly name: string
  readonly type: ColumnType
}

/** A rule with its values as the column has them. */
interface Prepared {
  readonly in: ReadonlySet<number | string> | undefined
  readonly notIn: ReadonlySet<number | string>
  readonly min: number | string | undefined
  readonly max: number | string | undefined
  readonly below: number | string | undefined
  readonly missing: boolean | undefined
}

/** Whether a value of the column, or undefined for a missing cell, meets the rule. */
export function cellTest(
  column: Column,
  rule: CellRule,
  where: string,
): (value: number | string | undefined) => boolean {
  const cells = column.kind === 'numeric' ? column.values : column.codes
  // Nothing is known about what a column without a value holds.
  if (column.missing === cells.length) return () => matchesMissing(rule)
  const prepared = prepare(column, rule, where)
  const onMissing = matchesMissing(rule)
  return (value) => (value === undefined ? onMissing : matches(prepared, value))
}

/** Whether a value in a range of the column may meet the rule. */
export function rangeTest(
  column: TypedColumn,
  rule: CellRule,
  where: string,
): (range: ValueRange) => boolean {
  // Of missing cells a range says nothing.
  if (matchesMissing(rule)) return () => true
  const prepared = prepare(column, rule, where)
  return ({ min, max }) => {
    const isKnown = prepared.in === undefined || [...prepared.in].some((v) => v >= min && v <= max)
    return (
      isKnown &&
      (prepared.min === undefined || max >= prepared.min) &&
      (prepared.max === undefined || min <= prepared.max) &&
      (prepared.below === undefined || min < prepared.below)
    )
  }
}

function matchesMissing({ in: one, min, max, below, missing }: CellRule): boolean {
  const isBounded = [one, min, max, below].some((bound) => bound !== undefined)
  return missing !== false && !isBounded
}

function matches(rule: Prepared, value: number | string): boolean {
  return (
    rule.missing !== true &&
    (rule.in === undefined || rule.in.has(value)) &&
    !rule.notIn.has(value) &&
    (rule.min === undefined || value >= rule.min) &&
    (rule.max === undefined || value <= rule.max) &&
    (rule.below === undefined || value < rule.below)
  )
}

function prepare(column: TypedColumn, rule: CellRule, where: string): Prepared {
  const value = (scalar: Scalar) => valueFor(column, scalar, where)
  const bound = (scalar: number | string | undefined) => {
    if (scalar === undefined) return undefined
    if (column.type === 'boolean') throw unfit(column, scalar, where)
    // As text, 10 would come before 9.
    if (column.type === 'string' && typeof scalar === 'number') throw unfit(column, scalar, where)
    return value(scalar)
  }
  return {
    in: rule.in === undefined ? undefined : new Set(rule.in.map(value)),
    notIn: new Set(rule['not-in']?.map(value)),
    min: bound(rule.min),
    max: bound(rule.max),
    below: bound(rule.below),
    missing: rule.missing,
  }
}

function valueFor(column: TypedColumn, scalar: Scalar, where: string): number | string {
  if (column.type === 'string') return String(scalar)
  const found = column.type === 'boolean' ? booleanText(scalar) : numberOf(column.type, scalar)
  if (found === undefined) throw unfit(column, scalar, where)
  return found
}

function booleanText(scalar: Scalar): string | undefined {
  const text = String(scalar).toLowerCase()
  return text === 'true' || text === 'false' ? text : undefined
}

function numberOf(type: ColumnType, scalar: Scalar): number | undefined {
  if (typeof scalar === 'number') return scalar
  if (typeof scalar === 'boolean' || scalar.trim() === '') return undefined
  const value = type === 'timestamp' ? timestampOf(scalar.trim()) : Number(scalar)
  return Number.isNaN(value) ? undefined : value
}

const kinds: Readonly<Record<ColumnType, string>> = {
  number: 'numbers',
  integer: 'integers',
  string: 'texts',
  boolean: 'truth values',
  timestamp: 'timestamps',
}

function unfit(column: TypedColumn, scalar: Scalar, where: string): UserError {
  return new UserError({
    code: 'MW-DATA-303',
    where,
    what: `column ${JSON.stringify(column.name)} holds ${kinds[column.type]}, with which ${JSON.stringify(scalar)} cannot be compared.`,
    fix: 'Compare with a value of the kind that the column holds; timestamps are written in ISO 8601.',
  })
}
