import type { Sink } from '../source.js'
import type { Decoder } from './decoder.js'
import { jsonLines } from './lines.js'

/** A whole file of JSON is held while it is read. */
const MOST_BYTES = 64 * 1024 * 1024

/** One JSON value, a record or a list of them, over however many lines; a file that is none is read as JSON Lines. */
export function wholeJson(sink: Sink): Decoder {
  const chunks: Buffer[] = []
  let size = 0
  return {
    decode(bytes, isLast) {
      size += bytes.length
      if (size <= MOST_BYTES) chunks.push(bytes)
      if (isLast && size <= MOST_BYTES) takeAll(Buffer.concat(chunks), sink)
      else if (isLast) sink.bad()
      return bytes.length
    },
  }
}

function takeAll(bytes: Buffer, sink: Sink): void {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    jsonLines(sink).decode(bytes, true)
    return
  }
  sink.record(value)
}
