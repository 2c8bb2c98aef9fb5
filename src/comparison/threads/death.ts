import { UserError } from '../../errors.js'
import { hasCode } from '../../files/errno.js'

/** The error of a task whose thread died over it. */
export function deathOf(cause: unknown): Error {
  if (hasCode(cause, 'ERR_WORKER_OUT_OF_MEMORY')) return outOfMemory(cause)
  return new Error(`A thread that compares columns died: ${messageOf(cause)}`, { cause })
}

/** By its shape: what a thread throws comes from another realm. */
export function messageOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return String(hasMessage ? error.message : error)
}

export function outOfMemory(cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DRIFT-015',
      where: 'drift',
      what: 'there was not enough memory to compare a column.',
      fix: 'Use fewer drift.threads, state drift.memory, take a random sample of the rows with drift.rows.sample, or take a larger runner.',
    },
    { cause },
  )
}
