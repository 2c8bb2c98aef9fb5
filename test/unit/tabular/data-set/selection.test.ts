import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { reachesOf, reachOf, selectionOf } from '../../../../src/tabular/data-set/selection.js'

const parts = (sizes: readonly number[]) =>
  sizes.map((rows) => ({ rows, rangeOf: () => undefined }))

/** The rows of the file that a reach stands for. */
function rowsOf(sizes: readonly number[], reach: ReturnType<typeof reachOf>): number[] {
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, rows) => sum + rows, 0))
  const held = (reach.parts ?? [...sizes.keys()]).flatMap((part) =>
    Array.from({ length: sizes[part] as number }, (_, row) => (starts[part] as number) + row),
  )
  return reach.rows === undefined ? held : Array.from(reach.rows, (place) => held[place] as number)
}

describe('rows that count', () => {
  it('are read from the parts that hold them and from no others', () => {
    const reach = reachOf(parts([10, 10, 10]), Uint32Array.of(12, 19, 20))
    expect(reach.parts).toEqual([1, 2])
    expect(Array.from(reach.rows ?? [])).toEqual([2, 9, 10])
    expect(reachOf(parts([10, 10]), undefined).parts).toBeUndefined()
    expect(reachOf(parts([10, 10]), new Uint32Array(0)).parts).toEqual([])
  })

  it('need no picking where whole parts count', () => {
    const selected = Uint32Array.from({ length: 5 }, (_, row) => row + 3)
    expect(reachOf(parts([3, 5, 2]), selected)).toEqual({ parts: [1], rows: undefined, start: 3 })
  })

  it('are found again from any parts, at once and part by part', () => {
    const sizes = fc.array(fc.nat(20), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.func(fc.boolean()), (list, isKept) => {
        const total = list.reduce((sum, rows) => sum + rows, 0)
        const rows = Array.from({ length: total }, (_, row) => row).filter((row) => isKept(row))
        const selected = Uint32Array.from(rows)
        expect(rowsOf(list, reachOf(parts(list), selected))).toEqual(rows)
        const reaches = reachesOf(parts(list), selected)
        expect(reaches.flatMap((reach) => rowsOf(list, reach))).toEqual(rows)
      }),
    )
  })

  it('lie in memory that threads share', () => {
    const rows = selectionOf([
      { keep: Uint8Array.of(1, 0, 1), start: 0 },
      { keep: Uint8Array.of(0, 1), start: 10 },
    ])
    expect(Array.from(rows)).toEqual([0, 2, 11])
    expect(rows.buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})
