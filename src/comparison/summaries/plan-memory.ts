import { UserError } from '../../errors.js'
import { readBytes, withFile } from '../../tabular/byte-source.js'
import type { DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import { listFiles } from '../../tabular/data-set/list-files.js'
import { formatOf } from '../../tabular/formats.js'
import { memoryLimits } from '../../tabular/memory.js'
import { BYTES_A_ROW, type ReadingLimit, weightOfColumn } from '../../tabular/reading-limit.js'
import type { OpenTable } from '../../tabular/table-format.js'
import { isCompressed, unpackedSize } from '../../tabular/unpacked-size.js'

/**
 * How a sample is read: `table` as a whole (text files), `columns` one at a time (Parquet and Arrow), `summaries` in one pass that keeps
 * no more than sketches.
 */
export type Reading = 'table' | 'columns' | 'summaries'

export interface MemoryPlan {
  /** How each sample is read, in the order of the question. */
  readonly readings: readonly Reading[]
  /** Each thread holds a column: fewer of them may let all data be read as it is. */
  readonly threads: number
  /** What the summaries of one sample may take, in bytes. */
  readonly summaryMemory: number
  /** What reading each sample may take: sizes are told by the files, and a few bytes may unpack to any number. */
  readonly limits: readonly ReadingLimit[]
}

export interface MemoryQuestion {
  /** What is held beside each other: the reference and the current data. */
  readonly samples: readonly DataSetOptions[]
  /** In bytes; most of what there is when undefined. */
  readonly memory: number | undefined
  readonly threads: number
}

/** A process that has read nothing, and what it keeps of the pages and cells of a column that is done until it is collected. */
const BASE = 120_000_000
/** The same of each further thread: 1,000,000 rows beside 1,000,000 take 190 MB in one thread and 305 in two. */
const THREAD = 60_000_000
/** Less than this is no room for the sketches of a few columns. */
const LEAST = 64_000_000

/**
 * Which samples fit in memory beside each other, by the sizes of their files: those that need most are summarised first. Throws
 * MW-DRIFT-901 for a memory with no room for anything.
 */
export async function planMemory(question: MemoryQuestion): Promise<MemoryPlan> {
  const { samples } = question
  const memory = question.memory ?? memoryLimits().total
  const room = memory - BASE
  if (room < LEAST) throw noRoom(memory)
  const needs: Need[] = []
  for (const sample of samples) needs.push(await needOf(sample))
  const left = (threads: number) => room - bytesOfThreads(threads)
  const share = (threads: number) => left(threads) / Math.max(1, samples.length)
  for (let threads = question.threads; threads >= 1; threads--) {
    if (sum(needs.map((need) => bytesFor(need, threads))) > left(threads)) continue
    const readings = needs.map(({ reading }) => reading)
    const limits = limitsOf(needs, left(threads), threads)
    return { readings, threads, summaryMemory: share(threads), limits }
  }
  let { threads } = question
  const part = Math.max(0, ...needs.map((need) => need.part))
  while (threads > 1 && left(threads) < Math.max(LEAST, part * threads)) threads--
  const summaryMemory = share(threads)
  const readings = summarised(needs, { room: left(threads), threads, summaryMemory })
  const taken = needs.map((need, i) => (readings[i] === 'summaries' ? NOTHING : need))
  return { readings, threads, summaryMemory, limits: limitsOf(taken, left(threads), threads) }
}

/** What is left beside all samples as they were planned is for any of them. */
function limitsOf(needs: readonly Need[], room: number, threads: number): readonly ReadingLimit[] {
  const planned = needs.map((need) => bytesFor(need, threads))
  const spare = Math.max(0, room - sum(planned)) / Math.max(1, needs.length)
  const aRow = BYTES_A_ROW * threads
  return planned.map((bytes) => ({ held: bytes + spare, aRow, column: room / threads }))
}

/** One thread is the process itself. */
function bytesOfThreads(threads: number): number {
  return threads > 1 ? threads * THREAD : 0
}

interface Room extends Pick<MemoryPlan, 'threads' | 'summaryMemory'> {
  readonly room: number
}

/** What needs most is summarised first, until the rest fits. */
function summarised(
  needs: readonly Need[],
  { room, threads, summaryMemory }: Room,
): readonly Reading[] {
  const readings: Reading[] = needs.map(({ reading }) => reading)
  const taken = needs.map((need) => bytesFor(need, threads))
  const byNeed = needs.map((_, i) => i).sort((a, b) => (taken[b] ?? 0) - (taken[a] ?? 0))
  for (const largest of byNeed) {
    if (sum(taken) <= room) break
    if ((taken[largest] ?? 0) <= summaryMemory) continue
    readings[largest] = 'summaries'
    taken[largest] = summaryMemory
  }
  return readings
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

interface Need {
  readonly reading: Exclude<Reading, 'summaries'>
  /** What is held of files of text, in bytes. */
  readonly held: number
  /** The largest column, while it is read and compared. */
  readonly column: number
  /** The largest column of one row group. */
  readonly part: number
}

const NOTHING: Need = { reading: 'columns', held: 0, column: 0, part: 0 }

/** Of the size of a file: packed cells are hardly longer than their text, but of texts that all differ there are copies. */
const PACKED_TEXT = 1.5
/** Cells that are not packed before all are read. */
const OTHER_TEXT = 2.5

function bytesFor({ held, column }: Need, threads: number): number {
  return held + column * threads
}

async function needOf(options: DataSetOptions): Promise<Need> {
  let isText = false
  let held = 0
  let column = 0
  let part = 0
  for (const { path, name } of await listFiles(options)) {
    const { types, delimiter } = options
    const request = { path, shownAs: name, types, delimiter }
    const format = await formatOf(request)
    if (format.open === undefined) {
      const size = await unpackedSize(path)
      isText = true
      held += size * (format.readPacked === undefined ? OTHER_TEXT : PACKED_TEXT)
      column += (size / (await lineLength(path))) * BYTES_A_ROW
    } else {
      const weight = weightOfLargest(await format.open(request), options.columns)
      column += weight.column
      part = Math.max(part, weight.part)
    }
  }
  return { reading: isText ? 'table' : 'columns', held, column, part }
}

/** By the sizes that the file tells: of all rows, and of those of the largest row group. */
function weightOfLargest(
  { schema, parts }: OpenTable,
  names: readonly string[] | undefined,
): Pick<Need, 'column' | 'part'> {
  const rows = schema.rows ?? 0
  const most = parts.reduce((found, one) => Math.max(found, one.rows), 0)
  const wanted = names && new Set(names)
  const largest = { column: rows * BYTES_A_ROW, part: most * BYTES_A_ROW }
  for (const { name, type, bytes = 0 } of schema.columns) {
    if (wanted?.has(name) === false) continue
    const isText = type === 'string'
    const part = { rows: most, bytes: (bytes * most) / Math.max(1, rows), isText }
    largest.column = Math.max(largest.column, weightOfColumn({ rows, bytes, isText }))
    largest.part = Math.max(largest.part, weightOfColumn(part))
  }
  return largest
}

/** Looked at to tell how long a line is. */
const LOOKED_AT = 1 << 16
/** Of a file that is compressed. */
const USUAL_LINE = 50

async function lineLength(path: string): Promise<number> {
  if (isCompressed(path)) return USUAL_LINE
  const bytes = await withFile({ path, shownAs: path }, (handle) => readBytes(handle, 0, LOOKED_AT))
  let lines = 1
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return Math.max(1, bytes.length / lines)
}

/** `512MB` or `1GB` in bytes. */
export function bytesOf(memory: string): number {
  return Number.parseFloat(memory) * (memory.endsWith('GB') ? 1e9 : 1e6)
}

function noRoom(memory: number): UserError {
  return new UserError({
    code: 'MW-DRIFT-901',
    where: 'drift.memory',
    what: `${Math.round(memory / 1e6)} MB are too few: reading alone takes ${(BASE + LEAST) / 1e6} MB.`,
    fix: 'Allow more.',
  })
}

/** Windows need rows, and summaries have none: MW-DRIFT-902. `where` names the sample. */
export function refuseWindows(where: string): never {
  throw new UserError({
    code: 'MW-DRIFT-902',
    where,
    what: 'the data does not fit in the memory allowed, and summaries of it cannot be split into windows.',
    fix: 'Allow more with drift.memory, write Parquet files, or select the window with drift.rows.where.',
  })
}
