import { isObject } from '../../../domain/serving/outputs.js'

/** What a model answered, as far as it can be compared. */
export interface Answer {
  readonly status: number
  /** The JSON body; undefined where there was none, or too much of it. */
  readonly body: unknown
  /** How long it took, milliseconds; undefined where it failed. */
  readonly ms?: number | undefined
}

/** Bodies beyond this are neither compared nor logged. */
export const MOST_ANSWER_BYTES = 256 * 1024

/** The body as JSON; undefined where it is not. */
export function parseJson(chunks: readonly Buffer[], contentType: string | undefined): unknown {
  if (contentType === undefined || !/\bjson\b/i.test(contentType)) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    // A broken body of a user's model is an answer like any other: it just cannot be compared.
    return undefined
  }
}

/** The `id` of an Open Inference Protocol body. */
export function bodyId(body: unknown): string | undefined {
  if (!isObject(body)) return undefined
  const id = body['id']
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/** How answers are compared. */
export interface Comparison {
  /** How far numbers may differ, relative to the larger. */
  readonly tolerance: number
  /** The output that counts; undefined: `prediction`, else the first. */
  readonly output?: string | undefined
}

/**
 * Whether two answers predict the same: the status, and one output of the body (v2), its `predictions` (v1), or all
 * of it where it has neither. Other outputs, such as scores, differ between any two models and are not compared.
 */
export function sameAnswer(a: Answer, b: Answer, { tolerance, output }: Comparison): boolean {
  if (a.status !== b.status) return false
  return sameValue(essence(a.body, output), essence(b.body, output), tolerance)
}

function essence(body: unknown, output: string | undefined): unknown {
  if (!isObject(body)) return body
  const { outputs } = body
  if (!Array.isArray(outputs)) return outputs ?? body['predictions'] ?? body
  const named = (name: string): unknown =>
    outputs.find((one) => isObject(one) && one['name'] === name)
  return output === undefined ? (named('prediction') ?? outputs[0]) : (named(output) ?? outputs)
}

function sameValue(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => sameValue(value, b[i], tolerance))
  }
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key], tolerance))
}
