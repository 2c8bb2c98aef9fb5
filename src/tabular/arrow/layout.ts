import type { DataType, Field } from '@uwdata/flechette'
import { Type } from '@uwdata/flechette/src/constants.js'
import type { Batch } from './arrow-file.js'
import { type Codec, decompressBuffer } from './codecs.js'

export interface Region {
  readonly offset: number
  readonly length: number
}

/** Which of the buffers of a batch are those of one column. */
export interface Part {
  readonly rows: number
  readonly nullCount: number
  /** Of the column itself, then of what is nested in it. */
  readonly regions: readonly Region[]
  /** Lengths and nulls of what is nested in the column. */
  readonly inner: readonly { readonly length: number; readonly nullCount: number }[]
}

/** The buffers of one column in one batch, decompressed. */
export interface Cells {
  readonly rows: number
  /** A bit for each row, 1 where there is a value; undefined when all rows have one. */
  readonly present: Uint8Array | undefined
  /** Without the bits: values; or offsets and bytes; or views and the buffers that they refer to. */
  readonly buffers: readonly Uint8Array[]
}

interface Cursor {
  node: number
  buffer: number
  variadic: number
}

/** The parts of the wanted columns: a batch lists the buffers of all columns in order, without saying whose they are. */
export function partsOf(
  types: readonly DataType[],
  wanted: ReadonlySet<number>,
  { content, rows }: Batch,
): ReadonlyMap<number, Part> {
  const cursor = { node: 0, buffer: 0, variadic: 0 }
  const parts = new Map<number, Part>()
  for (const [index, type] of types.entries()) {
    const { node, buffer } = cursor
    pass(type, content.variadic, cursor)
    if (!wanted.has(index)) continue
    const about = content.nodes[node]
    const regions = content.regions.slice(buffer, cursor.buffer)
    if (about === undefined || about.length !== rows || regions.length < cursor.buffer - buffer) {
      throw new Error('the batch contradicts the schema')
    }
    const inner = content.nodes.slice(node + 1, cursor.node)
    parts.set(index, { rows, nullCount: about.nullCount, regions, inner })
  }
  return parts
}

function pass(type: DataType, variadic: readonly number[], cursor: Cursor): void {
  cursor.node++
  if (type.typeId === Type.BinaryView || type.typeId === Type.Utf8View) {
    const count = variadic[cursor.variadic++] ?? -1
    if (count < 0) throw new Error('the batch contradicts the schema')
    cursor.buffer += 2 + count
    return
  }
  cursor.buffer += ownBuffers(type)
  const children: readonly Field[] = 'children' in type ? type.children : []
  for (const child of children) pass(child.type, variadic, cursor)
}

function ownBuffers(type: DataType): number {
  switch (type.typeId) {
    case Type.Null:
    case Type.RunEndEncoded:
      return 0
    case Type.Struct:
    case Type.FixedSizeList:
      return 1
    case Type.Union:
      return type.mode === 0 ? 1 : 2
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary:
    case Type.ListView:
    case Type.LargeListView:
      return 3
    default:
      return 2
  }
}

export interface PartSource {
  readonly batch: Batch
  readonly part: Part
  readonly codec: Codec | undefined
  readonly read: (start: number, length: number) => Promise<Uint8Array>
}

export async function readCells({ batch, part, codec, read }: PartSource): Promise<Cells> {
  const { rows, nullCount, regions } = part
  const load = async ({ offset, length }: Region) => {
    if (!(offset >= 0 && length >= 0 && offset + length <= batch.body.length)) {
      throw new Error('a buffer lies outside of its batch')
    }
    const stored = await read(batch.body.start + offset, length)
    return codec === undefined ? stored : decompressBuffer(stored, codec)
  }
  const [bits, ...others] = regions
  const present = bits === undefined || nullCount === 0 ? undefined : await load(bits)
  const buffers: Uint8Array[] = []
  for (const region of others) buffers.push(await load(region))
  if (present === undefined || present.length === 0) return { rows, present: undefined, buffers }
  if (present.length * 8 < rows) throw new Error('the bits of nulls are too few')
  return { rows, present, buffers }
}

/** Refuses a claim of rows that the buffers cannot hold, before memory is taken for them. */
export function checkRoom(part: Part, bitsARow: number, codec: Codec | undefined): void {
  const stored = part.regions[1]?.length ?? 0
  const most = codec === undefined ? stored : Math.max(0, stored - 8) * codec.most
  if (part.rows * bitsARow > most * 8) throw new Error('a batch claims more rows than it holds')
}
