import { createHash } from 'node:crypto'
import { shared } from './selection.js'

/** Rows of a file among which is drawn. */
export interface Drawable {
  readonly sha256: string
  /** In the file. */
  readonly rows: number
  /** Of them those that may be drawn, ascending; all when undefined. */
  readonly selected: Uint32Array | undefined
}

/** Buckets of keys by their upper bits. */
const SHIFT = 16
const BUCKETS = 1 << 16

interface Candidate {
  readonly file: number
  readonly row: number
  readonly key: number
}

/**
 * Draws `count` rows at random without replacement: for each file the rows drawn, ascending; what there is where there are no more. Each
 * row has a key, a pseudo-random function of the seed, the digest of its file and its place in it (two rounds of the finaliser of
 * MurmurHash3 over a counter, keyed by SHA-256), and the rows of the smallest keys are drawn. So the sample does not depend on the
 * names or the order of files, on what else is read, or on which thread does it, and a larger sample holds the smaller.
 */
export function sampleRows(
  files: readonly Drawable[],
  count: number,
  seed: number,
): readonly (Uint32Array | undefined)[] {
  const total = files.reduce((sum, file) => sum + countOf(file), 0)
  if (total <= count) return files.map(({ selected }) => selected)
  const keys = files.map(({ sha256 }) => keyed(sha256, seed))
  const threshold = thresholdOf(files, keys, count)
  return files.map((file, index) => {
    const key = keys[index] as (row: number) => number
    const chosen = threshold.chosen.filter((candidate) => candidate.file === index)
    const drawn = new Set(chosen.map(({ row }) => row))
    return pick(file, (row) => key(row) >>> SHIFT < threshold.bucket || drawn.has(row))
  })
}

function countOf({ rows, selected }: Drawable): number {
  return selected?.length ?? rows
}

function rowAt({ selected }: Drawable, index: number): number {
  return selected === undefined ? index : (selected[index] as number)
}

function keyed(sha256: string, seed: number): (row: number) => number {
  const digest = createHash('sha256').update(`${seed}:${sha256}`).digest()
  const first = digest.readUInt32LE(0)
  const second = digest.readUInt32LE(4)
  return (row) => mixed(mixed(row ^ first) + second)
}

function mixed(value: number): number {
  let z = value | 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}

/** All rows below a bucket are drawn, and of those in it the ones of the smallest keys. */
function thresholdOf(
  files: readonly Drawable[],
  keys: readonly ((row: number) => number)[],
  count: number,
): { bucket: number; chosen: readonly Candidate[] } {
  const counts = new Uint32Array(BUCKETS)
  eachKey(files, keys, (_file, _row, key) => {
    const bucket = key >>> SHIFT
    counts[bucket] = (counts[bucket] as number) + 1
  })
  let below = 0
  let bucket = 0
  while (below + (counts[bucket] as number) <= count) below += counts[bucket++] as number
  const candidates: Candidate[] = []
  eachKey(files, keys, (file, row, key) => {
    if (key >>> SHIFT === bucket) candidates.push({ file, row, key })
  })
  const digest = (index: number) => files[index]?.sha256 ?? ''
  // Rows of the same key are of different files: the digest decides, not the order of files.
  candidates.sort(
    (a, b) => a.key - b.key || compare(digest(a.file), digest(b.file)) || a.file - b.file,
  )
  return { bucket, chosen: candidates.slice(0, count - below) }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function eachKey(
  files: readonly Drawable[],
  keys: readonly ((row: number) => number)[],
  visit: (file: number, row: number, key: number) => void,
): void {
  for (const [index, file] of files.entries()) {
    const key = keys[index] as (row: number) => number
    const rows = countOf(file)
    for (let i = 0; i < rows; i++) {
      const row = rowAt(file, i)
      visit(index, row, key(row))
    }
  }
}

function pick(file: Drawable, isDrawn: (row: number) => boolean): Uint32Array {
  const rows = countOf(file)
  const drawn = new Uint32Array(rows)
  let count = 0
  for (let i = 0; i < rows; i++) {
    const row = rowAt(file, i)
    if (isDrawn(row)) drawn[count++] = row
  }
  return shared(drawn.subarray(0, count))
}
