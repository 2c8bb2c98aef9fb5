import type { DataType, Field } from '@uwdata/flechette'
import { Type } from '@uwdata/flechette/src/constants.js'
import { CancelledError, UserError } from '../../errors.js'
import { unsupported } from '../column-problems.js'
import { NeedsText } from '../needs-text.js'
import type { Lists } from '../table-format.js'
import type { ArrowFile, Batch } from './arrow-file.js'
import { damaged } from './arrow-problems.js'
import { type Meaning, meaningOf, typeOf } from './arrow-types.js'
import { codecOf } from './codecs.js'
import { type Cells, type Part, readCells } from './layout.js'
import { fillNumbers, isPresent, words } from './numbers.js'

/** How the lists of a column are laid out, and what their elements are. */
export interface ListLayout {
  /** Undefined where offsets say it. */
  readonly stride: number | undefined
  readonly offsetBits: 32 | 64
  readonly meaning: Meaning
}

/** Undefined where the column is not of lists of numbers. */
export function listLayout({ type }: Field): ListLayout | undefined {
  const element = childOf(type)
  const meaning = element && meaningOf(element)
  if (element === undefined || meaning === undefined) return undefined
  const isFlat = element.type.typeId !== Type.Dictionary
  if (!isFlat || !['number', 'integer'].includes(typeOf(meaning))) return undefined
  if (type.typeId === Type.FixedSizeList) return { stride: type.stride, offsetBits: 32, meaning }
  return { stride: undefined, offsetBits: type.typeId === Type.LargeList ? 64 : 32, meaning }
}

function childOf(type: DataType): Field | undefined {
  const { typeId } = type
  const isList = typeId === Type.List || typeId === Type.LargeList || typeId === Type.FixedSizeList
  return isList && 'children' in type ? (type.children as readonly Field[])[0] : undefined
}

interface ListSource {
  readonly file: ArrowFile
  readonly name: string
  readonly layout: ListLayout
  /** For each batch of rows the buffers of the column. */
  readonly parts: readonly { readonly batch: Batch; readonly part: Part }[]
}

/** All lists of a column. Throws MW-DATA-024 naming the batch. */
export async function readLists(source: ListSource): Promise<Lists> {
  const { file, name, parts } = source
  const pieces: Lists[] = []
  try {
    for (const { batch, part } of parts) pieces.push(await readBatch(source, batch, part))
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof CancelledError) throw cause
    const column = `column ${JSON.stringify(name)}`
    if (cause instanceof NeedsText) {
      throw unsupported(file.shownAs, `${column} of integers beyond 2^53`)
    }
    throw damaged(file.shownAs, `${column} in batch ${pieces.length + 1} cannot be decoded`, cause)
  }
  return joined(pieces)
}

async function readBatch({ file, layout }: ListSource, batch: Batch, part: Part): Promise<Lists> {
  const codec = await codecOf(batch.content, file.shownAs)
  const [element] = part.inner
  if (element === undefined) throw new Error('the batch contradicts the schema')
  const own = layout.stride === undefined ? 2 : 1
  const outer = { ...part, regions: part.regions.slice(0, own) }
  const inner = {
    rows: element.length,
    nullCount: element.nullCount,
    regions: part.regions.slice(own),
    inner: [],
  }
  const lists = await readCells({ batch, part: outer, codec, read: file.read })
  const cells = await readCells({ batch, part: inner, codec, read: file.read })
  // The bytes tell how many numbers there can be, before memory is taken for them.
  if (element.length > 8 * (cells.buffers[0]?.length ?? 0)) throw new Error('a buffer is too short')
  const numbers = new Float64Array(element.length)
  fillNumbers(numbers, cells, layout.meaning)
  return cut(lists, numbers, layout)
}

/** The lists of a batch may lie apart and in any part of the numbers: what no list has is left out. */
function cut(cells: Cells, numbers: Float64Array, layout: ListLayout): Lists {
  const { rows, present } = cells
  const ends = layout.stride === undefined && rows > 0 ? offsetsOf(cells, layout.offsetBits) : []
  const lengths = new Int32Array(rows)
  const values = new Float64Array(numbers.length)
  let filled = 0
  for (let row = 0; row < rows; row++) {
    const stride = layout.stride ?? 0
    const start = layout.stride === undefined ? (ends[row] as number) : row * stride
    const end = layout.stride === undefined ? (ends[row + 1] as number) : start + stride
    if (!isPresent(present, row)) {
      lengths[row] = -1
      continue
    }
    if (!(start >= 0 && start <= end && end <= numbers.length)) {
      throw new Error('a list lies outside of its buffer')
    }
    if (filled + end - start > values.length) throw new Error('lists lie over each other')
    values.set(numbers.subarray(start, end), filled)
    filled += end - start
    lengths[row] = end - start
  }
  return { lengths, values: values.subarray(0, filled) }
}

function offsetsOf({ buffers: [bytes], rows }: Cells, bits: 32 | 64): ArrayLike<number> {
  if (bits === 32) return words(Int32Array, bytes, { count: rows + 1, bits })
  return Float64Array.from(words(BigInt64Array, bytes, { count: rows + 1, bits }), Number)
}

function joined(pieces: readonly Lists[]): Lists {
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined) return only
  const rows = pieces.reduce((sum, { lengths }) => sum + lengths.length, 0)
  const count = pieces.reduce((sum, { values }) => sum + values.length, 0)
  const all = { lengths: new Int32Array(rows), values: new Float64Array(count) }
  let row = 0
  let at = 0
  for (const { lengths, values } of pieces) {
    all.lengths.set(lengths, row)
    all.values.set(values, at)
    row += lengths.length
    at += values.length
  }
  return all
}
