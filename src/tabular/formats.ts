import { UserError } from '../errors.js'
import { type FileToRead, readBytes, withFile } from './byte-source.js'
import type { TableFormat } from './table-format.js'

interface KnownFormat {
  readonly extensions: readonly string[]
  /** Loaded when met, so that reading CSV does not pay for Parquet. */
  readonly load: () => Promise<TableFormat>
}

const csv: KnownFormat = {
  extensions: ['.csv', '.tsv', '.csv.gz', '.tsv.gz', '.csv.zst', '.tsv.zst'],
  load: async () => (await import('./csv/csv-format.js')).csvFormat,
}

const parquet: KnownFormat = {
  extensions: ['.parquet', '.pq'],
  load: async () => (await import('./parquet/parquet-format.js')).parquetFormat,
}

const arrow: KnownFormat = {
  extensions: ['.arrow', '.arrows', '.feather'],
  load: async () => (await import('./arrow/arrow-format.js')).arrowFormat,
}

const jsonLines: KnownFormat = {
  extensions: ['.jsonl', '.ndjson', '.jsonl.gz', '.ndjson.gz', '.jsonl.zst', '.ndjson.zst'],
  load: async () => (await import('./jsonl/jsonl-format.js')).jsonLinesFormat,
}

/** A new format is one file that implements TableFormat and one line here. */
const formats: readonly KnownFormat[] = [csv, parquet, arrow, jsonLines]

/** Whether `readTable` would take the file: Parquet and Arrow files by their content, other formats by the name. */
export async function isTabular(path: string): Promise<boolean> {
  return (
    namedFormat(path) !== undefined || (await formatByMagic({ path, shownAs: path })) !== undefined
  )
}

async function formatByMagic(file: FileToRead): Promise<KnownFormat | undefined> {
  const bytes = await withFile(file, (handle) => readBytes(handle, 0, 6))
  const magic = bytes.toString('latin1')
  if (magic.startsWith('PAR1')) return parquet
  return magic === 'ARROW1' ? arrow : undefined
}

function namedFormat(path: string): KnownFormat | undefined {
  const name = path.toLowerCase()
  return formats.find(({ extensions }) => extensions.some((end) => name.endsWith(end)))
}

/**
 * The format of a file: Parquet and Arrow files by their first bytes whatever the name says, everything else (streams of Arrow
 * too) by the extension.
 * Throws MW-DATA-002 for an unknown extension and MW-DATA-001 when the file cannot be read.
 */
export async function formatOf(file: FileToRead): Promise<TableFormat> {
  const named = (await formatByMagic(file)) ?? namedFormat(file.path)
  if (named !== undefined) return named.load()
  throw new UserError({
    code: 'MW-DATA-002',
    where: file.shownAs,
    what: 'the format of the file is not known.',
    fix: `Use one of ${formats.flatMap(({ extensions }) => extensions).join(', ')}.`,
  })
}
