/** Longer texts are read up to here, but for their length. */
const MOST_UNITS = 20_000

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
  const part = text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text
  if (ASCII.test(part)) return part.toLowerCase().match(ASCII_WORD) ?? []
  return part.normalize('NFKC').toLowerCase().match(WORD) ?? []
}

/** The words of many texts, each word a number. */
export interface WordTable {
  /** By number. */
  readonly words: readonly string[]
  /** The words of text i are `ids[k]` for k from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array
  readonly ids: Int32Array
}

export function tabulateWords(texts: readonly string[]): WordTable {
  const words: string[] = []
  const numbers = new Map<string, number>()
  const offsets = new Uint32Array(texts.length + 1)
  const ids: number[] = []
  for (let i = 0; i < texts.length; i++) {
    for (const word of wordsOf(texts[i] ?? '')) {
      let number = numbers.get(word)
      if (number === undefined) {
        number = words.push(word) - 1
        numbers.set(word, number)
      }
      ids.push(number)
    }
    offsets[i + 1] = ids.length
  }
  return { words, offsets, ids: Int32Array.from(ids) }
}
