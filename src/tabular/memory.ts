import { stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { UserError } from '../errors.js'
import type { TableSchema } from './table-format.js'

/** What a process may use, in bytes: all of it, and of that the heap of texts and objects. */
export interface MemoryLimits {
  readonly total: number
  readonly heap: number
}

/** A share of what the machine (or the container around the process) and Node.js allow. */
export function memoryLimits(share = 0.6): MemoryLimits {
  const constrained = process.constrainedMemory?.() ?? 0
  // Without a limit it is 0, or larger than any machine.
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { total: memory * share, heap: getHeapStatistics().heap_size_limit * share }
}

export interface FileToWeigh {
  readonly path: string
  readonly shownAs: string
  readonly schema: TableSchema
  /** Columns that are to be read. */
  readonly wanted: readonly string[]
}

/** A number takes 8 bytes, once as read and about twice as joined and cut. */
const BYTES_A_NUMBER = 24
/** A distinct text is a string with a header, and an entry of a table. */
const TEXT_FACTOR = 4
/** JSON becomes a number or a string for each cell before it becomes a column. */
const JSON_FACTOR = 3
const PACKED_FACTOR = 8

/**
 * Refuses a file whose wanted columns would not fit in memory, before anything is read of it: MW-DATA-023. Of Parquet and Arrow the
 * file tells rows and sizes; of text the size of the file is what there is to go by.
 */
export async function refuseTooLarge(file: FileToWeigh, limits: MemoryLimits): Promise<void> {
  const needed = await memoryNeeded(file)
  const excess =
    needed.total > limits.total
      ? { needed: needed.total, limit: limits.total, of: 'memory' }
      : { needed: needed.heap, limit: limits.heap, of: 'memory for texts' }
  if (!(excess.needed > excess.limit)) return
  throw new UserError({
    code: 'MW-DATA-023',
    where: file.shownAs,
    what: `reading ${file.wanted.length} columns${rowsText(file.schema.rows)} would take about ${gigabytes(excess.needed)} of ${excess.of}, and ${gigabytes(excess.limit)} may be used.`,
    fix: 'Use a random sample of the rows, name fewer columns, write ids as integers in a Parquet file, or take a larger runner.',
  })
}

async function memoryNeeded(file: FileToWeigh): Promise<MemoryLimits> {
  const { rows, columns } = file.schema
  const wanted = columns.filter(({ name }) => file.wanted.includes(name))
  const texts = wanted.filter(({ type }) => type === 'string')
  if (rows !== undefined && columns.every(({ bytes }) => bytes !== undefined)) {
    const heap = texts.reduce((sum, { bytes = 0 }) => sum + bytes * TEXT_FACTOR, 0)
    return { total: rows * wanted.length * BYTES_A_NUMBER + heap, heap }
  }
  const { size } = await stat(file.path)
  const content = /\.(gz|zst)$/i.test(file.path) ? size * PACKED_FACTOR : size
  const share = content / Math.max(1, columns.length)
  if (/\.(jsonl|ndjson)(\.(gz|zst))?$/i.test(file.path)) {
    const heap = share * wanted.length * JSON_FACTOR
    return { total: heap * 2, heap }
  }
  const heap = share * texts.length * TEXT_FACTOR
  return { total: (share * wanted.length * BYTES_A_NUMBER) / 8 + heap, heap }
}

function rowsText(rows: number | undefined): string {
  return rows === undefined ? '' : ` of ${rows} rows`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(2)} GB`
}
