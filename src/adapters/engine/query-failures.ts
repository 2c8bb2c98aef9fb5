import type * as z from 'zod'
import { UnwritableError } from '../../domain/drift/engine/dialect.js'
import { ExternalError, UserError } from '../../errors.js'
import { type EngineAnswer, type EnginePeer, excerpt } from './engine-http.js'

/** The engine refused the query, or failed at it; its own words say why. */
export class QueryFailed extends ExternalError {
  /** Whether a table that it names is not there. */
  readonly lacksTable: boolean

  constructor(peer: EnginePeer, message: string, lacksTable = false) {
    super({
      code: 'MW-DRIFT-760',
      service: peer.service,
      what: `the query failed: ${excerpt(message, peer)}`,
      retryable: false,
    })
    this.lacksTable = lacksTable
  }
}

/** The query was stopped by the engine, or by somebody there. */
export function queryStopped(peer: EnginePeer, message: string): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-761',
    service: peer.service,
    what: `the query was stopped there before it ended: ${excerpt(message, peer)}`,
    retryable: true,
  })
}

/** Some of the rows never came. */
export function rowsMissing(peer: EnginePeer, came: number, promised: number): ExternalError {
  return new ExternalError({
    code: 'MW-DRIFT-762',
    service: peer.service,
    what: `${came} of ${promised} rows came: an answer that is not whole is not used.`,
    retryable: true,
  })
}

/** Describes a table; that it is not there is the user's to mend. */
export async function describing<T>(
  peer: EnginePeer,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UnwritableError) throw noSuchTable(peer, table, error.message, error)
    if (!(error instanceof QueryFailed && error.lacksTable)) throw error
    throw noSuchTable(peer, table, error.details.what, error)
  }
}

function noSuchTable(
  peer: EnginePeer,
  table: string,
  ...[message, cause]: [string, Error]
): UserError {
  const problem = {
    code: 'MW-DRIFT-702',
    where: peer.service,
    what: `there is no table ${JSON.stringify(table)}: ${excerpt(message, peer)}`,
    fix: 'Write its name as catalog.schema.table, in the case that the engine keeps; the user must be allowed to read it.',
  }
  return new UserError(problem, { cause })
}

/** An answer that is JSON and as its documentation says. */
export function readJson<T>(schema: z.ZodType<T>, answer: EngineAnswer, peer: EnginePeer): T {
  const parsed = schema.safeParse(jsonOf(answer.text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}; `
  throw new ExternalError({
    code: 'MW-DRIFT-763',
    service: peer.service,
    status: answer.status,
    what: `the answer is not as documented: ${where}it begins ${excerpt(answer.text.slice(0, 200), peer)}`,
    retryable: false,
  })
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The only statements that are ever sent to an engine, whatever the user may do there. */
export function requireReading(sql: string): void {
  if (!/^(?:SELECT|DESCRIBE) /.test(sql)) {
    throw new TypeError('only reading statements are sent to an engine')
  }
}
