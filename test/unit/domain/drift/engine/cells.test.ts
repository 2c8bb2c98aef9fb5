import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { comparandOf } from '../../../../../src/domain/drift/comparand.js'
import { certainArea } from '../../../../../src/domain/drift/engine/area.js'
import {
  bucketOf,
  quantileBuckets,
  splittingBuckets,
} from '../../../../../src/domain/drift/engine/buckets.js'
import { orderedCells, unitsFor } from '../../../../../src/domain/drift/engine/cells.js'
import { countNumbers } from '../../../../../src/domain/drift/engine/count-numbers.js'
import { countedComparand } from '../../../../../src/domain/drift/engine/counted-comparand.js'
import { largestGap } from '../../../../../src/domain/drift/engine/largest-gap.js'
import { wassersteinDistance } from '../../../../../src/domain/stats/wasserstein.js'
import { arrayCounter, summaryOf } from './array-counter.js'
import '../../../../property-seed.js'

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(-0, 1e-300, -1e-300, 5e-324, 0.1, 0.30000000000000004),
)
const sample = fc.array(value, { minLength: 1, maxLength: 60 })
const sorted = (values: readonly number[]) => Float64Array.from(values).sort()

describe('buckets', () => {
  it('keep the order of values: a larger one is never in an earlier bucket', () => {
    const nodes = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 20 })
    const any = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(nodes, any, any, fc.integer({ min: 1, max: 64 }), (inner, a, b, parts) => {
        const range = { min: Math.min(a, b), max: Math.max(a, b) }
        const buckets = quantileBuckets(range, inner, parts)
        const places = [range.min, ...inner, range.max]
          .filter((one) => one >= range.min && one <= range.max)
          .toSorted((one, other) => one - other)
          .map((one) => bucketOf(one, buckets))
        expect(places).toEqual(places.toSorted((one, other) => one - other))
      }),
    )
  })

  it('cut a cell of any two different ends', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(any, any, (a, b) => {
        fc.pre(a !== b)
        const buckets = splittingBuckets([{ min: Math.min(a, b), max: Math.max(a, b) }])
        expect(bucketOf(Math.min(a, b), buckets)).toBeLessThan(bucketOf(Math.max(a, b), buckets))
      }),
    )
  })
})

describe('cells', () => {
  it('are an interval for KS that holds the exact value, and areas that are never more than the exact one', async () => {
    await fc.assert(
      fc.asyncProperty(sample, sample, fc.integer({ min: 1, max: 4 }), async (a, b, parts) => {
        const counter = arrayCounter(a, b, { windows: false })
        const all = sorted([...a, ...b])
        const range = { min: all[0] ?? 0, max: all.at(-1) ?? 0 }
        const units = unitsFor(range.min, range.max, 0)
        const buckets = quantileBuckets(range, [range.min / 2 + range.max / 2], parts)
        const cells = orderedCells(await counter.buckets(buckets, units, undefined))
        const sizes = { reference: a.length, current: b.length }
        const pair = { kind: 'numeric', reference: sorted(a), current: sorted(b) } as const
        const ks = comparandOf(pair).run('ks')?.statistic ?? 0
        const { statistic, most } = largestGap(cells, sizes)
        expect(statistic).toBeLessThanOrEqual(ks + 1e-12)
        expect(most / (a.length * b.length)).toBeGreaterThanOrEqual(ks - 1e-12)
        const { area, open } = certainArea(cells, sizes, units)
        const exact = wassersteinDistance(pair.reference, pair.current) ?? 0
        expect(area).toBeLessThanOrEqual(exact * (1 + 1e-9) + 1e-9)
        if (open.length === 0) expect(Math.abs(area - exact)).toBeLessThan(1e-9 * (1 + exact))
      }),
    )
  })

  it('that share a value become one', () => {
    const cell = (min: number, max: number) => ({
      ...{ min, max },
      counts: { reference: 1, current: 2 },
      sums: { reference: min, current: max },
    })
    expect(orderedCells([cell(5, 6), cell(1, 3), cell(3, 4), cell(-0, 0)])).toEqual([
      cell(-0, 0),
      {
        ...{ min: 1, max: 4 },
        counts: { reference: 2, current: 4 },
        sums: { reference: 4, current: 7 },
      },
      cell(5, 6),
    ])
  })
})

describe('a column that was counted', () => {
  it('has the KS and the Wasserstein distance of its values, whatever these are', async () => {
    await fc.assert(
      fc.asyncProperty(sample, sample, fc.boolean(), async (a, b, windows) => {
        const counter = arrayCounter(a, b, { windows })
        const numbers = await countNumbers(counter, summaryOf(a, b), { area: true })
        const found = countedComparand(numbers)
        const exact = comparandOf({ kind: 'numeric', reference: sorted(a), current: sorted(b) })
        expect(found.run('ks')).toEqual(exact.run('ks'))
        expect(found.run('psi')?.statistic).toBeCloseTo(exact.run('psi')?.statistic ?? 0, 12)
        const area = exact.run('wasserstein')?.statistic ?? 0
        const error = Math.abs((found.run('wasserstein')?.statistic ?? 0) - area)
        expect(error).toBeLessThanOrEqual(1e-9 * area + 1e-300)
      }),
    )
  })
})
