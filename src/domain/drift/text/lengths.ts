import { ksTwoSample } from '../../stats/ks.js'
import { sortFinite } from '../../stats/sort.js'
import { normalisedWasserstein } from '../../stats/wasserstein.js'
import type { Sides } from '../predicate.js'
import type { Corpus } from './sample.js'
import type { WordTable } from './words.js'

/** How the lengths of texts changed. */
export interface LengthEvidence {
  readonly mean: Sides
  /** Kolmogorov-Smirnov. */
  readonly statistic: number
  readonly pValue: number
  /** How far lengths moved, in standard deviations of the reference; null where no double can hold it. */
  readonly wassersteinNormalised: number | null
}

/** Lengths in characters (code points) and in words, row by row. Null without rows. */
export function lengthEvidence(
  corpus: Corpus,
  { offsets }: WordTable,
): { readonly characters: LengthEvidence; readonly words: LengthEvidence } | null {
  const characters = Float64Array.from(corpus.texts, countCharacters)
  const words = characters.map((_, i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0))
  const ofCharacters = compareLengths(corpus, characters)
  const ofWords = compareLengths(corpus, words)
  return ofCharacters && ofWords && { characters: ofCharacters, words: ofWords }
}

function countCharacters(text: string): number {
  let pairs = 0
  for (let i = 0; i + 1 < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800
    if (isPair && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) pairs++
  }
  return text.length - pairs
}

function compareLengths(corpus: Corpus, lengths: Float64Array): LengthEvidence | null {
  const reference = sortedLengths(corpus.reference, lengths)
  const current = sortedLengths(corpus.current, lengths)
  const ks = ksTwoSample(reference, current)
  if (ks === undefined) return null
  return {
    mean: { reference: meanOf(reference), current: meanOf(current) },
    statistic: ks.statistic,
    pValue: ks.pValue,
    wassersteinNormalised: normalisedWasserstein(reference, current) ?? null,
  }
}

function sortedLengths(rows: Int32Array, lengths: Float64Array): Float64Array {
  return sortFinite(Float64Array.from(rows, (text) => lengths[text] ?? 0)).sorted
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
