import { type Column, cellText, findColumn, lengthOf, type Table } from '../table/column.js'
import { createNumberSet, type NumberSet } from './number-set.js'

/** A pattern that texts match in full or not; given in, since a hostile one must be stopped in time. */
export interface TextPattern {
  readonly source: string
  /** For each text, whether it matches. */
  matchAll(texts: readonly string[]): readonly boolean[]
}

/** A value rule on one column; see the data contract's documentation. */
export interface ColumnExpectation {
  readonly type?: 'integer' | 'number' | 'string' | 'boolean' | 'timestamp' | undefined
  readonly required: boolean
  /** Largest share of missing values. */
  readonly nulls?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly in?: readonly (string | number | boolean)[] | undefined
  readonly matches?: TextPattern | undefined
  readonly unique: boolean | 'per-file'
  readonly level: 'fail' | 'warn'
}

export interface Expectations {
  readonly rows: { readonly min?: number | undefined; readonly max?: number | undefined }
  readonly columns: Readonly<Record<string, ColumnExpectation>>
  readonly otherColumns: 'allow' | 'refuse'
}

export interface QualityCheck {
  /** `AGEP.min`: stable, so that a history can be kept. */
  readonly id: string
  readonly column: string | null
  readonly status: 'pass' | 'warn' | 'fail'
  readonly observed: string | number
  readonly expected: string | number
  readonly failedRows: number
}

interface Measured {
  readonly rule: string
  readonly expected: string | number
  readonly observed: string | number
  readonly failedRows: number
  readonly holds: boolean
}

/** Checks the files of a data set, in order, and then the data set as a whole. */
export function checkQuality(
  expectations: Expectations,
  files: readonly Table[],
): readonly QualityCheck[] {
  const checks: QualityCheck[] = [...checkRows(expectations, files)]
  for (const [name, rule] of Object.entries(expectations.columns)) {
    const columns = files
      .map((file) => findColumn(file, name))
      .filter((column) => column !== undefined)
    for (const measured of measureColumn(rule, columns, files)) {
      checks.push(toCheck(name, rule.level, measured))
    }
  }
  if (expectations.otherColumns === 'refuse') checks.push(...checkOthers(expectations, files))
  return checks
}

function toCheck(column: string, level: 'fail' | 'warn', measured: Measured): QualityCheck {
  const { rule, observed, expected, failedRows, holds } = measured
  return {
    id: `${column}.${rule}`,
    column,
    status: holds ? 'pass' : level,
    observed,
    expected,
    failedRows,
  }
}

function checkRows({ rows }: Expectations, files: readonly Table[]): readonly QualityCheck[] {
  const observed = files.reduce((sum, file) => sum + file.rows, 0)
  const bounds = [
    { rule: 'min', expected: rows.min, holds: observed >= (rows.min ?? 0) },
    { rule: 'max', expected: rows.max, holds: observed <= (rows.max ?? Infinity) },
  ]
  const checks: QualityCheck[] = []
  for (const { rule, expected, holds } of bounds) {
    if (expected === undefined) continue
    checks.push({
      id: `rows.${rule}`,
      column: null,
      status: holds ? 'pass' : 'fail',
      observed,
      expected,
      failedRows: 0,
    })
  }
  return checks
}

function checkOthers({ columns }: Expectations, files: readonly Table[]): readonly QualityCheck[] {
  const others = new Set<string>()
  for (const file of files) {
    for (const { name } of file.columns) if (!Object.hasOwn(columns, name)) others.add(name)
  }
  return [...others].map((name) => ({
    id: `${name}.known`,
    column: name,
    status: 'fail',
    observed: 'present',
    expected: 'no column without a rule',
    failedRows: 0,
  }))
}

function measureColumn(
  rule: ColumnExpectation,
  columns: readonly Column[],
  files: readonly Table[],
): readonly Measured[] {
  const absent = files.length - columns.length
  if (absent > 0 && (rule.required || columns.length === 0)) {
    const observed = `absent from ${absent} of ${files.length} files`
    return [
      { rule: 'present', expected: 'present', observed, failedRows: 0, holds: !rule.required },
    ]
  }
  const measured: Measured[] = [
    { rule: 'present', expected: 'present', observed: 'present', failedRows: 0, holds: true },
  ]
  if (rule.type !== undefined) measured.push(measureType(rule.type, columns))
  if (rule.nulls !== undefined) measured.push(measureNulls(rule.nulls, columns))
  if (rule.min !== undefined) measured.push(measureBound('min', rule.min, columns))
  if (rule.max !== undefined) measured.push(measureBound('max', rule.max, columns))
  if (rule.in !== undefined) measured.push(measureSet(rule.in, columns))
  if (rule.matches !== undefined) measured.push(measurePattern(rule.matches, columns))
  if (rule.unique !== false) measured.push(measureUnique(rule.unique, columns))
  return measured
}

function measureType(
  expected: NonNullable<ColumnExpectation['type']>,
  columns: readonly Column[],
): Measured {
  const wrong = columns.filter((column) => !hasType(column, expected))
  const observed = wrong[0]?.type ?? expected
  const failedRows = wrong.reduce((sum, column) => sum + lengthOf(column) - column.missing, 0)
  return { rule: 'type', expected, observed, failedRows, holds: wrong.length === 0 }
}

function hasType(column: Column, expected: string): boolean {
  // Nothing to judge by: an empty column has any type.
  if (lengthOf(column) === column.missing) return true
  return column.type === expected || (expected === 'number' && column.type === 'integer')
}

function measureNulls(limit: number, columns: readonly Column[]): Measured {
  const rows = columns.reduce((sum, column) => sum + lengthOf(column), 0)
  const missing = columns.reduce((sum, column) => sum + column.missing, 0)
  const share = rows === 0 ? 0 : missing / rows
  return {
    rule: 'nulls',
    expected: limit,
    observed: share,
    failedRows: missing,
    holds: share <= limit,
  }
}

function measureBound(rule: 'min' | 'max', bound: number, columns: readonly Column[]): Measured {
  // What holds for the smallest value of a column holds for the greatest of its negatives.
  const sign = rule === 'min' ? -1 : 1
  let extreme = Number.NEGATIVE_INFINITY
  let failedRows = 0
  for (const column of columns) {
    const scanned = scanBound(column, sign, bound)
    failedRows += scanned.failedRows
    extreme = Math.max(extreme, scanned.extreme)
  }
  const observed =
    extreme === Number.NEGATIVE_INFINITY ? 'no number' : describeNumber(sign * extreme)
  return { rule, expected: bound, observed, failedRows, holds: failedRows === 0 }
}

/** Text is no number: every value of it breaks a bound. */
function scanBound(
  column: Column,
  sign: number,
  bound: number,
): { readonly extreme: number; readonly failedRows: number } {
  let extreme = Number.NEGATIVE_INFINITY
  if (column.kind !== 'numeric') return { extreme, failedRows: lengthOf(column) - column.missing }
  let failedRows = 0
  for (const value of column.values) {
    if (sign * value > sign * bound) failedRows++
    if (sign * value > extreme) extreme = sign * value
  }
  return { extreme, failedRows }
}

/** JSON has no infinities. */
function describeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

function measureSet(
  allowed: readonly (string | number | boolean)[],
  columns: readonly Column[],
): Measured {
  const set = new Set(allowed.map(String))
  return measureTexts('in', {
    columns,
    expected: allowed.map(String).join(', '),
    holds: (texts) => texts.map((text) => set.has(text)),
  })
}

function measurePattern(pattern: TextPattern, columns: readonly Column[]): Measured {
  return measureTexts('matches', {
    columns,
    expected: pattern.source,
    holds: (texts) => pattern.matchAll(texts),
  })
}

interface TextRule {
  readonly columns: readonly Column[]
  readonly expected: string
  readonly holds: (texts: readonly string[]) => readonly boolean[]
}

function measureTexts(rule: string, { columns, expected, holds }: TextRule): Measured {
  let failedRows = 0
  let example: string | undefined
  for (const column of columns) {
    const counts = countTexts(column)
    const texts = [...counts.keys()]
    for (const [index, good] of holds(texts).entries()) {
      const text = texts[index]
      if (good || text === undefined) continue
      failedRows += counts.get(text) ?? 0
      example ??= text
    }
  }
  const observed =
    example === undefined ? 'all' : `for example ${JSON.stringify(example.slice(0, 100))}`
  return { rule, expected, observed, failedRows, holds: failedRows === 0 }
}

/** How often each value occurs, as text; missing values do not count. */
function countTexts(column: Column): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (let row = 0; row < lengthOf(column); row++) {
    const text = cellText(column, row)
    if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return counts
}

function measureUnique(scope: true | 'per-file', columns: readonly Column[]): Measured {
  let seen = nothingSeen()
  let failedRows = 0
  for (const column of columns) {
    if (scope === 'per-file') seen = nothingSeen()
    failedRows += countRepeats(column, seen)
  }
  const expected = scope === true ? 'unique' : 'unique in each file'
  return {
    rule: 'unique',
    expected,
    observed: `${failedRows} repeated`,
    failedRows,
    holds: failedRows === 0,
  }
}

interface Seen {
  readonly numbers: NumberSet
  readonly texts: Set<string>
}

function nothingSeen(): Seen {
  return { numbers: createNumberSet(), texts: new Set() }
}

/** Values that were seen before; missing values do not repeat one another. */
function countRepeats(column: Column, { numbers, texts }: Seen): number {
  let repeats = 0
  if (column.kind === 'numeric') {
    for (const value of column.values) {
      if (!(Number.isNaN(value) || numbers.add(value))) repeats++
    }
    return repeats
  }
  for (let row = 0; row < column.codes.length; row++) {
    const text = cellText(column, row)
    if (text === undefined) continue
    if (texts.has(text)) repeats++
    else texts.add(text)
  }
  return repeats
}
