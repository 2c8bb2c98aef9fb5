import type { ProbeSection } from '../../../config/deploy/probe.js'
import type { Cell, Rows } from '../../../domain/probe/tensor.js'
import { type Column, findColumn, type Table } from '../../../domain/table/column.js'
import { UserError } from '../../../errors.js'
import { hashFile } from '../../../tabular/hash-file.js'
import { readTable } from '../../../tabular/read-table.js'

type Golden = NonNullable<ProbeSection['golden']>

/** Rows that are sent to a model, and what it must answer to each. */
export interface Examples extends Rows {
  /** The file that they are of, by which they are known again. */
  readonly source: { readonly file: string; readonly sha256: string; readonly rows: number }
  /** In the order of `golden.expected`. */
  readonly expected: readonly (readonly Cell[])[]
}

/** The first rows of a file of examples; `path` is where it is, `golden.file` what people call it. */
export async function readExamples(golden: Golden, path: string): Promise<Examples> {
  const { file } = golden
  const { sha256 } = await hashFile(path, undefined, file)
  return examplesOf(await readTable(path, { shownAs: file }), golden, sha256)
}

function examplesOf(table: Table, golden: Golden, sha256: string): Examples {
  const { file, expected, inputs } = golden
  const answers = expected.map(({ column }) => columnOf(table, column, file))
  const sent =
    inputs?.map((name) => columnOf(table, name, file)) ??
    table.columns.filter((column) => !answers.includes(column))
  const count = Math.min(table.rows, golden.rows)
  if (count === 0 || sent.length === 0) throw empty(file)
  const rowsOf = (columns: readonly Column[]) =>
    Array.from({ length: count }, (_, row) => columns.map((column) => cellAt(column, row)))
  return {
    source: { file, sha256, rows: count },
    columns: sent.map(({ name }) => name),
    rows: rowsOf(sent),
    expected: rowsOf(answers),
  }
}

function columnOf(table: Table, name: string, file: string): Column {
  const column = findColumn(table, name)
  if (column !== undefined) return column
  const found = table.columns.map((one) => one.name).join(', ')
  throw new UserError({
    code: 'MW-DEPLOY-349',
    where: file,
    what: `column ${JSON.stringify(name)} not found. Found: ${found}.`,
    fix: 'Name the columns with inputs and expected of deploy.probe.golden.',
  })
}

function empty(file: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-350',
    where: file,
    what: 'it holds no row, or no column to send.',
    fix: 'Write examples into it, one a row, with the columns that the model takes.',
  })
}

function cellAt(column: Column, row: number): Cell {
  if (column.kind === 'numeric') {
    const value = column.values[row] ?? Number.NaN
    return Number.isNaN(value) ? null : value
  }
  const text = column.categories[column.codes[row] ?? -1]
  if (text === undefined) return null
  return column.type === 'boolean' ? text === 'true' : text
}
