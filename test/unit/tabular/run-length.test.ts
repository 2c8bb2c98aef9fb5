import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readRunLengths } from '../../../src/tabular/parquet/run-length.js'

/** One bit-packed run of the hybrid encoding; whole groups of eight, of which writers may leave out the end. */
function packed(values: readonly number[], width: number, isCut: boolean): number[] {
  const groups = Math.ceil(values.length / 8)
  const bits = values.flatMap((value) =>
    Array.from({ length: width }, (_, bit) => (value >>> bit) & 1),
  )
  const needed = Math.ceil(bits.length / 8)
  const bytes = new Array<number>(isCut ? needed : groups * width).fill(0)
  for (const [i, bit] of bits.entries()) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (i & 7))
  return [...varint((groups << 1) | 1), ...bytes]
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

function repeated(value: number, count: number, width: number): number[] {
  const bytes = Array.from({ length: (width + 7) >> 3 }, (_, i) => (value >>> (8 * i)) & 255)
  return [...varint(count << 1), ...bytes]
}

describe('readRunLengths', () => {
  it('reads values of any width up to 24 bits, bit-packed and repeated, up to the last byte', () => {
    const cases = fc.integer({ min: 1, max: 24 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        first: fc.array(fc.nat({ max: 2 ** width - 1 }), { minLength: 8, maxLength: 8 }),
        last: fc.array(fc.nat({ max: 2 ** width - 1 }), { minLength: 1, maxLength: 40 }),
        again: fc.record({
          value: fc.nat({ max: 2 ** width - 1 }),
          count: fc.integer({ min: 1, max: 300 }),
        }),
        isCut: fc.boolean(),
        before: fc.nat({ max: 3 }),
      }),
    )
    fc.assert(
      fc.property(cases, ({ width, first, last, again, isCut, before }) => {
        const bytes = Uint8Array.from([
          ...new Array<number>(before).fill(255),
          ...packed(first, width, false),
          ...repeated(again.value, again.count, width),
          ...packed(last, width, isCut),
        ])
        const expected = [...first, ...new Array<number>(again.count).fill(again.value), ...last]
        const output = new Int32Array(expected.length)
        readRunLengths(bytes, { start: before, width }, output)
        expect([...output]).toEqual(expected)
      }),
      { numRuns: 300, seed: 9 },
    )
  })

  it('refuses a run that ends too early, and widths that no dictionary has', () => {
    const whole = Uint8Array.from(packed([1, 2, 3, 4, 5, 6, 7, 8], 20, false))
    const read = (bytes: Uint8Array, width: number) => () =>
      readRunLengths(bytes, { start: 0, width }, new Int32Array(8))
    expect(read(whole.subarray(0, whole.length - 1), 20)).toThrow('end too early')
    expect(read(whole.subarray(0, 0), 20)).toThrow('end too early')
    expect(read(whole, 25)).toThrow('bit width 25')
  })
})
