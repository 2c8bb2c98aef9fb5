import { Buffer } from 'node:buffer'
import { badDelimiter } from '../text-problems.js'
import { byteOrderMark, readRecord } from './csv-record.js'

const candidates = [',', ';', '\t', '|']
const recordsLookedAt = 20

/** The delimiter byte that the user stated; throws MW-DATA-012 when it cannot be one. */
export function statedDelimiter(delimiter: string, shownAs: string): number {
  if (!/^[\t -~]$/.test(delimiter) || /[\w"+.-]/.test(delimiter)) {
    throw badDelimiter({ shownAs }, delimiter)
  }
  return delimiter.charCodeAt(0)
}

/**
 * The delimiter among `, ; tab |` that cuts the header and the first rows into the largest equal number of
 * cells, quotes respected. When none does so, the one with most cells in the header; a comma when none occurs.
 */
export function detectDelimiter(sample: Buffer, preferred = ','): number {
  let best = { delimiter: preferred.charCodeAt(0), score: 0 }
  for (const candidate of [preferred, ...candidates.filter((other) => other !== preferred)]) {
    const delimiter = candidate.charCodeAt(0)
    const score = scoreOf(sample, delimiter)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function scoreOf(sample: Buffer, delimiter: number): number {
  const widths = recordWidths(sample, delimiter)
  const header = widths[0] ?? 1
  if (header < 2) return 0
  const even = widths.every((width) => width === header)
  return header + (even ? 1e6 : 0)
}

function recordWidths(sample: Buffer, delimiter: number): number[] {
  const widths: number[] = []
  let at = byteOrderMark(sample)
  while (widths.length < recordsLookedAt && at < sample.length) {
    const record = readRecord(sample, at, delimiter) ?? lastRecord(sample, at, delimiter, widths)
    if (record === undefined) break
    if (record.cells.length > 1 || record.cells[0] !== '') widths.push(record.cells.length)
    at = record.next
  }
  return widths
}

/** A sample may end in the middle of its only record: a header without a newline. */
// biome-ignore lint/complexity/useMaxParams: one call, next to it
function lastRecord(sample: Buffer, at: number, delimiter: number, widths: readonly number[]) {
  if (widths.length > 0) return undefined
  return readRecord(Buffer.concat([sample.subarray(at), Buffer.from('\n')]), 0, delimiter)
}
