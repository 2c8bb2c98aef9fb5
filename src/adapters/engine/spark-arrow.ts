import { type DataType, Type } from '@uwdata/flechette'

/** Spark's name for what it sends as a type of Arrow. */
export function engineTypeOf(type: DataType): string {
  switch (type.typeId) {
    case Type.Int:
      return integerName(type.bitWidth)
    case Type.Float:
      return type.precision === 2 ? 'double' : 'float'
    case Type.Decimal:
      return `decimal(${type.precision},${type.scale})`
    case Type.Bool:
      return 'boolean'
    case Type.Utf8:
    case Type.LargeUtf8:
      return 'string'
    case Type.Date:
      return 'date'
    case Type.Timestamp:
      return type.timezone === null ? 'timestamp_ntz' : 'timestamp'
    default:
      return otherName(type.typeId)
  }
}

function integerName(bitWidth: number): string {
  return { 8: 'tinyint', 16: 'smallint', 32: 'int' }[bitWidth] ?? 'bigint'
}

function otherName(typeId: DataType['typeId']): string {
  const name = Object.entries(Type).find(([, id]) => id === typeId)?.[0]
  return name === undefined ? 'unknown' : name.toLowerCase()
}
