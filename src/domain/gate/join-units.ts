import type { Checked, Problem } from '../problem.js'
import { type Column, cellText, findColumn } from '../table/column.js'
import type { ExamplesRequest } from './examples-request.js'
import { numberCodes, type SharedCodes, sharedCodes } from './id-codes.js'
import { matchCodes, missingIds, rowsByCode } from './join.js'
import { overlapProblem } from './overlap.js'
import { ProblemList, requireColumn, type Source } from './source.js'
import { codesInOrder, groupRows, type UnitGroups } from './units.js'

/** A model's rows by unit. */
export interface UnitCut {
  readonly source: Source
  readonly groups: UnitGroups
}

/** Both models' units. Paired, unit u is the same in both. */
export interface JoinedUnits {
  readonly candidate: UnitCut
  readonly baseline: UnitCut | undefined
  readonly paired: boolean
  /** Units in the whole files. */
  readonly inCandidate: number
  readonly inBaseline: number | null
  /** The candidate's column that names units. */
  readonly name: Column
}

/**
 * Groups the rows of both files by unit and joins the units. In ranking the unit is the query, and rows are joined first by
 * query and document, so that both models rank the same documents. In generation the unit is the id, and each model
 * may have its own number of samples. A row that is there twice is a problem.
 */
export function joinUnits(request: ExamplesRequest): Checked<JoinedUnits> {
  const { task, candidate, columns } = request
  const ranking = task === 'ranking'
  const unit = ranking
    ? { name: columns.query ?? 'query', setting: 'columns.query' }
    : { name: columns.id, setting: 'columns.id' }
  const row = ranking
    ? { name: columns.id, setting: 'columns.id' }
    : columns.sample === undefined
      ? undefined
      : { name: columns.sample, setting: 'columns.sample' }
  const problems = new ProblemList()
  const baseline = request.baseline
  const find = (source: Source): KeyColumns | undefined => {
    const name = requireColumn(source, unit, problems)
    // Documents of one model alone need no names.
    const optional = ranking && (baseline === undefined || request.pairing === 'none')
    const part =
      row && (optional ? findColumn(source.table, row.name) : requireColumn(source, row, problems))
    return name && { source, unit: name, row: part }
  }
  const mine = find(candidate)
  const theirs = baseline && find(baseline)
  if (mine === undefined || problems.found.length > 0) return { problems: problems.found }
  const missing = [mine, theirs].flatMap((keys) => (keys ? missingKeys(keys) : []))
  if (missing.length > 0) return { problems: missing }
  if (theirs === undefined || request.pairing === 'none') return apart(request, mine, theirs)
  return together(request, mine, theirs)
}

interface KeyColumns {
  readonly source: Source
  readonly unit: Column
  /** The document, or the number of the sample. */
  readonly row: Column | undefined
}

interface Keys {
  readonly units: SharedCodes
  /** Codes of rows: unit and document, or unit and sample. */
  readonly rows: SharedCodes | undefined
}

function missingKeys({ source, unit, row }: KeyColumns): Problem[] {
  const columns = row === undefined ? [unit] : [unit, row]
  return columns.flatMap((column) => missingIds({ file: source.file, column }) ?? [])
}

function keysOf(mine: KeyColumns, theirs: KeyColumns): Keys {
  const units = sharedCodes(mine.unit, theirs.unit)
  if (mine.row === undefined || theirs.row === undefined) return { units, rows: undefined }
  const parts = sharedCodes(mine.row, theirs.row)
  const combined = (unit: Int32Array, part: Int32Array) => {
    const keys = new Float64Array(unit.length)
    for (let i = 0; i < keys.length; i++) keys[i] = (unit[i] ?? 0) * parts.size + (part[i] ?? 0)
    return keys
  }
  return { units, rows: numberCodes(combined(units.a, parts.a), combined(units.b, parts.b)) }
}

function apart(
  request: ExamplesRequest,
  mine: KeyColumns,
  theirs: KeyColumns | undefined,
): Checked<JoinedUnits> {
  const problems: Problem[] = []
  const alone = (columns: KeyColumns): UnitCut => {
    const { units, rows } = keysOf(columns, columns)
    problems.push(...repeatedRows(columns, rows?.a, rows?.size))
    const groups = groupRows(units.a, units.size, codesInOrder(units.a, units.size))
    return { source: columns.source, groups }
  }
  const candidate = alone(mine)
  const baseline = theirs && alone(theirs)
  if (problems.length > 0) return { problems }
  return {
    value: {
      candidate,
      baseline,
      paired: request.baseline === undefined,
      inCandidate: candidate.groups.units,
      inBaseline: baseline?.groups.units ?? null,
      name: mine.unit,
    },
  }
}

function together(
  request: ExamplesRequest,
  mine: KeyColumns,
  theirs: KeyColumns,
): Checked<JoinedUnits> {
  const { units, rows } = keysOf(mine, theirs)
  const problems = [
    ...repeatedRows(mine, rows?.a, rows?.size),
    ...repeatedRows(theirs, rows?.b, rows?.size),
  ]
  if (problems.length > 0) return { problems }
  const counts = {
    candidate: codesInOrder(units.a, units.size).length,
    baseline: codesInOrder(units.b, units.size).length,
  }
  const byRow = request.task === 'ranking' && rows !== undefined
  const groups = byRow ? groupDocuments(units, rows) : groupSamples(units)
  const few = byRow
    ? overlapProblem(request, {
        what: 'pairs of query and document',
        joined: groups.a.rows.length,
        candidate: units.a.length,
        baseline: units.b.length,
      })
    : overlapProblem(request, { what: 'ids', joined: groups.a.units, ...counts })
  if (few !== undefined) return { problems: [few] }
  return {
    value: {
      candidate: { source: mine.source, groups: groups.a },
      baseline: { source: theirs.source, groups: groups.b },
      paired: true,
      inCandidate: counts.candidate,
      inBaseline: counts.baseline,
      name: mine.unit,
    },
  }
}

function groupDocuments(units: SharedCodes, rows: SharedCodes): { a: UnitGroups; b: UnitGroups } {
  const join = matchCodes(rows.a, rowsByCode(rows.b, rows.size).rows)
  const codes = join.candidateRows.map((row) => units.a[row] ?? 0)
  const joined = groupRows(codes, units.size, codesInOrder(codes, units.size))
  const through = (file: Int32Array) => joined.rows.map((place) => file[place] ?? 0)
  return {
    a: { ...joined, rows: through(join.candidateRows) },
    b: { ...joined, rows: through(join.baselineRows) },
  }
}

function groupSamples(units: SharedCodes): { a: UnitGroups; b: UnitGroups } {
  const wanted = codesInOrder(units.a, units.size, units.b)
  return {
    a: groupRows(units.a, units.size, wanted),
    b: groupRows(units.b, units.size, wanted),
  }
}

function repeatedRows(
  { source, unit, row }: KeyColumns,
  codes: Int32Array | undefined,
  size = 0,
): Problem[] {
  if (codes === undefined || row === undefined) return []
  const { repeated, distinct } = rowsByCode(codes, size)
  if (repeated < 0) return []
  const text = (column: Column) =>
    `${column.name} "${(cellText(column, repeated) ?? '').slice(0, 60)}"`
  return [
    {
      code: 'MW-GATE-017',
      where: source.file,
      what: `${codes.length} rows hold ${distinct} distinct pairs of ${unit.name} and ${row.name}: ${text(unit)} with ${text(row)} is there more than once.`,
      fix: 'Write one row for each pair, or name the right columns under columns.',
    },
  ]
}
