import type { Problem } from './domain/problem.js'

export type { Problem } from './domain/problem.js'

/** Renders a problem as `MW-GATE-012: predictions.csv: column "y" not found. Name it with columns.prediction.` */
export function formatProblem(problem: Problem): string {
  const where = problem.where === undefined ? '' : `${problem.where}: `
  const fix = problem.fix === undefined ? '' : ` ${problem.fix}`
  const stop = /[.!?]$/.test(problem.what) ? '' : '.'
  return `${problem.code}: ${where}${problem.what}${stop}${fix}`
}

/** The user's input, configuration or data is wrong, and the user can mend it: exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly problems: readonly Problem[]

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = isList(problems) ? problems : [problems]
    super(list.map(formatProblem).join('\n'), options)
    this.problems = list
  }
}

function isList(problems: Problem | readonly Problem[]): problems is readonly Problem[] {
  return Array.isArray(problems)
}

export interface ExternalErrorDetails {
  readonly code: string
  /** The system that failed, as a user knows it: `GitHub`, `KServe`, … */
  readonly service: string
  readonly what: string
  readonly status?: number | undefined
  readonly retryable: boolean
}

/** An outside system failed after retries: exit code 3. */
export class ExternalError extends Error {
  override readonly name = 'ExternalError'
  readonly details: ExternalErrorDetails

  constructor(details: ExternalErrorDetails, options?: ErrorOptions) {
    const status = details.status === undefined ? '' : ` (status ${details.status})`
    super(`${details.code}: ${details.service}${status}: ${details.what}`, options)
    this.details = details
  }
}

/** The run was cancelled by a signal, and what was started was stopped: exit code 130. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'

  constructor(message = 'Cancelled.', options?: ErrorOptions) {
    super(message, options)
  }
}
