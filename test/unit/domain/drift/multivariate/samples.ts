import { createRandom } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import type { Column, Table } from '../../../../../src/domain/table/column.js'

/** What is different in the current sample. */
export type Change = 'none' | 'shift' | 'spread' | 'correlation' | 'missing' | 'category'

export interface SampleShape {
  readonly rows: number
  readonly seed: number
  /** Besides the three pairs of numbers that go together. */
  readonly change?: Change
}

export function numeric(name: string, values: Float64Array): Column {
  let missing = 0
  for (const value of values) if (Number.isNaN(value)) missing++
  return { kind: 'numeric', type: 'number', name, values, missing }
}

export function categorical(name: string, codes: Int32Array, categories: string[]): Column {
  return { kind: 'categorical', type: 'string', name, codes, categories, missing: 0 }
}

/** Four normal columns in two pairs with correlation 0.6, a skewed one with ties, and two of categories of which one follows the first. */
export function sample({ rows, seed, change = 'none' }: SampleShape): Table {
  const random = createRandom(seed)
  const normals = () =>
    Float64Array.from({ length: rows }, () => normalQuantile(random.next() || 0.5))
  const a = normals()
  const together = change === 'correlation' ? -0.3 : 0.6
  const b = normals().map((own, i) => together * a[i]! + Math.sqrt(1 - together ** 2) * own)
  const c = normals()
  const d = normals().map((own, i) => 0.6 * c[i]! + 0.8 * own)
  const skewed = normals().map((own) => Math.round(Math.exp(own) * 4))
  const city = Int32Array.from(a, (value) => (value + 2 * (random.next() - 0.5) > 0 ? 0 : 1))
  const plan = Int32Array.from(a, () => random.below(change === 'category' ? 5 : 4))
  if (change === 'shift') for (let i = 0; i < rows; i++) c[i]! += 0.6
  if (change === 'spread') for (let i = 0; i < rows; i++) c[i]! *= 1.8
  if (change === 'missing') {
    for (let i = 0; i < rows; i++) if (random.next() < 0.2) c[i] = Number.NaN
  }
  const columns = [
    numeric('a', a),
    numeric('b', b),
    numeric('c', c),
    numeric('d', d),
    numeric('skewed', skewed),
    categorical('city', city, ['x', 'y']),
    categorical('plan', plan, ['p', 'q', 'r', 's', 't']),
  ]
  return { rows, columns }
}

export function kindsOf(table: Table) {
  return table.columns.map(({ name, kind }) => ({ name, kind }))
}

export function withColumn(table: Table, column: Column): Table {
  return { rows: table.rows, columns: [...table.columns, column] }
}
