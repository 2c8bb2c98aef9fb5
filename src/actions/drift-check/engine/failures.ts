import { UnwritableError } from '../../../domain/drift/engine/dialect.js'
import { ChangedTableError } from '../../../domain/drift/engine/number-counter.js'
import { UnreadableAnswerError } from '../../../domain/drift/engine/read-cell.js'
import { ExternalError, UserError } from '../../../errors.js'

/** What the pure parts found wrong, as the errors that a run ends with; any other error as it is. */
export function engineFailure(error: unknown, engine: string): unknown {
  if (error instanceof UnwritableError) {
    return new UserError(
      {
        code: 'MW-DRIFT-701',
        where: 'drift',
        what: `${engine} has no way to write a name or value: ${error.message}.`,
        fix: 'Rename it, or leave the column out with columns.ignore.',
      },
      { cause: error },
    )
  }
  if (error instanceof ChangedTableError) {
    const what = `a table changed while it was read: ${error.message}. Run the check again, or name a view or snapshot that stays as it is.`
    return external(error, { code: 'MW-DRIFT-711', engine, what, retryable: true })
  }
  if (error instanceof UnreadableAnswerError) {
    const what = `answered with something that was not asked for: ${error.message}.`
    return external(error, { code: 'MW-DRIFT-712', engine, what, retryable: false })
  }
  return error
}

interface External {
  readonly code: string
  readonly engine: string
  readonly what: string
  readonly retryable: boolean
}

function external(cause: Error, { code, engine, what, retryable }: External): ExternalError {
  return new ExternalError({ code, service: engine, what, retryable }, { cause })
}
