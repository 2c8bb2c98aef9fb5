import type { Problem } from '../../problem.js'
import { type Column, findColumn, type Table } from '../../table/column.js'
import { listed, quoted } from './problem-text.js'
import type { PerformanceSettings } from './settings.js'

/** The names of all columns of the data. */
export interface KnownColumns {
  readonly reference: readonly string[]
  readonly current: readonly string[]
}

interface Sides {
  readonly reference: readonly Table[]
  readonly current: readonly Table[]
  readonly known?: KnownColumns | undefined
}

/** One of the samples. */
interface Sample {
  readonly tables: readonly Table[]
  /** In words. */
  readonly side: string
  readonly known: readonly string[] | undefined
}

function referenceOf({ reference, known }: Sides): Sample {
  return { tables: reference, side: 'the reference', known: known?.reference }
}

function currentOf({ current, known }: Sides): Sample {
  return { tables: current, side: 'the current data', known: known?.current }
}

interface Named {
  readonly key: string
  readonly column: string
  readonly holds: 'numbers' | 'probabilities' | 'anything'
}

/** Columns that are absent, no numbers where numbers are needed, or scores that are no probabilities. */
export function columnProblems(settings: PerformanceSettings, sides: Sides): Problem[] {
  const named = namedColumns(settings)
  const predicted = named.flatMap((one) => [
    ...inTables(one, referenceOf(sides)),
    ...inTables(one, currentOf(sides)),
  ])
  return [...predicted, ...labelProblems(settings, sides)]
}

function namedColumns({ task, prediction, score, scores }: PerformanceSettings): Named[] {
  const where = 'drift.performance'
  const named: Named[] = []
  if (prediction !== undefined) {
    const holds = task === 'regression' ? 'numbers' : 'anything'
    named.push({ key: `${where}.prediction`, column: prediction, holds })
  }
  if (score !== undefined) {
    named.push({ key: `${where}.score`, column: score, holds: 'probabilities' })
  }
  for (const column of Object.values(scores ?? {})) {
    named.push({ key: `${where}.scores`, column, holds: 'probabilities' })
  }
  return named
}

/** The first problem of a column on a side: the same of every window would say no more. */
function inTables(named: Named, sample: Sample): Problem[] {
  for (const table of sample.tables) {
    const column = findColumn(table, named.column)
    if (column === undefined) return [absent(named, table, sample)]
    const fault = faultOf(named, column, sample.side)
    if (fault !== undefined) return [fault]
  }
  return []
}

function absent(
  { key, column }: Pick<Named, 'key' | 'column'>,
  table: Table,
  { side, known = table.columns.map(({ name }) => name) }: Sample,
): Problem {
  return {
    code: 'MW-DRIFT-301',
    where: key,
    what: `${side} has no column ${quoted(column)}.`,
    fix: `Name one of its columns: ${listed(known)}.`,
  }
}

function faultOf(
  { key, column: name, holds }: Named,
  column: Column,
  side: string,
): Problem | undefined {
  if (holds === 'anything') return undefined
  if (column.kind !== 'numeric') {
    if (column.type === 'boolean' || column.codes.every((code) => code < 0)) return undefined
    return {
      code: 'MW-DRIFT-303',
      where: key,
      what: `column ${quoted(name)} of ${side} holds text, for example ${quoted(exampleOf(column.categories))}.`,
      fix: 'Write plain numbers, or name another column.',
    }
  }
  const outside = holds === 'probabilities' ? countOutside(column.values) : 0
  if (outside === 0) return undefined
  return {
    code: 'MW-DRIFT-303',
    where: key,
    what: `column ${quoted(name)} of ${side} lies outside 0 to 1 in ${outside} rows: it is no probability.`,
    fix: 'Name the column of probabilities; other scores can be compared as a column.',
  }
}

/** Of numbers among which one text stands, that text. */
function exampleOf(texts: readonly string[]): string {
  return texts.find((text) => Number.isNaN(Number(text))) ?? texts[0] ?? ''
}

function countOutside(values: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (value < 0 || value > 1) count++
  }
  return count
}

/** Labels are compared with the reference's: without any there nothing can be. */
function labelProblems({ task, label }: PerformanceSettings, sides: Sides): Problem[] {
  if (label === undefined) return []
  const key = 'drift.performance.label'
  const holds = task === 'regression' ? 'numbers' : 'anything'
  const found = inTables({ key, column: label, holds }, referenceOf(sides))
  if (found.length > 0) return found
  const present = sides.current.filter((table) => findColumn(table, label) !== undefined)
  const current = inTables({ key, column: label, holds }, { ...currentOf(sides), tables: present })
  if (current.length > 0) return current
  const known = sides.reference.some((table) => hasValues(findColumn(table, label)))
  if (known) return []
  const what = `no row of the reference has a value in ${quoted(label)}.`
  const fix = 'Give a reference with labels, or leave label out.'
  return [{ code: 'MW-DRIFT-310', where: key, what, fix }]
}

function hasValues(column: Column | undefined): boolean {
  if (column === undefined) return false
  return column.kind === 'numeric'
    ? !column.values.every(Number.isNaN)
    : column.codes.some((code) => code >= 0)
}
