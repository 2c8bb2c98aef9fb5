import { describe, expect, it } from '@jest/globals'
import { encodeColumns } from '../../../../../src/domain/gate/slice-search/features.js'
import { numberBins } from '../../../../../src/domain/gate/slice-search/number-bins.js'
import { defaultScore } from '../../../../../src/domain/gate/slice-search/score.js'
import { searchableColumns } from '../../../../../src/domain/gate/slice-search/searchable-columns.js'
import { numbers, texts } from './fixtures.js'

describe('numberBins', () => {
  it('cuts at the octiles, which are values of the column', () => {
    const { names, binOf } = numberBins(
      Float64Array.from({ length: 80 }, (_, i) => i),
      'number',
    )
    expect(names).toEqual([
      '(-inf, 10)',
      '[10, 20)',
      '[20, 30)',
      '[30, 40)',
      '[40, 50)',
      '[50, 60)',
      '[60, 70)',
      '[70, inf)',
    ])
    expect([9, 10, 69.99, 70].map(binOf)).toEqual([0, 1, 6, 7])
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN].map(binOf)).toEqual([
      0, 7, -1,
    ])
  })

  it('merges octiles that fall on the same value', () => {
    const values = Float64Array.from({ length: 800 }, (_, i) => (i < 700 ? 0 : i))
    expect(numberBins(values, 'number').names).toEqual(['(-inf, 700)', '[700, inf)'])
  })

  it('takes up to 25 distinct numbers for categories, infinities too', () => {
    const few = numberBins(
      Float64Array.of(3, 1, Number.POSITIVE_INFINITY, Number.NaN, 1, -0, 0),
      'integer',
    )
    expect(few.names).toEqual(['0', '1', '3', 'Infinity'])
    expect([0, -0, 3, Number.NaN, 7].map(few.binOf)).toEqual([0, 0, 2, -1, -1])
  })

  it('writes times as dates', () => {
    expect(numberBins(Float64Array.of(0), 'timestamp').names).toEqual(['1970-01-01T00:00:00.000Z'])
  })

  it('keeps the octiles of long columns exact', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 20_000) / 3)
    const { names } = numberBins(values, 'number')
    expect(names[0]).toBe(`(-inf, ${2500 / 3})`)
    expect(names).toHaveLength(8)
  })
})

describe('encodeColumns', () => {
  it('gives codes to values of enough rows only, in the order of the rows asked for', () => {
    const rows = Uint32Array.of(3, 2, 1, 0, 4)
    const { features } = encodeColumns([texts('a', ['y', 'x', 'x', 'y', null])], {
      rows,
      minSize: 2,
    })
    expect(features).toEqual([
      { name: 'a', codes: Uint8Array.of(2, 1, 1, 2, 0), values: [null, 'x', 'y'] },
    ])
  })

  it('has room for 200 values and the missing one', () => {
    const cells = Array.from({ length: 402 }, (_, i) => (i < 400 ? `v${i % 200}` : null))
    const rows = Uint32Array.from(cells.keys())
    const { features } = encodeColumns([texts('a', cells)], { rows, minSize: 2 })
    expect(features[0]?.values).toHaveLength(202)
    expect(features[0]?.codes[401]).toBe(201)
    expect(features[0]?.values[201]).toBeNull()
  })
})

describe('defaultScore', () => {
  const base = {
    task: 'classification' as const,
    n: 3,
    labels: Float64Array.of(0, 1, 1),
    positive: 1,
    baseline: undefined,
  }

  it('is whether the prediction is right; a missing one is wrong', () => {
    const candidate = { predictions: Float64Array.of(0, 0, Number.NaN) }
    expect(defaultScore({ ...base, candidate })).toMatchObject({
      name: 'accuracy',
      candidate: Float64Array.of(1, 0, 0),
    })
  })

  it('is the log-loss of probabilities where there are no predictions', () => {
    const score = defaultScore({ ...base, candidate: { scores: Float64Array.of(0.25, 0.5, 1) } })
    expect(score?.name).toBe('log-loss')
    expect(score?.candidate[0]).toBeCloseTo(-Math.log(0.75), 15)
    expect(score?.candidate[2]).toBeCloseTo(0, 12)
    expect(
      defaultScore({ ...base, candidate: { scores: Float64Array.of(-4, 2, 1) } }),
    ).toBeUndefined()
  })

  it('is the squared error in regression, and nothing for units with values of their own', () => {
    const candidate = { predictions: Float64Array.of(2, 1, 0) }
    expect(defaultScore({ ...base, task: 'regression', candidate })?.candidate).toEqual(
      Float64Array.of(4, 0, 1),
    )
    expect(defaultScore({ ...base, task: 'ranking', candidate })).toBeUndefined()
  })

  it('leaves a baseline of other examples out', () => {
    const candidate = { predictions: Float64Array.of(0, 0, 0) }
    const score = defaultScore({ ...base, candidate, baseline: candidate, baselineRows: {} })
    expect(score?.baseline).toBeUndefined()
  })
})

describe('searchableColumns', () => {
  it('cuts columns to the rows of the examples and leaves out what is named', () => {
    const table = { rows: 3, columns: [numbers('id', [1, 2, 3]), texts('a', ['x', null, 'y'])] }
    const input = { table, rows: Int32Array.of(2, 1), except: new Set(['id']) }
    const [a, ...others] = searchableColumns(input)
    expect(others).toEqual([])
    expect(a).toMatchObject({ name: 'a', codes: Int32Array.of(1, -1), missing: 1 })
    const named = searchableColumns({ ...input, only: ['id', 'gone'] })
    expect(named).toEqual([{ ...table.columns[0], values: Float64Array.of(3, 2) }])
  })
})
