/** The few messages of Spark Connect that a query needs, in protobuf's wire format. The numbers are those of spark.connect.base.proto. */

const LENGTH_DELIMITED = 2

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return Buffer.from([...bytes, rest])
}

function field(number: number, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  const key = varint(number * 8 + LENGTH_DELIMITED)
  return Buffer.concat([key, varint(bytes.length), bytes])
}

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
  const byOperation = Buffer.concat([varint(4 * 8), varint(3)])
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
  for (const { number, value } of fields(response)) {
    if (number !== 2 || typeof value === 'number') continue
    let batch: ArrowBatch = { rows: 0, data: Buffer.alloc(0) }
    for (const part of fields(value)) {
      if (part.number === 1 && typeof part.value === 'number')
        batch = { ...batch, rows: part.value }
      if (part.number === 2 && typeof part.value !== 'number')
        batch = { ...batch, data: part.value }
    }
    return batch
  }
  return undefined
}

/** Whether an ExecutePlanResponse tells that tasks of the operation run (ExecutionProgress.num_inflight_tasks). */
export function tellsOfTasks(response: Buffer): boolean {
  for (const { number, value } of fields(response)) {
    if (number !== 18 || typeof value === 'number') continue
    for (const part of fields(value)) if (part.number === 2 && part.value !== 0) return true
  }
  return false
}

interface Field {
  readonly number: number
  readonly value: number | Buffer
}

/** The fields of a message; those of fixed width are passed over. Throws RangeError for what is cut off. */
function* fields(message: Buffer): Generator<Field> {
  let at = 0
  const read = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at++)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const key = read()
    const number = Math.floor(key / 8)
    const kind = key % 8
    if (kind === 0) yield { number, value: read() }
    else if (kind === 1) at += 8
    else if (kind === 5) at += 4
    else {
      const length = read()
      if (at + length > message.length) throw new RangeError('A message is cut off.')
      yield { number, value: message.subarray(at, at + length) }
      at += length
    }
  }
}
