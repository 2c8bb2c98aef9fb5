import { type Column, findColumn, lengthOf, type Table } from '../../table/column.js'
import { labelOf } from '../label.js'
import type { Sides } from '../predicate.js'
import type { MultivariateResult } from './result.js'

/** A column to be looked at together with the others. */
export interface MultivariateColumn {
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
}

export interface PooledNumeric {
  readonly kind: 'numeric'
  readonly name: string
  /** The reference's rows, then the current ones; NaN where missing. */
  readonly values: Float64Array
}

export interface PooledCategorical {
  readonly kind: 'categorical'
  readonly name: string
  /** The reference's rows, then the current ones; -1 where missing. Equal codes are equal categories. */
  readonly codes: Int32Array
}

export type PooledColumn = PooledNumeric | PooledCategorical

/** Both samples under one another, so that what is computed from all rows knows nothing of the sample they are of. */
export interface Pooled {
  readonly rows: Sides
  readonly columns: readonly PooledColumn[]
  readonly leftOut: MultivariateResult['leftOut']
}

/** Below this, nearly as many categories as rows are no sign of an identifier. */
const FEWEST_FOR_IDENTIFIER = 50
const IDENTIFIER_SHARE = 0.9

export interface PoolInput {
  readonly reference: Table
  readonly current: Table
  readonly columns: readonly MultivariateColumn[]
  /** Columns that the user named: they are used even where they hold times. */
  readonly named: readonly string[]
}

/** The columns that can be compared, with both samples' rows under one another. */
export function pool({ reference, current, columns, named }: PoolInput): Pooled {
  const kept: PooledColumn[] = []
  const leftOut: { column: string; reason: string }[] = []
  for (const { name, kind } of columns) {
    const pair = { one: findColumn(reference, name), other: findColumn(current, name) }
    const found = poolColumn(pair, kind, named.includes(name))
    if (typeof found === 'string') leftOut.push({ column: labelOf(name), reason: found })
    else kept.push(found)
  }
  return { rows: { reference: reference.rows, current: current.rows }, columns: kept, leftOut }
}

interface Pair {
  readonly one: Column | undefined
  readonly other: Column | undefined
}

/** The column, or in words why it cannot be used. */
function poolColumn(
  { one, other }: Pair,
  kind: MultivariateColumn['kind'],
  isNamed: boolean,
): PooledColumn | string {
  if (one === undefined || other === undefined) {
    return `is not in the ${one === undefined ? 'reference' : 'current data'}`
  }
  if (!isNamed && (one.type === 'timestamp' || other.type === 'timestamp')) {
    return 'holds times, which always move on'
  }
  if (kind === 'numeric') return poolNumbers(one, other)
  const codes = poolCodes(one, other)
  if (!isNamed && isIdentifier(codes)) return 'has a value of its own in nearly every row'
  return isConstant(codes) ? ONE_VALUE : { kind, name: one.name, codes }
}

const ONE_VALUE = 'has only one value'

function isConstant(values: Float64Array | Int32Array): boolean {
  const first = values[0]
  return values.every((value) => Object.is(value, first))
}

/** Both columns' numbers. A column of text has none: a blank one may have been read as that. */
function poolNumbers(one: Column, other: Column): PooledNumeric | string {
  const values = new Float64Array(lengthOf(one) + lengthOf(other)).fill(Number.NaN)
  if (one.kind === 'numeric') values.set(one.values)
  if (other.kind === 'numeric') values.set(other.values, lengthOf(one))
  return isConstant(values) ? ONE_VALUE : { kind: 'numeric', name: one.name, values }
}

/** Both columns' categories by one numbering; numbers are categories by their text. */
function poolCodes(one: Column, other: Column): Int32Array {
  const known = new Map<string, number>()
  const codes = new Int32Array(lengthOf(one) + lengthOf(other))
  codes.set(codesOf(one, known))
  codes.set(codesOf(other, known), lengthOf(one))
  return codes
}

function codesOf(column: Column, known: Map<string, number>): Int32Array {
  const codeOf = (text: string): number => {
    const code = known.get(text) ?? known.size
    known.set(text, code)
    return code
  }
  if (column.kind === 'categorical') {
    const numbers = column.categories.map(codeOf)
    return column.codes.map((code) => numbers[code] ?? -1)
  }
  return Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : codeOf(`${value}`)))
}

function isIdentifier(codes: Int32Array): boolean {
  const present = codes.filter((code) => code >= 0)
  if (present.length < FEWEST_FOR_IDENTIFIER) return false
  return new Set(present).size > IDENTIFIER_SHARE * present.length
}

/** At most that many of the reference's rows and of the current ones, drawn at random, in order. */
export function drawSides(
  { reference, current }: Sides,
  most: number,
  below: (n: number) => number,
): { readonly reference: Uint32Array; readonly current: Uint32Array } {
  return {
    reference: drawRange(0, reference, { most, below }),
    current: drawRange(reference, current, { most, below }),
  }
}

function drawRange(
  start: number,
  count: number,
  { most, below }: { readonly most: number; readonly below: (n: number) => number },
): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => start + i)
  if (count <= most) return rows
  for (let i = 0; i < most; i++) {
    const other = i + below(count - i)
    const kept = rows[i] ?? 0
    rows[i] = rows[other] ?? 0
    rows[other] = kept
  }
  return rows.slice(0, most).sort()
}
