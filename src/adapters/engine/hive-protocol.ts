import type { EngineValue } from '../../ports/engine.js'
import { cellOf } from './engine-cell.js'
import {
  isStruct,
  ThriftError,
  type ThriftOut,
  type ThriftOutFields,
  type ThriftStruct,
  type ThriftValue,
} from './thrift-binary.js'

/** The few calls of HiveServer2 that a query needs. The numbers are those of Hive's TCLIService.thrift. */

/** HIVE_CLI_SERVICE_PROTOCOL_V8: columns, and what Spark's Thrift server speaks since 2. */
const PROTOCOL = 7

export interface HiveSignIn {
  readonly user: string
  readonly password: string | undefined
}

export function openSessionRequest({ user, password }: HiveSignIn): ThriftOutFields {
  return {
    1: { type: 'i32', value: PROTOCOL },
    2: { type: 'string', value: user },
    3: password === undefined ? undefined : { type: 'string', value: password },
  }
}

/** Runs without waiting, so that it can be cancelled. */
export function executeRequest(session: ThriftStruct, sql: string): ThriftOutFields {
  return { 1: again(session), 2: { type: 'string', value: sql }, 4: { type: 'bool', value: true } }
}

/** Of a session or an operation: close, cancel, status, metadata. */
export function handleRequest(handle: ThriftStruct): ThriftOutFields {
  return { 1: again(handle) }
}

export function fetchRequest(operation: ThriftStruct, most: number): ThriftOutFields {
  const next: ThriftOut = { type: 'i32', value: 0 }
  return { 1: again(operation), 2: next, 3: { type: 'i64', value: most } }
}

function again({ bytes }: ThriftStruct): ThriftOut {
  return { type: 'again', value: bytes }
}

/** A struct within a struct. Throws ThriftError where there is none. */
export function structIn({ fields }: ThriftStruct, id: number, what: string): ThriftStruct {
  const value = fields.get(id)
  if (isStruct(value)) return value
  throw new ThriftError(`${what} is missing`)
}

export function textIn({ fields }: ThriftStruct, id: number): string {
  const value = fields.get(id)
  return Buffer.isBuffer(value) ? value.toString('utf8') : ''
}

export function listIn({ fields }: ThriftStruct, id: number): readonly ThriftValue[] {
  const value = fields.get(id)
  return Array.isArray(value) ? value : []
}

/** TStatus: undefined where the call succeeded, else its words. */
export function refusalIn(answer: ThriftStruct): string | undefined {
  const status = structIn(answer, 1, 'the status')
  const code = status.fields.get(1)
  if (code === 0 || code === 1 || code === 2) return undefined
  return textIn(status, 5) || 'no reason was given'
}

export type OperationState = 'running' | 'finished' | 'stopped' | 'failed'

/** TOperationState. */
export function stateIn(answer: ThriftStruct): OperationState {
  const state = answer.fields.get(2)
  if (state === 0 || state === 1 || state === 7) return 'running'
  if (state === 2) return 'finished'
  return state === 3 || state === 4 || state === 8 ? 'stopped' : 'failed'
}

/** The names of a TTableSchema. */
export function columnNamesIn(metadata: ThriftStruct): readonly string[] {
  const columns = listIn(structIn(metadata, 2, 'the schema'), 1).filter(isStruct)
  return columns.map((column) => textIn(column, 1))
}

/** The rows of a TRowSet in columns, of which each is a list of values and bits that say which of them are null. */
export function rowsIn(fetched: ThriftStruct): readonly (readonly EngineValue[])[] {
  const columns = listIn(structIn(fetched, 3, 'the set of rows'), 3).map(columnOf)
  const [first] = columns
  if (columns.some(({ length }) => length !== first?.length)) {
    throw new ThriftError('its columns are not of one length')
  }
  return Array.from({ length: first?.length ?? 0 }, (_, row) =>
    columns.map((column) => column[row] ?? null),
  )
}

function columnOf(column: ThriftValue): readonly EngineValue[] {
  const [typed] = isStruct(column) ? [...column.fields.values()] : []
  if (!isStruct(typed)) throw new ThriftError('a column has no values')
  const nulls = typed.fields.get(2)
  const isNull = (row: number) =>
    Buffer.isBuffer(nulls) && (((nulls[row >> 3] ?? 0) >> (row & 7)) & 1) === 1
  return listIn(typed, 1).map((value, row) => (isNull(row) ? null : cell(value)))
}

function cell(value: ThriftValue): EngineValue {
  return cellOf(Buffer.isBuffer(value) ? value.toString('utf8') : value)
}
