import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { answeredValues, valueAt } from '../../../../src/domain/probe/answers.js'
import { agrees, judgeGolden } from '../../../../src/domain/probe/golden.js'

const TOLERANCE = { relative: 1e-6, absolute: 1e-9 }

describe('an answer agrees with what was expected', () => {
  it.each([
    [1, 1],
    [1, 1.0000005],
    [1e-10, 0],
    [1, '1'],
    [0.25, '0.25'],
    ['1', 1],
    ['<=50K', '<=50K'],
    ['true', true],
    [true, true],
    [null, null],
    [null, Number.NaN],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['12345678901234567890', '12345678901234567890'],
  ])('%p by %p', (expected, answered) => {
    expect(agrees(expected, answered, TOLERANCE)).toBe(true)
  })

  it.each([
    [1, 1.00001],
    [1, -1],
    [0, 1e-8],
    [0, ''],
    [0, null],
    [0, undefined],
    [null, 0],
    [null, undefined],
    ['', null],
    ['a', 'A'],
    ['[object Object]', {}],
    ['1', [1]],
    [true, 'yes'],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.POSITIVE_INFINITY, 1e300],
  ])('%p not by %p', (expected, answered) => {
    expect(agrees(expected, answered, TOLERANCE)).toBe(false)
  })

  it('for numbers alike whichever of the two is expected', () => {
    const number = fc.double({ noNaN: true })
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, relative) => {
        const tolerance = { relative, absolute: 0 }
        expect(agrees(a, b, tolerance)).toBe(agrees(b, a, tolerance))
      }),
    )
  })
})

describe('examples', () => {
  const row = (number: number, value: number, answered: unknown) => ({
    row: number,
    expected: [{ column: 'score', value }],
    answered: [answered],
  })

  it('pass where all are answered as expected', () => {
    const check = judgeGolden([row(1, 1, 1), row(2, 2, 2)], TOLERANCE)
    expect(check).toEqual({
      name: 'golden',
      status: 'pass',
      text: 'All 2 examples are answered as expected.',
    })
  })

  it('fail by one that differs, and the first few are said', () => {
    const rows = [1, 2, 3, 4, 5].map((number) => row(number, number, 0))
    expect(judgeGolden([row(9, 1, 1), ...rows], TOLERANCE).text).toBe(
      '5 of 6 examples are answered otherwise than expected: row 1: "score" is 0, not 1; row 2: "score" is 0, not 2; row 3: "score" is 0, not 3; and 2 more.',
    )
  })

  it('fail where there is none: nothing was shown', () => {
    expect(judgeGolden([], TOLERANCE).status).toBe('fail')
  })

  it('cut an answer that would fill the page', () => {
    const { text } = judgeGolden([row(1, 1, 'x'.repeat(100_000))], TOLERANCE)
    expect(text.length).toBeLessThan(300)
    const columns = Array.from({ length: 1000 }, (_, i) => ({ column: `c${i}`, value: 1 }))
    const wide = judgeGolden([{ row: 1, expected: columns, answered: [] }], TOLERANCE).text
    expect(wide).toMatch(/"c4" is nothing, not 1, and 995 more\.$/)
  })
})

describe('the values of an answer', () => {
  const tensor = (name: string, data: readonly number[]) => ({
    name,
    datatype: 'FP64',
    shape: [],
    data,
  })

  it('are those of a named tensor, row by row', () => {
    const outputs = [tensor('a', [1, 2]), tensor('b', [10, 11, 20, 21])]
    const places = [{ output: 'b', index: 1 }, { index: 0 }]
    expect(answeredValues({ kind: 'tensors', outputs }, 2, places)).toEqual([
      [11, 1],
      [21, 2],
    ])
  })

  it('are undefined where a tensor is missing, too narrow, or of another number of rows', () => {
    const outputs = [tensor('a', [1, 2, 3])]
    const places = [
      { output: 'no', index: 0 },
      { output: 'a', index: 0 },
    ]
    expect(answeredValues({ kind: 'tensors', outputs }, 2, places)[0]).toEqual([
      undefined,
      undefined,
    ])
    const wide = [{ output: 'a', index: 1 }]
    expect(answeredValues({ kind: 'tensors', outputs }, 3, wide)[0]).toEqual([undefined])
    expect(answeredValues({ kind: 'tensors', outputs: [] }, 1, [{ index: 0 }])).toEqual([
      [undefined],
    ])
  })

  it('are at a pointer into the JSON of each row', () => {
    const values = [{ score: 1, classes: [['no', 'yes']] }, 5]
    const places = [
      { output: '/score', index: 0 },
      { output: '/classes', index: 1 },
    ]
    expect(answeredValues({ kind: 'values', values }, 2, places)).toEqual([
      [1, 'yes'],
      [undefined, undefined],
    ])
  })

  it('are the answer itself where no place is named', () => {
    const prediction = { kind: 'values' as const, values: [0.5, [0.1, 0.9]] }
    expect(answeredValues(prediction, 2, [{ index: 0 }])).toEqual([[0.5], [0.1]])
  })

  it('are found by RFC 6901, and never in a prototype', () => {
    const document = { 'a/b': { 'm~n': [1, 2] }, '': 3 }
    expect(valueAt(document, '/a~1b/m~0n/1')).toBe(2)
    expect(valueAt(document, '/')).toBe(3)
    expect(valueAt(document, '')).toBe(document)
    expect(valueAt(document, '/toString')).toBeUndefined()
    expect(valueAt({}, '/__proto__/toString')).toBeUndefined()
    expect(valueAt('text', '/length')).toBeUndefined()
  })
})
