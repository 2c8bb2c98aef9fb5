import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Crew, soloCrew, threadCrew } from './threads/pool.js'

/**
 * Under this, starting threads takes longer than they save: two read 18 MB in 0.67 s and 40 MB in 0.75 s, where one takes 0.60 and
 * 0.82 s. Text and Parquet cost about the same a byte.
 */
const WORTH_THREADS = 30_000_000

export interface CrewOptions {
  /** The folder of all bundles. */
  readonly distribution: URL
  readonly threads: number | undefined
  /** Absolute paths of what will be read. */
  readonly files: readonly string[]
  readonly signal: AbortSignal
}

/** Threads where there is enough to do for them, and the bundle that they run is there. */
export async function openCrew(options: CrewOptions): Promise<Crew> {
  const { distribution, files, signal } = options
  const threads = options.threads ?? availableParallelism()
  const worker = new URL('comparison/index.js', distribution)
  if (threads < 2 || !existsSync(worker)) return soloCrew(signal)
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return bytes < WORTH_THREADS ? soloCrew(signal) : threadCrew(worker, { threads, signal })
}
