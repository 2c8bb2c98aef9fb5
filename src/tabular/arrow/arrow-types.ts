import type { DataType, Field } from '@uwdata/flechette'
import { Type } from '@uwdata/flechette/src/constants.js'
import type { ColumnType } from '../table-format.js'

/** What a flat column's stored values mean. */
export type Meaning =
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly bits: number; readonly scale: number }
  /** Milliseconds are `stored * factor / divisor`. */
  | {
      readonly kind: 'timestamp' | 'time'
      readonly bits: number
      readonly factor: number
      readonly divisor: number
    }
  | { readonly kind: 'text'; readonly offsetBits: 32 | 64 }
  | { readonly kind: 'view' | 'boolean' | 'uuid' | 'null' }

const day = 86_400_000
/** By unit: seconds, milliseconds, microseconds, nanoseconds. */
const perUnit = [
  { factor: 1000, divisor: 1 },
  { factor: 1, divisor: 1 },
  { factor: 1, divisor: 1e3 },
  { factor: 1, divisor: 1e6 },
] as const

const nestedTypes: ReadonlySet<number> = new Set([
  Type.List,
  Type.Struct,
  Type.Union,
  Type.FixedSizeList,
  Type.Map,
  Type.LargeList,
  Type.ListView,
  Type.LargeListView,
])

/** The type of the values, behind a dictionary or not. */
export function valueType({ type }: Field): DataType {
  return type.typeId === Type.Dictionary ? type.dictionary : type
}

export function isNested(field: Field): boolean {
  return nestedTypes.has(valueType(field).typeId)
}

/** Undefined for types that are neither numbers, text, truth values nor times. */
export function meaningOf(field: Field): Meaning | undefined {
  const type = valueType(field)
  const isUuid = field.metadata?.get('ARROW:extension:name') === 'arrow.uuid'
  if (type.typeId === Type.FixedSizeBinary && type.stride === 16 && isUuid) return { kind: 'uuid' }
  return numberMeaning(type) ?? timeMeaning(type) ?? textMeaning(type)
}

function numberMeaning(type: DataType): Meaning | undefined {
  switch (type.typeId) {
    case Type.Int:
      if (![8, 16, 32, 64].includes(type.bitWidth)) return undefined
      return { kind: 'integer', bits: type.bitWidth, signed: type.signed }
    // As Parquet keeps them: a count of their unit.
    case Type.Duration:
      return { kind: 'integer', bits: 64, signed: true }
    case Type.Float:
      return { kind: 'float', bits: ([16, 32, 64] as const)[type.precision] ?? 64 }
    case Type.Decimal:
      if (![32, 64, 128, 256].includes(type.bitWidth)) return undefined
      return { kind: 'decimal', bits: type.bitWidth, scale: type.scale }
    case Type.Bool:
      return { kind: 'boolean' }
    case Type.Null:
      return { kind: 'null' }
    default:
      return undefined
  }
}

function timeMeaning(type: DataType): Meaning | undefined {
  switch (type.typeId) {
    case Type.Date: {
      const isDays = type.unit === 0
      const factor = isDays ? day : 1
      return { kind: 'timestamp', bits: isDays ? 32 : 64, factor, divisor: 1 }
    }
    case Type.Timestamp:
      return { kind: 'timestamp', bits: 64, ...(perUnit[type.unit] ?? perUnit[1]) }
    // A time of the day is a number of milliseconds: it has no place on the calendar.
    case Type.Time:
      return { kind: 'time', bits: type.unit < 2 ? 32 : 64, ...(perUnit[type.unit] ?? perUnit[1]) }
    default:
      return undefined
  }
}

function textMeaning({ typeId }: DataType): Meaning | undefined {
  switch (typeId) {
    case Type.Utf8:
    case Type.Binary:
      return { kind: 'text', offsetBits: 32 }
    case Type.LargeUtf8:
    case Type.LargeBinary:
      return { kind: 'text', offsetBits: 64 }
    case Type.Utf8View:
    case Type.BinaryView:
      return { kind: 'view' }
    default:
      return undefined
  }
}

export function typeOf({ kind }: Meaning): ColumnType {
  if (kind === 'text' || kind === 'view' || kind === 'uuid') return 'string'
  if (kind === 'boolean' || kind === 'timestamp') return kind
  return kind === 'integer' || kind === 'null' ? 'integer' : 'number'
}

/** How many bits of its first buffer after the nulls a value takes. */
export function bitsOf(meaning: Meaning): number {
  switch (meaning.kind) {
    case 'null':
      return 0
    case 'boolean':
      return 1
    case 'view':
    case 'uuid':
      return 128
    case 'text':
      return meaning.offsetBits
    default:
      return meaning.bits
  }
}

/** What the type is called in an error. */
export function typeName(field: Field): string {
  const { typeId } = valueType(field)
  return Object.entries(Type).find(([, id]) => id === typeId)?.[0] ?? `number ${typeId}`
}
