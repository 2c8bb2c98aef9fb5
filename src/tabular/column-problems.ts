import { UserError } from '../errors.js'

/** All nested columns at once. */
export function nestedColumns(shownAs: string, names: readonly string[]): UserError {
  const listed = names.map((name) => JSON.stringify(name)).join(', ')
  const what =
    names.length === 1
      ? `column ${listed} is nested (a list, map or struct).`
      : `columns ${listed} are nested (lists, maps or structs).`
  return new UserError({
    code: 'MW-DATA-016',
    where: shownAs,
    what,
    fix: 'Flatten before writing, or name the columns to read without these.',
  })
}

/** The file may be valid, but it uses what is not read here. */
export function unsupported(shownAs: string, what: string): UserError {
  return new UserError({
    code: 'MW-DATA-017',
    where: shownAs,
    what: `${what} is not supported.`,
    fix: 'Write the file with other types or settings, or do not name the column.',
  })
}

export function textNotUtf8(shownAs: string, column: string): UserError {
  return new UserError({
    code: 'MW-DATA-018',
    where: shownAs,
    what: `column ${JSON.stringify(column)} holds bytes that are not UTF-8 text.`,
    fix: 'Write the column as text or numbers, or do not name it.',
  })
}
