import type { Column, Table } from '../table/column.js'
import { createNumberSet, type NumberSet } from './number-set.js'

/** What a column is like, over all files. */
export interface ColumnProfile {
  readonly name: string
  readonly type: string
  readonly nulls: number
  /** Exact up to a million distinct values; null beyond. */
  readonly distinct: number | null
  /** Smallest and largest finite number; null for text. */
  readonly min: number | null
  readonly max: number | null
}

const DISTINCT_LIMIT = 1_000_000

/** Profiles the columns of all files by name, in order of first appearance. */
export function profileColumns(files: readonly Table[]): readonly ColumnProfile[] {
  const names = new Set<string>()
  for (const file of files) for (const column of file.columns) names.add(column.name)
  return [...names].map((name) => {
    const parts = files.flatMap((file) => file.columns.filter((column) => column.name === name))
    return profile(name, parts)
  })
}

function profile(name: string, parts: readonly Column[]): ColumnProfile {
  const types = [...new Set(parts.map((part) => part.type))]
  const texts = new Set<string>()
  const numbers = createNumberSet()
  const range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
  for (const part of parts) {
    if (part.kind === 'numeric') scanNumbers(part.values, numbers, range)
    else for (const category of part.categories) texts.add(category)
  }
  const distinct = texts.size + numbers.size
  return {
    name,
    type: types.length === 1 ? (types[0] ?? 'string') : 'mixed',
    nulls: parts.reduce((sum, part) => sum + part.missing, 0),
    distinct: distinct > DISTINCT_LIMIT ? null : distinct,
    min: Number.isFinite(range.min) ? range.min : null,
    max: Number.isFinite(range.max) ? range.max : null,
  }
}

function scanNumbers(
  values: Float64Array,
  distinct: NumberSet,
  range: { min: number; max: number },
): void {
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if (distinct.size <= DISTINCT_LIMIT) distinct.add(value)
    if (!Number.isFinite(value)) continue
    if (value < range.min) range.min = value
    if (value > range.max) range.max = value
  }
}
