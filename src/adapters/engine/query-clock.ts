import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, ExternalError } from '../../errors.js'

export interface QueryClock {
  /** For messages. */
  readonly service: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** How long a cancellation may take. */
const CANCEL_MS = 10_000
const LONGEST_PAUSE_MS = 5_000

/**
 * Does the work of one query, for as long as it may take. Whenever the work fails, `cancel` stops in the engine what may still run
 * there: nobody is going to read it.
 */
export async function underClock<T>(
  clock: QueryClock,
  work: (signal: AbortSignal) => Promise<T>,
  cancel: (signal: AbortSignal) => Promise<void>,
): Promise<T> {
  const timeout = AbortSignal.timeout(clock.timeoutMs)
  try {
    clock.signal.throwIfAborted()
    return await work(AbortSignal.any([clock.signal, timeout]))
  } catch (error) {
    // What failed matters, and not whether the engine could still be told.
    await cancel(AbortSignal.timeout(CANCEL_MS)).catch(() => undefined)
    if (clock.signal.aborted) {
      throw new CancelledError(`The query of ${clock.service} was cancelled.`, { cause: error })
    }
    throw timeout.aborted ? tooLong(clock, error) : error
  }
}

function tooLong({ service, timeoutMs }: QueryClock, cause: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DRIFT-764',
      service,
      what: `a query took longer than ${Number((timeoutMs / 60_000).toPrecision(3))} minutes (connection.timeout-minutes) and was cancelled.`,
      retryable: true,
    },
    { cause },
  )
}

/** Asks for a query's state, less and less often, until there is an answer. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  firstDelayMs: number,
  signal: AbortSignal,
): Promise<T> {
  for (let pause = firstDelayMs; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(pause, undefined, { signal })
  }
}
