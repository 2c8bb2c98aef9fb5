import type { RandomSource } from '../../stats/random.js'
import { FEWEST_VALUES } from '../policy.js'
import type { Sides } from '../predicate.js'
import { percent, pText, shortNumber } from '../wording.js'
import { classifyTexts, type NgramShare, type TextClassifier } from './classifier.js'
import { type LengthEvidence, lengthEvidence } from './lengths.js'
import { type Corpus, drawCorpus, sizesOf, type TextSample } from './sample.js'
import { type ScriptEvidence, scriptEvidence } from './scripts.js'
import { type TraitShare, traitShares } from './traits.js'
import { type VocabularyEvidence, vocabularyEvidence } from './vocabulary.js'
import { tabulateWords } from './words.js'

/** What a column of free text says, as plain JSON. */
export interface TextEvidence {
  /** Rows with a text, of those drawn. */
  readonly rows: Sides
  /** How many different texts there are in both samples together. */
  readonly distinctTexts: number
  /** The area under the ROC curve of a classifier that has not seen the texts; null with too little data to say. */
  readonly distance: { readonly name: 'text-domain-auc'; readonly value: number | null }
  /** The area's 95% interval. */
  readonly interval: { readonly low: number; readonly high: number } | null
  /** The area's standard errors above one half. */
  readonly statistic: number | null
  /** One-sided: that texts of the samples can be told apart. Null with too little data to say. */
  readonly pValue: number | null
  readonly ngrams: {
    readonly reference: readonly NgramShare[]
    readonly current: readonly NgramShare[]
  }
  readonly lengths: { readonly characters: LengthEvidence; readonly words: LengthEvidence } | null
  readonly vocabulary: VocabularyEvidence | null
  readonly scripts: ScriptEvidence | null
  readonly traits: readonly TraitShare[]
  /** What was measured, a clause a thing, without names from the data. */
  readonly reasons: readonly string[]
}

export interface TextOptions {
  readonly random: RandomSource
  /** At most so many rows of each sample. */
  readonly maxRows: number
}

/**
 * Compares two samples of free text in any language. The verdict is of a classifier over words, pairs of words and
 * marks such as punctuation, capitals and length; lengths, vocabulary,
 * scripts and traits say what changed. Rows are taken to be independent, but copies of a text as one. With fewer than 30 texts in a
 * sample, or too few different ones, distance and p-value are null: nothing can be said.
 */
export function measureText(
  reference: TextSample,
  current: TextSample,
  options: TextOptions,
): TextEvidence {
  const corpus = drawCorpus({ reference, current }, options)
  const table = tabulateWords(corpus.texts)
  const rows = sizesOf(corpus)
  const enough = Math.min(rows.reference, rows.current) >= FEWEST_VALUES
  const classifier = enough ? classifyTexts(corpus, table, options.random) : undefined
  const found = {
    lengths: lengthEvidence(corpus, table),
    vocabulary: enough ? vocabularyEvidence(corpus, table, options.random) : null,
    scripts: scriptEvidence(corpus),
    traits: traitShares(corpus),
  }
  const area = classifier?.area
  return {
    rows,
    distinctTexts: corpus.texts.length,
    distance: { name: 'text-domain-auc', value: area?.auc ?? null },
    interval: area ? { low: area.low, high: area.high } : null,
    statistic: area?.statistic ?? null,
    pValue: area?.pValue ?? null,
    ngrams: classifier?.ngrams ?? { reference: [], current: [] },
    ...found,
    reasons: [areaClause(corpus, classifier), ...clauses(found)],
  }
}

function areaClause(corpus: Corpus, classifier: TextClassifier | undefined): string {
  if (classifier !== undefined) {
    const { auc, pValue } = classifier.area
    return `a classifier over words tells texts of the two samples apart with an area under the ROC curve of ${shortNumber(auc)} (0.5 is chance, p ${pText(pValue)})`
  }
  const { reference, current } = sizesOf(corpus)
  return Math.min(reference, current) < FEWEST_VALUES
    ? `too few texts to say (${reference} and ${current}, ${FEWEST_VALUES} are needed)`
    : `too few different texts to say (${corpus.texts.length})`
}

/** Below this, a clause speaks of the change. */
const SPEAKS = 0.001

function clauses(
  found: Pick<TextEvidence, 'lengths' | 'vocabulary' | 'scripts' | 'traits'>,
): string[] {
  const { lengths, vocabulary, scripts, traits } = found
  const list: string[] = []
  if (vocabulary && vocabulary.pValue < SPEAKS) {
    const { reference, current } = vocabulary.unseenShare
    list.push(`${percent(current)} of the words are new where ${percent(reference)} is usual`)
  }
  if (lengths && lengths.words.pValue < SPEAKS) {
    const { reference, current } = lengths.words.mean
    list.push(
      `texts have ${shortNumber(current)} words on average instead of ${shortNumber(reference)}`,
    )
  }
  if (scripts && scripts.pValue < SPEAKS) {
    const most = scripts.shares.toSorted((a, b) => gap(b) - gap(a))[0]
    if (most)
      list.push(
        `${percent(most.current)} are in ${scriptWords(most.script)} instead of ${percent(most.reference)}`,
      )
  }
  for (const { trait, reference, current, pValue } of traits) {
    if (pValue >= SPEAKS) continue
    list.push(`${percent(current)} ${TRAIT_WORDS[trait]} instead of ${percent(reference)}`)
  }
  return list
}

function gap({ reference, current }: Sides): number {
  return Math.abs(current - reference)
}

function scriptWords(script: string): string {
  if (script === 'none') return 'no script at all'
  return script === 'Other' ? 'other scripts' : `${script} script`
}

const TRAIT_WORDS: Readonly<Record<TraitShare['trait'], string>> = {
  empty: 'are blank',
  digits: 'have digits',
  urls: 'have URLs',
  markup: 'have mark-up',
  capitals: 'are in capitals',
  'broken-encoding': 'show a broken encoding',
}
