// The decoders of metadata, which flechette has but does not name in its index: its own reader of tables decodes every column.
declare module '@uwdata/flechette/src/constants.js' {
  export { Type } from '@uwdata/flechette'
}
declare module '@uwdata/flechette/src/decode/schema.js' {
  import type { Schema } from '@uwdata/flechette'
  export function decodeSchema(bytes: Uint8Array, index: number, version: number): Schema
}
declare module '@uwdata/flechette/src/decode/record-batch.js' {
  import type { RecordBatch } from '@uwdata/flechette'
  export function decodeRecordBatch(bytes: Uint8Array, index: number, version: number): RecordBatch
}
declare module '@uwdata/flechette/src/decode/dictionary-batch.js' {
  import type { DictionaryBatch } from '@uwdata/flechette'
  export function decodeDictionaryBatch(
    bytes: Uint8Array,
    index: number,
    version: number,
  ): DictionaryBatch
}
declare module '@uwdata/flechette/src/decode/block.js' {
  import type { Block } from '@uwdata/flechette'
  export function decodeBlocks(bytes: Uint8Array, index: number): Block[]
}
declare module '@uwdata/flechette/src/util/numbers.js' {
  export function fromFloat16(bits: number): number
}
declare module '@uwdata/flechette/src/util/read.js' {
  type Read<T> = (bytes: Uint8Array, index: number) => T
  export function readObject(
    bytes: Uint8Array,
    index: number,
  ): <T>(entry: number, read: Read<T>, fallback: T) => T
  export const readInt16: Read<number>
  export const readUint8: Read<number>
  export const readInt64: Read<number>
  export const readOffset: Read<number>
}
