import { finiteOf } from '../../gate/diagnostics/order-statistics.js'
import type { RowMatrix } from '../../stats/isolation-forest.js'
import { medianOf } from '../../stats/robust-scale.js'
import {
  type CategoricalColumn,
  findColumn,
  type NumericColumn,
  type Table,
} from '../../table/column.js'

/** Numbers further out are as far out: differences of larger ones are no numbers any more. */
const LARGEST = 1e300

/** Turns rows of a table into numbers for an isolation forest. */
export interface RowFeatures {
  readonly columns: number
  matrixOf(table: Table, rows: Uint32Array): RowMatrix
}

type Feature = (table: Table, rows: Uint32Array) => Float64Array

/**
 * Features as the reference has them: numbers as they are, a missing one as the reference's median (missing cells are
 * judged elsewhere); a category as its share of the reference's rows, so that rare and unseen ones stand out.
 */
export function rowFeatures(reference: Table, names: readonly string[]): RowFeatures {
  const features = names.flatMap((name): readonly Feature[] => {
    const column = findColumn(reference, name)
    if (column === undefined) return []
    return [column.kind === 'numeric' ? numberFeature(column) : categoryFeature(column)]
  })
  return {
    columns: features.length,
    matrixOf: (table, rows) => {
      const values = new Float64Array(rows.length * features.length)
      features.forEach((feature, place) => {
        const cells = feature(table, rows)
        for (let row = 0; row < cells.length; row++) {
          values[row * features.length + place] = cells[row] ?? 0
        }
      })
      return { rows: rows.length, columns: features.length, values }
    },
  }
}

function numberFeature({ name, values }: NumericColumn): Feature {
  const median = medianOf(finiteOf(values)) ?? 0
  return (table, rows) => {
    const column = findColumn(table, name)
    const cells = new Float64Array(rows.length).fill(median)
    if (column?.kind !== 'numeric') return cells
    for (let place = 0; place < rows.length; place++) {
      const value = column.values[rows[place] ?? 0] ?? Number.NaN
      if (Number.isNaN(value)) continue
      cells[place] = Math.min(LARGEST, Math.max(-LARGEST, value))
    }
    return cells
  }
}

function categoryFeature(reference: CategoricalColumn): Feature {
  const shares = sharesOf(reference)
  const missing = reference.missing / Math.max(1, reference.codes.length)
  return (table, rows) => {
    const column = findColumn(table, reference.name)
    const cells = new Float64Array(rows.length).fill(missing)
    if (column?.kind !== 'categorical') return cells
    const byCode = column.categories.map((category) => shares.get(category) ?? 0)
    for (let place = 0; place < rows.length; place++) {
      const code = column.codes[rows[place] ?? 0] ?? -1
      if (code >= 0) cells[place] = byCode[code] ?? 0
    }
    return cells
  }
}

function sharesOf({ codes, categories }: CategoricalColumn): ReadonlyMap<string, number> {
  const counts = new Float64Array(categories.length)
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1
  const shares = new Map<string, number>()
  for (const [code, category] of categories.entries()) {
    shares.set(category, (shares.get(category) ?? 0) + (counts[code] ?? 0) / codes.length)
  }
  return shares
}
