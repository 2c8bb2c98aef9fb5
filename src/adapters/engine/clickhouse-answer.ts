import * as z from 'zod'
import type { EngineValue, QueryResult } from '../../ports/engine.js'
import { brokenOff, type EngineAnswer, type EnginePeer, signInRefused } from './engine-http.js'
import { QueryFailed, queryStopped, readJson, rowsMissing } from './query-failures.js'

const Answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
  rows: z.number(),
})

/** ClickHouse has answered 200 and begun when it fails: then the error is text behind what was already sent. */
const ERROR_INSIDE = /Code: \d+[.,][^\n]{0,40}DB::Exception[^\n]*/

/** The rows of an answer in the format JSONCompact: all of them, or an error. */
export function readClickHouseAnswer(answer: EngineAnswer, peer: EnginePeer): QueryResult {
  const { status, text } = answer
  if (status !== 200) throw failureOf(answer, peer)
  // JSON escapes line breaks, so a line of its own that reads so is no value.
  if (!isWholeJson(text)) {
    const inside = ERROR_INSIDE.exec(text.slice(-20_000))?.[0]
    throw inside === undefined
      ? brokenOff(peer, `it ends with ${JSON.stringify(text.slice(-60))}`)
      : failureOf({ ...answer, text: inside }, peer)
  }
  const { meta, data, rows } = readJson(Answer, answer, peer)
  if (data.length !== rows) throw rowsMissing(peer, data.length, rows)
  const isPlainFloat = meta.map(({ type }) => /^B?Float\d+$/.test(type))
  return {
    columns: meta.map(({ name }) => name),
    rows: data.map((row) => row.map((value, at) => cellOf(value, isPlainFloat[at] === true))),
  }
}

function isWholeJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !('exception' in value)
  } catch {
    return false
  }
}

/** Where settings are not ours to make, NaN and infinities come as null, which a column of floats that is not nullable cannot hold. */
function cellOf(value: unknown, isPlainFloat: boolean): EngineValue {
  if (value === null) return isPlainFloat ? 'NaN' : null
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value
  }
  return JSON.stringify(value) ?? null
}

/** By the numbers that ClickHouse's documentation gives its errors. */
const NO_TABLE = new Set([60, 81])
const NO_SIGN_IN = new Set([192, 193, 194, 497, 516])
const STOPPED = new Set([159, 160, 394])

/** The number of ClickHouse's own error. */
export function clickhouseCode({ headers, text }: EngineAnswer): number | undefined {
  const code = headers['x-clickhouse-exception-code'] ?? /Code: (\d+)/.exec(text)?.[1]
  return code === undefined ? undefined : Number(code)
}

function failureOf(answer: EngineAnswer, peer: EnginePeer): Error {
  const code = clickhouseCode(answer) ?? 0
  if (NO_SIGN_IN.has(code)) return signInRefused(peer, answer.status, answer.text)
  if (STOPPED.has(code)) return queryStopped(peer, answer.text)
  return new QueryFailed(peer, answer.text, NO_TABLE.has(code))
}
