import type { Checked, Problem } from '../problem.js'
import { cellText } from '../table/column.js'
import {
  type ClassColumn,
  type Classes,
  type ClassReading,
  readClasses,
  sample,
} from './read-classes.js'
import { readNumbers } from './read-numbers.js'
import { ProblemList } from './source.js'

/** The columns that hold labels and predictions, found and cut to the joined rows. */
export interface TruthColumns {
  readonly id: ClassColumn | undefined
  readonly labels: ClassColumn
  readonly baselineLabels: ClassColumn | undefined
  readonly predictions: ClassColumn | undefined
  readonly baselinePredictions: ClassColumn | undefined
  /** Both files are about the same examples, so their labels must be the same. */
  readonly paired: boolean
}

/** Labels and predictions of both models: class codes, or numbers in regression. */
export interface Truth {
  readonly labels: Float64Array
  /** Of the baseline's own file, where it has them. */
  readonly baselineLabels: Float64Array | undefined
  readonly classes: readonly string[]
  readonly abstention: number | undefined
  readonly abstained: { readonly candidate: number; readonly baseline: number }
  readonly positive: number | undefined
  readonly predictions: Float64Array | undefined
  readonly baselinePredictions: Float64Array | undefined
  readonly labelSets: readonly Int32Array[] | undefined
}

export interface ClassQuestions extends ClassReading {
  readonly positive: string | undefined
  readonly needsPositive: boolean
}

/** Labels and predictions of a classification. */
export function readClassTruth(columns: TruthColumns, ask: ClassQuestions): Checked<Truth> {
  const read = readClasses(columns, ask)
  if (read.value === undefined) return read
  const classes = read.value
  const differ = labelsDiffer(columns, classes.labels, classes.baselineLabels)
  if (differ !== undefined) return { problems: [differ] }
  const positive = positiveOf(columns, classes, ask)
  if (positive.problems !== undefined) return positive
  return {
    value: {
      labels: classes.labels,
      baselineLabels: classes.baselineLabels,
      classes: classes.names,
      abstention: classes.abstention,
      abstained: classes.abstained,
      labelSets: classes.sets,
      positive: positive.value < 0 ? undefined : positive.value,
      predictions: classes.predictions,
      baselinePredictions: classes.baselinePredictions,
    },
  }
}

const NO_CLASSES = {
  classes: [],
  abstention: undefined,
  abstained: { candidate: 0, baseline: 0 },
  positive: undefined,
  labelSets: undefined,
}

/** Labels and predictions of a regression. */
export function readNumberTruth(columns: TruthColumns): Checked<Truth> {
  const problems = new ProblemList()
  const read = (column: ClassColumn | undefined) => column && readNumbers(column, problems)
  const labels = read(columns.labels)
  const baselineLabels = read(columns.baselineLabels)
  const predictions = read(columns.predictions)
  const baselinePredictions = read(columns.baselinePredictions)
  if (labels === undefined || problems.found.length > 0) return { problems: problems.found }
  const differ = labelsDiffer(columns, labels, baselineLabels)
  if (differ !== undefined) return { problems: [differ] }
  return { value: { ...NO_CLASSES, labels, baselineLabels, predictions, baselinePredictions } }
}

/** Two files that disagree about the truth were not evaluated on the same data. */
function labelsDiffer(
  columns: TruthColumns,
  labels: Float64Array,
  baselineLabels: Float64Array | undefined,
): Problem | undefined {
  if (!columns.paired) return undefined
  if (baselineLabels === undefined || columns.baselineLabels === undefined) return undefined
  let count = 0
  let first = -1
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === baselineLabels[i]) continue
    count++
    if (first < 0) first = i
  }
  if (count === 0) return undefined
  const cell = (column: ClassColumn | undefined) =>
    column === undefined ? '' : (cellText(column.column, column.rows[first] ?? 0) ?? '')
  return {
    code: 'MW-GATE-020',
    where: columns.baselineLabels.source.file,
    what: `${count} of ${labels.length} joined examples have another label than in ${columns.labels.source.file}: id "${cell(columns.id)}" is "${cell(columns.baselineLabels)}" here and "${cell(columns.labels)}" there.`,
    fix: 'Evaluate both models on the same labelled examples.',
  }
}

/** Positive classes that need not be named. */
const USUAL = ['1', 'true', 'True', 'TRUE']

/** The positive class's code; -1 where there is none and none is needed. */
function positiveOf(columns: TruthColumns, classes: Classes, ask: ClassQuestions): Checked<number> {
  const wanted = ask.positive ?? USUAL.find((name) => classes.names.includes(name))
  const code = wanted === undefined ? -1 : classes.names.indexOf(wanted)
  // Of several classes the policy check has more to say: average them, or use another metric.
  const names = classes.names.slice(0, classes.abstention)
  if (!ask.needsPositive || names.length > 2 || classes.sets) return { value: code }
  const found = sample(names)
  const where = columns.labels.source.file
  if (wanted === undefined) {
    return {
      problems: [
        {
          code: 'MW-GATE-025',
          where,
          what: `a rule needs a positive class and none is named. The classes are ${found}.`,
          fix: 'Name it with gate.positive.',
        },
      ],
    }
  }
  if (classes.inLabels.has(code)) return { value: code }
  return {
    problems: [
      {
        code: 'MW-GATE-022',
        where,
        what: `the positive class "${wanted}" is not among the labels. The classes are ${found}.`,
        fix: 'Name the class that occurs with gate.positive, or evaluate on data that hold it.',
      },
    ],
  }
}
