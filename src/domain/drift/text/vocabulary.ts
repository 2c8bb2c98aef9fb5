import { drawRows } from '../../stats/draw-rows.js'
import type { RandomSource } from '../../stats/random.js'
import type { Sample } from '../../stats/sampling.js'
import { welchDifference } from '../../stats/welch.js'
import { labelOf } from '../label.js'
import type { Sides } from '../predicate.js'
import { type Corpus, rowsByText } from './sample.js'
import type { WordTable } from './words.js'

/** Words that the reference does not have. */
export interface VocabularyEvidence {
  /**
   * The share of words that are not in the vocabulary of one half of the reference: of the words of its other half, which is what chance
   * brings, and of the current words. Of texts that this half does not hold.
   */
  readonly unseenShare: Sides
  /** One-sided: more unseen words than chance brings. */
  readonly pValue: number
  /** Words (numbers aside) that the whole reference lacks, by the share of current texts that have them: the first ten. */
  readonly newWords: readonly { readonly word: string; readonly share: number }[]
}

const MOST_NEW = 10
const LETTER = /\p{L}/u

/**
 * The words of one half of the reference, drawn at random, are a vocabulary for its other half and for the current texts. (Turning the
 * halves round as well would use what they have in common twice: then 9% of samples without drift have a p-value below 0.05.) Words of
 * one text come together, and so do its copies: texts are the clusters of the test (Welch's, of ratios). Texts that the vocabulary's
 * half holds do not count: copies have nothing new. Null where too few texts are left.
 */
export function vocabularyEvidence(
  corpus: Corpus,
  table: WordTable,
  random: RandomSource,
): VocabularyEvidence | null {
  const [half, rest] = halves(corpus.reference, random)
  const known = vocabularyOf(half, table)
  const test = welchDifference({
    candidate: unseenShares(corpus.current, known, table),
    baseline: unseenShares(rest, known, table),
    level: 0.95,
  })
  if (test === undefined) return null
  return {
    unseenShare: { reference: test.baselineMean, current: test.candidateMean },
    pValue: test.statistic > 0 ? test.pValue / 2 : 1 - test.pValue / 2,
    newWords: newWords(corpus, table),
  }
}

function halves(rows: Int32Array, random: RandomSource): readonly [Int32Array, Int32Array] {
  const order = Int32Array.from(drawRows(rows.length, rows.length, random), (i) => rows[i] ?? 0)
  const middle = order.length >> 1
  return [order.subarray(0, middle), order.subarray(middle)]
}

interface Vocabulary {
  readonly texts: Uint8Array
  readonly words: Uint8Array
}

function vocabularyOf(rows: Int32Array, { offsets, ids, words }: WordTable): Vocabulary {
  const found = {
    texts: new Uint8Array(offsets.length - 1),
    words: new Uint8Array(words.length),
  }
  for (const text of rows) {
    if (found.texts[text] === 1) continue
    found.texts[text] = 1
    const end = offsets[text + 1] ?? 0
    for (let k = offsets[text] ?? 0; k < end; k++) found.words[ids[k] ?? 0] = 1
  }
  return found
}

/** For each row whose text is not known: the share of its words that are not, weighted by their number. */
function unseenShares(rows: Int32Array, known: Vocabulary, table: WordTable): Sample {
  const { offsets, ids } = table
  const sizeOf = (text: number) => (offsets[text + 1] ?? 0) - (offsets[text] ?? 0)
  const clusters = rows.filter((text) => known.texts[text] !== 1 && sizeOf(text) > 0)
  const values = Float64Array.from(clusters, (text) => {
    const start = offsets[text] ?? 0
    const size = sizeOf(text)
    let unseen = 0
    for (let k = start; k < start + size; k++) unseen += 1 - (known.words[ids[k] ?? 0] ?? 0)
    return unseen / size
  })
  return { values, weights: Float64Array.from(clusters, sizeOf), clusters }
}

function newWords(corpus: Corpus, table: WordTable): VocabularyEvidence['newWords'] {
  const { offsets, ids, words } = table
  const known = vocabularyOf(corpus.reference, table).words
  const counts = new Float64Array(words.length)
  const rows = rowsByText(corpus).current
  for (let text = 0; text < rows.length; text++) {
    const own = new Set(ids.subarray(offsets[text] ?? 0, offsets[text + 1] ?? 0))
    for (const id of own) if (known[id] === 0) counts[id] = (counts[id] ?? 0) + (rows[text] ?? 0)
  }
  const fresh: number[] = []
  counts.forEach((count, id) => {
    if (count > 0 && LETTER.test(words[id] ?? '')) fresh.push(id)
  })
  fresh.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  return fresh.slice(0, MOST_NEW).map((id) => ({
    word: labelOf(words[id] ?? ''),
    share: (counts[id] ?? 0) / corpus.current.length,
  }))
}
