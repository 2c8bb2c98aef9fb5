import type { ColumnMetaData, RowGroup } from 'hyparquet'
import type { TablePart, ValueRange } from '../table-format.js'
import { canBeRead, type LeafColumn, type Meaning, meaningOf } from './leaf-column.js'

type MinMaxType = NonNullable<NonNullable<ColumnMetaData['statistics']>['min_value']>

/** A row group with what its statistics say about columns. */
export function partOf(group: RowGroup, columns: readonly LeafColumn[]): TablePart {
  return {
    rows: Number(group.num_rows),
    rangeOf: (name) => {
      const column = columns.find((candidate) => candidate.name === name)
      if (column === undefined || !canBeRead(column)) return undefined
      const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === name)
      // The older `min` and `max` compare text and unsigned numbers as nobody agrees on.
      const { min_value: min, max_value: max } = chunk?.meta_data?.statistics ?? {}
      if (min === undefined || max === undefined) return undefined
      return rangeOf(min, max, meaningOf(column, ''))
    },
  }
}

function rangeOf(min: MinMaxType, max: MinMaxType, { kind }: Meaning): ValueRange | undefined {
  if (kind === 'timestamp') return timeRange(min, max)
  if (kind === 'text') return textRange(min, max)
  const isNumber = ['number', 'integer', 'uint32', 'int64', 'uint64'].includes(kind)
  const range = { min: Number(min), max: Number(max) }
  // Where a large integer makes the column text, or a NaN got in, nothing can be said.
  const isSound = kind === 'number' ? range.min <= range.max : areSafe(range)
  return isNumber && isSound ? range : undefined
}

function areSafe({ min, max }: { min: number; max: number }): boolean {
  return Number.isSafeInteger(min) && Number.isSafeInteger(max)
}

/** A Date has lost what is below the millisecond. */
function timeRange(min: MinMaxType, max: MinMaxType): ValueRange | undefined {
  if (!(min instanceof Date && max instanceof Date)) return undefined
  const range = { min: min.getTime() - 1, max: max.getTime() + 1 }
  return range.min <= range.max ? range : undefined
}

/** Parquet compares bytes, JavaScript units of UTF-16: of ASCII they say the same. */
function textRange(min: MinMaxType, max: MinMaxType): ValueRange | undefined {
  const isAscii = (value: MinMaxType): value is string =>
    typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)
  return isAscii(min) && isAscii(max) ? { min, max } : undefined
}
