import type { Diagnostics } from '../verdict.js'
import { type DiagnosedExamples, outputsOf } from './examples.js'

const MOST_IDS = 20
const MOST_COLUMNS = 50
const MOST_CHARACTERS = 200

/** How the reviewer is told which examples the models disagree on. */
export interface Showing {
  /** An example's id as text. Without it only counts are given. */
  readonly idOf?: ((row: number) => string) | undefined
  /** Only when the user asked to show examples: the columns, and a cell's text (null: no value). */
  readonly cells?:
    | {
        readonly columns: readonly string[]
        cellOf(row: number, column: string): string | null | undefined
      }
    | undefined
}

/**
 * How often both, one or none of the models is right, with the ids of the first 20 examples that only one has right, in
 * the order of ids: whole numbers by size, then texts. A missing prediction is not right. Null without two models'
 * predictions on the same examples, and in regression, where no prediction is simply right.
 */
export function disagreementOf(
  examples: DiagnosedExamples,
  showing: Showing,
): Diagnostics['disagreement'] {
  const predictions = outputsOf(examples, 'predictions')
  if (examples.task !== 'classification' || predictions?.baseline === undefined) return null
  if (examples.baselineRows !== undefined) return null
  const { counts, candidateFirst, baselineFirst } = compareRows(
    {
      labels: examples.labels,
      candidate: predictions.candidate.values,
      baseline: predictions.baseline.values,
    },
    showing,
  )
  const shown = [...candidateFirst.rows, ...baselineFirst.rows]
  return {
    ...counts,
    candidateOnlyIds: candidateFirst.rows.map(({ id }) => id),
    baselineOnlyIds: baselineFirst.rows.map(({ id }) => id),
    ...(showing.cells === undefined ? {} : { examples: cellsOf(shown, showing.cells) }),
  }
}

interface Compared {
  readonly labels: Float64Array
  readonly candidate: Float64Array
  readonly baseline: Float64Array
}

function compareRows({ labels, candidate, baseline }: Compared, { idOf }: Showing) {
  const counts = { bothRight: 0, candidateOnly: 0, baselineOnly: 0, bothWrong: 0 }
  const candidateFirst = new FirstIds(idOf)
  const baselineFirst = new FirstIds(idOf)
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]
    const right = candidate[row] === label
    if (right === (baseline[row] === label)) {
      counts[right ? 'bothRight' : 'bothWrong']++
    } else if (right) {
      counts.candidateOnly++
      candidateFirst.offer(row)
    } else {
      counts.baselineOnly++
      baselineFirst.offer(row)
    }
  }
  return { counts, candidateFirst, baselineFirst }
}

interface IdentifiedRow {
  readonly id: string
  readonly whole: boolean
  readonly row: number
}

/** Keeps the rows of the first ids. */
class FirstIds {
  readonly rows: IdentifiedRow[] = []
  private readonly idOf: Showing['idOf']

  constructor(idOf: Showing['idOf']) {
    this.idOf = idOf
  }

  offer(row: number): void {
    const id = this.idOf?.(row)
    if (id === undefined) return
    const next = { id, row, whole: WHOLE_NUMBER.test(id) }
    const last = this.rows[MOST_IDS - 1]
    if (last !== undefined && compareIds(next, last) >= 0) return
    let place = this.rows.length
    while (place > 0 && compareIds(next, this.rows[place - 1] ?? next) < 0) place--
    this.rows.splice(place, 0, next)
    this.rows.length = Math.min(MOST_IDS, this.rows.length)
  }
}

const WHOLE_NUMBER = /^(0|[1-9][0-9]*)$/

/** Whole numbers of any length come first, by size. */
function compareIds(a: IdentifiedRow, b: IdentifiedRow): number {
  if (a.whole !== b.whole) return a.whole ? -1 : 1
  if (a.whole && a.id.length !== b.id.length) return a.id.length - b.id.length
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

/** At most 50 columns, each cell cut to 200 characters: a verdict is no place for documents. */
function cellsOf(
  rows: readonly IdentifiedRow[],
  cells: NonNullable<Showing['cells']>,
): Readonly<Record<string, Readonly<Record<string, string | null>>>> {
  const columns = cells.columns.slice(0, MOST_COLUMNS)
  // Entries, not assignment: an id or a column may be called __proto__.
  return Object.fromEntries(
    rows.map(({ id, row }) => [
      id,
      Object.fromEntries(columns.map((column) => [column, cut(cells.cellOf(row, column))])),
    ]),
  )
}

function cut(text: string | null | undefined): string | null {
  if (text === undefined || text === null || text.length <= MOST_CHARACTERS) return text ?? null
  // Not between the two halves of a character.
  const whole = text.slice(0, MOST_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${whole}…`
}
