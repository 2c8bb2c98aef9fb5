import type { Query } from '../../../domain/drift/engine/summary-query.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { engineFailure } from './failures.js'

/** Asks a query and reads its answer. */
export type Ask = <T>(query: Query<T>) => Promise<T>

export function askOf(engine: QueryEngine, signal: AbortSignal): Ask {
  return async ({ sql, read }) => {
    const answer = await engine.query(sql, signal)
    return read(answer.rows)
  }
}

const AT_ONCE = 3

export interface Work<T, R> {
  readonly items: readonly T[]
  readonly run: (item: T, signal: AbortSignal) => Promise<R>
}

/** A few pieces of work at a time, in order; the first failure cancels the others' queries. */
export async function inTurn<T, R>(
  engine: QueryEngine,
  signal: AbortSignal,
  { items, run }: Work<T, R>,
): Promise<readonly R[]> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const results = new Map<number, R>()
  const queue = [...items.entries()]
  async function worker(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      either.throwIfAborted()
      results.set(next[0], await run(next[1], either))
    }
  }
  const workers = Array.from({ length: AT_ONCE }, async () => {
    try {
      await worker()
    } catch (error) {
      const failure = failed.signal.aborted ? undefined : engineFailure(error, engine.name)
      failed.abort()
      return failure
    }
    return undefined
  })
  const failures = await Promise.all(workers)
  const first = failures.find((failure) => failure !== undefined)
  if (first !== undefined) throw first
  signal.throwIfAborted()
  return items.map((_, index) => results.get(index) as R)
}
