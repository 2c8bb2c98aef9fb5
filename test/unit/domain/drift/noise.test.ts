import { describe, expect, it } from '@jest/globals'
import { correctedDistance, resolutionOf } from '../../../../src/domain/drift/noise/noise.js'
import type { CategoryPair, NumericPair } from '../../../../src/domain/drift/tests/drift-test.js'
import { findTest, runTest } from '../../../../src/domain/drift/tests/index.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'

const RUNS = 200
const ALPHA = 0.05
const BAND = 4 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS)

const gauss = (random: RandomSource) =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
const LAWS: Record<string, (random: RandomSource) => number> = {
  normal: gauss,
  'log-normal': (random) => Math.exp(gauss(random)),
  'heavy ties': (random) => Math.floor(random.next() * random.next() * 6),
  'mostly zeros': (random) => (random.next() < 0.6 ? 0 : -Math.log(1 - random.next())),
}

interface Sizes {
  readonly reference: number
  readonly current: number
}

function numbers(law: string, random: RandomSource, sizes: Sizes): NumericPair {
  const draw = (length: number) => Float64Array.from({ length }, () => LAWS[law]!(random)).sort()
  return { kind: 'numeric', reference: draw(sizes.reference), current: draw(sizes.current) }
}

/** Shares fall as 1, 1/2, 1/3, … */
function categories(kinds: number, random: RandomSource, sizes: Sizes): CategoryPair {
  const ends: number[] = []
  for (let i = 0; i < kinds; i++) ends.push((ends[i - 1] ?? 0) + 1 / (i + 1))
  const count = (size: number) => {
    const counts = new Float64Array(kinds)
    for (let i = 0; i < size; i++) {
      const at = random.next() * ends[kinds - 1]!
      counts[ends.findIndex((end) => at < end)]! += 1
    }
    return counts
  }
  const names = Array.from({ length: kinds }, (_, i) => `c${i}`)
  return {
    kind: 'categorical',
    categories: names,
    reference: count(sizes.reference),
    current: count(sizes.current),
  }
}

function falseRate(distance: string, draw: () => NumericPair | CategoryPair): number {
  let over = 0
  for (let run = 0; run < RUNS; run++) {
    const pair = draw()
    const value = runTest(findTest(distance)!, pair)!.statistic
    if (value > resolutionOf(distance, pair, ALPHA)!.floor) over++
  }
  return over / RUNS
}

describe('chance goes over the noise of a distance in a share alpha of pairs without drift', () => {
  it.each(
    ['wasserstein-normalised', 'jensen-shannon', 'hellinger', 'total-variation', 'psi'].flatMap(
      (distance) => Object.keys(LAWS).map((law) => [distance, law] as const),
    ),
  )('%s of %s', (distance, law) => {
    const random = createRandom(31)
    const rate = falseRate(distance, () => numbers(law, random, { reference: 150, current: 400 }))
    expect(rate).toBeLessThan(ALPHA + BAND + 0.03)
    expect(rate).toBeGreaterThan(0.003)
  })

  it.each(
    ['jensen-shannon', 'hellinger', 'total-variation', 'psi'].flatMap((distance) =>
      [2, 5, 20, 200].map((kinds) => [distance, kinds] as const),
    ),
  )('%s over %i categories', (distance, kinds) => {
    const random = createRandom(32)
    const rate = falseRate(distance, () =>
      categories(kinds, random, { reference: 100, current: 60 }),
    )
    expect(rate).toBeLessThan(ALPHA + BAND + 0.02)
    expect(rate).toBeGreaterThan(0.003)
  })
})

describe('what can be detected', () => {
  const normal = (shift: number, size: number, random = createRandom(33)) => {
    const pair = numbers('normal', random, { reference: size, current: size })
    return { ...pair, current: pair.current.map((value) => value + shift) }
  }

  it('shrinks with the root of the sample, and scales with the unit', () => {
    const few = resolutionOf('wasserstein', normal(0, 400), ALPHA)!
    const many = resolutionOf('wasserstein', normal(0, 40_000), ALPHA)!
    expect(few.detectable / many.detectable).toBeGreaterThan(8)
    expect(few.detectable / many.detectable).toBeLessThan(12.5)
    const pair = normal(0, 400)
    const grams = { ...pair, reference: pair.reference.map((v) => v * 1000) }
    const scaled = { ...grams, current: pair.current.map((v) => v * 1000) }
    expect(resolutionOf('wasserstein', scaled, ALPHA)!.floor).toBeCloseTo(few.floor * 1000, 6)
  })

  it('is a shift that about half of such samples show', () => {
    const random = createRandom(34)
    const { detectable } = resolutionOf('wasserstein-normalised', normal(0, 300, random), ALPHA)!
    let shown = 0
    for (let run = 0; run < 200; run++) {
      const pair = normal(detectable, 300, random)
      const value = runTest(findTest('wasserstein-normalised')!, pair)!.statistic
      if (value > resolutionOf('wasserstein-normalised', pair, ALPHA)!.floor) shown++
    }
    expect(shown / 200).toBeGreaterThan(0.3)
    expect(shown / 200).toBeLessThan(0.7)
  })

  it('categories of one value each show next to nothing, however far apart', () => {
    const side = (from: number) =>
      Float64Array.from({ length: 120 }, (_, i) => (i >= from && i < from + 60 ? 1 : 0))
    const names = Array.from({ length: 120 }, (_, i) => `c${i}`)
    const pair = { categories: names, reference: side(0), current: side(60) }
    const found = resolutionOf('jensen-shannon', { kind: 'categorical', ...pair }, ALPHA)!
    expect(found.detectable).toBeGreaterThan(0.3)
  })

  it('is nothing known of a distance without a law, or without values', () => {
    expect(resolutionOf('constructor', normal(0, 50), ALPHA)).toBeUndefined()
    expect(
      resolutionOf('psi', { ...normal(0, 50), current: new Float64Array(0) }, ALPHA),
    ).toBeUndefined()
    expect(correctedDistance('constructor', 0.4, undefined)).toBe(0.4)
  })
})
