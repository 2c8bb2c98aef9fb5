import type { DataSetOptions } from '../tabular/data-set/data-set-options.js'
import { openDataSet } from '../tabular/data-set/open-data-set.js'
import { TooMuchHeld } from '../tabular/reading-limit.js'
import type { SourceFacts } from './source.js'

export type FileSource = Extract<SourceFacts, { kind: 'files' }>

/**
 * Opens files as one sample. What can only be read as a whole is read at once, packed, into memory that threads share, unless the options say not to hold it,
 * or it turns out to be more than the limit: then it is not held, as the options of the result say. What may not be held either way is MW-DATA-026.
 */
export async function openFiles(
  options: DataSetOptions,
  signal?: AbortSignal,
): Promise<FileSource> {
  try {
    return await openHeld(options, signal)
  } catch (error) {
    if (!(error instanceof TooMuchHeld) || options.hold === false) throw error
    return openHeld({ ...options, hold: false }, signal)
  }
}

async function openHeld(
  options: DataSetOptions,
  signal: AbortSignal | undefined,
): Promise<FileSource> {
  const set = await openDataSet(options, signal)
  const facts = set.describe()
  if (!facts.isText || options.hold === false) return { kind: 'files', facts, table: undefined }
  const names = set.columns.map(({ name }) => name)
  return { kind: 'files', facts, table: await set.readPacked(names, signal) }
}
