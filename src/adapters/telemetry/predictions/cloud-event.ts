import { isObject } from '../../../domain/serving/outputs.js'
import { parsedJson } from './field.js'

type Fields = Readonly<Record<string, unknown>>

/** A CloudEvent, however it was written down. */
export interface CloudEvent {
  /** Names in lower case, as CloudEvents have them. */
  readonly attributes: Fields
  /** JSON as what it is; undefined where the data is none. */
  readonly data: unknown
}

/**
 * A CloudEvent out of a record: structured JSON; headers (`ce-…`, of Kafka `ce_…`) with a body, as receivers and binary messages of
 * Kafka have it; the same in one flat record; or a row of KServe's own store. undefined for what is none.
 */
export function cloudEventOf(record: Fields): CloudEvent | undefined {
  const { headers } = record
  if (isObject(headers)) return fromHeaders(headers, bodyOf(record))
  if (typeof record['specversion'] === 'string') return structured(record)
  return fromHeaders(record, bodyOf(record)) ?? storedByKServe(record)
}

function structured({ data, data_base64: base64, ...attributes }: Fields): CloudEvent {
  return { attributes, data: typeof base64 === 'string' ? fromBase64(base64) : jsonOf(data) }
}

function fromHeaders(headers: Fields, data: unknown): CloudEvent | undefined {
  const attributes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(headers)) {
    const match = /^ce[-_](.+)$/i.exec(name)
    if (match?.[1] !== undefined) attributes[match[1].toLowerCase()] = value
  }
  return typeof attributes['type'] === 'string' ? { attributes, data } : undefined
}

function bodyOf(record: Fields): unknown {
  return jsonOf(record['body'] ?? record['data'] ?? record['value'] ?? record['payload'])
}

/** What KServe's logger writes to a bucket: as JSON, and as rows of CSV and Parquet. */
function storedByKServe(record: Fields): CloudEvent | undefined {
  const of = (name: string) =>
    record[name] ?? record[`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`]
  const [type, bytes] = [of('reqType'), of('bytes')]
  if (typeof type !== 'string' || typeof bytes !== 'string') return undefined
  const attributes: Record<string, unknown> = {
    type,
    id: of('id'),
    source: of('sourceUri'),
    inferenceservicename: of('inferenceService'),
    namespace: of('namespace'),
    component: of('component'),
    endpoint: of('endpoint'),
    metadata: of('metadata'),
    annotations: of('annotations'),
  }
  return { attributes, data: fromBase64(bytes) }
}

function jsonOf(data: unknown): unknown {
  return typeof data === 'string' ? parsedJson(data) : data
}

function fromBase64(text: string): unknown {
  return parsedJson(Buffer.from(text, 'base64').toString('utf8'))
}
