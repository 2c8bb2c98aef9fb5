import type { SparseDesign } from '../../stats/design.js'
import { type Corpus, rowsByText } from './sample.js'
import type { WordTable } from './words.js'

/** Words, pairs of words and marks of each distinct text, weighted by tf-idf. */
export interface NgramDesign {
  /** A row for each text, of length 1 unless it has no n-gram that another text has. */
  readonly design: SparseDesign
  /** Of each of the hashed n-grams its column; -1 where fewer than two texts have it. */
  readonly columnOf: Int32Array
}

/** Looked up once: in a test's own context globals are slow to reach. */
const { imul, log } = Math

const BITS = 18
const BUCKETS = 1 << BITS

/** The bucket of a word, or of a pair of words in order: a hash of their numbers (MurmurHash3's finaliser). */
function bucketOf(first: number, second: number): number {
  let hash = imul(first + 1, 0x9e3779b1) ^ imul(second + 2, 0x85ebca77)
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> (32 - BITS)
}

/** Calls `visit` with each n-gram and mark of a text: its bucket and its words, `second` -1 for a single one. */
export function eachNgram(
  { offsets, ids, markOffsets, marks }: WordTable,
  text: number,
  visit: (bucket: number, first: number, second: number) => void,
): void {
  const lastMark = markOffsets[text + 1] ?? 0
  for (let k = markOffsets[text] ?? 0; k < lastMark; k++) {
    const mark = marks[k] ?? 0
    visit(bucketOf(mark, -1), mark, -1)
  }
  const end = offsets[text + 1] ?? 0
  for (let k = offsets[text] ?? 0; k < end; k++) {
    const first = ids[k] ?? 0
    visit(bucketOf(first, -1), first, -1)
    if (k + 1 === end) continue
    const second = ids[k + 1] ?? 0
    visit(bucketOf(first, second), first, second)
  }
}

interface Counts {
  readonly offsets: Uint32Array
  readonly buckets: Int32Array
  /** How often the text has it. */
  readonly times: Int32Array
}

function countNgrams(table: WordTable): Counts {
  const texts = table.offsets.length - 1
  const offsets = new Uint32Array(texts + 1)
  const most = 2 * table.ids.length + table.marks.length
  const buckets = new Int32Array(most)
  const times = new Int32Array(most)
  // Where in the lists the present text has a bucket; entries of earlier texts lie before its start.
  const placeOf = new Int32Array(BUCKETS).fill(-1)
  let size = 0
  for (let text = 0; text < texts; text++) {
    const start = size
    eachNgram(table, text, (bucket) => {
      let place = placeOf[bucket] ?? -1
      if (place < start) {
        place = size++
        placeOf[bucket] = place
        buckets[place] = bucket
      }
      times[place] = (times[place] ?? 0) + 1
    })
    offsets[text + 1] = size
  }
  return { offsets, buckets: buckets.subarray(0, size), times: times.subarray(0, size) }
}

/**
 * Single words, pairs and marks, hashed to 2^18 buckets; words and pairs as in scikit-learn's TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
 * but for collisions: 1 + ln(count), times 1 + ln((1 + rows) / (1 + rows that have it)), each text's row scaled to length 1. The
 * frequencies are of the rows of both samples together, so that they tell nothing of which is which.
 */
export function ngramDesign(corpus: Corpus, table: WordTable): NgramDesign {
  const { offsets, buckets, times } = countNgrams(table)
  const { columnOf, columns, idf } = weighBuckets(corpus, { offsets, buckets, times })
  const kept = new Uint32Array(offsets.length)
  const indices = new Int32Array(buckets.length)
  const values = new Float64Array(buckets.length)
  let size = 0
  for (let text = 0; text + 1 < offsets.length; text++) {
    const start = size
    let squares = 0
    const end = offsets[text + 1] ?? 0
    for (let k = offsets[text] ?? 0; k < end; k++) {
      const column = columnOf[buckets[k] ?? 0] ?? -1
      if (column < 0) continue
      const value = (1 + log(times[k] ?? 1)) * (idf[column] ?? 0)
      indices[size] = column
      values[size++] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let k = start; k < size; k++) values[k] = (values[k] ?? 0) / length
    kept[text + 1] = size
  }
  const design = {
    rows: corpus.texts.length,
    columns,
    offsets: kept,
    indices: indices.subarray(0, size),
    values: values.subarray(0, size),
  }
  return { design, columnOf }
}

function weighBuckets(
  corpus: Corpus,
  { offsets, buckets }: Counts,
): { columnOf: Int32Array; columns: number; idf: Float64Array } {
  const byText = rowsByText(corpus)
  const texts = new Uint32Array(BUCKETS)
  const rows = new Uint32Array(BUCKETS)
  for (let text = 0; text + 1 < offsets.length; text++) {
    const copies = (byText.reference[text] ?? 0) + (byText.current[text] ?? 0)
    const end = offsets[text + 1] ?? 0
    for (let k = offsets[text] ?? 0; k < end; k++) {
      const bucket = buckets[k] ?? 0
      texts[bucket] = (texts[bucket] ?? 0) + 1
      rows[bucket] = (rows[bucket] ?? 0) + copies
    }
  }
  const all = corpus.reference.length + corpus.current.length
  const columnOf = new Int32Array(BUCKETS).fill(-1)
  const idf: number[] = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    // What one text alone has tells nothing of others, and its copies are in its own fold.
    if ((texts[bucket] ?? 0) < 2) continue
    columnOf[bucket] = idf.length
    idf.push(1 + log((1 + all) / (1 + (rows[bucket] ?? 0))))
  }
  return { columnOf, columns: idf.length, idf: Float64Array.from(idf) }
}
