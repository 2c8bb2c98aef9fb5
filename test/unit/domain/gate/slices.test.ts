import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { binned, intersect, sliceGroups, sliceRows } from '../../../../src/domain/gate/slices.js'

const groups = (codes: number[], names: string[]) => ({ codes: Int32Array.from(codes), names })

describe('bins of numbers', () => {
  it('hold their lower edge and not their upper, and name the ends of the line', () => {
    const cut = binned(Float64Array.of(29.999, 30, 44, 45, 60, 1e9, -Infinity, NaN), [30, 45, 60])
    expect(cut.names).toEqual(['(-inf, 30)', '[30, 45)', '[45, 60)', '[60, inf)'])
    expect([...cut.codes]).toEqual([0, 1, 1, 2, 3, 3, 0, -1])
  })

  it('find the bin that a search from the left finds', () => {
    const edges = fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(edges, fc.double({ min: -12, max: 12, noNaN: true }), (any, value) => {
        const sorted = [...any].sort((a, b) => a - b)
        const bin = sorted.filter((edge) => edge <= value).length
        expect([...binned(Float64Array.of(value), sorted).codes]).toEqual([bin])
      }),
    )
  })
})

describe('an intersection', () => {
  it('has the combinations that occur, in the columns’ order, a missing value among them', () => {
    const sex = groups([0, 1, 1, -1, 0, 0], ['F', 'M'])
    const age = groups([1, 0, 1, 0, -1, 1], ['old', 'young'])
    const both = intersect([sex, age])
    expect(both.parts).toEqual([
      ['F', 'young'],
      ['F', null],
      ['M', 'old'],
      ['M', 'young'],
      [null, 'old'],
    ])
    expect([...both.codes]).toEqual([0, 2, 3, 4, 1, 0])
    expect(new Set(both.names).size).toBe(5)
    expect(sliceRows(both).map(({ rows }) => [...rows])).toEqual([[0, 5], [4], [1], [2], [3]])
  })

  it('keeps hostile values apart', () => {
    const a = groups([0, 1], ['x","y', 'x'])
    const b = groups([0, 1], ['z', 'y","z'])
    expect(new Set(intersect([a, b]).names).size).toBe(2)
  })
})

describe('the groups of a rule', () => {
  const examples = {
    n: 3,
    labels: new Float64Array(3),
    groups: new Map([['sex', groups([0, 1, 0], ['F', 'M'])]]),
    numbers: new Map([['age', Float64Array.of(20, 50, 70)]]),
  }

  it('are a column, its bins, or both together, computed once', () => {
    const by = { by: ['sex', 'age'], bins: { age: [60] } }
    expect(sliceGroups(examples, { by: ['sex'] })?.parts).toEqual([['F'], ['M']])
    expect(sliceGroups(examples, by)?.parts).toEqual([
      ['F', '(-inf, 60)'],
      ['F', '[60, inf)'],
      ['M', '(-inf, 60)'],
    ])
    expect(sliceGroups(examples, by)).toBe(sliceGroups(examples, { ...by }))
    const finer = sliceGroups(examples, { by: ['age'], bins: { age: [30, 60] } })
    expect([...(finer?.codes ?? [])]).toEqual([0, 1, 2])
  })

  it('are none where a column was not read', () => {
    expect(sliceGroups(examples, { by: ['sex', 'region'] })).toBeUndefined()
    expect(sliceGroups(examples, { by: ['toString'] })).toBeUndefined()
  })
})
