import type { ExternalError } from '../../../errors.js'

/** An answer of GitHub that is not a success, or a connection that failed (status undefined). */
export interface Failure {
  readonly status: number | undefined
  readonly message: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface Pauses {
  readonly sleep: (milliseconds: number) => Promise<void>
  /** In [0, 1). */
  readonly random: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const ATTEMPTS = 5
const FIRST_PAUSE = 500
/** The most that all pauses of one call may last together. */
const PATIENCE = 30_000

export interface Attempt<T> {
  readonly work: () => Promise<T>
  readonly describe: (error: unknown) => Failure | undefined
  /** Called with the last failure; makes the error that is thrown. */
  readonly giveUp: (failure: Failure, cause: unknown) => ExternalError
  /** Looks, before a repetition, whether the failed attempt did its work after all. */
  readonly recover?: (() => Promise<T | undefined>) | undefined
}

/**
 * Repeats `work` where that can help: lost connections, 5xx, 429 and rate limits. Waits twice as
 * long each time, or as long as GitHub asks; gives up after 5 attempts, or at once where the pauses
 * would last more than 30 s together. Errors that are not GitHub's pass through.
 */
export async function withRetry<T>(attempt: Attempt<T>, pauses: Pauses): Promise<T> {
  let waited = 0
  for (let count = 1; ; count++) {
    try {
      return await attempt.work()
    } catch (error) {
      const failure = attempt.describe(error)
      if (failure === undefined) throw error
      const pause = pauseBefore(failure, count, pauses)
      if (pause === undefined || waited + pause > PATIENCE) throw attempt.giveUp(failure, error)
      waited += pause
      await pauses.sleep(pause)
      const recovered = await attempt.recover?.()
      if (recovered !== undefined) return recovered
    }
  }
}

/** Milliseconds to wait before the next attempt, or undefined where another one cannot help. */
function pauseBefore(failure: Failure, count: number, pauses: Pauses): number | undefined {
  if (count >= ATTEMPTS || !isPassing(failure)) return undefined
  const backoff = FIRST_PAUSE * 2 ** (count - 1) * (1 + pauses.random() / 2)
  return Math.max(backoff, asked(failure, pauses.now()) ?? 0)
}

export function isPassing(failure: Failure): boolean {
  const { status } = failure
  return status === undefined || status >= 500 || status === 408 || isRateLimit(failure)
}

export function isRateLimit(failure: Failure): boolean {
  if (failure.status === 429) return true
  if (failure.status !== 403) return false
  return (
    failure.headers['retry-after'] !== undefined ||
    failure.headers['x-ratelimit-remaining'] === '0' ||
    /rate limit/i.test(failure.message)
  )
}

/** The pause that GitHub asks for: `retry-after` in seconds, else the time its limit is reset. */
function asked(failure: Failure, now: number): number | undefined {
  const after = Number(failure.headers['retry-after'] ?? Number.NaN)
  if (Number.isFinite(after)) return Math.max(0, after * 1000)
  const reset = Number(failure.headers['x-ratelimit-reset'] ?? Number.NaN)
  const exhausted = failure.headers['x-ratelimit-remaining'] === '0'
  return exhausted && Number.isFinite(reset) ? Math.max(0, reset * 1000 - now) : undefined
}
