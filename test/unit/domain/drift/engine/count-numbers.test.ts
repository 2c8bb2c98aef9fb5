import { describe, expect, it } from '@jest/globals'
import { type Comparand, comparandOf } from '../../../../../src/domain/drift/comparand.js'
import { countNumbers } from '../../../../../src/domain/drift/engine/count-numbers.js'
import {
  COUNTED_TESTS,
  countedComparand,
} from '../../../../../src/domain/drift/engine/counted-comparand.js'
import {
  countFewValues,
  numbersOfValues,
} from '../../../../../src/domain/drift/engine/few-values.js'
import { ChangedTableError } from '../../../../../src/domain/drift/engine/number-counter.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import { arrayCounter, summaryOf } from './array-counter.js'

type Draw = (uniform: () => number) => number

const gauss = (uniform: () => number) =>
  normalQuantile(Math.min(1 - 1e-16, Math.max(1e-300, uniform())))

const FAR = 'values far from zero'

/** What columns look like. */
const columns: Readonly<Record<string, readonly [Draw, Draw]>> = {
  'no drift': [gauss, gauss],
  'a shift': [gauss, (u) => gauss(u) + 0.3],
  'spread alone': [gauss, (u) => gauss(u) * 1.4],
  'an atom at zero': [(u) => (u() < 0.6 ? 0 : gauss(u)), (u) => (u() < 0.62 ? 0 : gauss(u))],
  'heavy tails': [(u) => Math.tan(3.1 * (u() - 0.5)) ** 3, (u) => Math.tan(3.1 * (u() - 0.5)) ** 3],
  'ties on a coarse grid': [
    (u) => Math.round(gauss(u) * 40) / 40,
    (u) => Math.round((gauss(u) + 0.02) * 40) / 40,
  ],
  'prices, a few of them frequent': [
    (u) => Math.floor(Math.exp(u() * 9)) / 100,
    (u) => Math.floor(Math.exp(u() * 9)) / 100,
  ],
  'frequent values among continuous ones': [
    (u) => (u() < 0.5 ? Math.floor(u() * 90) / 3 : u() * 30),
    (u) => (u() < 0.5 ? Math.floor(u() * 110) / 3 : u() * 30),
  ],
  'huge values': [(u) => gauss(u) * 1e300, (u) => gauss(u) * 1.1e300],
  'tiny values': [(u) => gauss(u) * 1e-300, (u) => gauss(u) * 1.1e-300],
  'all magnitudes': [(u) => 10 ** (600 * (u() - 0.5)), (u) => -(10 ** (600 * (u() - 0.5)))],
  [FAR]: [(u) => 1e9 + gauss(u), (u) => 1e9 + gauss(u) * 1.05],
  'nothing in common': [(u) => u(), (u) => u() + 5],
  'one constant': [() => 4.5, gauss],
}

function draw(how: Draw, count: number, seed: number): readonly number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => how(() => random.next()))
}

interface Case {
  readonly reference: readonly number[]
  readonly current: readonly number[]
  readonly windows: boolean
  readonly shift?: number
}

async function counted({ reference, current, windows, shift = 0 }: Case) {
  const counter = arrayCounter(reference, current, { windows })
  const numbers = await countNumbers(counter, summaryOf(reference, current, shift), { area: true })
  return { values: countedComparand(numbers), asked: counter.asked }
}

function atHand({ reference, current }: Case): Comparand {
  return comparandOf({
    kind: 'numeric',
    reference: Float64Array.from(reference).sort(),
    current: Float64Array.from(current).sort(),
  })
}

function expectSame(
  found: Comparand,
  exact: Comparand,
  tests: readonly string[] = COUNTED_TESTS,
): void {
  expect(found.values).toEqual(exact.values)
  const ks = exact.run('ks')
  expect(found.run('ks')).toEqual(ks)
  for (const test of tests) {
    const wanted = exact.run(test)
    const got = found.run(test)
    expect([test, got === undefined]).toEqual([test, wanted === undefined])
    if (wanted === undefined || got === undefined) continue
    const error = Math.abs(got.statistic - wanted.statistic)
    expect([test, error <= 1e-9 * Math.abs(wanted.statistic)]).toEqual([test, true])
  }
}

describe('counting a column in buckets', () => {
  it.each(Object.entries(columns))(
    'gives the numbers of all values: %s',
    async (name, [one, other]) => {
      for (const windows of [true, false]) {
        const sample = { reference: draw(one, 12_500, 1), current: draw(other, 11_000, 2), windows }
        const { values } = await counted(sample)
        // A mean of values far from zero has lost their differences in the file's own sum.
        const tests = COUNTED_TESTS.filter((test) => test !== 't-test' || name !== FAR)
        expectSame(values, atHand(sample), tests)
      }
    },
  )

  it.each([0.2, -0.4, 1])(
    'gives them however bad the estimated quantiles are (%d)',
    async (shift) => {
      const sample = {
        reference: draw(gauss, 15_000, 3),
        current: draw((u) => gauss(u) + 0.05, 9000, 4),
        windows: true,
        shift,
      }
      const { values } = await counted(sample)
      expectSame(values, atHand(sample))
    },
  )

  it('brings back little where nothing drifts and an engine has windows', async () => {
    const sample = { reference: draw(gauss, 60_000, 5), current: draw(gauss, 60_000, 6) }
    const { asked } = await counted({ ...sample, windows: true })
    expect(asked.inside).toBe(1)
    expect(asked.rows).toBeLessThan(12_000)
  })

  it('gives the noise of a distance to a few parts in a thousand, and a histogram of the same bins', async () => {
    const sample = {
      reference: draw(gauss, 40_000, 7),
      current: draw(gauss, 40_000, 8),
      windows: true,
    }
    const { values } = await counted(sample)
    const exact = atHand(sample)
    for (const distance of ['wasserstein-normalised', 'psi', 'jensen-shannon']) {
      const wanted = exact.resolution(distance, 0.05)
      expect(values.resolution(distance, 0.05)?.floor).toBeCloseTo(wanted?.floor ?? 0, 4)
    }
    const [drawn, wanted] = [values.histogram('number'), exact.histogram('number')]
    if (drawn?.kind !== 'numeric' || wanted?.kind !== 'numeric') throw new TypeError('no histogram')
    expect(drawn.reference.length).toBe(wanted.reference.length)
    for (const [bin, share] of wanted.reference.entries()) {
      expect(drawn.reference[bin]).toBeCloseTo(share, 2)
    }
  })

  it('tells numbers that count on from quantities, and a copy from a second sample', async () => {
    const ids = Array.from({ length: 30_000 }, (_, i) => i)
    const { values } = await counted({
      reference: ids,
      current: ids.map((id) => id + 30_000),
      windows: true,
    })
    expect(values.looksLikeIdentifier('integer')).toBe(true)
    expect(values.looksLikeIdentifier('number')).toBe(false)
    expect(values.looksIdentical).toBe(false)
    const copy = await counted({ reference: ids, current: ids, windows: true })
    expect(copy.values.looksIdentical).toBe(true)
    expect(copy.values.run('ks')?.statistic).toBe(0)
    const wide = ids.map((id) => id * 1000)
    const quantities = await counted({ reference: wide, current: wide, windows: false })
    expect(quantities.values.looksLikeIdentifier('integer')).toBe(false)
  })

  it('has no result where a sample is empty, and still says how many values there are', async () => {
    const { values } = await counted({
      reference: draw(gauss, 30_000, 9),
      current: [],
      windows: true,
    })
    expect(values.values).toEqual({ reference: 30_000, current: 0 })
    for (const test of COUNTED_TESTS) expect(values.run(test)).toBeUndefined()
    expect(values.histogram('number')).not.toBeNull()
  })

  it('answers no test that needs every value', async () => {
    const { values } = await counted({
      reference: draw(gauss, 2000, 10),
      current: draw(gauss, 2000, 11),
      windows: true,
    })
    expect(values.run('mann-whitney')).toBeUndefined()
    expect(values.run('energy')).toBeUndefined()
    expect(values.run('no-such-test')).toBeUndefined()
  })

  it('notices that a table changed between two queries', async () => {
    const reference = draw(gauss, 30_000, 12)
    const counter = arrayCounter(reference, reference, { windows: true })
    const before = summaryOf(reference.slice(1), reference)
    await expect(countNumbers(counter, before, { area: true })).rejects.toThrow(ChangedTableError)
    const late = arrayCounter(reference, draw(gauss, 30_000, 13), { windows: false })
    const changing = {
      ...late,
      values: async (...asked: Parameters<typeof late.values>) =>
        (await late.values(...asked))?.slice(1),
    }
    const summary = summaryOf(reference, draw(gauss, 30_000, 13))
    await expect(countNumbers(changing, summary, { area: true })).rejects.toThrow(ChangedTableError)
  })
})

describe('a column of few values', () => {
  it.each(['ties on a coarse grid', 'huge values', 'tiny values', 'one constant', 'no drift'])(
    'is counted value by value: %s',
    async (name) => {
      const [one, other] = columns[name] ?? [gauss, gauss]
      const sample = {
        reference: draw(one, 900, 14),
        current: draw(other, 700, 15),
        windows: false,
      }
      const counter = arrayCounter(sample.reference, sample.current, { windows: false })
      const summary = summaryOf(sample.reference, sample.current)
      const found = await countFewValues(counter, summary)
      expectSame(countedComparand(numbersOfValues(found ?? [], summary)), atHand(sample))
    },
  )

  it('is left to buckets where the estimate was wrong', async () => {
    const many = draw(gauss, 30_000, 16)
    const counter = arrayCounter(many, many, { windows: false })
    const summary = summaryOf(many, many)
    const wrong = {
      reference: { ...summary.reference, distinct: 10 },
      current: { ...summary.current, distinct: 10 },
    }
    expect(await countFewValues(counter, wrong)).toBeUndefined()
  })
})
