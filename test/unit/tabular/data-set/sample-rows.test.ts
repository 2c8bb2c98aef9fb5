import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { sampleRows } from '../../../../src/tabular/data-set/sample-rows.js'

const digest = (name: string) => createHash('sha256').update(name).digest('hex')
const whole = (name: string, rows: number) => ({ sha256: digest(name), rows, selected: undefined })
const lists = (drawn: readonly (Uint32Array | undefined)[]) =>
  drawn.map((rows) => (rows === undefined ? undefined : Array.from(rows)))

describe('a sample', () => {
  it('has as many rows as are asked for, each once and ascending, whatever the files', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 1, maxLength: 6 }),
        fc.nat(900),
        fc.nat(),
        (sizes, count, seed) => {
          const files = sizes.map((rows, index) => whole(`file ${index}`, rows))
          const drawn = lists(sampleRows(files, count, seed)).map(
            (rows, index) => rows ?? Array.from({ length: sizes[index] ?? 0 }, (_, row) => row),
          )
          const total = sizes.reduce((sum, rows) => sum + rows, 0)
          expect(drawn.flat()).toHaveLength(Math.min(total, count))
          for (const [index, rows] of drawn.entries()) {
            expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b))
            expect(rows.every((row) => row < (sizes[index] as number))).toBe(true)
          }
        },
      ),
    )
  })

  it('is the same whatever the order of the files', () => {
    const [a, b, c] = [whole('a', 500), whole('b', 300), whole('c', 1)] as const
    const [fromA, fromB, fromC] = lists(sampleRows([a, b, c], 100, 7))
    expect(lists(sampleRows([c, b, a], 100, 7))).toEqual([fromC, fromB, fromA])
  })

  it('of more rows holds the one of fewer, and another seed draws others', () => {
    const files = [whole('a', 1000)]
    const [few] = lists(sampleRows(files, 50, 7))
    const [more] = lists(sampleRows(files, 80, 7))
    expect(more).toEqual(expect.arrayContaining(few as number[]))
    expect(lists(sampleRows(files, 50, 8))).not.toEqual([few])
  })

  it('is drawn among the selected rows only', () => {
    const selected = Uint32Array.from({ length: 100 }, (_, index) => index * 7)
    const [drawn] = lists(sampleRows([{ ...whole('a', 1000), selected }], 20, 7))
    expect(drawn).toHaveLength(20)
    expect(drawn?.every((row) => row % 7 === 0)).toBe(true)
    // All there are.
    expect(sampleRows([{ ...whole('a', 1000), selected }], 100, 7)).toEqual([selected])
  })

  it('draws each row as often as another', () => {
    const counts = new Array<number>(40).fill(0)
    for (let seed = 0; seed < 2000; seed++) {
      for (const row of sampleRows([whole('a', 40)], 10, seed)[0] ?? []) {
        counts[row] = (counts[row] as number) + 1
      }
    }
    // 2000 draws of probability 1/4: a standard deviation of 19, so that 5 of them are exceeded in no row.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(97)
  })

  it('has no favour for places in a file of consecutive rows', () => {
    const [drawn = []] = lists(sampleRows([whole('b', 100_000)], 10_000, 3))
    const mean = (drawn ?? []).reduce((sum, row) => sum + row, 0) / 10_000
    // The standard error of the mean of 10,000 uniform places is 274 after the correction for a finite population.
    expect(Math.abs(mean - 49_999.5)).toBeLessThan(4 * 274)
    const odd = (drawn ?? []).filter((row) => row % 2 === 1).length
    expect(Math.abs(odd - 5000)).toBeLessThan(4 * 48)
  })
})
