import type { GroupColumn } from '../metrics/data.js'
import type { Column } from '../table/column.js'
import { canonicalOrder, codeRows, recode, usedNames } from './codes.js'
import type { ExampleRows } from './examples.js'
import { numberCodes } from './id-codes.js'
import type { ColumnNeeds } from './needs.js'
import { readNumbers } from './read-numbers.js'
import { type ColumnNames, type Cut, ProblemList, requireColumn } from './source.js'

/** More distinct values than this are no groups: sorting and listing them would help nobody. */
const MOST_VALUES = 100_000

/** What is true of examples whatever a model says, but for their labels. */
export type Attributes = Omit<ExampleRows, 'n' | 'labels'>

export interface AttributesRequest {
  readonly columns: ColumnNames
  readonly needs: ColumnNeeds
}

/** The columns that hold attributes, with the setting that names each. */
export function attributeColumns({ columns, needs }: AttributesRequest): Wanted[] {
  const rule = 'the rule (slices.by or group)'
  const one = (name: string | undefined, setting: string) =>
    name === undefined ? [] : [{ name, setting }]
  return [
    ...(columns.groups ?? []).map((name) => ({ name, setting: 'columns.groups' })),
    ...[...needs.groups, ...needs.binned].map((name) => ({ name, setting: rule })),
    ...one(columns.weight, 'columns.weight'),
    ...one(columns.cluster, 'columns.cluster'),
  ]
}

interface Wanted {
  readonly name: string
  readonly setting: string
}

/**
 * Weights, clusters, groups and numbers to be cut into bins, for each of the cuts: one of the candidate's file, and in an
 * unpaired comparison one of the baseline's. Groups have the same names in all of them. A numeric column is grouped by its
 * distinct values.
 */
export function readAttributes(
  request: AttributesRequest,
  cuts: readonly Cut[],
  problems: ProblemList,
): Attributes[] {
  const missing = new ProblemList()
  for (const cut of cuts) {
    for (const wanted of attributeColumns(request)) requireColumn(cut.source, wanted, missing)
  }
  if (missing.found.length > 0) {
    problems.found.push(...missing.found)
    return []
  }
  const { columns, needs } = request
  const groups = new Map(
    needs.groups.map((name) => [name, readGroup(cuts.map(found(name)), problems)]),
  )
  return cuts.map((cut, index) => ({
    weights: columns.weight === undefined ? undefined : readWeights(cut, columns.weight, problems),
    clusters:
      columns.cluster === undefined ? undefined : readClusters(cut, columns.cluster, problems),
    groups: new Map(
      [...groups].flatMap(([name, read]) => (read ? [[name, pickOf(read, index)]] : [])),
    ),
    numbers: new Map(needs.binned.map((name) => [name, readBinned(found(name)(cut), problems)])),
  }))
}

interface FoundColumn extends Cut {
  readonly column: Column
}

function found(name: string): (cut: Cut) => FoundColumn {
  return (cut) => {
    const column = requireColumn(cut.source, { name, setting: '' }, new ProblemList())
    return { ...cut, column: column ?? EMPTY }
  }
}

const EMPTY: Column = {
  kind: 'categorical',
  name: '',
  type: 'string',
  codes: new Int32Array(0),
  categories: [],
  missing: 0,
}

function pickOf(groups: readonly GroupColumn[], index: number): GroupColumn {
  return groups[index] ?? { codes: new Int32Array(0), names: [] }
}

function readGroup(
  parts: readonly FoundColumn[],
  problems: ProblemList,
): readonly GroupColumn[] | undefined {
  const coded = parts.map(({ column, rows }) => codeRows(column, rows, MOST_VALUES))
  const read = coded.filter((one) => one !== undefined)
  const excess = parts[coded.indexOf(undefined)]
  if (excess !== undefined) {
    const { column, source } = excess
    const bins = `cut the numbers into bins with slices.bins: { ${JSON.stringify(column.name)}: [30, 60] }`
    return problems.add({
      code: 'MW-GATE-024',
      where: source.file,
      what: `column "${column.name}" has more than ${MOST_VALUES} distinct values: too many to be groups.`,
      fix: `Slice by another column${column.kind === 'numeric' ? `, or ${bins}` : ''}.`,
    })
  }
  const names = canonicalOrder(new Set(read.flatMap(usedNames)))
  return read.map((one) => ({ codes: recode(one, names), names }))
}

function readBinned({ column, rows, source }: FoundColumn, problems: ProblemList): Float64Array {
  const values = new Float64Array(rows.length)
  if (column.kind !== 'numeric') {
    problems.add({
      code: 'MW-GATE-013',
      where: source.file,
      what: `column "${column.name}" is not numeric, and slices.bins has edges for it.`,
      fix: 'Name a column of numbers in slices.bins, or slice by its values without bins.',
    })
    return values
  }
  for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] ?? 0] ?? Number.NaN
  return values
}

function readWeights(cut: Cut, name: string, problems: ProblemList): Float64Array | undefined {
  const { column, source, rows } = found(name)(cut)
  const weights = readNumbers({ source, rows, column }, problems)
  if (weights === undefined) return undefined
  const negative = weights.findIndex((weight) => weight < 0)
  if (negative >= 0) {
    return problems.add({
      code: 'MW-GATE-030',
      where: source.file,
      what: `column "${name}" of weights is negative in row ${(rows[negative] ?? 0) + 1}.`,
      fix: 'A weight says how much an example counts: write 0 or more.',
    })
  }
  if (weights.some((weight) => weight > 0)) return weights
  return problems.add({
    code: 'MW-GATE-031',
    where: source.file,
    what: `column "${name}" of weights is 0 in every row.`,
    fix: 'Give some example a weight above 0, or leave columns.weight out.',
  })
}

/** Clusters are numbered by value, so that the order of rows decides nothing. */
function readClusters(cut: Cut, name: string, problems: ProblemList): Int32Array | undefined {
  const { column, source, rows } = found(name)(cut)
  const codes = clusterCodes(column, rows)
  const missing = codes.findIndex((code) => code < 0)
  if (missing < 0) return codes
  return problems.add({
    code: 'MW-GATE-014',
    where: source.file,
    what: `column "${name}" of clusters has no value, first in row ${(rows[missing] ?? 0) + 1}.`,
    fix: 'Give every example its cluster: its own id where it belongs to none.',
  })
}

function clusterCodes(column: Column, rows: Int32Array): Int32Array {
  if (column.kind === 'numeric') return numberClusters(column.values, rows)
  const coded = codeRows(column, rows, Number.POSITIVE_INFINITY)
  if (coded === undefined) return new Int32Array(rows.length)
  return recode(coded, usedNames(coded).sort())
}

function numberClusters(column: Float64Array, rows: Int32Array): Int32Array {
  const values = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] ?? 0] ?? Number.NaN
  if (values.some(Number.isNaN)) return Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : 0))
  const { a: codes, size } = numberCodes(values, new Float64Array(0))
  const least = new Float64Array(size).fill(Number.NaN)
  for (let i = 0; i < codes.length; i++) least[codes[i] ?? 0] = values[i] ?? 0
  const places = Int32Array.from(least.keys()).filter((code) => !Number.isNaN(least[code] ?? 0))
  places.sort((x, y) => (least[x] ?? 0) - (least[y] ?? 0))
  const rank = new Int32Array(size)
  places.forEach((code, place) => {
    rank[code] = place
  })
  return codes.map((code) => rank[code] ?? 0)
}
