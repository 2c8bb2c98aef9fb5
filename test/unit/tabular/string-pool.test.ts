import { Buffer } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StringPool } from '../../../src/tabular/string-pool.js'

describe('distinct strings', () => {
  it('come back as they were put, numbered by first appearance', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 })), (texts) => {
        const pool = new StringPool()
        const codes = texts.map((text) => {
          const bytes = Buffer.from(`<${text}>`)
          return pool.code(bytes, 1, bytes.length - 1)
        })
        const { strings, invalid } = pool.strings()
        expect(strings).toEqual([...new Set(texts)])
        expect(codes.map((code) => strings[code])).toEqual(texts)
        expect(invalid).toBeUndefined()
      }),
    )
  })

  it('name the first that is not UTF-8, also where two halves make a character', () => {
    const put = (...parts: number[][]) => {
      const pool = new StringPool()
      for (const part of parts) pool.code(Uint8Array.from(part), 0, part.length)
      return pool.strings().invalid
    }
    expect(put([0x61], [0xc3, 0xa9], [0xff])).toBe(2)
    expect(put([0x61], [0xc3], [0xa9])).toBe(1)
    expect(put([0x61], [0xa9])).toBe(1)
    expect(put([0x61], [], [0xc3, 0xa9])).toBeUndefined()
  })
})
