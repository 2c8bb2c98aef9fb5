import { columnTooLarge, weightOfColumn } from '../reading-limit.js'
import { type Meaning, typeOf } from './leaf-column.js'
import type { ColumnSource } from './read-column.js'

/** Throws MW-DATA-027 for a column that takes more than may be, by what the footer says of the row groups that are to be read. */
export function refuseTooLarge({ file, column, most }: ColumnSource, meaning: Meaning): void {
  if (most === undefined) return
  let bytes = 0
  for (const { group } of file.groups) {
    for (const { meta_data: meta } of group.columns) {
      if (meta?.path_in_schema[0] === column.name) bytes += Number(meta.total_uncompressed_size)
    }
  }
  const needed = weightOfColumn({ rows: file.rows, bytes, isText: typeOf(meaning) === 'string' })
  if (!(needed <= most)) throw columnTooLarge(file.shownAs, column.name, { needed, most })
}
