import type { MetricData } from '../../domain/metrics/data.js'
import { UserError } from '../../errors.js'
import { type ClassCodes, classCodes, groupCodes, type Value } from './classes.js'
import type { Input } from './metric-input.js'

type Entries = NonNullable<Input['labels']>

/** Regression's rows as a metric takes them. */
export function numberData(given: Input, labels: Entries): MetricData {
  return {
    ...common(given, labels.length),
    classes: [],
    labels: numbers('labels', labels),
    predictions: given.predictions && numbers('predictions', given.predictions),
  }
}

/** The classes' rows as a metric takes them; lists of classes are sets of them. */
export function classData(given: Input, labels: Entries): MetricData {
  const lists = [labels, given.predictions].filter((list) => list !== undefined)
  const sets = lists.some((list) => list.some(Array.isArray))
  const codes = classCodes([lists.flat(2), given.classes], given.positive)
  checkClasses(given, codes)
  const coded = sets
    ? setRows(given, labels, codes)
    : { labels: codes.encode(single(labels)), predictions: encoded(given.predictions, codes) }
  const order = given.classes && Int32Array.from(codes.encode(given.classes))
  return {
    ...common(given, labels.length),
    ...coded,
    classes: codes.names,
    positive: codes.positive,
    groups: given.groups && groupCodes(given.groups),
    classScores: given.classScores && classColumns(given.classScores, codes, order),
  }
}

function common(given: Input, n: number) {
  return {
    n,
    scores: given.scores && scoreNumbers(given.scores),
    weights: given.weights && Float64Array.from(given.weights),
  }
}

/** Scores as numbers; words are for the one metric that reads them. */
export function scoreNumbers(
  scores: NonNullable<Input['scores']>,
  meaning?: (word: string) => number | undefined,
): Float64Array {
  return Float64Array.from(scores, (score, i) => {
    const value = typeof score === 'number' ? score : meaning?.(score)
    if (value !== undefined) return value
    throw new UserError({
      code: 'MW-STATS-304',
      where: 'scores',
      what: `entry ${i + 1} is "${score}", and only win-rate reads words.`,
      fix: 'Give numbers.',
    })
  })
}

/** Entries as numbers; anything else -> UserError. */
export function numbers(where: string, values: Entries): Float64Array {
  const wrong = values.findIndex((value) => typeof value !== 'number')
  if (wrong < 0) return Float64Array.from(values, Number)
  throw new UserError({
    code: 'MW-STATS-303',
    where,
    what: `entry ${wrong + 1} is not a number, and the metric needs numbers.`,
    fix: 'Give numbers.',
  })
}

function single(values: Entries): Value[] {
  return values.flatMap((value) => (Array.isArray(value) ? [] : [value]))
}

function encoded(values: Entries | undefined, codes: ClassCodes): Float64Array | undefined {
  return values && codes.encode(single(values))
}

interface SetRows {
  readonly labels: Float64Array
  readonly predictions: Float64Array | undefined
  readonly labelSets: readonly Int32Array[]
}

/** Codes of sets: the same classes in any order, or twice, are the same set. */
function setRows(given: Input, labels: Entries, codes: ClassCodes): SetRows {
  const places = new Map<string, number>()
  const labelSets: Int32Array[] = []
  const encode = (where: string, values: Entries): Float64Array =>
    Float64Array.from(values, (value, i) => {
      if (!Array.isArray(value)) throw mixedLabels(where, i)
      const set = [...new Set(codes.encode(value))].sort((a, b) => a - b)
      const key = set.join()
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, labelSets.length)
      return labelSets.push(Int32Array.from(set)) - 1
    })
  return {
    labels: encode('labels', labels),
    predictions: given.predictions && encode('predictions', given.predictions),
    labelSets,
  }
}

function mixedLabels(where: string, entry: number): UserError {
  return new UserError({
    code: 'MW-STATS-305',
    where,
    what: `entry ${entry + 1} is one class, and other entries are lists of classes.`,
    fix: 'Give a list for every example, or for none.',
  })
}

/** Every class needs a column, or the columns could not be told apart. */
function checkClasses({ classScores, classes }: Input, codes: ClassCodes): void {
  if (classScores === undefined) return
  const k = codes.names.length
  if (classes !== undefined && (classes.length !== k || new Set(classes.map(String)).size !== k)) {
    throw new UserError({
      code: 'MW-STATS-307',
      where: 'classes',
      what: `names ${classes.length} classes, and there are ${k}: ${codes.names.join(', ').slice(0, 100)}.`,
      fix: 'Name every class once, in the order of the scores.',
    })
  }
  const wrong = classScores.findIndex((list) => list.length !== k)
  if (wrong < 0) return
  throw new UserError({
    code: 'MW-STATS-306',
    where: 'classScores',
    what: `entry ${wrong + 1} has ${classScores[wrong]?.length} scores, and there are ${k} classes.`,
    fix: 'Give one score for each class; name classes that do not occur with classes.',
  })
}

function classColumns(
  rows: readonly (readonly number[])[],
  codes: ClassCodes,
  order: Int32Array | undefined,
): Float64Array[] {
  const columns = codes.names.map(() => new Float64Array(rows.length))
  rows.forEach((scores, row) => {
    scores.forEach((score, place) => {
      const column = columns[order?.[place] ?? place]
      if (column !== undefined) column[row] = score
    })
  })
  return columns
}
