/** The few messages of Spark Connect that a query needs, in protobuf's wire format. The numbers are those of spark.connect.base.proto. */

import { field, fields, numberField } from '../../grpc/protobuf.js'

export interface SparkSession {
  readonly sessionId: string
  readonly user: string
}

function context({ user }: SparkSession): Buffer {
  return field(2, Buffer.concat([field(1, user), field(2, user)]))
}

/** ExecutePlanRequest: a plan whose root is the relation of an SQL text. */
export function executeRequest(session: SparkSession, operationId: string, sql: string): Buffer {
  const relation = field(10, field(1, sql))
  const plan = field(1, relation)
  return Buffer.concat([
    field(1, session.sessionId),
    context(session),
    field(3, plan),
    field(4, 'modelway'),
    field(6, operationId),
  ])
}

/** InterruptRequest of one operation. */
export function interruptRequest(session: SparkSession, operationId: string): Buffer {
  const byOperation = numberField(4, 3)
  return Buffer.concat([
    field(1, session.sessionId),
    context(session),
    field(3, 'modelway'),
    byOperation,
    field(6, operationId),
  ])
}

/** ReleaseSessionRequest. */
export function releaseRequest(session: SparkSession): Buffer {
  return Buffer.concat([field(1, session.sessionId), context(session), field(3, 'modelway')])
}

export interface ArrowBatch {
  readonly rows: number
  /** A stream of Arrow's IPC format. */
  readonly data: Buffer
}

/** The batch of an ExecutePlanResponse; undefined for the other things that it may tell. */
export function batchOf(response: Buffer): ArrowBatch | undefined {
  for (const { number, wire, value } of fields(response)) {
    if (number !== 2 || wire !== 'bytes') continue
    let batch: ArrowBatch = { rows: 0, data: Buffer.alloc(0) }
    for (const part of fields(value)) {
      if (part.number === 1 && part.wire === 'varint')
        batch = { ...batch, rows: Number(part.value) }
      if (part.number === 2 && part.wire === 'bytes') batch = { ...batch, data: part.value }
    }
    return batch
  }
  return undefined
}

/** Whether an ExecutePlanResponse tells that tasks of the operation run (ExecutionProgress.num_inflight_tasks). */
export function tellsOfTasks(response: Buffer): boolean {
  for (const { number, wire, value } of fields(response)) {
    if (number !== 18 || wire !== 'bytes') continue
    for (const part of fields(value)) {
      if (part.number === 2 && part.wire === 'varint' && part.value !== 0n) return true
    }
  }
  return false
}
