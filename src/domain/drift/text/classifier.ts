import type { Learn } from '../../stats/cross-fit-auc.js'
import { type Design, selectRows } from '../../stats/design.js'
import { decisionScores, fitLogistic } from '../../stats/logistic.js'
import type { RandomSource } from '../../stats/random.js'
import { type DomainArea, domainArea } from '../domain-area.js'
import { labelOf } from '../label.js'
import type { Sides } from '../predicate.js'
import { eachNgram, type NgramDesign, ngramDesign } from './ngrams.js'
import { type Corpus, rowsByText } from './sample.js'
import type { WordTable } from './words.js'

/** A word, two, or a mark (`marksOf`) with the share of the texts of each sample that have it. */
export interface NgramShare extends Sides {
  readonly ngram: string
}

export interface TextClassifier {
  readonly area: DomainArea
  /** What tells texts of a sample from those of the other, most telling first: at most ten a side. */
  readonly ngrams: {
    readonly reference: readonly NgramShare[]
    readonly current: readonly NgramShare[]
  }
}

const MOST_NGRAMS = 10
/** So many are named, before those that say the same are left out. */
const MOST_NAMED = 50
/** As exact as the area asks for: a hundred times as exact, its fourth digit is the same. */
const FIT = { penalty: 1, maxIterations: 25, tolerance: 1e-2 } as const

/**
 * A logistic regression on tf-idf of words, pairs of words and marks, cross-fitted with all copies of a text in one fold. (Evidently's text
 * drift is a linear classifier on tf-idf of English words, with one split of rows: a copy of a text may be on both sides of it.)
 * Undefined with fewer than two rows of each sample a fold.
 */
export function classifyTexts(
  corpus: Corpus,
  table: WordTable,
  random: RandomSource,
): TextClassifier | undefined {
  const features = ngramDesign(corpus, table)
  const { design } = features
  const textOf = new Int32Array(corpus.reference.length + corpus.current.length)
  textOf.set(corpus.reference)
  textOf.set(corpus.current, corpus.reference.length)
  const labels = new Uint8Array(textOf.length).fill(1, corpus.reference.length)
  const weights = new Float64Array(design.columns)
  const pick = (rows: Uint32Array): Design =>
    selectRows(
      design,
      Int32Array.from(rows, (row) => textOf[row] ?? 0),
    )
  const learn: Learn = (train) => {
    const own = Uint8Array.from(train, (row) => labels[row] ?? 0)
    const fit = fitLogistic(pick(train), own, FIT)
    for (let j = 0; j < weights.length; j++) weights[j] = (weights[j] ?? 0) + (fit.weights[j] ?? 0)
    return (rows) => decisionScores(fit, pick(rows))
  }
  const area = domainArea({ labels, groups: textOf, random, learn })
  return area && { area, ngrams: tellingNgrams({ corpus, table, features, weights }) }
}

interface Model {
  readonly corpus: Corpus
  readonly table: WordTable
  readonly features: NgramDesign
  /** One a column, positive where it speaks for the current sample. */
  readonly weights: Float64Array
}

/** The columns whose weight times the difference of their means is largest, named by what is hashed to them. */
function tellingNgrams(model: Model): TextClassifier['ngrams'] {
  const gaps = meanGaps(model)
  const columns = Array.from(gaps.keys()).filter((j) => (gaps[j] ?? 0) * weightOf(model, j) > 0)
  const worth = (j: number) => Math.abs((gaps[j] ?? 0) * weightOf(model, j))
  columns.sort((a, b) => worth(b) - worth(a) || a - b)
  const ofReference = columns.filter((j) => (gaps[j] ?? 0) < 0).slice(0, MOST_NAMED)
  const ofCurrent = columns.filter((j) => (gaps[j] ?? 0) > 0).slice(0, MOST_NAMED)
  const named = nameColumns(model, [...ofReference, ...ofCurrent])
  const pick = (chosen: readonly number[]) =>
    withoutEchoes(chosen.flatMap((j) => named.get(j) ?? [])).slice(0, MOST_NGRAMS)
  return { reference: pick(ofReference), current: pick(ofCurrent) }
}

/** One phrase shows in many words and pairs: of those with a word in common and the same shares, the first. */
function withoutEchoes(ngrams: readonly NgramShare[]): NgramShare[] {
  const kept: NgramShare[] = []
  for (const one of ngrams) if (!kept.some((other) => isEcho(one, other))) kept.push(one)
  return kept
}

function isEcho(one: NgramShare, other: NgramShare): boolean {
  if (one.reference !== other.reference || one.current !== other.current) return false
  const words = one.ngram.split(' ')
  return other.ngram.split(' ').some((word) => words.includes(word))
}

function weightOf({ weights }: Model, column: number): number {
  return weights[column] ?? 0
}

/** Of each column the mean over the current rows less that over the reference's. */
function meanGaps({ corpus, features }: Model): Float64Array {
  const { offsets, indices, values, columns } = features.design
  const rows = rowsByText(corpus)
  const gaps = new Float64Array(columns)
  for (let text = 0; text < corpus.texts.length; text++) {
    const factor =
      (rows.current[text] ?? 0) / corpus.current.length -
      (rows.reference[text] ?? 0) / corpus.reference.length
    const end = offsets[text + 1] ?? 0
    for (let k = offsets[text] ?? 0; k < end; k++) {
      const column = indices[k] ?? 0
      gaps[column] = (gaps[column] ?? 0) + factor * (values[k] ?? 0)
    }
  }
  return gaps
}

/** Several n-grams may share a column: the one that most rows have gives its name. */
function nameColumns(model: Model, columns: readonly number[]): Map<number, NgramShare> {
  const { corpus, table, features } = model
  const wanted = new Set(columns)
  const found = new Map(columns.map((column) => [column, new Map<string, [number, number]>()]))
  const rows = rowsByText(corpus)
  for (let text = 0; text < corpus.texts.length; text++) {
    const own = new Map<string, number>()
    eachNgram(table, text, (bucket, first, second) => {
      const column = features.columnOf[bucket] ?? -1
      if (!wanted.has(column)) return
      const words = [table.words[first] ?? '', ...(second < 0 ? [] : [table.words[second] ?? ''])]
      own.set(words.join(' '), column)
    })
    for (const [ngram, column] of own) {
      const counts = found.get(column)?.get(ngram) ?? [0, 0]
      counts[0] += rows.reference[text] ?? 0
      counts[1] += rows.current[text] ?? 0
      found.get(column)?.set(ngram, counts)
    }
  }
  return new Map(
    Array.from(found, ([column, ngrams]) => [column, mostFrequent(ngrams, corpus)] as const),
  )
}

function mostFrequent(ngrams: Map<string, [number, number]>, corpus: Corpus): NgramShare {
  let best: readonly [string, readonly [number, number]] = ['', [0, 0]]
  for (const entry of ngrams) {
    if (entry[1][0] + entry[1][1] > best[1][0] + best[1][1]) best = entry
  }
  return {
    ngram: labelOf(best[0]),
    reference: best[1][0] / corpus.reference.length,
    current: best[1][1] / corpus.current.length,
  }
}
