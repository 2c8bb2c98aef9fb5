import type { CsvRecordReader } from '../../../../ports/log-readers.js'
import type { Sink } from '../source.js'
import { csvRows } from './csv-rows.js'
import { jsonLines } from './lines.js'
import { wholeJson } from './whole-json.js'

/** Takes bytes as they come. */
export interface Decoder {
  /** Gives how many of the bytes are done with; the others come again, with more behind them. */
  decode(bytes: Buffer, isLast: boolean): number
}

export type TextFormat = 'json-lines' | 'json' | 'csv'

/** A decoder for the records of one file. `header` is the first line of a CSV file that is read from further on. */
export function decoderOf(
  format: TextFormat,
  sink: Sink,
  csv: { readonly readRecord: CsvRecordReader; readonly header?: Buffer | undefined },
): Decoder {
  if (format === 'csv') return csvRows(sink, csv)
  return format === 'json' ? wholeJson(sink) : jsonLines(sink)
}

/** Hands chunks to a decoder, with what it left of those before. Keeps count of the bytes that it is done with. */
export function feeder(decoder: Decoder): {
  readonly done: number
  push(chunk: Buffer, isLast?: boolean): void
} {
  let rest: Buffer = Buffer.alloc(0)
  let done = 0
  return {
    get done() {
      return done
    },
    push(chunk, isLast = false) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const used = decoder.decode(bytes, isLast)
      done += used
      rest = bytes.subarray(used)
    },
  }
}
