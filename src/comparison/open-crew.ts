import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Crew, soloCrew, threadCrew } from './threads/pool.js'

/** Under this, starting a thread takes longer than what it would save. */
const WORTH_THREADS = 8_000_000

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
