/** Milliseconds since 1970; tests move it. */
export interface Clock {
  now: number
}

/** A request that fits a method. */
export interface Call {
  readonly id: string
  readonly name: string
  readonly query: URLSearchParams
  readonly body: unknown
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly retryAfter?: string
}

export function found(body: unknown): Answer {
  return { status: 200, body }
}

/** An error as Google's JSON APIs write it. */
export function refused(code: number, status: string, message: string): Answer {
  return { status: code, body: { error: { code, message, status } } }
}

export interface Operation {
  readonly name: string
  /** How often it is asked for before it is done. */
  polls: number
  readonly response: object
  readonly metadata: object
  /** google.rpc.Status of its end; it has failed then. */
  error?: { readonly code: number; readonly message: string } | undefined
  readonly finish: () => void
}

/** Asks for an operation once. */
export function polled(operation: Operation): object {
  const { name, metadata, response, error } = operation
  if (operation.polls > 0) {
    operation.polls -= 1
    return { name, metadata }
  }
  operation.finish()
  return error === undefined
    ? { name, metadata, done: true, response }
    : { name, metadata, done: true, error }
}

/** What of a request's field mask is not among those that the stand-in knows. */
export function maskProblem(call: Call, known: readonly string[]): Answer | undefined {
  const mask = call.query.get('updateMask') ?? ''
  if (known.includes(mask)) return undefined
  return refused(400, 'INVALID_ARGUMENT', `update_mask: unsupported path "${mask}"`)
}
