import { UserError } from '../errors.js'
import type { ColumnType } from './table-format.js'

/** Where in which file: the path as the user wrote it and the line, counted from 1. */
export interface Place {
  readonly shownAs: string
  readonly line?: number | undefined
}

function where(place: Place): string {
  return place.line === undefined ? place.shownAs : `${place.shownAs}:${place.line}`
}

export function emptyFile(
  place: Place,
  what: string,
  needs: 'header' | 'objects' = 'header',
): UserError {
  return new UserError({
    code: 'MW-DATA-004',
    where: where(place),
    what,
    fix:
      needs === 'header'
        ? 'Write a header row with the column names and then the rows.'
        : 'Write one JSON object a line.',
  })
}

export function wrongCellCount(place: Place, found: number, expected: number): UserError {
  const cells = found === 1 ? '1 cell' : `${found} cells`
  return new UserError({
    code: 'MW-DATA-006',
    where: where(place),
    what: `the row has ${cells} but the header has ${expected}.`,
    fix: 'Quote cells that hold the delimiter or a newline, or state the delimiter.',
  })
}

/** What a cell or a line may have at most, in bytes: texts of 512 MB cannot be, and one of 64 MB is no cell of a table. */
export const LONGEST_TEXT = 64_000_000

export function textTooLong(place: Place, of: 'cell' | 'header' | 'line'): UserError {
  const fix = {
    cell: 'Close the quotes that were opened, write line ends, or state the delimiter.',
    header: 'Write a header row with the column names and then the rows, each in a line.',
    line: 'Write one JSON object a line.',
  }
  return new UserError({
    code: 'MW-DATA-028',
    where: where(place),
    what: `a ${of} is longer than ${LONGEST_TEXT / 1e6} MB.`,
    fix: fix[of],
  })
}

export function unterminatedQuote(place: Place): UserError {
  return new UserError({
    code: 'MW-DATA-007',
    where: where(place),
    what: 'a quoted cell begins here and never ends.',
    fix: 'Close the quote; write a quote inside of a quoted cell twice.',
  })
}

export function notUtf8(place: Place): UserError {
  return new UserError({
    code: 'MW-DATA-008',
    where: where(place),
    what: 'the text is not valid UTF-8.',
    fix: 'Save the file as UTF-8.',
  })
}

export function nulByte(place: Place): UserError {
  return new UserError({
    code: 'MW-DATA-009',
    where: where(place),
    what: 'the file holds a NUL byte, so it is binary or UTF-16, not CSV.',
    fix: 'Save the file as UTF-8 text.',
  })
}

export function textAfterQuote(place: Place): UserError {
  return new UserError({
    code: 'MW-DATA-010',
    where: where(place),
    what: 'text follows the closing quote of a cell.',
    fix: 'Write a quote inside of a quoted cell twice.',
  })
}

export function doesNotFit(place: Place, column: string, type: ColumnType): UserError {
  return new UserError({
    code: 'MW-DATA-011',
    where: where(place),
    what: `a cell of column ${JSON.stringify(column)} is not of the stated type ${type}.`,
    fix: 'Mend the cell or state another type.',
  })
}

export function badDelimiter(place: Place, delimiter: string): UserError {
  return new UserError({
    code: 'MW-DATA-012',
    where: where(place),
    what: `${JSON.stringify(delimiter)} cannot be a delimiter.`,
    fix: 'Use one ASCII character that is not a quote or a newline.',
  })
}

export function carriageReturns(place: Place): UserError {
  return new UserError({
    code: 'MW-DATA-020',
    where: where(place),
    what: 'lines end with a carriage return alone.',
    fix: 'Save the file with LF or CRLF line ends.',
  })
}

export function notAnObject(place: Place, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DATA-021',
      where: where(place),
      what: 'the line is not a JSON object.',
      fix: 'Write one object a line, as {"id": 1, "label": "yes"}.',
    },
    { cause },
  )
}

export function nestedValue(place: Place, column: string): UserError {
  return new UserError({
    code: 'MW-DATA-022',
    where: where(place),
    what: `a cell of column ${JSON.stringify(column)} is a list or an object.`,
    fix: 'Flatten before writing, or name the columns to read without this one.',
  })
}
