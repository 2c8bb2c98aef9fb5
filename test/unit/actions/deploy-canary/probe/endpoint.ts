import type { Cell, ModelSchema, Rows } from '../../../../../src/domain/probe/tensor.js'
import { ExternalError } from '../../../../../src/errors.js'
import type { ModelEndpoint } from '../../../../../src/ports/probe.js'

/** A server in memory that answers with the sum of a row. */
export interface FakeEndpoint extends ModelEndpoint {
  /** What it was asked, in order. */
  readonly asked: string[]
  sum: (row: readonly Cell[]) => unknown
  schemaIs: ModelSchema | undefined
  /** How many of the next requests fail. */
  failNext: number
  ready: boolean
  closed: boolean
}

export function away(what = 'does not answer: it is away.'): ExternalError {
  return new ExternalError({ code: 'MW-DEPLOY-345', service: 'http://fake', what, retryable: true })
}

export function createFakeEndpoint(address = 'http://fake'): FakeEndpoint {
  const failing = (): void => {
    if (endpoint.failNext <= 0) return
    endpoint.failNext -= 1
    throw away()
  }
  const endpoint: FakeEndpoint = {
    address,
    asked: [],
    sum: (row) => row.reduce<number>((sum, value) => sum + Number(value), 0),
    schemaIs: undefined,
    failNext: 0,
    ready: true,
    closed: false,
    health: async () => {
      endpoint.asked.push('health')
      failing()
      const what = endpoint.ready ? '' : 'status 503'
      return [{ name: 'ready', ok: endpoint.ready, what }]
    },
    schema: async () => endpoint.schemaIs,
    predict: async ({ rows }: Rows) => {
      endpoint.asked.push(`predict ${rows.length}`)
      failing()
      return { kind: 'values', values: rows.map((row) => endpoint.sum(row)) }
    },
    close: () => {
      endpoint.closed = true
    },
  }
  return endpoint
}
