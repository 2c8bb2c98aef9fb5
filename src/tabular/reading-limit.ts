import { UserError } from '../errors.js'

/** What reading may take, as plain data that a thread can be told. */
export interface ReadingLimit {
  /** Of a table that is held as a whole, in bytes. */
  readonly held: number
  /** What each row of such a table takes beside its packed cells, while a column of it is compared. */
  readonly aRow: number
  /** Of one column, where columns are read one by one, in bytes. */
  readonly column: number
}

/** A table that is read as a whole is larger than what may be held: what can do without holding it catches this. */
export class TooMuchHeld extends UserError {}

export function tooMuchHeld(shownAs: string, limit: number, rows?: number): TooMuchHeld {
  const after = rows === undefined ? '' : ` after ${rows} rows`
  return new TooMuchHeld({
    code: 'MW-DATA-026',
    where: shownAs,
    what: `what is to be held of its rows is more than the ${megabytes(limit)} that there are for it${after}.`,
    fix: 'Allow more memory (drift.memory), name fewer columns, or write a Parquet file, of which a column is read at a time.',
  })
}

/** MW-DATA-027, before a byte of the column is read. */
export function columnTooLarge(
  shownAs: string,
  column: string,
  { needed, most }: { readonly needed: number; readonly most: number },
): UserError {
  return new UserError({
    code: 'MW-DATA-027',
    where: shownAs,
    what: `column ${JSON.stringify(column.slice(0, 200))} unpacks to what takes ${megabytes(needed)}, and there are ${megabytes(most)} for it.`,
    fix: 'Allow more memory (drift.memory), leave the column out (drift.columns.ignore), or write smaller row groups.',
  })
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

/** What a number is while its column is read and sorted, in bytes a row. */
export const BYTES_A_ROW = 32
/** The code of a text. */
const BYTES_A_CODE = 12
/** A text beside its characters: a header, and its entries where it is counted on both sides, and handed from thread to thread. */
export const BYTES_A_TEXT = 250
/** A text is in a page, in the pool of all texts, and a string. */
const COPIES = 4
/** A text of four characters behind its length: distinct texts are hardly shorter. */
const SHORT_TEXT = 8

/** What a column takes that unpacks to so many bytes, while it is read and compared. */
export function weightOfColumn(column: {
  readonly rows: number
  readonly bytes: number
  readonly isText: boolean
}): number {
  const { rows, bytes, isText } = column
  if (!isText) return rows * BYTES_A_ROW
  const texts = Math.min(rows, bytes / SHORT_TEXT)
  return rows * BYTES_A_CODE + bytes * COPIES + texts * BYTES_A_TEXT
}
