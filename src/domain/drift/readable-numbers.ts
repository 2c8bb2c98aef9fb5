import type { Column } from '../table/column.js'
import { comparedAsText, type DriftPolicy } from './policy.js'
import type { Sides } from './predicate.js'
import type { CategoricalSample, ColumnSample, NumericSample } from './samples.js'

/** Both samples, with numbers in place of texts that are numbers but for a few. */
export interface ReadSamples {
  readonly reference: ColumnSample
  readonly current: ColumnSample
  /** Cells that are no numbers: they are among the missing. Undefined where no text was read as numbers. */
  readonly unusable: Sides | undefined
}

/**
 * One cell such as `oops` makes text of a column of numbers. Where most texts of one sample are numbers and the other sample has numbers, or the user
 * names the column numeric, or all but a hundredth of both are numbers, the texts are read as numbers, and the others count as missing.
 */
export function readNumbers(
  policy: DriftPolicy,
  reference: ColumnSample,
  current: ColumnSample,
): ReadSamples {
  const unread = { reference, current, unusable: undefined }
  const sides = [reference, current] as const
  if (comparedAsText(policy, reference.name)) return unread
  if (!sides.some(mayBeText) || sides.some(({ type }) => type === 'timestamp')) return unread
  const [before, now] = [readSide(reference), readSide(current)]
  if (before === undefined || now === undefined) return unread
  const named = policy.columns.numeric.includes(reference.name)
  if (!named && sides.every(mayBeText) && !(areAlmostAll(before) && areAlmostAll(now))) {
    return unread
  }
  // Where all texts of a column are numbers it is a format with types that calls them text: that is another type.
  const isMixed = before.unusable + now.unusable > 0 || sides.some(isTextElsewhere)
  if (!isMixed && !named) return unread
  return {
    reference: before.sample,
    current: now.sample,
    unusable: { reference: before.unusable, current: now.unusable },
  }
}

interface Read {
  readonly sample: ColumnSample
  readonly values: number
  readonly distinct: number
  readonly unusable: number
  /** Whether some of what is no number is written in digits: the column may be one of codes. */
  readonly hasCodes: boolean
}

function mayBeText(sample: ColumnSample): sample is CategoricalSample {
  return sample.type === 'string'
}

function isTextElsewhere(sample: ColumnSample): boolean {
  return sample.kind === 'categorical' && sample.isTextElsewhere === true
}

/** Some rows of a column of text as a sample: that the column is one of text may be for other rows. */
export function partOfText(sample: ColumnSample, whole: Column): ColumnSample {
  if (sample.type !== 'string' || whole.kind !== 'categorical') return sample
  const isTextElsewhere = whole.categories.some((text) => !isNumber(text.trim()))
  return { ...sample, isTextElsewhere }
}

/** So many different numbers, or fewer, may be codes. */
const FEW_NUMBERS = 20
const MOST_UNUSABLE = 0.01

function areAlmostAll({ values, unusable, distinct, hasCodes }: Read): boolean {
  if (values + unusable === 0) return true
  return !hasCodes && distinct > FEW_NUMBERS && unusable <= MOST_UNUSABLE * (values + unusable)
}

/** Undefined where most values are no numbers. */
function readSide(sample: ColumnSample): Read | undefined {
  if (sample.kind === 'numeric') {
    return { sample, values: 0, distinct: 0, unusable: 0, hasCodes: false }
  }
  if (sample.type === 'boolean' || (sample.others ?? 0) > 0) return undefined
  const found = new FoundNumbers()
  for (const [i, text] of sample.categories.entries()) {
    const count = sample.counts[i] ?? 0
    if (count > 0) found.add(text.trim(), count)
  }
  if (found.unusable > found.values + found.infinities) return undefined
  return found.finish(sample)
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const INFINITY = /^([+-]?)inf(?:inity)?$/i
const DIGITS = /^[+-]?\d+$/
/** As in files of text; in quotes nothing may be written, too. */
const MISSING: ReadonlySet<string> = new Set(['', 'NaN', 'nan', 'NA', 'null', 'NULL'])

class FoundNumbers {
  readonly #counts: [value: number, count: number][] = []
  values = 0
  infinities = 0
  negativeInfinities = 0
  missing = 0
  unusable = 0
  #isWhole = true
  #hasCodes = false

  add(text: string, count: number): void {
    const infinity = INFINITY.exec(text)
    if (MISSING.has(text)) this.missing += count
    else if (infinity !== null) this.#addInfinity(infinity[1] === '-', count)
    else if (isNumber(text)) this.#addNumber(text, count)
    else {
      this.unusable += count
      if (DIGITS.test(text)) this.#hasCodes = true
    }
  }

  #addInfinity(isNegative: boolean, count: number): void {
    this.infinities += count
    if (isNegative) this.negativeInfinities += count
  }

  #addNumber(text: string, count: number): void {
    const value = Number(text)
    if (!Number.isFinite(value)) {
      this.#addInfinity(value < 0, count)
      return
    }
    this.#counts.push([value, count])
    this.values += count
    if (!DIGITS.test(text)) this.#isWhole = false
  }

  finish({ name, rows, missing }: CategoricalSample): Read {
    const sorted = new Float64Array(this.values)
    let at = 0
    for (const [value, count] of this.#counts.sort(([a], [b]) => a - b)) {
      sorted.fill(value, at, at + count)
      at += count
    }
    const sample: NumericSample = {
      ...{ kind: 'numeric', name, type: this.#isWhole ? 'integer' : 'number', rows, rankError: 0 },
      missing: missing + this.missing + this.unusable,
      infinities: this.infinities,
      sorted,
    }
    const { values, unusable } = this
    return { sample, values, unusable, distinct: this.#counts.length, hasCodes: this.#hasCodes }
  }
}

/** Integers beyond 2^53, and those that begin with a nought, are written in digits but mean a code. */
function isNumber(text: string): boolean {
  if (!DECIMAL.test(text)) return false
  if (!DIGITS.test(text)) return true
  return Number.isSafeInteger(Number(text)) && !/^[+-]?0\d/.test(text)
}
