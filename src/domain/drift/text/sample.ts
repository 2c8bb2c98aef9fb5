import { drawRows } from '../../stats/draw-rows.js'
import type { RandomSource } from '../../stats/random.js'
import type { Sides } from '../predicate.js'

/** A column of free text: each row's place in the distinct texts, -1 where the cell is missing. */
export interface TextSample {
  readonly texts: readonly string[]
  readonly codes: Int32Array
}

/** The rows of both samples that are looked at, over the texts that occur in them. */
export interface Corpus {
  /** Each distinct text of either sample once. */
  readonly texts: readonly string[]
  /** Each row's place in `texts`. */
  readonly reference: Int32Array
  readonly current: Int32Array
}

/** Rows that have a text, at most `maxRows` of each sample, drawn without replacement. */
export function drawCorpus(
  samples: { readonly reference: TextSample; readonly current: TextSample },
  { random, maxRows }: { readonly random: RandomSource; readonly maxRows: number },
): Corpus {
  const texts: string[] = []
  const places = new Map<string, number>()
  const placesOf = (sample: TextSample): Int32Array =>
    drawCodes(sample, maxRows, random).map((code) => {
      const text = sample.texts[code] ?? ''
      const known = places.get(text)
      if (known !== undefined) return known
      places.set(text, texts.length)
      return texts.push(text) - 1
    })
  return {
    texts,
    reference: placesOf(samples.reference),
    current: placesOf(samples.current),
  }
}

/** The codes of rows that have one: all in their own order, or `most` in random order where there are more. */
function drawCodes({ codes }: TextSample, most: number, random: RandomSource): Int32Array {
  const present = codes.filter((code) => code >= 0)
  if (present.length <= most) return present
  return Int32Array.from(drawRows(present.length, most, random), (row) => present[row] ?? -1)
}

/** How many rows of each sample hold each text. */
export function rowsByText(corpus: Corpus): {
  readonly reference: Uint32Array
  readonly current: Uint32Array
} {
  const tally = (rows: Int32Array): Uint32Array => {
    const counts = new Uint32Array(corpus.texts.length)
    for (const text of rows) counts[text] = (counts[text] ?? 0) + 1
    return counts
  }
  return { reference: tally(corpus.reference), current: tally(corpus.current) }
}

export function sizesOf(corpus: Corpus): Sides {
  return { reference: corpus.reference.length, current: corpus.current.length }
}
