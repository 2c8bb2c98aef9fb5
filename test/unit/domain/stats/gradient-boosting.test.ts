import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type BinnedFeature,
  frequencyBins,
  orderByLabel,
  quantileBins,
} from '../../../../src/domain/stats/binned-feature.js'
import { type BoostedTrees, boostTrees } from '../../../../src/domain/stats/gradient-boosting.js'
import { placements } from '../../../../src/domain/stats/placements.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

const OPTIONS = {
  trees: 40,
  depth: 3,
  rate: 0.2,
  subsample: 0.7,
  featuresPerTree: 32,
  leastWeight: 2,
  penalty: 1,
}

const all = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i)

function uniform(rows: number, seed: number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: rows }, () => random.next())
}

function train(
  features: readonly BinnedFeature[],
  labels: Uint8Array,
  rows = all(labels.length),
  options = OPTIONS,
): BoostedTrees {
  return boostTrees({ features, labels, rows, options, random: createRandom(9) })
}

/** Learned from the first half of the rows, judged on the other. */
function aucOnRest(
  features: readonly BinnedFeature[],
  labels: Uint8Array,
  options = OPTIONS,
): number {
  const half = labels.length / 2
  const model = train(features, labels, all(half), options)
  const rest = all(half).map((row) => row + half)
  return placements(labels.slice(half), model.score(rest))!.auc
}

describe('bins by quantile', () => {
  it('are in the order of the values, equal for equal values, 0 for NaN', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(NaN, Infinity, -Infinity)),
        ),
        fc.integer({ min: 2, max: 12 }),
        (numbers, most) => {
          const { bins, count } = quantileBins(Float64Array.from(numbers), most)
          expect(count).toBeLessThanOrEqual(most)
          numbers.forEach((a, i) => {
            expect(bins[i] === 0).toBe(Number.isNaN(a))
            numbers.forEach((b, j) => {
              if (a === b) expect(bins[i]).toBe(bins[j])
              if (a < b) expect(bins[i]).toBeLessThanOrEqual(bins[j]!)
            })
          })
        },
      ),
    )
  })

  it('hold about equally many distinct values', () => {
    const { bins, count } = quantileBins(uniform(1000, 1), 11)
    expect(count).toBe(11)
    for (let bin = 1; bin <= 10; bin++) {
      expect(bins.filter((own) => own === bin)).toHaveLength(100)
    }
  })

  it('tell few distinct values apart, however unequal their numbers', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i < 97 ? 0 : i))
    expect(new Set(quantileBins(values, 64).bins).size).toBe(4)
  })
})

describe('bins by frequency', () => {
  it('are the most frequent first, then one of the rare, and one of the missing', () => {
    const codes = Int32Array.from([7, 7, 7, 4, 4, 4, 4, 9, -1, 2, 2])
    const { bins, count, ordered } = frequencyBins(codes, { most: 4, fewest: 2 })
    expect([...bins]).toEqual([3, 3, 3, 2, 2, 2, 2, 1, 0, 1, 1])
    expect(count).toBe(4)
    expect(ordered).toBe(false)
  })

  it('are put in the order of their share of positives among the rows given', () => {
    const feature = { bins: Uint8Array.of(0, 1, 2, 0, 1, 2), count: 3, ordered: false }
    const labels = Uint8Array.of(1, 0, 1, 1, 0, 0)
    expect([...orderByLabel(feature, labels, all(6)).bins]).toEqual([2, 0, 1, 2, 0, 1])
    const some = Uint32Array.of(2, 5)
    expect(orderByLabel(feature, labels, some).count).toBe(3)
  })
})

describe('boosted trees', () => {
  const rows = 2000
  const x = uniform(rows, 1)
  const y = uniform(rows, 2)
  const features = [quantileBins(x, 32), quantileBins(y, 32)]
  const noise = uniform(rows, 3)

  it('see a shift', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < value))
    expect(aucOnRest(features, labels)).toBeGreaterThan(0.78)
  })

  it('see an interaction that neither column shows alone', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(value > 0.5 === y[i]! > 0.5))
    expect(aucOnRest(features, labels)).toBeGreaterThan(0.95)
    expect(aucOnRest([features[0]!], labels)).toBeLessThan(0.57)
  })

  it('see a change of spread', () => {
    const labels = Uint8Array.from(x, (value) => Number(Math.abs(value - 0.5) > 0.25))
    expect(aucOnRest(features, labels)).toBeGreaterThan(0.98)
  })

  it('split categories by their share of positives, whatever their numbers', () => {
    const codes = Int32Array.from(x, (value) => Math.floor(value * 12))
    const labels = Uint8Array.from(codes, (code, i) =>
      Number(noise[i]! < (code % 3 === 0 ? 0.9 : 0.1)),
    )
    const feature = frequencyBins(codes, { most: 64, fewest: 10 })
    expect(aucOnRest([feature], labels)).toBeGreaterThan(0.85)
  })

  it('see that values are missing', () => {
    const labels = Uint8Array.from(noise, (value) => Number(value < 0.5))
    const holes = x.map((value, i) => (labels[i] === 1 && y[i]! < 0.5 ? Number.NaN : value))
    expect(aucOnRest([quantileBins(holes, 32)], labels)).toBeGreaterThan(0.7)
  })

  it('find the one column of many that differs, though each tree may look at few', () => {
    const many = Array.from({ length: 60 }, (_, i) => quantileBins(uniform(rows, 100 + i), 32))
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < value))
    const options = { ...OPTIONS, featuresPerTree: 6 }
    expect(aucOnRest([...many, features[0]!], labels, options)).toBeGreaterThan(0.72)
  })

  it('say which columns their splits won by', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < value))
    const { gains } = train(features, labels)
    expect(gains[0]).toBeGreaterThan(5 * gains[1]!)
  })

  it('give log odds near the truth', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < (value < 0.5 ? 0.2 : 0.7)))
    const scores = train(features, labels).score(all(rows))
    const mean = (keep: (value: number) => boolean) => {
      const kept = [...scores].filter((_, i) => keep(x[i]!))
      return kept.reduce((sum, score) => sum + score, 0) / kept.length
    }
    expect(mean((value) => value < 0.5)).toBeCloseTo(Math.log(0.2 / 0.8), 0)
    expect(mean((value) => value >= 0.5)).toBeCloseTo(Math.log(0.7 / 0.3), 0)
  })

  it('score a replaced column by the rows it is taken from', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < value))
    const model = train([features[0]!], labels)
    const scored = Uint32Array.of(0, 1, 2)
    const from = Uint32Array.of(5, 6, 7)
    expect([...model.score(scored, { feature: 0, from })]).toEqual([...model.score(from)])
  })

  it('are a function of the seed, and do not read rows that they are not given', () => {
    const labels = Uint8Array.from(x, (value, i) => Number(noise[i]! < value))
    const first = all(1000)
    const changed = labels.slice()
    changed.fill(1, 1000)
    const scores = train(features, labels, first).score(all(rows))
    expect(train(features, changed, first).score(all(rows))).toEqual(scores)
  })
})
