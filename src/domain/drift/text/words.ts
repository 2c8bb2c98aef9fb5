import { marksOf } from './marks.js'

/** Longer texts are read up to here. */
const MOST_UNITS = 20_000
/** So much of all texts together is read; beyond, less of each long one, but never less than the least. */
const MOST_IN_ALL = 1e7
const LEAST_UNITS = 200

/** Scripts that are written without spaces: there each character stands for a word, and two in a row for a longer one. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const CHARACTER = String.raw`[\p{L}\p{M}\p{N}_]`
const SPACED = `(?:(?![${UNSPACED}])${CHARACTER})+`
/** An apostrophe between letters belongs to the word. */
const WORD = new RegExp(String.raw`[${UNSPACED}]\p{M}*|${SPACED}(?:['’]${SPACED})*`, 'gu')
const ASCII_WORD = /\w+(?:'\w+)*/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ASCII = /^[\x00-\x7f]*$/

/**
 * The words of a text, in order, in lower case and compatibility form (NFKC): runs of letters, marks and digits. Characters of scripts
 * without spaces (Han, kana, Thai, Lao, Khmer, Burmese) are words of their own.
 */
export function wordsOf(text: string): readonly string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_WORD) ?? []
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? []
}

/** The words of many texts, each word a number. */
export interface WordTable {
  /** By number. */
  readonly words: readonly string[]
  /** The words of text i are `ids[k]` for k from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array
  readonly ids: Int32Array
  /** What else there is to text i (`marksOf`), numbered as words: `marks[k]` for k from `markOffsets[i]` to `markOffsets[i + 1]`. */
  readonly markOffsets: Uint32Array
  readonly marks: Int32Array
}

/** The words and marks of each text, as far as `unitsOfEach` lets them be read. */
export function tabulateWords(texts: readonly string[]): WordTable {
  const units = unitsOfEach(texts)
  const words: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (word: string): number => {
    const known = numbers.get(word)
    if (known !== undefined) return known
    numbers.set(word, words.length)
    return words.push(word) - 1
  }
  const offsets = new Uint32Array(texts.length + 1)
  const markOffsets = new Uint32Array(texts.length + 1)
  const ids: number[] = []
  const marks: number[] = []
  for (let i = 0; i < texts.length; i++) {
    const text = (texts[i] ?? '').slice(0, units)
    const own = wordsOf(text)
    for (const word of own) ids.push(numberOf(word))
    for (const mark of marksOf(text, own.length)) marks.push(numberOf(mark))
    offsets[i + 1] = ids.length
    markOffsets[i + 1] = marks.length
  }
  return { words, offsets, ids: Int32Array.from(ids), markOffsets, marks: Int32Array.from(marks) }
}

/** The same for all texts, of whichever sample, so that what is cut is no difference between samples. */
function unitsOfEach(texts: readonly string[]): number {
  let all = 0
  for (const text of texts) all += Math.min(text.length, MOST_UNITS)
  return all <= MOST_IN_ALL
    ? MOST_UNITS
    : Math.max(LEAST_UNITS, Math.floor(MOST_IN_ALL / texts.length))
}
