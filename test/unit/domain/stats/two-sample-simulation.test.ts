import { describe, expect, it } from '@jest/globals'
import { andersonDarling } from '../../../../src/domain/stats/anderson-darling.js'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { chiSquareTwoSample } from '../../../../src/domain/stats/chi-square.js'
import { smallCellChiSquare } from '../../../../src/domain/stats/chi-square-small-cells.js'
import { cramerVonMises } from '../../../../src/domain/stats/cramer-von-mises.js'
import { eppsSingleton } from '../../../../src/domain/stats/epps-singleton.js'
import { fisherExact } from '../../../../src/domain/stats/fisher-exact.js'
import { gTest } from '../../../../src/domain/stats/g-test.js'
import { mannWhitney } from '../../../../src/domain/stats/mann-whitney.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import type { CellCounts } from '../../../../src/domain/stats/shares.js'
import { twoProportionsZ } from '../../../../src/domain/stats/two-proportions-z.js'
import { welchTest } from '../../../../src/domain/stats/welch-t-test.js'

const RUNS = 600
const LEVELS = [0.05, 0.01] as const

type PValue = () => number | undefined

/** How often samples of one law are called different at each level. */
function falseAlarms(pValue: PValue, runs = RUNS): number[] {
  const pValues = Array.from({ length: runs }, () => pValue() ?? 1)
  return LEVELS.map((level) => pValues.filter((p) => p <= level).length / runs)
}

/** At most four standard errors above each level, and not so far below that nothing would ever be found. */
function expectCalibrated(rates: readonly number[], lowest: number): void {
  for (const [i, level] of LEVELS.entries()) {
    const error = Math.sqrt((level * (1 - level)) / RUNS)
    expect(rates[i]).toBeLessThan(level + 4 * error)
  }
  expect(rates[0]).toBeGreaterThan(LEVELS[0] * lowest)
}

function drawer(random: RandomSource, distinct: number): (size: number) => Float64Array {
  return (size) =>
    Float64Array.from({ length: size }, () =>
      distinct === 0 ? random.next() : Math.floor(distinct * random.next() ** 1.5),
    ).sort()
}

const NUMERIC = [
  ['anderson-darling', andersonDarling],
  ['cramer-von-mises', cramerVonMises],
  ['mann-whitney', mannWhitney],
  ['t-test', welchTest],
] as const

describe.each([
  [8, 8, 0],
  [25, 20, 0],
  [30, 90, 0],
  [30, 60, 2],
  [200, 60, 5],
  [150, 40, 20],
])('%i values against %i of one law, %i of them distinct (0: all)', (n, m, distinct) => {
  it.each(NUMERIC)('%s alarms as often as it says', (_, test) => {
    const draw = drawer(createRandom(1000 + n + distinct), distinct)
    // Two values leave few p-values, of which the next under a level may be far under it.
    expectCalibrated(
      falseAlarms(() => test(draw(n), draw(m))?.pValue),
      0.4,
    )
  })
})

it('epps-singleton alarms as often as it says for some hundred values', () => {
  const draw = drawer(createRandom(77), 0)
  const [rate = 1] = falseAlarms(() => eppsSingleton(draw(200), draw(200))?.pValue)
  expect(rate).toBeLessThan(0.09)
  expect(rate).toBeGreaterThan(0.025)
})

it('epps-singleton alarms as often as it says for a small sample against a large one', () => {
  const draw = drawer(createRandom(78), 0)
  const [rate = 1] = falseAlarms(() => eppsSingleton(draw(30), draw(300))?.pValue)
  // With scipy's p-value it would be 0.17.
  expect(rate).toBeLessThan(0.09)
  expect(rate).toBeGreaterThan(0.02)
})

/** Counts of `size` draws from categories whose shares fall as the power of their rank. */
function zipf(
  random: RandomSource,
  categories: number,
  power: number,
): (n: number) => Float64Array {
  const shares = Array.from({ length: categories }, (_, i) => (i + 1) ** -power)
  const all = shares.reduce((sum, share) => sum + share, 0)
  return (size) => {
    const counts = new Float64Array(categories)
    let left = size
    let rest = all
    for (const [cell, share] of shares.entries()) {
      const taken = cell === categories - 1 ? left : drawBinomial(left, share / rest, random)
      counts[cell] = taken
      left -= taken
      rest -= share
    }
    return counts
  }
}

const SMALL_CELLS = [
  { categories: 3, power: 2, sizes: [30, 30] },
  { categories: 4, power: 2, sizes: [1000, 20] },
  { categories: 6, power: 1, sizes: [20, 20] },
  { categories: 30, power: 2, sizes: [100_000, 100] },
  { categories: 100, power: 1.5, sizes: [300, 300] },
  { categories: 200, power: 2, sizes: [100_000, 1000] },
] as const

describe.each(SMALL_CELLS)('$categories categories, power $power, $sizes rows', (given) => {
  const pairs = (): CellCounts[] => {
    const draw = zipf(createRandom(40 + given.categories), given.categories, given.power)
    const [n, m] = given.sizes
    return Array.from({ length: RUNS }, () => ({ reference: draw(n), current: draw(m) }))
  }

  it('chi-square alarms as often as it says', () => {
    const samples = pairs()
    const rates = falseAlarms(() => smallCellChiSquare(samples.pop() ?? NO_CELLS)?.pValue)
    expectCalibrated(rates, 0.3)
  })
})

const NO_CELLS: CellCounts = { reference: new Float64Array(0), current: new Float64Array(0) }

it('the plain chi-square law would alarm at every third column of rare categories', () => {
  const draw = zipf(createRandom(5), 1000, 2)
  const [rate = 0] = falseAlarms(
    () => chiSquareTwoSample({ reference: draw(100_000), current: draw(1000) })?.pValue,
    100,
  )
  expect(rate).toBeGreaterThan(0.2)
})

it('g-test, z-test and fisher alarm no oftener than they say on common categories', () => {
  const draw = zipf(createRandom(6), 4, 0.5)
  const cells = () => ({ reference: draw(150), current: draw(250) })
  expectCalibrated(
    falseAlarms(() => gTest(cells())?.pValue),
    0.4,
  )
  const random = createRandom(8)
  const table = () => ({
    reference: { events: drawBinomial(200, 0.3, random), n: 200 },
    current: { events: drawBinomial(150, 0.3, random), n: 150 },
  })
  expectCalibrated(
    falseAlarms(() => twoProportionsZ(table())?.pValue),
    0.4,
  )
  expectCalibrated(
    falseAlarms(() => fisherExact(table())?.pValue),
    0.3,
  )
})
