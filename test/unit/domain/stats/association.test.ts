import { describe, expect, it } from '@jest/globals'
import {
  rankColumn,
  ratioAssociation,
  spearmanAssociation,
} from '../../../../src/domain/stats/association.js'
import { midranks } from '../../../../src/domain/stats/midranks.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import {
  excessOfSpearman,
  spearmanVariance,
} from '../../../../src/domain/stats/spearman-variance.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { cramerAssociation } from '../../../../src/domain/stats/table-association.js'
import { readReference } from './close.js'

const reference = readReference<{
  spearman: { x: number[]; y: number[]; ranks: number[]; rho: number }[]
  spearmanVariance: { name: string; x: number[]; y: number[]; rho: number; variance: number }[]
  cramer: { table: number[][]; v: number; square: number; variance: number }[]
  ratio: { values: number[]; groups: number[]; square: number; variance: number }[]
}>('multivariate')

/** One code for each row that the table counts. */
function codesOf(table: readonly number[][]): { one: Int32Array; other: Int32Array } {
  const rows = table.flatMap((line, r) =>
    line.flatMap((count, c) => new Array<[number, number]>(count).fill([r, c])),
  )
  return { one: Int32Array.from(rows, ([r]) => r), other: Int32Array.from(rows, ([, c]) => c) }
}

describe('midranks', () => {
  it.each(reference.spearman)('equal those of scipy (rho $rho)', ({ x, ranks }) => {
    expect([...midranks(Float64Array.from(x))]).toEqual(ranks)
  })

  it('give no rank to what is missing, and rank infinities', () => {
    const values = Float64Array.of(Number.NaN, Infinity, -Infinity, 2, Number.NaN, 2)
    expect([...midranks(values)]).toEqual([Number.NaN, 4, 1, 2.5, Number.NaN, 2.5])
  })
})

describe('the correlation of ranks', () => {
  it.each(reference.spearman)('equals that of scipy, with ties: $rho', ({ x, y, rho }) => {
    const one = rankColumn(Float64Array.from(x))
    const other = rankColumn(Float64Array.from(y))
    const found = spearmanAssociation(one, other)!
    expect(found.value).toBeCloseTo(rho, 12)
    expect(found.scaled).toBeCloseTo(Math.atanh(rho), 11)
    expect(found.variance).toBeCloseTo((1 + rho ** 2 / 2) / (x.length - 3), 12)
  })

  it('is that of the rows where neither is missing', () => {
    const { x, y, rho } = reference.spearman[2]!
    const one = rankColumn(Float64Array.from([...x, ...new Array<number>(9).fill(Number.NaN)]))
    const other = rankColumn(Float64Array.from([...y, ...new Array<number>(9).fill(Number.NaN)]))
    const found = spearmanAssociation(one, other)!
    expect(found.rows).toBe(x.length)
    expect(found.value).toBeCloseTo(rho, 12)
  })

  it('is 1 for any rising function, with a finite z, and 0 for a constant', () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i)
    const one = rankColumn(x)
    const rising = spearmanAssociation(one, rankColumn(x.map(Math.exp)))!
    expect(rising.value).toBeCloseTo(1, 12)
    expect(Number.isFinite(rising.scaled)).toBe(true)
    expect(spearmanAssociation(one, rankColumn(new Float64Array(20)))!.value).toBe(0)
  })

  it('needs four rows', () => {
    const three = rankColumn(Float64Array.of(1, 2, 3))
    expect(spearmanAssociation(three, three)).toBeUndefined()
  })
})

describe('the variance of the correlation of ranks', () => {
  it.each(reference.spearmanVariance)('is the mean square of its influence: $name', (example) => {
    const x = Float64Array.from(example.x)
    const y = Float64Array.from(example.y)
    const found = spearmanVariance(x, y)!
    expect(found.rho).toBeCloseTo(example.rho, 12)
    expect(found.variance).toBeCloseTo(example.variance, 12)
    const holes = new Array<number>(3).fill(Number.NaN)
    const more = spearmanVariance(
      Float64Array.from([...holes, ...x, 1]),
      Float64Array.from([1, 2, 3, ...y, Number.NaN]),
    )!
    expect(more.variance).toBeCloseTo(example.variance, 12)
  })

  it('is 1 for independent columns, and more where spreads go together', () => {
    const random = createRandom(3)
    const normals = () =>
      Float64Array.from({ length: 20_000 }, () => normalQuantile(random.next() || 0.5))
    const x = normals()
    expect(excessOfSpearman(x, normals())).toBeCloseTo(1, 1)
    expect(
      excessOfSpearman(
        x,
        normals().map((own, i) => own * x[i]!),
      ),
    ).toBeGreaterThan(1.5)
  })

  it('is not made up for few rows, a constant, or columns that are the same', () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i)
    expect(spearmanVariance(x.slice(0, 9), x.slice(0, 9))).toBeUndefined()
    expect(spearmanVariance(x, new Float64Array(20))).toBeUndefined()
    expect(excessOfSpearman(x, x)).toBe(1)
    expect(excessOfSpearman(x, new Float64Array(20))).toBe(1)
  })
})

describe("Cramér's V of two columns", () => {
  it.each(reference.cramer)(
    "equals Bergsma's from scipy, with the leave-one-out variance: $v",
    (example) => {
      const { one, other } = codesOf(example.table)
      const found = cramerAssociation({ codes: one, count: 3 }, { codes: other, count: 3 })!
      expect(found.value).toBeCloseTo(example.v, 12)
      expect(found.scaled).toBeCloseTo(example.square, 12)
      expect(found.variance).toBeCloseTo(example.variance, 12)
    },
  )

  it('is of the rows where neither is missing', () => {
    const { one, other } = codesOf(reference.cramer[0]!.table)
    const longer = (codes: Int32Array, more: number) => Int32Array.from([...codes, more, more])
    const found = cramerAssociation(
      { codes: longer(one, 1), count: 3 },
      { codes: longer(other, -1), count: 3 },
    )!
    expect(found.rows).toBe(one.length)
    expect(found.value).toBeCloseTo(reference.cramer[0]!.v, 12)
  })

  it('needs two categories of each', () => {
    const codes = Int32Array.of(0, 1, 0, 1, 1)
    const constant = { codes: new Int32Array(5), count: 1 }
    expect(cramerAssociation({ codes, count: 2 }, constant)).toBeUndefined()
  })
})

describe('the correlation ratio', () => {
  it.each(reference.ratio)(
    'equals its definition, with the leave-one-out variance: $square',
    (example) => {
      const values = Float64Array.from(example.values)
      const found = ratioAssociation(values, Int32Array.from(example.groups), 3)!
      expect(found.scaled).toBeCloseTo(example.square, 12)
      expect(found.value).toBeCloseTo(Math.sqrt(Math.max(0, example.square)), 12)
      expect(found.variance).toBeCloseTo(example.variance, 11)
    },
  )

  it('does not feel where zero is', () => {
    const { values, groups, square } = reference.ratio[1]!
    const far = Float64Array.from(values, (value) => value + 1e6)
    expect(ratioAssociation(far, Int32Array.from(groups), 3)!.scaled).toBeCloseTo(square, 8)
  })

  it('needs two groups and numbers that vary', () => {
    const values = Float64Array.of(1, 2, 3, 4)
    expect(ratioAssociation(values, new Int32Array(4), 1)).toBeUndefined()
    expect(
      ratioAssociation(new Float64Array(4).fill(7), Int32Array.of(0, 0, 1, 1), 2),
    ).toBeUndefined()
  })
})
