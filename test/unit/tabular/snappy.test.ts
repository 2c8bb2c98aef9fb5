import { Buffer } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decompressSnappy } from '../../../src/tabular/parquet/snappy.js'

/** The length in front, as a varint. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)
}

type Element =
  | { readonly literal: readonly number[] }
  | { readonly offset: number; readonly length: number }

/** The shortest form of each element, by the format's description. */
function bytesOf(element: Element): number[] {
  if ('literal' in element) {
    const last = element.literal.length - 1
    if (last < 60) return [last << 2, ...element.literal]
    const size = last < 256 ? 1 : last < 65536 ? 2 : 3
    return [(59 + size) << 2, ...littleEndian(last, size), ...element.literal]
  }
  const { offset, length } = element
  if (length >= 4 && length <= 11 && offset < 2048) {
    return [((offset >>> 8) << 5) | ((length - 4) << 2) | 1, offset & 255]
  }
  const wide = offset >= 65536
  return [((length - 1) << 2) | (wide ? 3 : 2), ...littleEndian(offset, wide ? 4 : 2)]
}

function plain(elements: readonly Element[]): number[] {
  const output: number[] = []
  for (const element of elements) {
    if ('literal' in element) output.push(...element.literal)
    else
      for (let i = 0; i < element.length; i++)
        output.push(output[output.length - element.offset] ?? 0)
  }
  return output
}

function decompress(bytes: readonly number[], length: number): number[] {
  const output = new Uint8Array(length)
  decompressSnappy(Uint8Array.from(bytes), output)
  return [...output]
}

describe('a Snappy block', () => {
  it('is what its literals and copies say, whatever their lengths', () => {
    const literal = fc.record({
      literal: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 400 }),
    })
    const copy = fc.record({
      offset: fc.integer({ min: 1, max: 5000 }),
      length: fc.integer({ min: 1, max: 64 }),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(literal, copy), { maxLength: 20 }), (any) => {
        const elements: Element[] = [{ literal: [1, 2, 3] }]
        for (const one of any) {
          const known = plain(elements).length
          elements.push('offset' in one ? { ...one, offset: 1 + (one.offset % known) } : one)
        }
        const expected = plain(elements)
        const block = [...varint(expected.length), ...elements.flatMap(bytesOf)]
        expect(decompress(block, expected.length)).toEqual(expected)
      }),
    )
  })

  it('copies from far behind', () => {
    const literal = Array.from({ length: 70_000 }, (_, i) => (i * 7919) & 255)
    const elements: Element[] = [
      { literal },
      { offset: 70_000, length: 33 },
      { offset: 3000, length: 5 },
    ]
    const expected = plain(elements)
    expect(
      decompress([...varint(expected.length), ...elements.flatMap(bytesOf)], expected.length),
    ).toEqual(expected)
  })

  it.each([
    ['nothing', [], 3],
    ['a length that never ends', [255, 255, 255, 255, 255, 255], 3],
    ['another length', [4, 8, 1, 2, 3], 3],
    ['a literal that ends early', [3, 8, 1, 2], 3],
    ['a literal that is too long', [2, 8, 1, 2, 3], 2],
    ['a literal whose length is cut off', [3, 61 << 2, 2], 3],
    ['a copy from before the start', [6, 0, 1, (1 << 2) | 1, 9], 6],
    ['a copy of offset 0', [6, 0, 1, (1 << 2) | 1, 0], 6],
    ['a copy whose offset is cut off', [6, 0, 1, (4 << 2) | 2, 1], 6],
    ['a short copy whose offset is cut off', [6, 0, 1, 1], 6],
    ['a copy beyond the end', [4, 0, 1, (4 << 2) | 2, 1, 0], 4],
    ['too little', [4, 0, 1], 4],
  ])('of %s is an error', (_, bytes, length) => {
    expect(() => decompress(bytes, length)).toThrow(Error)
  })

  it('of any bytes ends, with an error or the full length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: 0, max: 200 }),
        (bytes, length) => {
          try {
            expect(decompress([...varint(length), ...bytes], length)).toHaveLength(length)
          } catch (error) {
            expect((error as Error).message).toMatch(/compressed bytes|literal|copy/)
          }
        },
      ),
    )
    expect(decompress([0], 0)).toEqual([])
    expect(Buffer.from(decompress([5, 16, ...Buffer.from('naive')], 5)).toString()).toBe('naive')
  })
})
