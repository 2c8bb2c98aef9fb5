import type { Table } from '../domain/table/column.js'
import { throwIfCancelled } from './byte-source.js'
import { formatOf } from './formats.js'

export interface TableBatchesOptions {
  /** The path as the user wrote it: named in every error. */
  readonly shownAs: string
  /** Those that the file does not have are left out. */
  readonly columns: readonly string[]
  readonly signal: AbortSignal
}

/** The rows of a file, as many at a time as lie together in it: a row group of Parquet, all of other files. */
export async function* tableBatches(
  path: string,
  { shownAs, columns, signal }: TableBatchesOptions,
): AsyncGenerator<Table> {
  throwIfCancelled(signal)
  const format = await formatOf({ path, shownAs })
  const schema = await format.readSchema({ path, shownAs, skipNested: true })
  const found = new Set(schema.columns.map(({ name }) => name))
  const wanted = columns.filter((name) => found.has(name))
  const table = await format.open?.({ path, shownAs, signal })
  if (table === undefined) {
    yield await format.readTable({ path, shownAs, columns: wanted, signal })
    return
  }
  if (table.parts.length === 0) yield await table.read({ columns: wanted, signal })
  for (const part of table.parts.keys()) {
    throwIfCancelled(signal)
    yield await table.read({ columns: wanted, parts: [part], signal })
  }
}
