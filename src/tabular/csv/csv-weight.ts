import { SEGMENT_ROWS } from '../packed/packed-table.js'
import { tooMuchHeld } from '../reading-limit.js'
import type { ReadRequest } from '../table-format.js'
import type { CsvColumn } from './csv-column.js'
import type { CsvScanner } from './csv-scanner.js'

interface Progress {
  readonly scanner: Pick<CsvScanner, 'rows' | 'packedRows'>
  readonly columns: readonly CsvColumn[]
}

/** Cells that wait to be packed take eight bytes each: fewer rows of many columns. */
const MOST_WAITING = 1 << 23
const LEAST_ROWS = 256

/** Whether as many rows are complete as are packed together. */
export function isWorthPacking({ scanner, columns }: Progress): boolean {
  const { rows } = scanner
  return rows >= SEGMENT_ROWS || (rows >= LEAST_ROWS && rows * columns.length > MOST_WAITING)
}

/** Texts that wait to be handed over together, in bytes. */
const MOST_TEXT = 64_000_000

/** Whether a batch has as many rows as were asked for, or as many as memory has room for. */
export function isFull(progress: Progress, most: number): boolean {
  const { scanner, columns } = progress
  if (scanner.rows >= most) return true
  if (scanner.rows * columns.length > MOST_WAITING) return true
  return columns.reduce((sum, { textWeight }) => sum + textWeight, 0) > MOST_TEXT
}

/** Throws MW-DATA-026 when what is held, with what an earlier reading holds, is more than may be. */
export function refuseTooMuch(
  { limit, shownAs }: Pick<ReadRequest, 'limit' | 'shownAs'>,
  { scanner, columns }: Progress,
  before = 0,
): void {
  if (limit === undefined) return
  const rows = scanner.packedRows + scanner.rows
  const held = before + weightOf(columns) + rows * limit.aRow
  if (held > limit.held) throw tooMuchHeld(shownAs, limit.held, rows)
}

/** What columns hold so far, in bytes. */
export function weightOf(columns: readonly CsvColumn[]): number {
  return columns.reduce((sum, { weight }) => sum + weight, 0)
}
