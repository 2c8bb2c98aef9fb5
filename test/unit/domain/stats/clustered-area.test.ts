import { describe, expect, it } from '@jest/globals'
import { clusteredAreaVariance } from '../../../../src/domain/stats/clustered-area.js'
import { crossFitAuc, type Learn } from '../../../../src/domain/stats/cross-fit-auc.js'
import { delongSingle } from '../../../../src/domain/stats/delong.js'
import { groupedFolds } from '../../../../src/domain/stats/grouped-folds.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

function rows(count: number, seed: number) {
  const random = createRandom(seed)
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2)
  const scores = Float64Array.from(labels, (label) => random.next() + 0.3 * label)
  return { labels, scores }
}

function copied<T extends Uint8Array | Float64Array>(values: T, times: number): T {
  const result = new (values.constructor as new (length: number) => T)(values.length * times)
  for (let i = 0; i < result.length; i++) result[i] = values[i % values.length] ?? 0
  return result
}

describe('variance of an area of rows in clusters', () => {
  it('is DeLong’s where each row is its own cluster, up to the small-sample factor', () => {
    const { labels, scores } = rows(400, 1)
    const own = clusteredAreaVariance(labels, scores, Uint32Array.from(labels.keys()))!
    expect(Math.sqrt(own) / delongSingle(labels, scores, 0.95)!.standardError).toBeCloseTo(1, 2)
  })

  it('does not shrink when each row is there five times', () => {
    const { labels, scores } = rows(400, 2)
    const once = clusteredAreaVariance(labels, scores, Uint32Array.from(labels.keys()))!
    const clusters = Uint32Array.from({ length: 2000 }, (_, i) => i % 400)
    const often = clusteredAreaVariance(copied(labels, 5), copied(scores, 5), clusters)!
    expect(often / once).toBeCloseTo(1, 10)
  })

  it('is undefined for a single cluster, a single class and NaN', () => {
    const labels = Uint8Array.of(0, 1, 0, 1)
    const scores = Float64Array.of(1, 2, 3, 4)
    expect(clusteredAreaVariance(labels, scores, [1, 1, 1, 1])).toBeUndefined()
    expect(clusteredAreaVariance(Uint8Array.of(1, 1, 1, 1), scores, [1, 2, 3, 4])).toBeUndefined()
    const broken = Float64Array.of(1, Number.NaN, 3, 4)
    expect(clusteredAreaVariance(labels, broken, [1, 2, 3, 4])).toBeUndefined()
  })
})

describe('folds of groups', () => {
  it('keeps groups whole and folds even', () => {
    const groups = Uint32Array.from({ length: 1000 }, (_, i) => Math.floor(i ** 0.9))
    const folds = groupedFolds(groups, 5, createRandom(1))
    const foldOf = new Map<number, number>()
    const sizes = [0, 0, 0, 0, 0]
    groups.forEach((group, row) => {
      const fold = folds[row]!
      expect(foldOf.get(group) ?? fold).toBe(fold)
      foldOf.set(group, fold)
      sizes[fold]!++
    })
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(2)
  })

  it('gives a group that is larger than a fold one to itself', () => {
    const groups = [
      ...new Array<number>(60).fill(7),
      ...Array.from({ length: 40 }, (_, i) => 100 + i),
    ]
    const folds = groupedFolds(groups, 5, createRandom(2))
    const others = folds.slice(60)
    expect(others.includes(folds[0]!)).toBe(false)
  })

  it('never scores a row by a model that saw a row of its group', () => {
    const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
    const groups = Uint32Array.from({ length: 200 }, (_, i) => Math.floor(i / 4))
    let seen = 0
    const learn: Learn = (train) => {
      const known = new Set(Array.from(train, (row) => groups[row]))
      return (tested) => {
        for (const row of tested) if (known.has(groups[row])) seen++
        return Float64Array.from(tested, (row) => row)
      }
    }
    const area = crossFitAuc({
      labels,
      groups,
      folds: 5,
      level: 0.95,
      random: createRandom(3),
      learn,
    })
    expect(area).toBeDefined()
    expect(seen).toBe(0)
  })
})
