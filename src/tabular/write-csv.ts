import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Column, Table } from '../domain/table/column.js'

const flushAt = 1 << 20

/**
 * Writes a table as CSV: comma, LF, UTF-8, a header row, at once or not at all (a temporary file in the same
 * folder is renamed). Missing cells are unquoted and empty, the empty string is `""`; cells with a comma, a
 * quote or a line break are quoted. Numbers are written so that they read back to the same double, whole
 * numbers beyond 2^53 with an exponent; timestamps as ISO 8601 in UTC, to the millisecond. Text that looks
 * like another type (`12`, `true`) is not marked: state its type when reading it back.
 */
export async function writeCsv(path: string, table: Table): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`)
  try {
    const handle = await open(temporary, 'wx')
    try {
      await writeRows(handle, table)
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cause
  }
}

async function writeRows(handle: FileHandle, table: Table): Promise<void> {
  const writers = table.columns.map(cellWriter)
  let text = `${table.columns.map(({ name }) => quoted(name)).join(',')}\n`
  for (let row = 0; row < table.rows; row++) {
    text += `${writers.map((write) => write(row)).join(',')}\n`
    if (text.length < flushAt) continue
    await handle.write(text)
    text = ''
  }
  await handle.write(text)
}

function cellWriter(column: Column): (row: number) => string {
  if (column.kind === 'categorical') {
    const cells = column.categories.map(quoted)
    return (row) => cells[column.codes[row] ?? -1] ?? ''
  }
  const write = column.type === 'timestamp' ? timestampText : numberText
  return (row) => {
    const value = column.values[row] ?? Number.NaN
    return Number.isNaN(value) ? '' : write(value)
  }
}

/** Also quotes what spaces at the ends, a lone CR or a byte order mark could change. */
function quoted(text: string): string {
  return text === '' || /[",\r\n;\t|\uFEFF]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? value.toExponential()
    : String(value)
}

function timestampText(value: number): string {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
