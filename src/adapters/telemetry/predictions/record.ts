import type { PredictionColumns } from '../../../config/deploy/predictions.js'
import {
  chosenOutput,
  firstOutputs,
  firstScalar,
  isObject,
} from '../../../domain/serving/outputs.js'
import { type Field, fieldAt, parsedJson } from './field.js'
import { momentOf } from './moment.js'

/** One answer, as a log has it. */
export interface LogRecord {
  /** When it was answered, milliseconds since 1970; undefined where the log does not say. */
  readonly time: number | undefined
  readonly version: string
  readonly id: string | undefined
  readonly prediction: string | undefined
  readonly isError: boolean
  /** Answered 4xx. */
  readonly isRejected: boolean
  readonly latencyMs: number | undefined
  /** undefined where the log says nothing of copies. */
  readonly mirrored: boolean | undefined
}

/** What a log's own shape is read as; undefined for what is no record. */
export type ReadRecord = (fields: Readonly<Record<string, unknown>>) => LogRecord | undefined

export interface RecordSettings {
  readonly columns: PredictionColumns
  readonly 'latency-unit': 'ns' | 'us' | 'ms' | 's'
  /** The output of an answer that is the prediction. */
  readonly output: string | undefined
  /** In CSV numbers are texts: predictions are written as the numbers of labels are (`1.0` as `1`). */
  readonly numbersAreTexts: boolean
}

const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?$/

const MILLISECONDS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000 }

/** Reads records by their columns. A record without a version, or with a time or latency that is none, is none. */
export function recordReader(settings: RecordSettings): ReadRecord {
  const { columns, output } = settings
  const named = (name: string | undefined): Field =>
    name === undefined ? () => undefined : fieldAt(name)
  const time = named(columns.time ?? 'time')
  const version = named(columns.version ?? 'version')
  const id = named(columns.id ?? 'id')
  const prediction = named(columns.prediction ?? 'prediction')
  const status = named(columns.status ?? 'status')
  const error = named(columns.error)
  const latency = named(columns.latency)
  const mirrored = named(columns.mirrored ?? 'mirrored')
  const unit = MILLISECONDS[settings['latency-unit']]
  return (fields) => {
    const name = textOf(version(fields))
    const at = optional(time(fields), momentOf)
    const took = optional(latency(fields), numberOf)
    if (name === undefined || at === null || took === null) return undefined
    return {
      time: at,
      version: name,
      id: textOf(id(fields)),
      prediction: plain(predictionOf(prediction(fields), output), settings),
      isError: statusOf(status(fields)) >= 500 || isTrue(error(fields)),
      isRejected: isClientError(statusOf(status(fields))),
      latencyMs: took === undefined ? undefined : took * unit,
      mirrored: optional(mirrored(fields), isTrue) ?? undefined,
    }
  }
}

function plain(text: string | undefined, { numbersAreTexts }: RecordSettings): string | undefined {
  if (text === undefined || !numbersAreTexts || !NUMBER.test(text)) return text
  return String(Number(text))
}

/** undefined where there is nothing, null where there is something else. */
function optional<T>(
  value: unknown,
  read: (value: unknown) => T | undefined,
): T | null | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return read(value) ?? null
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined
}

/** The prediction as text: a value itself, or the output of a model's whole answer, as an object or as JSON. */
export function predictionOf(value: unknown, output: string | undefined): string | undefined {
  if (typeof value === 'string') {
    const body = parsedJson(value)
    return body === undefined ? textOf(value) : predictionOf(body, output)
  }
  if (typeof value !== 'object') return textOf(value)
  const found = isObject(value) ? answered(value, output) : firstScalar(value)
  return textOf(found)
}

function answered(body: Readonly<Record<string, unknown>>, output: string | undefined): unknown {
  const found = chosenOutput(firstOutputs(body), output)
  // Seldon's own protocol: {"data": {"ndarray": [[…]]}} or {"data": {"tensor": {"values": […]}}}.
  return found ?? seldonValue(body['data'])
}

function seldonValue(data: unknown): unknown {
  if (!isObject(data)) return undefined
  const { ndarray, tensor } = data
  return firstScalar(ndarray ?? (isObject(tensor) ? tensor['values'] : undefined))
}

function statusOf(status: unknown): number {
  return Number(status ?? 0)
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500
}

const FALSE = new Set(['', 'false', '0', 'null', 'none', 'no'])

function isTrue(value: unknown): boolean {
  if (typeof value === 'string') return !FALSE.has(value.trim().toLowerCase())
  return value !== undefined && value !== null && value !== false && value !== 0
}
