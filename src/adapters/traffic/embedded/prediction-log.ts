import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'
import type { Prediction } from './protocol.js'

export interface PredictionLog {
  add(prediction: Omit<Prediction, 'seq'>): void
  /** Predictions after a cursor, oldest first, as far as they are still in memory. */
  since(cursor: string, limit: number): { samples: Prediction[]; next: string; lost: number }
  readonly cursor: string
  close(): Promise<void>
}

/** Predictions kept in memory for the control endpoint. */
const KEPT = 50_000
const TRIM_AT = KEPT + 10_000

/** A write for every request would cost as much as the request. */
const WRITE_EVERY_MS = 20

/**
 * Writes JSON Lines to a file that is renamed to `<file>.1` when it is full, so that it takes at most twice
 * `maxBytes`. Numbers go on from the clock, so that a restarted router never gives one twice. A disk that is full or
 * slow loses lines, never requests. Lines are written together, those of some milliseconds at a time.
 */
export function createPredictionLog(file: string, maxBytes: number): PredictionLog {
  const start = Date.now() * 1000
  let sequence = start
  let kept: Prediction[] = []
  let bytes = sizeOf(file)
  let stream = openStream(file)
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (lines.length > 0 && !stream.writableNeedDrain) stream.write(lines.join(''))
    lines = []
  }
  const write = (line: string) => {
    const length = Buffer.byteLength(line)
    if (bytes > 0 && bytes + length > maxBytes) {
      flush()
      stream.end()
      rotate(file)
      stream = openStream(file)
      bytes = 0
    }
    bytes += length
    lines.push(line)
    timer ??= setTimeout(flush, WRITE_EVERY_MS)
  }
  return {
    add(prediction) {
      sequence += 1
      const numbered = { seq: sequence, ...prediction }
      kept.push(numbered)
      if (kept.length > TRIM_AT) kept = kept.slice(-KEPT)
      write(`${JSON.stringify(numbered)}\n`)
    },
    since: (cursor, limit) =>
      readSince(kept, { cursor: Math.max(Number(cursor), start), limit, sequence }),
    get cursor() {
      return String(sequence)
    },
    close: () => {
      flush()
      return new Promise((resolve) => stream.end(resolve))
    },
  }
}

function readSince(
  kept: readonly Prediction[],
  { cursor, limit, sequence }: { cursor: number; limit: number; sequence: number },
) {
  const oldest = sequence - kept.length
  const from = Math.max(0, Math.min(cursor, sequence) - oldest)
  const samples = kept.slice(from, from + limit)
  const next = String(samples.at(-1)?.seq ?? sequence)
  return { samples, next, lost: Math.max(0, oldest - cursor) }
}

function openStream(file: string): WriteStream {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  // Losing the log must not lose requests: the counters and the memory go on without it.
  stream.on('error', () => undefined)
  return stream
}

function rotate(file: string): void {
  try {
    renameSync(file, `${file}.1`)
  } catch {
    // Without the rename the old file just grows on: better than no log.
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
