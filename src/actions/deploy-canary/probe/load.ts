import type { LatencyMeasured } from '../../../domain/probe/latency.js'
import type { Rows } from '../../../domain/probe/tensor.js'
import { ExternalError } from '../../../errors.js'
import type { ModelEndpoint } from '../../../ports/probe.js'

/** A server that fails this often is not asked further: each may take as long as it may. */
const MOST_FAILURES = 10

export interface Load {
  readonly requests: number
  readonly concurrency: number
  readonly signal: AbortSignal
  /** Milliseconds that only grow. */
  readonly clock: () => number
}

/**
 * Sends requests of one row each, `concurrency` at a time, each when the one before it was answered (a closed loop), and says how long
 * they took. It ends early once ten have failed.
 */
export async function sendLoad(
  endpoint: ModelEndpoint,
  { columns, rows }: Rows,
  load: Load,
): Promise<LatencyMeasured> {
  const { requests, concurrency, signal, clock } = load
  const milliseconds: number[] = []
  const failures: string[] = []
  let next = 0
  const user = async (): Promise<void> => {
    while (next < requests && failures.length < MOST_FAILURES) {
      const row = rows[next % rows.length] ?? []
      next += 1
      const started = clock()
      try {
        await endpoint.predict({ columns, rows: [row] }, signal)
        milliseconds.push(clock() - started)
      } catch (error) {
        if (!(error instanceof ExternalError) || signal.aborted) throw error
        failures.push(error.message)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, user))
  return { milliseconds, failures, concurrency }
}
