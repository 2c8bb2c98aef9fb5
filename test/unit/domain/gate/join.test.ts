import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { idProblems, joinById } from '../../../../src/domain/gate/join.js'
import { column } from './gate-fixtures.js'

type Cells = readonly (string | number | null)[]

function join(a: Cells, b: Cells) {
  return joinById({ file: 'a', column: column('id', a) }, { file: 'b', column: column('id', b) })
}

/** The joined pairs as the cells that met. */
function met(a: Cells, b: Cells): [unknown, unknown][] {
  const { value, problems } = join(a, b)
  if (value === undefined) throw new Error(JSON.stringify(problems))
  return Array.from(value.candidateRows, (row, i) => [a[row], b[value.baselineRows[i] ?? -1]])
}

describe('ids are the same', () => {
  it('as numbers in two columns of numbers: 1.0 is 1, and 0 is -0', () => {
    expect(met([3, 1.0, 0, 2.5], [2.5, -0, 1, 9])).toEqual([
      [1, 1],
      [0, -0],
      [2.5, 2.5],
    ])
  })

  it('as text where one column is text: 7 is "7", and neither "007" nor " 7"', () => {
    expect(met([7, 8, 9], ['007', ' 7', '7', '8', '8 '])).toEqual([
      [7, '7'],
      [8, '8'],
    ])
    expect(met(['7', '007', ' 7', 'x'], [7, 8])).toEqual([['7', 7]])
  })

  it('with their spaces and their case, in two columns of text', () => {
    expect(met(['a', 'A', ' a', 'ä'], ['a ', 'A', 'ä'])).toEqual([
      ['A', 'A'],
      ['ä', 'ä'],
    ])
  })

  it('digit by digit beyond 2^53, where a table keeps them as text', () => {
    const huge = ['9007199254740992', '9007199254740993', '18446744073709551615']
    expect(met(huge, [...huge].reverse())).toEqual(huge.map((id) => [id, id]))
    // The other file holds only small ones, so it holds numbers.
    expect(met([...huge, '7'], [7, 8])).toEqual([['7', 7]])
  })

  it('whether they lie close together or far apart', () => {
    const far = [5e15, -5e15, 0, 12345.678, 2 ** 53 - 1, -1e300, Number.MIN_VALUE]
    expect(met(far, [...far].reverse())).toEqual(far.map((id) => [id, id]))
  })
})

describe('a join', () => {
  it('finds what a nested loop finds, in the order of the first file', () => {
    const id = fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -50, max: 50 }),
      fc.constantFrom('1', '2', ' 1', '01', 'x', ''),
    )
    const ids = fc.uniqueArray(id, {
      selector: (one) => String(one === 0 ? 0 : one),
      maxLength: 40,
    })
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const text = (cells: Cells) => cells.some((cell) => typeof cell === 'string')
        const key = text(a) || text(b) ? (cell: unknown) => String(cell) : (cell: unknown) => cell
        const same = (x: unknown, y: unknown) => key(x) === key(y)
        // -0 as text is "0".
        const expected = a.flatMap((x) => b.filter((y) => same(x, y)).map((y) => [x, y]))
        expect(met(a, b)).toEqual(expected)
      }),
    )
  })

  it('of a million texts and of a million scattered numbers takes one row for each', () => {
    const n = 1_000_000
    const texts = Array.from({ length: n }, (_, i) => `example-${(i * 7919) % n}`)
    const codes = Int32Array.from({ length: n }, (_, i) => i)
    const text = (categories: string[]) =>
      ({ kind: 'categorical', name: 'id', type: 'string', codes, categories, missing: 0 }) as const
    const number = (from: number) =>
      ({
        kind: 'numeric',
        name: 'id',
        type: 'integer',
        values: Float64Array.from({ length: n }, (_, i) => ((i + from) % n) * 1_000_003),
        missing: 0,
      }) as const
    for (const [a, b] of [
      [text(texts), text([...texts].reverse())],
      [number(0), number(5)],
    ] as const) {
      const { value } = joinById({ file: 'a', column: a }, { file: 'b', column: b })
      expect(value?.candidateRows.length).toBe(n)
      const seen = new Uint8Array(n)
      for (const row of value?.baselineRows ?? []) seen[row] = 1
      expect(seen.includes(0)).toBe(false)
    }
  })
})

describe('an id that is there twice', () => {
  it.each([
    ['close numbers', [1, 2, 3, 2], '"2"'],
    ['scattered numbers', [1e15, 2, -1e15, 1e15], '"1000000000000000"'],
    ['0 and -0', [0, 1e15, -0], '"0"'],
    ['texts', ['a', 'b', 'a'], '"a"'],
  ])('is found among %s', (_, ids, says) => {
    const [problem] = idProblems({ file: 'a', column: column('id', ids) })
    expect(problem?.code).toBe('MW-GATE-017')
    expect(problem?.what).toContain(
      `${ids.length} rows hold ${ids.length - 1} distinct ids, ${says}`,
    )
    expect(join(ids, ids).problems?.map(({ where }) => where)).toEqual(['a', 'b'])
  })

  it('is not made of integers that a double would round together', () => {
    expect(
      idProblems({ file: 'a', column: column('id', ['9007199254740993', '9007199254740992']) }),
    ).toEqual([])
  })
})
