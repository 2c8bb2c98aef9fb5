import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { Sink } from '../source.js'
import { MOST_RECORD_BYTES } from '../text/lines.js'

/** Gives a message to a sink: JSON, or in the binary form of CloudEvents the headers with the body. Tombstones are nothing. */
export function takeMessage({ value, headers = {}, timestamp }: KafkaMessage, sink: Sink): void {
  if (value === null) return
  if (value.length > MOST_RECORD_BYTES) {
    sink.bad()
    return
  }
  const writtenAt = Number(timestamp) > 0 ? Number(timestamp) : undefined
  const text = value.toString('utf8')
  const isEvent = Object.keys(headers).some((name) => /^ce[-_]type$/i.test(name))
  if (isEvent) {
    sink.record({ headers: texts(headers), body: text }, writtenAt)
    return
  }
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    sink.bad()
    return
  }
  sink.record(fields, writtenAt)
}

function texts(headers: IHeaders): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const one = Array.isArray(value) ? value[0] : value
    if (one !== undefined) found[name] = one.toString('utf8')
  }
  return found
}
