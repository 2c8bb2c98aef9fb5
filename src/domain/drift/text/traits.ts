import { chiSquareTwoSample } from '../../stats/chi-square.js'
import type { Sides } from '../predicate.js'
import type { Corpus } from './sample.js'

const TRAITS = {
  empty: (text: string) => !/\S/.test(text),
  digits: (text: string) => /\p{Nd}/u.test(text),
  urls: (text: string) => /\bhttps?:\/\/|\bwww\./i.test(text),
  markup: (text: string) => /<\/?[a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,7});/i.test(text),
  capitals: isInCapitals,
  // A replacement character, or UTF-8 that was read as Latin-1 or Windows-1252.
  'broken-encoding': (text: string) => /\ufffd|[ÃÂ][\u0080-\u00bf]|â€/.test(text),
} as const

/** So much of a text is looked at. */
const MOST_UNITS = 5_000

export type TraitName = keyof typeof TRAITS

/**
 * What share of the texts is blank (`empty`), has digits, URLs or mark-up, is written in capitals, or shows characters of a broken
 * encoding.
 */
export interface TraitShare extends Sides {
  readonly trait: TraitName
  /** Chi-square over texts. */
  readonly pValue: number
}

/** Each trait's shares, compared over texts. Nothing without rows. */
export function traitShares(corpus: Corpus): TraitShare[] {
  const names = Object.keys(TRAITS) as TraitName[]
  const starts = corpus.texts.map((text) => text.slice(0, MOST_UNITS))
  return names.flatMap((trait) => {
    const has = Uint8Array.from(starts, (text) => (TRAITS[trait](text) ? 1 : 0))
    const reference = cells(corpus.reference, has)
    const current = cells(corpus.current, has)
    const test = chiSquareTwoSample({ reference, current })
    if (test === undefined) return []
    return [
      {
        trait,
        reference: (reference[1] ?? 0) / corpus.reference.length,
        current: (current[1] ?? 0) / corpus.current.length,
        pValue: test.pValue,
      },
    ]
  })
}

function cells(rows: Int32Array, has: Uint8Array): Float64Array {
  let count = 0
  for (const text of rows) count += has[text] ?? 0
  return Float64Array.of(rows.length - count, count)
}

/** Whether capitals are most of at least four letters that have a case. */
function isInCapitals(text: string): boolean {
  const upper = text.match(/\p{Lu}/gu)?.length ?? 0
  const lower = text.match(/\p{Ll}/gu)?.length ?? 0
  return upper + lower >= 4 && upper > lower
}
