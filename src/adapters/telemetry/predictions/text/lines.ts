import type { Sink } from '../source.js'
import type { Decoder } from './decoder.js'

const LINE_FEED = 10

/** A line beyond this is no record: it is passed over. */
export const MOST_RECORD_BYTES = 1024 * 1024

/** JSON Lines: a record a line, or a list of records. Empty lines are nothing. */
export function jsonLines(sink: Sink): Decoder {
  let isTooLong = false
  return {
    decode(bytes, isLast) {
      let at = 0
      for (;;) {
        const end = bytes.indexOf(LINE_FEED, at)
        if (end < 0) break
        if (isTooLong) isTooLong = false
        else takeLine(bytes, { at, end }, sink)
        at = end + 1
      }
      if (isLast && !isTooLong) takeLine(bytes, { at, end: bytes.length }, sink)
      if (isLast) return bytes.length
      if (bytes.length - at <= MOST_RECORD_BYTES) return at
      if (!isTooLong) sink.bad()
      isTooLong = true
      return bytes.length
    },
  }
}

function takeLine(bytes: Buffer, { at, end }: { at: number; end: number }, sink: Sink): void {
  if (end === at) return
  if (end - at > MOST_RECORD_BYTES) {
    sink.bad()
    return
  }
  const line = bytes.toString('utf8', at, end)
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    if (line.trim() !== '') sink.bad()
    return
  }
  sink.record(value)
}
