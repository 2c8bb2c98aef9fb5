import { setTimeout as sleep } from 'node:timers/promises'
import pRetry, { AbortError } from 'p-retry'
import { CancelledError, ExternalError } from './errors.js'

const RETRIES = 3

interface RetryOptions {
  readonly signal: AbortSignal
  /** Before the second attempt; twice as long before each further one. */
  readonly firstDelayMs: number
  /** What is said where the signal ended it. */
  readonly cancelled: string
  /** How long the other side asked to be left alone, in milliseconds, beside that; 0 where it did not. */
  readonly asked?: ((error: unknown) => number) | undefined
}

/**
 * Tries work up to four times, as long as it fails with an ExternalError that says that it can help. Throws the last
 * error, or CancelledError once the signal is aborted.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { signal, firstDelayMs, cancelled, asked = () => 0 }: RetryOptions,
): Promise<T> {
  try {
    return await pRetry(() => onlyWhatPasses(work()), {
      retries: RETRIES,
      minTimeout: firstDelayMs,
      signal,
      onFailedAttempt: async ({ error }) => {
        const pause = asked(error)
        if (pause > 0) await sleep(pause, undefined, { signal })
      },
    })
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CancelledError(cancelled, { cause: error })
  }
}

/** Errors that a repetition cannot mend end the repetitions. */
async function onlyWhatPasses<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ExternalError && error.details.retryable) throw error
    throw new AbortError(error instanceof Error ? error : new Error(String(error)))
  }
}
