import type { CategoricalColumn, Column, NumericColumn } from '../table/column.js'
import type { Cut, ProblemList } from './source.js'

export interface NumbersRequest extends Cut {
  readonly column: Column
  /** Also refuse what lies outside [0, 1]. */
  readonly probability?: boolean | undefined
}

/** A column of finite numbers at the joined rows; true is 1 and false 0. A problem where it holds anything else. */
export function readNumbers(
  request: NumbersRequest,
  problems: ProblemList,
): Float64Array | undefined {
  const { source, rows } = request
  const column =
    request.column.kind === 'categorical' && request.column.type === 'boolean'
      ? asNumbers(request.column)
      : request.column
  if (column.kind !== 'numeric') {
    const sample = column.categories.find((name) => Number.isNaN(Number(name))) ?? ''
    return problems.add({
      code: 'MW-GATE-013',
      where: source.file,
      what: `column "${column.name}" is not numeric: it holds "${sample.slice(0, 60)}".`,
      fix: 'Write plain numbers, or name another column under columns.',
    })
  }
  const values = new Float64Array(rows.length)
  const faults = { missing: 0, infinite: 0, outside: 0, first: -1 }
  for (let i = 0; i < rows.length; i++) {
    const value = column.values[rows[i] ?? 0] ?? Number.NaN
    values[i] = value
    const fault = faultOf(value, request.probability === true)
    if (fault === undefined) continue
    faults[fault]++
    if (faults.first < 0) faults.first = rows[i] ?? 0
  }
  return faults.first < 0 ? values : reportFaults(request, faults, problems)
}

/** Codes of truth values are 0 and 1, and -1 where missing. */
function asNumbers({ name, codes, missing }: CategoricalColumn): NumericColumn {
  const values = Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : code))
  return { kind: 'numeric', name, type: 'integer', values, missing }
}

type Fault = 'missing' | 'infinite' | 'outside'

function faultOf(value: number, probability: boolean): Fault | undefined {
  if (Number.isNaN(value)) return 'missing'
  if (!Number.isFinite(value)) return 'infinite'
  return probability && !(value >= 0 && value <= 1) ? 'outside' : undefined
}

function reportFaults(
  request: NumbersRequest,
  faults: Readonly<Record<Fault | 'first', number>>,
  problems: ProblemList,
): undefined {
  const where = request.source.file
  const name = request.column.name
  const first = `the first in row ${faults.first + 1}`
  if (faults.missing > 0) {
    problems.add({
      code: 'MW-GATE-014',
      where,
      what: `column "${name}" has no value (empty or NaN) in ${faults.missing} rows, ${first}.`,
      fix: 'Every example needs a value: leave examples out of both files, or mend the evaluation.',
    })
  }
  if (faults.infinite > 0) {
    problems.add({
      code: 'MW-GATE-015',
      where,
      what: `column "${name}" is infinite in ${faults.infinite} rows, ${first}.`,
      fix: 'Write finite numbers.',
    })
  }
  if (faults.outside > 0) {
    problems.add({
      code: 'MW-GATE-016',
      where,
      what: `column "${name}" lies outside 0 to 1 in ${faults.outside} rows, ${first}: not a probability.`,
      fix: 'Write the probability of the positive class, or judge scores by auc or average-precision.',
    })
  }
  return undefined
}
