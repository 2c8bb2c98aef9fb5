import type { DataSetOptions } from '../tabular/data-set/data-set-options.js'
import { openDataSet } from '../tabular/data-set/open-data-set.js'
import type { SourceFacts } from './source.js'

export type FileSource = Extract<SourceFacts, { kind: 'files' }>

/** Opens files as one sample. What can only be read as a whole is read at once, packed, into memory that threads share, unless the options say not to hold it. */
export async function openFiles(
  options: DataSetOptions,
  signal?: AbortSignal,
): Promise<FileSource> {
  const set = await openDataSet(options, signal)
  const facts = set.describe()
  if (!facts.isText || options.hold === false) return { kind: 'files', facts, table: undefined }
  const names = set.columns.map(({ name }) => name)
  return { kind: 'files', facts, table: await set.readPacked(names, signal) }
}
