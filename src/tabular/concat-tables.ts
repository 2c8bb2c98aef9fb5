import type { Table } from '../domain/table/column.js'
import { type SchemaDifference, tryConcatTables } from '../domain/table/concat.js'
import { UserError } from '../errors.js'

/**
 * Puts tables under each other as tryConcatTables does. Throws MW-DATA-019 with all differences when their
 * columns differ; `names` are the files as the user wrote them, in the order of the tables; `noteOf` says
 * more about a column of one of them.
 */
export function concatTables(
  tables: readonly Table[],
  names: readonly string[] = [],
  noteOf: (table: number, column: string) => string = () => '',
): Table {
  const result = tryConcatTables(tables)
  if ('table' in result) return result.table
  const nameOf = (index: number) => names[index] ?? `table ${index + 1}`
  throw new UserError(
    result.differences.map((difference) => ({
      code: 'MW-DATA-019',
      where: nameOf(difference.table),
      what: `${describe(difference, nameOf(0))}${noteOf(difference.table, difference.column)}`,
      fix: 'Give all files the same columns and types, or name the columns that they share.',
    })),
  )
}

function describe(difference: SchemaDifference, first: string): string {
  const column = `column ${JSON.stringify(difference.column)}`
  if (difference.kind === 'column absent') return `${column} of ${first} is absent.`
  if (difference.kind === 'column added') return `${column} is not in ${first}.`
  return `${column} is of type ${difference.found}, elsewhere it is ${difference.expected}.`
}
