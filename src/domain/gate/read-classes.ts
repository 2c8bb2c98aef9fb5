import type { Checked, Problem } from '../problem.js'
import type { Column } from '../table/column.js'
import { type CodedRows, canonicalOrder, codeRows, recodeAsNumbers, usedNames } from './codes.js'
import { splitSets } from './label-sets.js'
import { type Cut, ProblemList } from './source.js'

/** More distinct values than this are numbers or texts, not classes. */
const MOST_CLASSES = 10_000
/** More distinct numbers with decimals than this are what a regression predicts. */
const MOST_FRACTIONS = 1000
/** Distinct sets of labels: texts beyond this are no sets. */
const MOST_SETS = 1_000_000

/** A column of class names at the joined rows of its file. */
export interface ClassColumn extends Cut {
  readonly column: Column
}

export interface ClassColumns {
  readonly labels: ClassColumn
  /** Labels in the baseline's file, where it has them. */
  readonly baselineLabels?: ClassColumn | undefined
  readonly predictions?: ClassColumn | undefined
  readonly baselinePredictions?: ClassColumn | undefined
}

export interface ClassReading {
  /** A missing prediction is an error, or of a class that is never right. */
  readonly abstentions: 'refuse' | 'wrong'
  /** What separates the labels of a cell, where an example has several. */
  readonly separator?: string | undefined
  /** Classes that there are though no row need hold them: those with a column of scores. */
  readonly more?: readonly string[] | undefined
  /** The positive class, where one is named. */
  readonly positive?: string | undefined
}

/** Labels and predictions of both files as codes into one list of classes, in an order that no row decides. */
export interface Classes {
  readonly names: readonly string[]
  readonly labels: Float64Array
  readonly baselineLabels: Float64Array | undefined
  readonly predictions: Float64Array | undefined
  readonly baselinePredictions: Float64Array | undefined
  /** Codes that occur among the labels. */
  readonly inLabels: ReadonlySet<number>
  /** The last code, where it stands for "no prediction". */
  readonly abstention: number | undefined
  /** Rows without a prediction. */
  readonly abstained: { readonly candidate: number; readonly baseline: number }
  /** With a separator: the sets of class codes that the other arrays are codes of. */
  readonly sets: readonly Int32Array[] | undefined
}

/** Unifies the classes of all columns. Classes are compared as text: 1 and "1" are the same class, 1 and true are not. */
export function readClasses(columns: ClassColumns, reading: ClassReading): Checked<Classes> {
  const problems = new ProblemList()
  const parts = readParts(columns, reading, problems)
  if (problems.found.length > 0 || parts.labels === undefined) return { problems: problems.found }
  for (const key of ['predictions', 'baselinePredictions'] as const) {
    const own = parts[key]
    if (own !== undefined) checkShared(own, parts.labels, problems)
  }
  if (problems.found.length > 0) return { problems: problems.found }
  return { value: unify({ ...parts, labels: parts.labels }, reading) }
}

interface Part {
  readonly from: ClassColumn
  readonly coded: CodedRows
  /** The classes that occur. */
  readonly used: ReadonlySet<string>
}

interface Parts {
  readonly labels: Part
  readonly baselineLabels: Part | undefined
  readonly predictions: Part | undefined
  readonly baselinePredictions: Part | undefined
}

function readParts(columns: ClassColumns, reading: ClassReading, problems: ProblemList) {
  const label = { separator: reading.separator, abstentions: undefined }
  const prediction = { separator: reading.separator, abstentions: reading.abstentions }
  const part = (from: ClassColumn | undefined, as: PartReading) => from && read(from, as, problems)
  return {
    labels: read(columns.labels, label, problems),
    baselineLabels: part(columns.baselineLabels, label),
    predictions: part(columns.predictions, prediction),
    baselinePredictions: part(columns.baselinePredictions, prediction),
  }
}

interface PartReading {
  readonly separator: string | undefined
  /** Undefined for labels, which must be there. */
  readonly abstentions: ClassReading['abstentions'] | undefined
}

function read(from: ClassColumn, reading: PartReading, problems: ProblemList): Part | undefined {
  const { separator } = reading
  const coded = codeRows(from.column, from.rows, separator === undefined ? MOST_CLASSES : MOST_SETS)
  if (coded === undefined) return problems.add(tooManyClasses(from))
  if (coded.missing > 0 && reading.abstentions !== 'wrong') {
    return problems.add(missingValues(from, coded, reading))
  }
  const cells = usedNames(coded)
  if (separator === undefined && areFractions(from.column, cells)) {
    return problems.add(tooManyClasses(from))
  }
  const used = new Set(separator === undefined ? cells : cells.flatMap(splitSets(separator)))
  return used.size > MOST_CLASSES ? problems.add(tooManyClasses(from)) : { from, coded, used }
}

function unify(parts: Parts, reading: ClassReading): Classes {
  const all = new Set(reading.more ?? [])
  for (const part of Object.values(parts)) for (const name of part?.used ?? []) all.add(name)
  const real = withPositiveLast(canonicalOrder(all), reading.positive)
  const abstained = {
    candidate: parts.predictions?.coded.missing ?? 0,
    baseline: parts.baselinePredictions?.coded.missing ?? 0,
  }
  const abstains = abstained.candidate + abstained.baseline > 0
  const names = abstains ? [...real, unusedName(all)] : real
  const abstention = abstains ? real.length : undefined
  const coder = coderOf(parts, { names: real, abstention, separator: reading.separator })
  const codesIn = (part: Part | undefined) => part && coder.codes(part)
  return {
    names,
    labels: coder.codes(parts.labels),
    baselineLabels: codesIn(parts.baselineLabels),
    predictions: codesIn(parts.predictions),
    baselinePredictions: codesIn(parts.baselinePredictions),
    inLabels: new Set(real.flatMap((name, code) => (parts.labels.used.has(name) ? [code] : []))),
    abstention,
    abstained,
    sets: coder.sets,
  }
}

/** Of two classes the positive one comes last, whatever their names: what is resampled then does not depend on the alphabet. */
function withPositiveLast(names: string[], positive: string | undefined): string[] {
  return names.length === 2 && names[0] === positive ? names.reverse() : names
}

interface Coding {
  readonly names: readonly string[]
  readonly abstention: number | undefined
  readonly separator: string | undefined
}

interface Coder {
  readonly codes: (part: Part) => Float64Array
  readonly sets: readonly Int32Array[] | undefined
}

function coderOf(parts: Parts, { names, abstention, separator }: Coding): Coder {
  if (separator === undefined) {
    return {
      codes: ({ coded }) => recodeAsNumbers(coded, names, abstention),
      sets: undefined,
    }
  }
  const index = new Map(names.map((name, code) => [name, code]))
  const split = splitSets(separator)
  const keyOf = (cell: string) =>
    Int32Array.from(split(cell), (name) => index.get(name) ?? 0)
      .sort()
      .join()
  const cells = Object.values(parts).flatMap((part) => (part ? usedNames(part.coded) : []))
  // In an order that no row decides, by their members.
  const keys = canonicalOrder(new Set(cells.map(keyOf)))
  const sets = keys.map((key) => Int32Array.from(key === '' ? [] : key.split(','), Number))
  if (abstention !== undefined) sets.push(Int32Array.of(abstention))
  const codes = ({ coded }: Part) => {
    const named = { codes: coded.codes, names: coded.names.map(keyOf) }
    return recodeAsNumbers(named, keys, keys.length)
  }
  return { codes, sets }
}

/** A name for "no prediction" that no class has. */
function unusedName(names: ReadonlySet<string>): string {
  let name = '(no prediction)'
  while (names.has(name)) name = `(${name})`
  return name
}

function areFractions(column: Column, names: readonly string[]): boolean {
  if (column.kind !== 'numeric' || names.length <= MOST_FRACTIONS) return false
  return names.some((name) => !Number.isInteger(Number(name)))
}

function tooManyClasses({ source, column }: ClassColumn): Problem {
  const numbers = column.kind === 'numeric'
  return {
    code: 'MW-GATE-023',
    where: source.file,
    what: `column "${column.name}" holds ${numbers ? `more than ${MOST_FRACTIONS} distinct numbers` : `more than ${MOST_CLASSES} distinct values`}, which are not classes.${numbers ? ' Did you mean task: regression?' : ''}`,
    fix: 'Name the column of classes with columns.prediction or columns.label (probabilities belong under columns.score), or set task: regression.',
  }
}

function missingValues(from: ClassColumn, coded: CodedRows, reading: PartReading): Problem {
  const every =
    'Every example needs a value: leave examples out of both files, or mend the evaluation.'
  const fixes = {
    refuse:
      'Leave such examples out of both files, or count them as wrong with abstentions: wrong.',
    sets: `${every} An example without any label is an empty text: "" in CSV.`,
  }
  const label = reading.separator === undefined ? every : fixes.sets
  return {
    code: 'MW-GATE-014',
    where: from.source.file,
    what: `column "${from.column.name}" has no value in ${coded.missing} rows, the first in row ${coded.firstMissing + 1}.`,
    fix: reading.abstentions === undefined ? label : fixes.refuse,
  }
}

/** Predictions that share no class with the labels are another column, or are written another way. */
function checkShared(own: Part, labels: Part, problems: ProblemList): void {
  if (own.used.size === 0 || labels.used.size === 0) return
  for (const name of own.used) if (labels.used.has(name)) return
  const { source, column } = own.from
  const numbers = [...labels.used].some((name) => !Number.isInteger(Number(name) || 0))
  problems.add({
    code: 'MW-GATE-023',
    where: source.file,
    what: `column "${column.name}" shares no class with the labels: it holds ${sample(own.used)}; the labels are ${sample(labels.used)}.${numbers ? ' Did you mean task: regression?' : ''}`,
    fix: 'Write predictions as the labels are written, or name the right column with columns.prediction.',
  })
}

/** A few class names for a message. */
export function sample(names: Iterable<string>): string {
  const all = canonicalOrder(names)
  const shown = all.slice(0, 5).map((name) => `"${name.slice(0, 60)}"`)
  return all.length > 5 ? `${shown.join(', ')}, …` : shown.join(', ')
}
