import type { CategoricalColumn, Column } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import type { Lists, OpenTable } from '../table-format.js'
import { whileUnchanged } from './file-stamp.js'
import {
  reachesIn,
  readColumns,
  type SetFile,
  type SetState,
  selectedRows,
} from './read-columns.js'
import type { Reach } from './selection.js'
import { hasNaN, parseVector, VectorRows, type Vectors } from './vector-rows.js'

/**
 * Vectors of all rows that count: of one column of lists of numbers, or of texts of such, or the columns of the components, where `*` at the
 * end of a name stands for anything and the columns are ordered by the number in its place. Throws MW-DATA-305 to -308.
 */
export async function readVectors(
  state: SetState,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Vectors> {
  const [only] = names
  const types = new Map(state.columns.map(({ name, type }) => [name, type]))
  const isComponent = (name: string) => !['string', undefined].includes(types.get(name))
  const isGroup = names.length !== 1 || only === undefined || only.endsWith('*')
  if (isGroup || isComponent(only)) {
    return readComponents(state, expanded(state, names), signal)
  }
  const rows = state.files.reduce((sum, file) => sum + selectedRows(file), 0)
  const vectors = new VectorRows(only, rows)
  for (const file of state.files) {
    if (selectedRows(file) > 0) await addFile(state, { file, name: only, vectors, signal })
  }
  return vectors.finish()
}

function expanded(state: SetState, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    if (!name.endsWith('*')) return [name]
    const prefix = name.slice(0, -1)
    const found = state.columns
      .filter((column) => column.name.startsWith(prefix) && column.type !== 'string')
      .map((column) => column.name)
    if (found.length === 0) throw noComponents(state, name)
    const place = (column: string) => Number(column.slice(prefix.length) || Number.NaN)
    // Those without a number stay in the order of the file.
    return found.sort((a, b) => place(a) - place(b) || 0)
  })
}

/** A column at a time, so that beside the vectors there is one. */
async function readComponents(
  state: SetState,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Vectors> {
  const rows = state.files.reduce((sum, file) => sum + selectedRows(file), 0)
  const dimension = names.length
  const values = new Float64Array(rows * dimension)
  const isColumnwise = await readsColumns(state)
  const batches = isColumnwise ? names.map((name) => [name]) : [names]
  for (const batch of batches) {
    const table = await readColumns(state, { names: batch, signal })
    for (const column of table.columns) {
      fill(values, componentValues(state, column), { at: names.indexOf(column.name), dimension })
    }
  }
  return { rows, dimension, values, missing: blankRows(values, dimension) }
}

async function readsColumns({ files }: SetState): Promise<boolean> {
  for (const { held, reader } of files) {
    if (held === undefined && (await reader.open()).isText) return false
  }
  return true
}

function fill(
  values: Float64Array,
  component: Float64Array,
  { at, dimension }: { at: number; dimension: number },
): void {
  for (let row = 0; row < component.length; row++) {
    values[row * dimension + at] = component[row] as number
  }
}

/** A vector of which a number is missing is missing. Returns how many are. */
function blankRows(values: Float64Array, dimension: number): number {
  let missing = 0
  for (let start = 0; start < values.length; start += dimension) {
    const vector = values.subarray(start, start + dimension)
    if (!hasNaN(vector)) continue
    vector.fill(Number.NaN)
    missing++
  }
  return missing
}

function componentValues({ options }: SetState, column: Column): Float64Array {
  if (column.kind === 'numeric' && column.type !== 'timestamp') return column.values
  throw new UserError({
    code: 'MW-DATA-307',
    where: options.where,
    what: `column ${JSON.stringify(column.name)} is of type ${column.type}, so it can be no component of a vector.`,
    fix: 'Name columns of numbers, or one column of lists of numbers.',
  })
}

function noComponents({ options }: SetState, pattern: string): UserError {
  return new UserError({
    code: 'MW-DATA-305',
    where: options.where,
    what: `no column of numbers matches ${JSON.stringify(pattern)}.`,
    fix: 'Name columns of the data; `*` at the end stands for anything.',
  })
}

interface Source {
  readonly file: SetFile
  readonly name: string
  readonly vectors: VectorRows
  readonly signal: AbortSignal | undefined
}

async function addFile(state: SetState, source: Source): Promise<void> {
  const { file, name, signal } = source
  const opened = file.held === undefined ? (await file.reader.open()).table : undefined
  if (opened?.readLists !== undefined && (await addLists(source, opened))) return
  const table = await readColumns(
    { ...state, files: [file] },
    { names: [name], types: { [name]: 'string' }, signal },
  )
  const [column] = table.columns
  if (column !== undefined) addTexts(source, column)
}

/** False where the file has no lists in this column. */
async function addLists(source: Source, table: OpenTable): Promise<boolean> {
  const { file, name, signal, vectors } = source
  for (const reach of await reachesIn(file)) {
    const lists = await whileUnchanged(file.reader.file, async () =>
      table.readLists?.(name, { parts: reach.parts, signal }),
    )
    if (lists === undefined) return false
    addReach(lists, reach, { vectors, file: file.facts.name })
  }
  return true
}

function addReach(
  { lengths, values }: Lists,
  { rows, start }: Reach,
  { vectors, file }: { vectors: VectorRows; file: string },
): void {
  let at = 0
  let next = 0
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row] as number
    const end = at + Math.max(0, length)
    if (rows === undefined || rows[next] === row) {
      next++
      const vector = length < 0 ? undefined : values.subarray(at, end)
      vectors.put(vector, { file, row: start + row + 1 })
    }
    at = end
  }
}

function addTexts({ file, name, vectors }: Source, column: Column): void {
  const { facts } = file
  if (column.kind !== 'categorical') {
    for (const value of column.values) {
      vectors.put(Number.isNaN(value) ? undefined : Float64Array.of(value), placeOf(facts, 0))
    }
    return
  }
  const parsed = parsedTexts(column)
  for (const [row, code] of column.codes.entries()) {
    const vector = code < 0 ? undefined : parsed[code]
    if (vector === 'none') throw notNumbers(facts, row, name)
    vectors.put(vector, placeOf(facts, row))
  }
}

/** By category; undefined where there is nothing in the text, `none` where it is something else. */
function parsedTexts({
  categories,
}: CategoricalColumn): readonly (Float64Array | undefined | 'none')[] {
  return categories.map((text) => (text.trim() === '' ? undefined : (parseVector(text) ?? 'none')))
}

function placeOf({ name, selected }: SetFile['facts'], row: number) {
  return { file: name, row: (selected?.[row] ?? row) + 1 }
}

function notNumbers(facts: SetFile['facts'], row: number, column: string): UserError {
  const place = placeOf(facts, row)
  return new UserError({
    code: 'MW-DATA-308',
    where: place.file,
    what: `row ${place.row} of column ${JSON.stringify(column)} is not a list of numbers.`,
    fix: 'Write vectors as [0.1, 0.2] or as 0.1;0.2, or name another column.',
  })
}
