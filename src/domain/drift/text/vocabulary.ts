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
   * brings, and of the current words.
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
 * The words of one half of the reference as a vocabulary for the other half and for half of the current texts, and the other way round.
 * Words of one text come together, so texts are the clusters of the test (Welch's, of ratios). Only texts that the vocabulary's half
 * does not hold count, each once: copies say nothing new. Null where too few texts are left.
 */
export function vocabularyEvidence(
  corpus: Corpus,
  table: WordTable,
  random: RandomSource,
): VocabularyEvidence | null {
  const reference = halves(corpus.reference, random)
  const current = halves(corpus.current, random)
  const expected = new UnseenCounts(table)
  const met = new UnseenCounts(table)
  for (const [own, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const known = vocabularyOf(reference[own], table)
    expected.add(reference[other], known)
    met.add(current[own], known)
  }
  const test = welchDifference({
    candidate: met.sample(),
    baseline: expected.sample(),
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

/** For each text that was not known: its share of unseen words, its number of words, and which text it is. */
class UnseenCounts {
  readonly #table: WordTable
  readonly #shares: number[] = []
  readonly #sizes: number[] = []
  readonly #texts: number[] = []

  constructor(table: WordTable) {
    this.#table = table
  }

  add(rows: Int32Array, known: Vocabulary): void {
    const { offsets, ids } = this.#table
    for (const text of new Set(rows)) {
      const start = offsets[text] ?? 0
      const size = (offsets[text + 1] ?? 0) - start
      if (size === 0 || known.texts[text] === 1) continue
      let unseen = 0
      for (let k = start; k < start + size; k++) unseen += 1 - (known.words[ids[k] ?? 0] ?? 0)
      this.#shares.push(unseen / size)
      this.#sizes.push(size)
      this.#texts.push(text)
    }
  }

  sample(): Sample {
    return {
      values: Float64Array.from(this.#shares),
      weights: this.#sizes,
      clusters: this.#texts,
    }
  }
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
