const SIGNS = /[^\p{L}\p{M}\p{N}\s]/gu
const CAPITAL = /\p{Lu}/u
const SMALL = /\p{Ll}/u
/** So many different signs of a text are enough. */
const MOST_SIGNS = 30

/**
 * What words in lower case do not tell of a text: its punctuation and other signs, each once; whether it has capital and small letters
 * and line breaks; and its length in words, to a power of two. Names are in brackets, signs stand for themselves.
 */
export function marksOf(text: string, words: number): string[] {
  const signs = new Set(text.match(SIGNS))
  const marks = [...signs].slice(0, MOST_SIGNS)
  if (CAPITAL.test(text)) marks.push('(capital letters)')
  if (SMALL.test(text)) marks.push('(small letters)')
  if (text.includes('\n')) marks.push('(line breaks)')
  marks.push(lengthMark(words))
  return marks
}

function lengthMark(words: number): string {
  if (words < 2) return words === 0 ? '(no words)' : '(one word)'
  const least = 2 ** Math.floor(Math.log2(words))
  return `(${least} to ${2 * least - 1} words)`
}
