import { type CodedRows, canonicalOrder, codeRows, recodeAsNumbers } from '../../gate/codes.js'
import { type Column, findColumn, lengthOf, type Table } from '../../table/column.js'
import {
  type PerformanceSettings,
  type PerformanceWindow,
  tablesOf,
  type WindowName,
} from './settings.js'

/**
 * What a model said of some rows, and what was true of them. In classification predictions and labels are class codes, -1 or
 * NaN where missing; in regression numbers, NaN where missing. Scores are NaN where missing.
 */
export interface Rows {
  readonly n: number
  readonly predictions?: Float64Array | undefined
  /** The probability of the positive class, of two classes. */
  readonly score?: Float64Array | undefined
  /** The probability of each class by code, of more than two classes. */
  readonly classScores?: readonly Float64Array[] | undefined
  readonly labels?: Float64Array | undefined
}

export interface PerformanceData {
  readonly task: 'classification' | 'regression'
  /** By code; of two the positive one is the last. Empty in regression. */
  readonly classes: readonly string[]
  readonly positive: number | undefined
  readonly reference: Rows
  readonly windows: readonly (WindowName & { readonly rows: Rows })[]
  /** All windows together. */
  readonly current: Rows
}

/** More distinct values than this are no classes. */
export const MOST_CLASSES = 1000

/** Positive classes that need not be named. */
const USUAL = ['1', 'true', 'True', 'TRUE', 'yes']

interface Sources {
  readonly settings: PerformanceSettings
  readonly reference: Table | readonly Table[]
  readonly current: readonly PerformanceWindow[]
}

/** Reads the columns that the settings name. What is wrong with them `performanceProblems` has said before. */
export function readRows({ settings, reference, current }: Sources): PerformanceData {
  const tables = tablesOf(reference)
  const all = [...tables, ...current.map(({ table }) => table)]
  const { classes, positive } = classesOf(settings, all)
  const read = (table: Table) => rowsOf(settings, table, { classes, positive })
  const windows = current.map(({ table, label, start, end }) => ({
    label,
    start,
    end,
    rows: read(table),
  }))
  return {
    task: settings.task,
    classes,
    positive,
    reference: joined(tables.map(read)),
    windows,
    current: joined(windows.map(({ rows }) => rows)),
  }
}

interface Classes {
  readonly classes: readonly string[]
  readonly positive: number | undefined
}

/** All classes of predictions, labels and scores, in an order that no row decides. */
export function classesOf(settings: PerformanceSettings, tables: readonly Table[]): Classes {
  if (settings.task === 'regression') return { classes: [], positive: undefined }
  const found = new Set(Object.keys(settings.scores ?? {}))
  const columns = [settings.label, settings.prediction].filter((name) => name !== undefined)
  for (const name of columns) for (const value of valuesOf(name, tables)) found.add(value)
  const wanted = wantedPositive(settings, found)
  // A score alone, or labels of one class: there are two all the same.
  if (wanted !== undefined && found.size <= 1) found.add(wanted)
  if (wanted !== undefined && found.size === 1) found.add(`not ${wanted}`)
  const classes = canonicalOrder(found)
  if (classes.length === 2 && classes[0] === wanted) classes.reverse()
  const positive = wanted === undefined ? -1 : classes.indexOf(wanted)
  return { classes, positive: positive < 0 ? undefined : positive }
}

function wantedPositive({ positive }: PerformanceSettings, found: ReadonlySet<string>) {
  return positive === undefined ? USUAL.find((name) => found.has(name)) : String(positive)
}

/** The distinct values of a column that occur in any of the tables. */
export function valuesOf(name: string, tables: readonly Table[]): Set<string> {
  const values = new Set<string>()
  for (const table of tables) {
    const column = findColumn(table, name)
    const coded = column && codedOf(column)
    coded?.names.forEach((value, code) => {
      if (coded.used[code] === 1) values.add(value)
    })
  }
  return values
}

const CODED = new WeakMap<Column, CodedRows>()

/** A column's values as codes; of very many none, as they are no classes. */
function codedOf(column: Column): CodedRows | undefined {
  const known = CODED.get(column)
  if (known !== undefined) return known
  const n = column.kind === 'numeric' ? column.values.length : column.codes.length
  const rows = new Int32Array(n)
  for (let row = 0; row < n; row++) rows[row] = row
  const coded = codeRows(column, rows, MOST_CLASSES)
  if (coded !== undefined) CODED.set(column, coded)
  return coded
}

function rowsOf(settings: PerformanceSettings, table: Table, known: Classes): Rows {
  const column = (name: string | undefined) =>
    name === undefined ? undefined : findColumn(table, name)
  const values = (name: string | undefined) => {
    const found = column(name)
    if (found === undefined) return undefined
    return settings.task === 'regression' ? finite(found) : codes(found, known.classes)
  }
  const scores = scoresOf(settings, table, known)
  const predictions =
    values(settings.prediction) ??
    (settings.prediction === undefined ? derived(scores, known, settings.threshold) : undefined)
  return { n: table.rows, predictions, ...scores, labels: values(settings.label) }
}

function codes(column: Column, classes: readonly string[]): Float64Array {
  const coded = codedOf(column)
  if (coded === undefined) return new Float64Array(lengthOf(column)).fill(-1)
  return recodeAsNumbers(coded, classes)
}

/** Infinite numbers are of no use to any metric: they count as missing. */
function finite(column: Column): Float64Array {
  if (column.kind !== 'numeric') {
    const truth = column.type === 'boolean'
    return Float64Array.from(column.codes, (code) => (truth && code >= 0 ? code : Number.NaN))
  }
  const { values } = column
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i] ?? 0) === Infinity) {
      return values.map((value) => (Number.isFinite(value) ? value : Number.NaN))
    }
  }
  return values
}

type Scores = Pick<Rows, 'score' | 'classScores'>

function scoresOf(settings: PerformanceSettings, table: Table, known: Classes): Scores {
  const read = (name: string | undefined) => {
    const column = name === undefined ? undefined : findColumn(table, name)
    return column && finite(column)
  }
  const { classes, positive } = known
  const named = new Map(Object.entries(settings.scores ?? {}))
  if (settings.score !== undefined) return { score: read(settings.score) }
  if (named.size === 0) return {}
  if (classes.length === 2) return { score: read(named.get(classes[positive ?? 1] ?? '')) }
  const all = classes.map((name) => read(named.get(name)) ?? new Float64Array(table.rows))
  return { classScores: all }
}

/** The predicted class by the threshold, or of several the most probable. */
function derived({ score, classScores }: Scores, known: Classes, threshold: number) {
  if (score !== undefined) {
    const positive = known.positive ?? 1
    return score.map((value) => {
      if (Number.isNaN(value)) return -1
      return value >= threshold ? positive : 1 - positive
    })
  }
  return classScores && mostProbable(classScores)
}

function mostProbable(scores: readonly Float64Array[]): Float64Array {
  const best = new Float64Array(scores[0]?.length ?? 0)
  for (let row = 0; row < best.length; row++) {
    let top = -1
    for (let code = 0; code < scores.length; code++) {
      const value = scores[code]?.[row] ?? Number.NaN
      if (top < 0 ? value >= 0 : value > (scores[top]?.[row] ?? 0)) top = code
    }
    best[row] = top
  }
  return best
}

/** Several tables' rows one after the other; a column that one of them lacks is missing there. */
function joined(parts: readonly Rows[]): Rows {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  const join = (of: (rows: Rows) => Float64Array | undefined) => joinArrays(parts, of, n)
  const classes = parts[0]?.classScores?.length ?? 0
  return {
    n,
    predictions: join(({ predictions }) => predictions),
    score: join(({ score }) => score),
    classScores:
      classes === 0
        ? undefined
        : Array.from(
            { length: classes },
            (_, code) => join(({ classScores }) => classScores?.[code]) ?? new Float64Array(n),
          ),
    labels: join(({ labels }) => labels),
  }
}

function joinArrays(
  parts: readonly Rows[],
  of: (rows: Rows) => Float64Array | undefined,
  n: number,
): Float64Array | undefined {
  if (parts.every((part) => of(part) === undefined)) return undefined
  const all = new Float64Array(n).fill(Number.NaN)
  let start = 0
  for (const part of parts) {
    const values = of(part)
    if (values !== undefined) all.set(values, start)
    start += part.n
  }
  return all
}
