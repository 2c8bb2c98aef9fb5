import type { Checked } from '../problem.js'
import type { Column } from '../table/column.js'
import { type CodedColumn, canonicalOrder, codesOf, recode, usedNames } from './codes.js'
import { ProblemList, type Source } from './source.js'

/** More distinct values than this are numbers or texts, not classes. */
const MOST_CLASSES = 10_000

/** A column of class names at the joined rows of its file. */
export interface ClassColumn {
  readonly source: Source
  readonly column: Column
  readonly rows: Int32Array
}

export interface ClassColumns {
  readonly labels: ClassColumn
  /** Labels in the baseline's file, where it has them: they must be the same. */
  readonly baselineLabels?: ClassColumn | undefined
  readonly predictions?: ClassColumn | undefined
  readonly baselinePredictions?: ClassColumn | undefined
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
}

/** Unifies the classes of all columns. Classes are compared as text: 1 and "1" are the same class. */
export function readClasses(columns: ClassColumns): Checked<Classes> {
  const problems = new ProblemList()
  const parts = {
    labels: read(columns.labels, problems),
    baselineLabels: columns.baselineLabels && read(columns.baselineLabels, problems),
    predictions: columns.predictions && read(columns.predictions, problems),
    baselinePredictions: columns.baselinePredictions && read(columns.baselinePredictions, problems),
  }
  if (problems.found.length > 0 || parts.labels === undefined) return { problems: problems.found }
  for (const key of ['predictions', 'baselinePredictions'] as const) {
    checkShared(columns[key], { labels: parts.labels.used, own: parts[key]?.used }, problems)
  }
  if (problems.found.length > 0) return { problems: problems.found }
  const all = Object.values(parts).flatMap((part) => (part ? [...part.used] : []))
  const names = canonicalOrder(new Set(all))
  const codesIn = (part: Part | undefined) => part && codesAs(part, names)
  const { labels } = parts
  return {
    value: {
      names,
      labels: codesAs(labels, names),
      baselineLabels: codesIn(parts.baselineLabels),
      predictions: codesIn(parts.predictions),
      baselinePredictions: codesIn(parts.baselinePredictions),
      inLabels: new Set(names.flatMap((name, code) => (labels.used.has(name) ? [code] : []))),
    },
  }
}

interface Part {
  readonly coded: CodedColumn
  readonly rows: Int32Array
  readonly used: ReadonlySet<string>
}

function codesAs(part: Part, names: readonly string[]): Float64Array {
  return Float64Array.from(recode(part.coded, part.rows, names))
}

function read(column: ClassColumn, problems: ProblemList): Part | undefined {
  const coded = codesOf(column.column)
  const { missing, first } = missingRows(coded, column.rows)
  if (missing > 0) {
    return problems.add({
      code: 'MW-GATE-014',
      where: column.source.file,
      what: `column "${column.column.name}" has no value in ${missing} rows, the first in row ${first + 1}.`,
      fix: 'Every example needs a value: leave examples out of both files, or mend the evaluation.',
    })
  }
  const used = usedNames(coded, column.rows)
  if (used.size > MOST_CLASSES) {
    return problems.add({
      code: 'MW-GATE-023',
      where: column.source.file,
      what: `column "${column.column.name}" holds ${used.size} distinct values, which are not classes.`,
      fix: 'Name the column of classes under columns, or set task: regression.',
    })
  }
  return { coded, rows: column.rows, used }
}

function missingRows(coded: CodedColumn, rows: Int32Array): { missing: number; first: number } {
  let missing = 0
  let first = -1
  for (const row of rows) {
    if ((coded.codes[row] ?? -1) >= 0) continue
    missing++
    if (first < 0) first = row
  }
  return { missing, first }
}

/** Predictions that share no class with the labels are another column, or are written another way. */
function checkShared(
  column: ClassColumn | undefined,
  used: { readonly labels: ReadonlySet<string>; readonly own: ReadonlySet<string> | undefined },
  problems: ProblemList,
): void {
  if (column === undefined || used.own === undefined) return
  for (const name of used.own) if (used.labels.has(name)) return
  problems.add({
    code: 'MW-GATE-023',
    where: column.source.file,
    what: `column "${column.column.name}" shares no class with the labels: it holds ${sample(used.own)}; the labels are ${sample(used.labels)}.`,
    fix: 'Write predictions as the labels are written, or name the right column with columns.prediction.',
  })
}

/** A few class names for a message. */
export function sample(names: Iterable<string>): string {
  const all = canonicalOrder(names)
  const shown = all.slice(0, 5).map((name) => `"${name.slice(0, 60)}"`)
  return all.length > 5 ? `${shown.join(', ')}, …` : shown.join(', ')
}
