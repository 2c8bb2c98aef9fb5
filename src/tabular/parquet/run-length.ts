/**
 * Reads `output.length` values of the RLE / bit-packed hybrid encoding (Parquet's for levels and dictionary
 * indices) from `bytes[start, …)`. Throws a plain Error when the bytes end first: the caller knows the column.
 */
export function readRunLengths(
  bytes: Uint8Array,
  run: { readonly start: number; readonly width: number },
  output: Uint8Array | Int32Array,
): void {
  const { width } = run
  // At most 31 bits are held at a time; 2^24 distinct values would not fit a dictionary page anyway.
  if (width > 24) throw new Error(`bit width ${width}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = run.start
  let filled = 0
  while (filled < output.length) {
    const header = readVarint(bytes, at)
    at = header.end
    const count = header.value >>> 1
    if ((header.value & 1) === 1) {
      const groups = { start: at, end: at + count * width, width, view }
      filled = unpack(bytes, groups, { values: output, from: filled })
      at = groups.end
    } else {
      const until = Math.min(output.length, filled + count)
      output.fill(readLittleEndian(bytes, at, (width + 7) >> 3), filled, until)
      at += (width + 7) >> 3
      filled = until
    }
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  let at = start
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined) break
    value |= (byte & 127) << shift
    if (byte < 128) return { value: value >>> 0, end: at }
  }
  throw new Error('the run lengths end too early')
}

function readLittleEndian(bytes: Uint8Array, start: number, length: number): number {
  if (start + length > bytes.length) throw new Error('the run lengths end too early')
  let value = 0
  for (let i = 0; i < length; i++) value |= (bytes[start + i] as number) << (i * 8)
  return value
}

/** Bit-packed values, lowest bit first; writers may leave out the padding at the very end. */
function unpack(
  bytes: Uint8Array,
  packed: {
    readonly start: number
    readonly end: number
    readonly width: number
    readonly view: DataView
  },
  output: { readonly values: Uint8Array | Int32Array; readonly from: number },
): number {
  const { width, view } = packed
  const { values, from } = output
  const available =
    width === 0 ? values.length : Math.floor(((packed.end - packed.start) * 8) / width)
  const until = Math.min(values.length, from + available)
  const needed = packed.start + Math.ceil(((until - from) * width) / 8)
  if (needed > bytes.length) throw new Error('the run lengths end too early')
  const mask = (1 << width) - 1
  // Wherever in the first of four bytes a value of at most 24 bits begins, it ends within.
  const last = bytes.length - 4
  let bit = 0
  let i = from
  for (; i < until; i++) {
    const at = packed.start + (bit >>> 3)
    if (at > last) break
    values[i] = (view.getInt32(at, true) >>> (bit & 7)) & mask
    bit += width
  }
  for (; i < until; i++) {
    const at = packed.start + (bit >>> 3)
    values[i] = (lastBytes(bytes, at) >>> (bit & 7)) & mask
    bit += width
  }
  return until
}

/** Four bytes, of which those behind the end are 0. */
function lastBytes(bytes: Uint8Array, start: number): number {
  let word = 0
  for (let i = 0; i < 4; i++) word |= (bytes[start + i] ?? 0) << (i * 8)
  return word
}
