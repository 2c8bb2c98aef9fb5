import type { CategoricalColumn, Column, NumericColumn, Table } from './column.js'

/** Why tables cannot be put under each other. */
export interface SchemaDifference {
  readonly kind: 'column absent' | 'column added' | 'type differs'
  readonly column: string
  /** Position of the table that differs from the first one. */
  readonly table: number
  readonly expected?: string | undefined
  readonly found?: string | undefined
}

export type Concatenated =
  | { readonly table: Table }
  | { readonly differences: readonly SchemaDifference[] }

/**
 * Puts tables under each other. Columns are matched by name, in the order of the first table. Integers join
 * numbers as numbers; a column without any value joins any type. Tables of other schemas are not joined: all
 * differences are returned. No tables make a table without rows and columns.
 */
export function tryConcatTables(tables: readonly Table[]): Concatenated {
  const [first, ...others] = tables
  if (first === undefined) return { table: { rows: 0, columns: [] } }
  if (others.length === 0) return { table: first }
  const byName = tables.map(
    (table) => new Map(table.columns.map((column) => [column.name, column])),
  )
  const rows = tables.map((table) => table.rows)
  const differences: SchemaDifference[] = [...added(first, byName)]
  const columns = first.columns.flatMap((column) => {
    const parts = byName.map((columns) => columns.get(column.name))
    const found = differencesOf(column.name, parts)
    differences.push(...found)
    return found.length === 0 ? joinColumns(column.name, parts, rows) : []
  })
  if (differences.length > 0) return { differences }
  return { table: { rows: rows.reduce((sum, count) => sum + count, 0), columns } }
}

function added(first: Table, byName: readonly ReadonlyMap<string, Column>[]): SchemaDifference[] {
  const known = new Set(first.columns.map((column) => column.name))
  return byName.flatMap((columns, table) =>
    [...columns.keys()]
      .filter((column) => !known.has(column))
      .map((column) => ({ kind: 'column added' as const, column, table })),
  )
}

function differencesOf(name: string, parts: readonly (Column | undefined)[]): SchemaDifference[] {
  const expected = leading(parts)
  return parts.flatMap((part, table): SchemaDifference[] => {
    if (part === undefined) return [{ kind: 'column absent', column: name, table }]
    if (isEmpty(part) || family(part) === family(expected)) return []
    const types = { expected: expected?.type, found: part.type }
    return [{ kind: 'type differs', column: name, table, ...types }]
  })
}

/** The first part that has a value decides the type. */
function leading(parts: readonly (Column | undefined)[]): Column | undefined {
  return parts.find((part) => part !== undefined && !isEmpty(part)) ?? parts[0]
}

function isEmpty(column: Column): boolean {
  return column.missing === (column.kind === 'numeric' ? column.values : column.codes).length
}

function family(column: Column | undefined): string | undefined {
  return column?.type === 'integer' ? 'number' : column?.type
}

function joinColumns(
  name: string,
  parts: readonly (Column | undefined)[],
  rows: readonly number[],
): Column {
  const lead = leading(parts)
  if (lead?.kind === 'categorical') return joinCategorical(name, { parts, rows, type: lead.type })
  const values = new Float64Array(total(rows)).fill(Number.NaN)
  let start = 0
  parts.forEach((part, index) => {
    if (part?.kind === 'numeric') values.set(part.values, start)
    start += rows[index] ?? 0
  })
  return { kind: 'numeric', name, type: numericType(parts, lead), values, missing: missing(parts) }
}

function numericType(
  parts: readonly (Column | undefined)[],
  lead: Column | undefined,
): NumericColumn['type'] {
  if (lead?.type === 'timestamp') return 'timestamp'
  const isInteger = (part: Column | undefined) =>
    part === undefined || isEmpty(part) || part.type === 'integer'
  return lead?.type === 'integer' && parts.every(isInteger) ? 'integer' : 'number'
}

interface CategoricalParts {
  readonly parts: readonly (Column | undefined)[]
  readonly rows: readonly number[]
  readonly type: CategoricalColumn['type']
}

function joinCategorical(name: string, { parts, rows, type }: CategoricalParts): Column {
  const codes = new Int32Array(total(rows)).fill(-1)
  const places = new Map<string, number>()
  if (type === 'boolean') places.set('false', 0).set('true', 1)
  let start = 0
  parts.forEach((part, index) => {
    if (part?.kind === 'categorical') copyCodes(part, places, codes.subarray(start))
    start += rows[index] ?? 0
  })
  const categories = [...places.keys()]
  return { kind: 'categorical', name, type, codes, categories, missing: missing(parts) }
}

function copyCodes(part: CategoricalColumn, places: Map<string, number>, output: Int32Array): void {
  const moved = part.categories.map((category) => {
    const place = places.get(category) ?? places.size
    places.set(category, place)
    return place
  })
  part.codes.forEach((code, row) => {
    output[row] = moved[code] ?? -1
  })
}

function total(rows: readonly number[]): number {
  return rows.reduce((sum, count) => sum + count, 0)
}

function missing(parts: readonly (Column | undefined)[]): number {
  return parts.reduce((sum, part) => sum + (part?.missing ?? 0), 0)
}
