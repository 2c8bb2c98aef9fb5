import { parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet'
import { nestedColumns, unsupported } from '../column-problems.js'
import type { ColumnType } from '../table-format.js'
import type { ParquetFile } from './parquet-file.js'

/** What a flat column's physical values mean. */
export type Meaning =
  | { readonly kind: 'number' | 'integer' | 'uint32' | 'int64' | 'uint64' | 'float16' }
  | {
      readonly kind: 'decimal' | 'timestamp'
      readonly divisor: number
      readonly factor: number
      /** Of decimals without digits behind the point, which are integers as they are in other formats. */
      readonly isWhole?: boolean | undefined
    }
  | { readonly kind: 'int96' | 'boolean' | 'text' | 'uuid' }

export interface LeafColumn {
  readonly name: string
  /** Root and leaf: what the decoders of pages ask for. */
  readonly path: SchemaTree[]
  readonly element: SchemaElement
  readonly nested: boolean
  /** The levels of definition; of a list the one from which it is there, and the one of a value. */
  readonly definition: number
  readonly list?: { readonly definition: number } | undefined
}

/** The top-level columns in file order. */
export function topColumns(file: ParquetFile): LeafColumn[] {
  const root = parquetSchema(file.metadata)
  return root.children.map((child) => ({
    name: child.element.name,
    path: [root, child],
    element: child.element,
    nested: child.children.length > 0 || child.element.repetition_type === 'REPEATED',
    definition: child.element.repetition_type === 'OPTIONAL' ? 1 : 0,
  }))
}

/** The values of a column of lists, whatever its groups are called; undefined where it is another nested column. */
export function listLeaf(column: LeafColumn): LeafColumn | undefined {
  const [root, top] = column.path
  const path = root === undefined ? [] : [root]
  const levels = { repeated: 0, definition: 0, list: 0 }
  let node = top
  while (node !== undefined && path.length < 8) {
    path.push(node)
    const kind = node.element.repetition_type
    if (kind === 'REPEATED') {
      levels.repeated++
      levels.list = levels.definition
    }
    if (kind !== 'REQUIRED') levels.definition++
    if (node.children.length === 0) return leafOf(node)
    node = node.children.length === 1 ? node.children[0] : undefined
  }
  return undefined

  function leafOf({ element }: SchemaTree): LeafColumn | undefined {
    if (levels.repeated !== 1) return undefined
    const { name } = column
    const { definition, list } = levels
    return { name, path, element, nested: false, definition, list: { definition: list } }
  }
}

export function refuseNested(columns: readonly LeafColumn[], shownAs: string): void {
  const nested = columns.filter((column) => column.nested)
  if (nested.length > 0) {
    throw nestedColumns(
      shownAs,
      nested.map((column) => column.name),
    )
  }
}

const day = 86_400_000

/** Throws MW-DATA-017 for types that are neither numbers, text, truth values nor times. */
export function meaningOf(column: LeafColumn, shownAs: string): Meaning {
  const { element } = column
  const meaning = decimalOf(element) ?? timeOf(element) ?? plainOf(element)
  if (meaning !== undefined) return meaning
  const type = element.logical_type?.type ?? element.converted_type ?? element.type
  throw unsupported(shownAs, `column ${JSON.stringify(column.name)} of type ${type}`)
}

/** Whether the column is flat and of a type that has a meaning here. */
export function canBeRead(column: LeafColumn): boolean {
  const { element } = column
  return !column.nested && (decimalOf(element) ?? timeOf(element) ?? plainOf(element)) !== undefined
}

export function typeOf(meaning: Meaning): ColumnType {
  if (meaning.kind === 'text' || meaning.kind === 'uuid') return 'string'
  if (meaning.kind === 'boolean') return 'boolean'
  if (meaning.kind === 'timestamp' || meaning.kind === 'int96') return 'timestamp'
  if (meaning.kind === 'decimal') return meaning.isWhole === true ? 'integer' : 'number'
  return ['integer', 'uint32', 'int64', 'uint64'].includes(meaning.kind) ? 'integer' : 'number'
}

function decimalOf(element: SchemaElement): Meaning | undefined {
  if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') {
    return undefined
  }
  const logical = element.logical_type
  const scale = element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)
  return { kind: 'decimal', divisor: 10 ** scale, factor: 1, isWhole: scale === 0 }
}

const perMillisecond = { MILLIS: 1, MICROS: 1e3, NANOS: 1e6 }

function timeOf(element: SchemaElement): Meaning | undefined {
  const { converted_type: converted, logical_type: logical, type } = element
  if (type === 'INT96') return { kind: 'int96' }
  if (converted === 'DATE' || logical?.type === 'DATE') {
    return { kind: 'timestamp', divisor: 1, factor: day }
  }
  if (logical?.type === 'TIMESTAMP') {
    return { kind: 'timestamp', divisor: perMillisecond[logical.unit], factor: 1 }
  }
  if (converted === 'TIMESTAMP_MILLIS') return { kind: 'timestamp', divisor: 1, factor: 1 }
  if (converted === 'TIMESTAMP_MICROS') return { kind: 'timestamp', divisor: 1e3, factor: 1 }
  // A time of the day is a number of milliseconds: it has no place on the calendar.
  if (logical?.type === 'TIME') {
    return { kind: 'decimal', divisor: perMillisecond[logical.unit], factor: 1 }
  }
  return undefined
}

function plainOf(element: SchemaElement): Meaning | undefined {
  const { type, converted_type: converted, logical_type: logical } = element
  if (type === 'BOOLEAN') return { kind: 'boolean' }
  if (type === 'FLOAT' || type === 'DOUBLE') return { kind: 'number' }
  if (type === 'INT32') return { kind: isUnsigned(element) ? 'uint32' : 'integer' }
  if (type === 'INT64') return { kind: isUnsigned(element) ? 'uint64' : 'int64' }
  if (logical?.type === 'UUID') return { kind: 'uuid' }
  if (logical?.type === 'FLOAT16') return { kind: 'float16' }
  return type === 'BYTE_ARRAY' && converted !== 'BSON' ? { kind: 'text' } : undefined
}

/** Of eight and sixteen bits it makes no difference: they are stored as they are. */
function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  const isLogical = logical?.type === 'INTEGER' && !logical.isSigned && logical.bitWidth >= 32
  return isLogical || converted === 'UINT_32' || converted === 'UINT_64'
}
