const MAGIC = 0x184d2204
const UNCOMPRESSED = 0x80000000

/**
 * An LZ4 frame of which the length is known, as Arrow writes them. Blocks may refer to the ones before.
 * Checksums are passed over. Throws on anything that is not a frame of that length.
 */
export function decompressLz4Frame(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new Error('no LZ4 frame')
  const flags = view.getUint8(4)
  const hasSize = (flags & 0x08) !== 0
  const hasDictionary = (flags & 0x01) !== 0
  const hasBlockChecksum = (flags & 0x10) !== 0
  const output = new Uint8Array(length)
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0)
  let written = 0
  for (;;) {
    const word = view.getUint32(at, true)
    at += 4
    if (word === 0) break
    const size = word & ~UNCOMPRESSED
    if (at + size > input.length) throw new Error('the LZ4 frame ends too early')
    const block = input.subarray(at, at + size)
    if (word >= UNCOMPRESSED) {
      output.set(block, written)
      written += size
    } else written = decompressBlock(block, output, written)
    at += size + (hasBlockChecksum ? 4 : 0)
  }
  if (written !== length) throw new Error('the LZ4 frame has another length')
  return output
}

/** Literals, then a copy of what was written before, and so on; returns where the output ends. */
function decompressBlock(input: Uint8Array, output: Uint8Array, start: number): number {
  const source = { input, at: 0 }
  let to = start
  while (source.at < input.length) {
    const token = input[source.at++] as number
    const literals = lengthOf(token >> 4, source)
    if (source.at + literals > input.length || to + literals > output.length) throw overrun()
    output.set(input.subarray(source.at, source.at + literals), to)
    source.at += literals
    to += literals
    // The last sequence has no copy.
    if (source.at >= input.length) break
    const offset = (input[source.at] as number) | ((input[source.at + 1] ?? 0) << 8)
    source.at += 2
    const copied = lengthOf(token & 15, source) + 4
    if (offset === 0 || offset > to || to + copied > output.length) throw overrun()
    copyBack(output, { to, offset, length: copied })
    to += copied
  }
  return to
}

function lengthOf(first: number, source: { readonly input: Uint8Array; at: number }): number {
  if (first < 15) return first
  let length = first
  for (;;) {
    const byte = source.input[source.at++]
    if (byte === undefined) throw overrun()
    length += byte
    if (byte !== 255) return length
  }
}

/** Byte by byte where the copy reads what it writes. */
function copyBack(
  output: Uint8Array,
  { to, offset, length }: { to: number; offset: number; length: number },
): void {
  const from = to - offset
  if (offset >= length && length > 32) {
    output.copyWithin(to, from, from + length)
    return
  }
  for (let i = 0; i < length; i++) output[to + i] = output[from + i] as number
}

function overrun(): Error {
  return new Error('an LZ4 block refers to what is not there')
}
