import { Conflict } from '../../../clouds/google-failures.js'
import { ExternalError, UserError } from '../../../errors.js'

/** Whether an unguarded write failed only because another one came in between. */
export function isOvertaken(error: unknown): boolean {
  if (error instanceof Conflict) return true
  return error instanceof UserError && error.problems.some(({ code }) => code === CHANGED)
}

/** Whether a write was taken, and is not what is read. */
export function isLate(error: unknown): boolean {
  return error instanceof ExternalError && error.details.code === 'MW-DEPLOY-261'
}

const CHANGED = 'MW-DEPLOY-004'
