import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { field, fields, numberField, varint, varints } from '../../../src/grpc/protobuf.js'

describe("protobuf's wire format", () => {
  it('writes a number as the encoding guide does: 150 is 96 01, -1 is ten bytes', () => {
    expect(varint(150).toString('hex')).toBe('9601')
    expect(varint(-1).toString('hex')).toBe('ffffffffffffffffff01')
    expect(numberField(1, 150).toString('hex')).toBe('089601')
    expect(field(2, 'testing').toString('hex')).toBe('120774657374696e67')
  })

  it('reads every whole number of 64 bits that it writes, one or many', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (numbers) => {
        const packed = Buffer.concat(numbers.map(varint))
        expect([...varints(packed)].map((value) => BigInt.asIntN(64, value))).toEqual(numbers)
      }),
    )
  })

  it('gives fields of all kinds in order, with those of fixed width as their bytes', () => {
    const fixed = Buffer.from('0d0000803f' + '11000000000000f03f', 'hex')
    const message = Buffer.concat([numberField(3, 7), fixed, field(4, 'x')])
    expect([...fields(message)].map(({ number, wire }) => [number, wire])).toEqual([
      [3, 'varint'],
      [1, 'fixed32'],
      [2, 'fixed64'],
      [4, 'bytes'],
    ])
  })

  it.each([
    ['a length beyond the message', '0a05616263'],
    ['a length of 64 bits', '0affffffffffffffffff01'],
    ['a number without an end', '08ffff'],
    ['a number longer than 64 bits', '08ffffffffffffffffffffff01'],
    ['a number of fixed width that is cut off', '0d0000'],
    ['a kind that there is none of', '0b'],
  ])('throws RangeError for %s', (_, hex) => {
    expect(() => [...fields(Buffer.from(hex, 'hex'))]).toThrow(RangeError)
  })
})
