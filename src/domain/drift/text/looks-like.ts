import { wordsOf } from './words.js'

/** With fewer distinct texts it cannot be told; they are categories then. */
const FEWEST_TEXTS = 20
/** A column of more distinct texts than this is none of categories, however often they repeat. */
const MANY_TEXTS = 1000
/** So many texts, evenly spread over the column, are looked at. */
const MOST_LOOKED_AT = 500
/** And so much of each. */
const MOST_UNITS = 2_000
const FEWEST_WORDS = 3
/** From so many words on, a text is one even if written in capitals throughout. */
const WORDS_OF_PROSE = 8
/** Scripts without spaces have about two characters a word. */
const CHARACTERS_A_WORD = 2
/** Names and addresses begin their words with capitals; prose does not, but for German nouns, titles and sentences. */
const FEWEST_SMALL = 0.25
const MOST_OF_THEM = 0.9

const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** What is written with letters alone: codes, numbers and most of an address are no words. */
const SPELT = /^[\p{L}\p{M}'’]+$/u
const SPACE = /\s+/u
const EDGES = /^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu
const SMALL = /^\p{Ll}/u
const CASED = /^[\p{Ll}\p{Lu}\p{Lt}]/u

/**
 * Whether a column of strings, given by its distinct texts and how many rows hold each, holds free text: most rows, or over a thousand, are different, and the texts are of three words or more on
 * average, which begin with small letters as in prose where the script has them. Postcodes, names, codes, identifiers, addresses and
 * timestamps are not text. Fewer than 20 distinct texts: no.
 */
export function looksLikeText(texts: readonly string[], counts: ArrayLike<number>): boolean {
  if (!hasManyTexts(texts, counts) || mostAre(texts, isIdentifierText)) return false
  let words = 0
  let small = 0
  let cased = 0
  const looked = spread(texts).map((text) => text.slice(0, MOST_UNITS))
  for (const text of looked) {
    words += wordCount(text)
    for (const part of text.split(SPACE)) {
      const word = part.replace(EDGES, '')
      if (!CASED.test(word)) continue
      cased++
      if (SMALL.test(word)) small++
    }
  }
  const mean = words / looked.length
  if (mean < FEWEST_WORDS) return false
  return mean >= WORDS_OF_PROSE || small >= FEWEST_SMALL * cased
}

/** Words spelt with letters; those of scripts without spaces by their characters. */
function wordCount(text: string): number {
  let words = 0
  for (const part of text.split(SPACE)) {
    const word = part.replace(EDGES, '')
    if (word === '') continue
    const parts = wordsOf(word)
    const unspaced = parts.filter((one) => UNSPACED.test(one)).length
    if (unspaced > 0) words += unspaced / CHARACTERS_A_WORD
    else if (SPELT.test(word) || isJoined(word)) words++
  }
  return words
}

/** Words that a hyphen or a slash joins. */
function isJoined(word: string): boolean {
  return word.split(/[-–/]/u).every((part) => SPELT.test(part))
}

/** Of people and their machines: these are not shown, however few there are. */
const PERSONAL: readonly RegExp[] = [
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$/,
  // Telephone numbers in the international form.
  /^\+\d[\d\s().-]{7,}$/,
]

const IDENTIFIERS: readonly RegExp[] = [
  ...PERSONAL,
  /^\{?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?$/i,
  // Hashes; at least one digit, so that a word of a to f is none.
  /^(?:0x|sha\d+:)?(?=[^\d]*\d)[\da-f]{12,}$/i,
  /^[a-z][a-z\d+.-]{1,20}:\/\/\S+$/i,
  /^www\.\S+$/i,
  /^(?:[\da-f]{1,4}:){2,7}(?:[\da-f]{1,4})?$/i,
  /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i,
  // Whole numbers too long for a double.
  /^\d{12,}$/,
  /^(?:\/|[a-z]:\\|\\\\)[^\s]*[/\\][^\s]*$/i,
]

/**
 * One word of at least eight characters with letters and digits, such as INV-000123, an IBAN, or Base64. In ASCII: in scripts without
 * spaces a sentence with a number is one word.
 */
const CODE = /^(?=.*[a-z])(?=.*\d)[a-z\d_:./+=#-]{8,}$/i

/**
 * Whether a column of strings holds identifiers: more than half of the rows are different, and nine of ten texts are UUIDs, hashes,
 * e-mail addresses, URLs, network addresses, paths, telephone numbers, long numbers, or codes of letters and digits. Postcodes and names
 * are not, nor are codes that come back, of shops or articles: those are categories. Fewer than 20 distinct texts: no.
 */
export function looksLikeIdentifierText(
  texts: readonly string[],
  counts: ArrayLike<number>,
): boolean {
  const present = presentOf(texts, counts)
  return (
    present.length >= FEWEST_TEXTS && mostlyDiffer(counts) && mostAre(present, isIdentifierText)
  )
}

/**
 * Whether the texts of a column are not to be shown to anybody: identifiers, and addresses and telephone numbers whatever their number,
 * as are UUIDs, hashes, URLs, paths and long numbers from 20 on, though each were in many rows.
 */
export function looksPrivate(texts: readonly string[], counts: ArrayLike<number>): boolean {
  const present = presentOf(texts, counts)
  if (present.length === 0) return false
  if (mostAre(present, (text) => matches(text, PERSONAL))) return true
  if (present.length < FEWEST_TEXTS) return false
  if (mostAre(present, (text) => matches(text, IDENTIFIERS))) return true
  return looksLikeIdentifierText(texts, counts)
}

/** Whether more than half of the rows hold different texts; without rows none is twice. */
export function mostlyDiffer(counts: ArrayLike<number>): boolean {
  let rows = 0
  let distinct = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0
    rows += count
    if (count > 0) distinct++
  }
  return rows === 0 || distinct > rows / 2
}

/** Whether one text looks like an identifier. */
export function isIdentifierText(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.length <= MOST_UNITS && (CODE.test(trimmed) || matches(trimmed, IDENTIFIERS))
}

function matches(text: string, patterns: readonly RegExp[]): boolean {
  const trimmed = text.trim()
  // Longer ones are texts; a pattern need not look at a megabyte.
  return trimmed.length <= MOST_UNITS && patterns.some((pattern) => pattern.test(trimmed))
}

function mostAre(texts: readonly string[], what: (text: string) => boolean): boolean {
  const looked = spread(texts)
  return looked.filter(what).length >= MOST_OF_THEM * looked.length
}

function presentOf(texts: readonly string[], counts: ArrayLike<number>): readonly string[] {
  return texts.filter((_, i) => (counts[i] ?? 0) > 0)
}

function hasManyTexts(texts: readonly string[], counts: ArrayLike<number>): boolean {
  let rows = 0
  for (let i = 0; i < texts.length; i++) rows += counts[i] ?? 0
  if (texts.length < FEWEST_TEXTS) return false
  return texts.length > MANY_TEXTS || texts.length > rows / 2
}

function spread(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_LOOKED_AT) return texts
  const step = texts.length / MOST_LOOKED_AT
  return Array.from({ length: MOST_LOOKED_AT }, (_, i) => texts[Math.floor(i * step)] ?? '')
}
