import type { Table } from '../domain/table/column.js'
import type { Workspace } from '../files/workspace.js'
import type { Subject } from '../statements/statement.js'
import { concatTables } from './concat-tables.js'
import { hashFile } from './hash-file.js'
import { readTable } from './read-table.js'

export interface DataSet {
  readonly table: Table
  /** The files behind it, in the order in which they were read. */
  readonly files: readonly Subject[]
}

export interface DataSetRequest {
  /** Files and globs below the working directory. */
  readonly patterns: readonly string[]
  readonly workspace: Workspace
  /** The configuration key, for errors. */
  readonly where: string
  readonly signal: AbortSignal
}

/** Reads files that belong together as one table, one below the other. */
export async function readDataSet(request: DataSetRequest): Promise<DataSet> {
  const { patterns, workspace, where, signal } = request
  const tables: Table[] = []
  const files: Subject[] = []
  for (const file of await workspace.glob(patterns, where)) {
    const name = workspace.relative(file)
    const { sha256 } = await hashFile(file, signal)
    tables.push(await readTable(file, { shownAs: name, signal }))
    files.push({ name, digest: { sha256 } })
  }
  return {
    table: concatTables(
      tables,
      files.map(({ name }) => name),
    ),
    files,
  }
}
