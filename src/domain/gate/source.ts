import type { Problem } from '../problem.js'
import { type Column, findColumn, type Table } from '../table/column.js'

/** A file of predictions that has been read. `file` is its name as the user wrote it. */
export interface Source {
  readonly file: string
  readonly table: Table
  /** All columns of the file, where not all were read. */
  readonly names?: readonly string[] | undefined
}

/** Rows of a file. */
export interface Cut {
  readonly source: Source
  readonly rows: Int32Array
}

/** Which columns hold what. */
export interface ColumnNames {
  readonly id: string
  readonly label: string
  readonly prediction: string
  readonly score: string
  /** Columns that must be there beside; what a rule slices by need not be listed. */
  readonly groups?: readonly string[] | undefined
  /** Columns with a score for each class: a map from class to column, or what their names start with before the class. */
  readonly scores?: string | Readonly<Record<string, string>> | undefined
  readonly weight?: string | undefined
  readonly cluster?: string | undefined
  /** In ranking: the query that a row answers. */
  readonly query?: string | undefined
  /** In generation: the number of a sample, where an example has several. */
  readonly sample?: string | undefined
}

/** Collects what is wrong while the examples are read, so that the user sees all of it at once. */
export class ProblemList {
  readonly found: Problem[] = []

  add(problem: Problem): undefined {
    this.found.push(problem)
    return undefined
  }
}

const SHOWN = 20

/** A column that must be there; `setting` is the configuration key that names it. */
export function requireColumn(
  source: Source,
  wanted: { readonly name: string; readonly setting: string },
  problems: ProblemList,
): Column | undefined {
  const column = findColumn(source.table, wanted.name)
  if (column !== undefined) return column
  const names = source.names ?? source.table.columns.map(({ name }) => name)
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : ''
  return problems.add({
    code: 'MW-GATE-012',
    where: source.file,
    what: `column "${wanted.name}" not found. Found: ${names.slice(0, SHOWN).join(', ')}${more}.`,
    fix: `Name it with ${wanted.setting}.`,
  })
}
