import { chiSquareTwoSample } from '../../stats/chi-square.js'
import { jensenShannonDistance } from '../../stats/jensen-shannon.js'
import type { Sides } from '../predicate.js'
import type { Corpus } from './sample.js'

/** What share of the texts is written in a script. */
export interface ScriptShare extends Sides {
  readonly script: string
}

/** How the scripts that texts are written in changed: the nearest thing to their languages without a model. */
export interface ScriptEvidence {
  /** Largest share first; `none` are texts without letters, `Other` what is rare. */
  readonly shares: readonly ScriptShare[]
  /** Chi-square over texts. */
  readonly pValue: number
  /** Jensen-Shannon, base 2. */
  readonly distance: number
}

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Han',
  'Kana',
  'Hangul',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Georgian',
  'Armenian',
  'Ethiopic',
] as const

const PATTERNS = SCRIPTS.map((script) =>
  script === 'Kana'
    ? /[\p{Script=Hiragana}\p{Script=Katakana}]/u
    : new RegExp(String.raw`\p{Script=${script}}`, 'u'),
)
const LETTER = /\p{L}/u
const OTHER = SCRIPTS.length
const NONE = OTHER + 1
const KANA = SCRIPTS.indexOf('Kana')
const NAMES = [...SCRIPTS, 'Other', 'none']
/** Japanese is as much Han as kana, which no other language has: this much of it is enough to tell. */
const KANA_SHARE = 0.1
/** Cells with less than this in both samples together make chi-square's law a poor one. */
const FEWEST_IN_CELL = 10
/** So much of a text is enough to know its script. */
const MOST_UNITS = 2_000

/** The script that most letters of each text are in, compared over texts. Null without rows. */
export function scriptEvidence(corpus: Corpus): ScriptEvidence | null {
  const scriptOfText = scriptFinder()
  const scripts = Uint8Array.from(corpus.texts, scriptOfText)
  const counts = {
    reference: tally(corpus.reference, scripts),
    current: tally(corpus.current, scripts),
  }
  poolRare(counts)
  const test = chiSquareTwoSample(counts)
  const distance = jensenShannonDistance(counts)
  if (test === undefined || distance === undefined) return null
  const shares = NAMES.map((script, i) => ({
    script,
    reference: (counts.reference[i] ?? 0) / corpus.reference.length,
    current: (counts.current[i] ?? 0) / corpus.current.length,
  }))
  return {
    shares: shares
      .filter(({ reference, current }) => reference + current > 0)
      .sort((a, b) => b.reference + b.current - (a.reference + a.current)),
    pValue: test.pValue,
    distance,
  }
}

function tally(rows: Int32Array, scripts: Uint8Array): Float64Array {
  const counts = new Float64Array(NAMES.length)
  for (const text of rows) {
    const script = scripts[text] ?? NONE
    counts[script] = (counts[script] ?? 0) + 1
  }
  return counts
}

function poolRare(counts: { readonly reference: Float64Array; readonly current: Float64Array }) {
  const { reference, current } = counts
  for (let i = 0; i < OTHER; i++) {
    if ((reference[i] ?? 0) + (current[i] ?? 0) >= FEWEST_IN_CELL) continue
    for (const side of [reference, current]) {
      side[OTHER] = (side[OTHER] ?? 0) + (side[i] ?? 0)
      side[i] = 0
    }
  }
}

/** Gives the place of a text's script; what was found out about a character is kept. */
function scriptFinder(): (text: string) => number {
  const known = new Map<number, number>()
  return (text) => {
    const counts = new Uint32Array(NAMES.length)
    const end = Math.min(text.length, MOST_UNITS)
    for (let i = 0; i < end; i++) {
      const point = text.codePointAt(i) ?? 0
      if (point > 0xffff) i++
      const script = point < 128 ? asciiScript(point) : scriptOf(point, known)
      counts[script] = (counts[script] ?? 0) + 1
    }
    return mostOf(counts)
  }
}

function asciiScript(point: number): number {
  const lower = point | 32
  return lower >= 97 && lower <= 122 ? 0 : NONE
}

function scriptOf(point: number, known: Map<number, number>): number {
  const before = known.get(point)
  if (before !== undefined) return before
  const character = String.fromCodePoint(point)
  const found = PATTERNS.findIndex((pattern) => pattern.test(character))
  const script = LETTER.test(character) ? (found < 0 ? OTHER : found) : NONE
  known.set(point, script)
  return script
}

function mostOf(counts: Uint32Array): number {
  let letters = 0
  let most = NONE
  for (let i = 0; i < NONE; i++) {
    const count = counts[i] ?? 0
    letters += count
    if (count > (most === NONE ? 0 : (counts[most] ?? 0))) most = i
  }
  return (counts[KANA] ?? 0) > KANA_SHARE * letters ? KANA : most
}
