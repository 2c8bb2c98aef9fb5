import type { Buffer } from 'node:buffer'

const quote = 34
const lineFeed = 10
const carriageReturn = 13

export interface CsvRecord {
  readonly cells: readonly string[]
  /** Position of the first byte of the next record. */
  readonly next: number
  /** Line breaks in the record, its own among them. */
  readonly lines: number
  readonly fault?: 'text after quote' | undefined
}

/**
 * One record of text from `start`, read the simple way: for headers and for guessing the delimiter, where
 * speed does not matter. Undefined when the bytes end before the record does.
 */
export function readRecord(bytes: Buffer, start: number, delimiter: number): CsvRecord | undefined {
  const cells: string[] = []
  let at = start
  let isLast = false
  while (!isLast) {
    const cell = readCell(bytes, at, delimiter)
    if (cell === undefined) return undefined
    cells.push(cell.text)
    at = cell.next
    if (cell.fault) return { cells, next: at, lines: 0, fault: 'text after quote' }
    isLast = bytes[at - 1] === lineFeed
  }
  return { cells, next: at, lines: countLines(bytes, start, at) }
}

function readCell(bytes: Buffer, at: number, delimiter: number) {
  const close = bytes[at] === quote ? closingQuote(bytes, at + 1) : at
  const stop = close < 0 ? -1 : cellEnd(bytes, close, delimiter)
  return stop < 0 ? undefined : { ...cellOf(bytes, at, { close, stop }), next: stop + 1 }
}

function cellOf(bytes: Buffer, at: number, found: { close: number; stop: number }) {
  const { close, stop } = found
  const ends = bytes[stop] === lineFeed && bytes[stop - 1] === carriageReturn && stop > at
  const end = ends ? stop - 1 : stop
  if (close === at) return { text: bytes.toString('utf8', at, end), fault: false }
  const text = bytes.toString('utf8', at + 1, close - 1).replaceAll('""', '"')
  return { text, fault: end !== close }
}

/** Length of the byte order mark that some programs put before UTF-8. */
export function byteOrderMark(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** Position behind the quote that closes the cell, or -1. */
export function closingQuote(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(quote, at)
    if (at < 0) return -1
    if (bytes[at + 1] !== quote) return at + 1
    at += 2
  }
}

function cellEnd(bytes: Buffer, from: number, delimiter: number): number {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === delimiter || bytes[i] === lineFeed) return i
  }
  return -1
}

export function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = 0
  let at = bytes.indexOf(lineFeed, start)
  while (at >= 0 && at < end) {
    lines++
    at = bytes.indexOf(lineFeed, at + 1)
  }
  return lines
}
