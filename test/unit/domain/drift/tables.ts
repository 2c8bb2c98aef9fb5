import { DriftSection } from '../../../../src/config/drift.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import type {
  CategoricalColumn,
  Column,
  NumericColumn,
  Table,
} from '../../../../src/domain/table/column.js'

/** What a configuration without rules of its own means. */
export const DEFAULT_DRIFT_POLICY: DriftPolicy = DriftSection.parse({
  reference: 'reference.csv',
  current: 'current.csv',
})

/** A numeric column; null is missing. */
export function numbers(
  name: string,
  cells: Iterable<number | null>,
  type: NumericColumn['type'] = 'number',
): NumericColumn {
  const values = Float64Array.from([...cells], (cell) => cell ?? Number.NaN)
  const missing = values.filter((value) => Number.isNaN(value)).length
  return { kind: 'numeric', name, type, values, missing }
}

/** A column of text; null is missing. */
export function text(
  name: string,
  cells: Iterable<string | null>,
  type: CategoricalColumn['type'] = 'string',
): CategoricalColumn {
  const byText = new Map<string, number>()
  const codes = Int32Array.from([...cells], (cell) => {
    if (cell === null) return -1
    const code = byText.get(cell) ?? byText.size
    byText.set(cell, code)
    return code
  })
  const missing = codes.filter((code) => code < 0).length
  return { kind: 'categorical', name, type, codes, categories: [...byText.keys()], missing }
}

export function table(...columns: Column[]): Table {
  const [first] = columns
  const rows =
    first === undefined ? 0 : first.kind === 'numeric' ? first.values.length : first.codes.length
  return { rows, columns }
}

/** `count` repeats of each value in turn. */
export function repeat<T>(count: number, ...values: T[]): T[] {
  return Array.from({ length: count }, () => values).flat()
}

/** The same even spread of values for every call, moved by `shift`. Its deviation is about 0.29. */
export function spread(count: number, shift = 0): number[] {
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count + shift)
}
