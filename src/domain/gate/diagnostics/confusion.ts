import type { ConfusionMatrices } from '../verdict.js'
import { type DiagnosedExamples, type Judged, outputsOf } from './examples.js'

const MOST_CLASSES = 12
const OTHERS = '(all others)'
const NO_PREDICTION = '(no prediction)'

/**
 * Both models' counts by true class (rows) and predicted class (columns), in the order of the classes. Of more than 12
 * classes the 11 with most labels are shown and the rest together as the last. Rows without a prediction are counted
 * in a class `(no prediction)`, which no label has. Null without predictions, and for sets of labels.
 */
export function confusionOf(examples: DiagnosedExamples): ConfusionMatrices | null {
  const predictions = outputsOf(examples, 'predictions')
  const usable = examples.task === 'classification' && examples.labelSets === undefined
  if (!usable || predictions === undefined || examples.classes.length === 0) return null
  const { slots, names } = slotsOf(examples)
  const size = names.length
  const tables = [predictions.candidate, predictions.baseline].map(
    (model) => model && countCells(model, { slots, size }),
  )
  const abstained = tables.some((cells) => cells?.some((count, i) => count > 0 && isLast(i, size)))
  const shown = abstained ? size + 1 : size
  const rows = (cells: Float64Array) =>
    Array.from({ length: shown }, (_, row) =>
      Array.from({ length: shown }, (__, column) => cells[row * (size + 1) + column] ?? 0),
    )
  const [candidate, baseline] = tables
  return {
    classes: abstained ? [...names, NO_PREDICTION] : names,
    candidate: candidate === undefined ? [] : rows(candidate),
    baseline: baseline === undefined ? null : rows(baseline),
  }
}

function isLast(cell: number, size: number): boolean {
  return cell % (size + 1) === size
}

interface Slots {
  /** The matrix's row or column of each class code. */
  readonly slots: Int32Array
  readonly names: readonly string[]
}

function slotsOf({ labels, classes, abstention }: DiagnosedExamples): Slots {
  const real = Array.from(classes, (_, code) => code).filter((code) => code !== abstention)
  if (real.length <= MOST_CLASSES) return slotsFor(real, { classes, others: [] })
  const counts = new Float64Array(classes.length)
  for (let i = 0; i < labels.length; i++) {
    const code = labels[i] ?? -1
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1
  }
  real.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || byName(classes[a], classes[b]))
  const shown = real.slice(0, MOST_CLASSES - 1).sort((a, b) => a - b)
  return slotsFor(shown, { classes, others: real.slice(MOST_CLASSES - 1) })
}

/** What is neither shown nor another class, the abstention, gets the slot after the last name. */
function slotsFor(
  shown: readonly number[],
  { classes, others }: { readonly classes: readonly string[]; readonly others: readonly number[] },
): Slots {
  const names = shown.map((code) => classes[code] ?? '')
  if (others.length > 0) names.push(OTHERS)
  const slots = new Int32Array(classes.length).fill(names.length)
  shown.forEach((code, slot) => {
    slots[code] = slot
  })
  for (const code of others) slots[code] = shown.length
  return { slots, names }
}

function byName(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1
}

/** A last row and column hold what is no class. */
function countCells(
  { labels, values: predicted }: Judged,
  { slots, size }: { readonly slots: Int32Array; readonly size: number },
): Float64Array {
  const width = size + 1
  const cells = new Float64Array(width * width)
  for (let i = 0; i < labels.length; i++) {
    const row = slots[labels[i] ?? -1] ?? size
    const column = slots[predicted[i] ?? -1] ?? size
    const at = row * width + column
    cells[at] = (cells[at] ?? 0) + 1
  }
  return cells
}
