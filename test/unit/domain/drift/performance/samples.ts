import { DriftPerformance } from '../../../../../src/config/drift/performance.js'
import type { PerformanceSettings } from '../../../../../src/domain/drift/performance/settings.js'
import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import type { Column, NumericColumn, Table } from '../../../../../src/domain/table/column.js'

export function settings(change: Readonly<Record<string, unknown>> = {}): PerformanceSettings {
  return DriftPerformance.parse({
    task: 'classification',
    score: 'score',
    label: 'label',
    positive: 1,
    ...change,
  })
}

export function columnOf(name: string, values: ArrayLike<number>): NumericColumn {
  const numbers = Float64Array.from(values)
  const missing = numbers.filter(Number.isNaN).length
  return { kind: 'numeric', name, type: 'number', values: numbers, missing }
}

export function tableOf(...columns: readonly Column[]): Table {
  const [first] = columns
  const rows = first?.kind === 'numeric' ? first.values.length : (first?.codes.length ?? 0)
  return { rows, columns }
}

export function normal(random: RandomSource): number {
  return normalQuantile(random.next() + Number.MIN_VALUE)
}

export interface World {
  readonly rows: number
  readonly seed: number
  /** Mean of the one input, normal with variance 1. */
  readonly shift?: number | undefined
  /** The true log-odds of the label; the model's are `input * 2 - 1`. */
  readonly truth?: ((input: number) => number) | undefined
  /** What the model says instead of its probability. */
  readonly distort?: ((p: number) => number) | undefined
  /** The share of labels that are known. */
  readonly known?: number | undefined
}

export const logistic = (odds: number) => 1 / (1 + Math.exp(-odds))

const modelOdds = (input: number) => input * 2 - 1

/** One input, labels by a logistic law of it, and the scores of a model that knows the reference's law. */
export function world({ rows, seed, shift = 0, truth = modelOdds, distort, known = 1 }: World) {
  const random = createRandom(seed)
  const inputs = new Float64Array(rows)
  const scores = new Float64Array(rows)
  const labels = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const input = normal(random) + shift
    const p = logistic(modelOdds(input))
    inputs[i] = input
    scores[i] = distort === undefined ? p : distort(p)
    const label = random.next() < logistic(truth(input)) ? 1 : 0
    labels[i] = random.next() < known ? label : Number.NaN
  }
  return tableOf(columnOf('input', inputs), columnOf('score', scores), columnOf('label', labels))
}

/** Without a column. */
export function without(table: Table, name: string): Table {
  return { ...table, columns: table.columns.filter((column) => column.name !== name) }
}

/** Rows one after the other, cut into tables of so many rows. */
export function cut(table: Table, rows: number): Table[] {
  const parts = Math.ceil(table.rows / rows)
  return Array.from({ length: parts }, (_, part) =>
    tableOf(
      ...table.columns.flatMap((column) =>
        column.kind === 'numeric'
          ? [columnOf(column.name, column.values.subarray(part * rows, (part + 1) * rows))]
          : [],
      ),
    ),
  )
}
