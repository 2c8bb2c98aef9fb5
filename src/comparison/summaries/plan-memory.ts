import { stat } from 'node:fs/promises'
import { UserError } from '../../errors.js'
import type { DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import { listFiles } from '../../tabular/data-set/list-files.js'
import { formatOf } from '../../tabular/formats.js'
import { memoryLimits } from '../../tabular/memory.js'

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
}

export interface MemoryQuestion {
  /** What is held beside each other: the reference and the current data. */
  readonly samples: readonly DataSetOptions[]
  /** In bytes; most of what there is when undefined. */
  readonly memory: number | undefined
  readonly threads: number
}

/** A process that has read nothing. */
const BASE = 120_000_000
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
  const summaryMemory = room / Math.max(1, samples.length)
  for (let threads = question.threads; threads >= 1; threads--) {
    if (sum(needs.map((need) => bytesFor(need, threads))) > room) continue
    return { readings: needs.map(({ reading }) => reading), threads, summaryMemory }
  }
  const { threads } = question
  return { readings: summarised(needs, { room, threads, summaryMemory }), threads, summaryMemory }
}

/** What needs most is summarised first, until the rest fits. */
function summarised(
  needs: readonly Need[],
  { room, threads, summaryMemory }: Omit<MemoryPlan, 'readings'> & { readonly room: number },
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
  /** Of text files. */
  readonly text: number
  /** Of other files. */
  readonly rows: number
}

/** Cells of text files are as long as numbers in memory; all are held, and once more while they are read. */
const TEXT_FACTOR = 2.5
/** What a column of a file is while it is read and sorted, in bytes a row. */
const BYTES_A_ROW = 32
const PACKED_FACTOR = 8

function bytesFor({ text, rows }: Need, threads: number): number {
  return text * TEXT_FACTOR + rows * BYTES_A_ROW * threads
}

async function needOf(options: DataSetOptions): Promise<Need> {
  let text = 0
  let rows = 0
  for (const { path, name } of await listFiles(options)) {
    const { types, delimiter } = options
    const request = { path, shownAs: name, types, delimiter }
    const format = await formatOf(request)
    if (format.open === undefined) text += await textSize(path)
    else rows += (await format.open(request)).schema.rows ?? 0
  }
  return { reading: text > 0 ? 'table' : 'columns', text, rows }
}

async function textSize(path: string): Promise<number> {
  const { size } = await stat(path)
  return /\.(gz|zst)$/i.test(path) ? size * PACKED_FACTOR : size
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
