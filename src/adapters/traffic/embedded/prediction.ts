import type { IncomingMessage } from 'node:http'
import { firstOutputs } from '../../../domain/serving/outputs.js'
import { bodyId, parseJson } from './answers.js'
import type { RequestBody } from './exchange.js'
import type { Prediction } from './protocol.js'

/** Requests with this header are checks of ours: answered as any, counted as none. */
export const PROBE_HEADER = 'x-modelway-probe'

/** Only what asks a model is a prediction: health and metadata are read with GET. */
export function isPrediction(incoming: IncomingMessage): boolean {
  return incoming.method === 'POST'
}

export function predictionOf(answer: {
  readonly id: string | undefined
  readonly version: string
  readonly mirrored: boolean
  readonly ms: number
  readonly status: number
  readonly body: unknown
}): Omit<Prediction, 'seq'> {
  const { id, version, mirrored, status, body } = answer
  const ms = Math.round(answer.ms * 1000) / 1000
  const time = new Date().toISOString()
  return { time, id: id ?? null, version, mirrored, ms, status, outputs: firstOutputs(body) }
}

/** `x-request-id`, else the `id` of the answer, else that of the question. */
export function requestId(
  incoming: IncomingMessage,
  answer: unknown,
  question: RequestBody,
): string | undefined {
  const header = incoming.headers['x-request-id']
  if (header !== undefined) return String(header)
  const answerId = bodyId(answer)
  if (answerId !== undefined || !Buffer.isBuffer(question)) return answerId
  // Most questions have none, and to read a large one takes longer than all else.
  if (!question.includes('"id"')) return undefined
  return bodyId(parseJson([question], incoming.headers['content-type']))
}
