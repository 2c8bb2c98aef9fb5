import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decideDrift } from '../../../../../src/domain/drift/decide.js'
import {
  type ColumnHistory,
  columnHistory,
  type Observed,
} from '../../../../../src/domain/drift/learning/column-history.js'
import { learnProblems, learnThresholds } from '../../../../../src/domain/drift/learning/learn.js'
import {
  type Learned,
  learnedLimit,
  newChance,
  shareChance,
} from '../../../../../src/domain/drift/learning/learned.js'
import {
  cutWindows,
  mergeSamples,
  withoutWindow,
} from '../../../../../src/domain/drift/learning/windows.js'
import { sampleOf } from '../../../../../src/domain/drift/samples.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, table, text } from '../tables.js'

describe('cutting the reference', () => {
  it('into windows of the same number of rows, give or take one, in their order', () => {
    const cut = cutWindows({ rows: 11 }, 3)
    expect(cut.map((window) => [...window])).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6],
      [7, 8, 9, 10],
    ])
  })

  it('by time where there is one, without the rows that have none', () => {
    const times = Float64Array.of(50, 10, Number.NaN, 30, 20, 40, 10)
    expect(cutWindows({ rows: 7, times }, 2).map((window) => [...window])).toEqual([
      [1, 6, 4],
      [3, 5, 0],
    ])
  })
})

describe('all windows but one', () => {
  it('are what is left of all of them', () => {
    const cell = fc.constantFrom(
      null,
      0,
      1,
      2.5,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    )
    const windows = fc.array(fc.array(cell, { maxLength: 8 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(windows, fc.nat(), (parts, at) => {
        const gone = at % parts.length
        const left = parts.filter((_, i) => i !== gone).flat()
        for (const make of [
          (cells: (number | null)[]) => numbers('x', cells),
          (cells: (number | null)[]) =>
            text(
              'x',
              cells.map((one) => (one === null ? null : `v${one}`)),
            ),
        ]) {
          const samples = parts.map((part) => sampleOf(make(part)))
          const all = mergeSamples(samples)
          const window = samples[gone]
          if (all === undefined || window === undefined) throw new Error('there are windows')
          expect(byCategory(withoutWindow(all, window))).toEqual(byCategory(sampleOf(make(left))))
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** The order of categories says nothing. */
function byCategory(sample: ReturnType<typeof sampleOf>) {
  if (sample.kind === 'numeric') return { ...sample, sorted: [...sample.sorted] }
  const counts = sample.categories.map((name, i) => [name, sample.counts[i]] as const)
  return { ...sample, categories: null, counts: Object.fromEntries(counts) }
}

describe('what can be learned', () => {
  const rule = (windows: number, rate: number) => ({ windows, 'false-alarms': rate })

  it.each([
    [19, 0.05, 0],
    [18, 0.05, 1],
    [99, 0.01, 0],
    [98, 0.01, 1],
    [9, 0.1, 1],
    [18, 0.2, 1],
    [20, 0.05, 0],
  ])('%i windows for a rate of %d: %i problems', (windows, rate, count) => {
    expect(learnProblems(rule(windows, rate), 1e6)).toHaveLength(count)
  })

  it('says how many windows are needed, or which rate they hold', () => {
    expect(learnProblems(rule(20, 0.01), 1e6)[0]).toMatchObject({
      code: 'MW-DRIFT-811',
      where: 'drift.learn.windows',
      fix: 'Set windows to at least 99, or false-alarms to at least 0.048.',
    })
    expect(learnProblems(rule(20, 0.048), 1e6)).toEqual([])
  })

  it('windows must have thirty rows', () => {
    expect(learnProblems(rule(20, 0.05), 600)).toEqual([])
    expect(learnProblems(rule(20, 0.05), 599)[0]).toMatchObject({
      code: 'MW-DRIFT-812',
      what: '599 rows of the reference make 20 windows of 29; at least 30 rows a window are needed.',
    })
  })
})

const quiet = (windows: number) => ({
  least: 0.05,
  windows: new Array<Observed>(windows).fill({ value: 0, centre: 0, spread: 0.01 }),
})
const historyOf = (name: string, values: readonly number[]): ColumnHistory => ({
  name,
  distance: {
    name: 'jensen-shannon',
    least: 0,
    windows: values.map((value) => ({ value, centre: 0, spread: 0 })),
  },
  nulls: quiet(values.length),
  infinities: quiet(values.length),
  fresh: quiet(values.length),
})
const ramp = (count: number, by = 1) => Array.from({ length: count }, (_, i) => by * (i + 1))

describe('learning thresholds', () => {
  it('the cutoff lies at the window that the rate lets through, over all columns', () => {
    // Of 19 windows at 5 % the largest score, of 39 at 5 % the second largest, and so on.
    const limitOf = (count: number, rate: number) => {
      const learned = learnThresholds([historyOf('x', ramp(count))], {
        windows: count,
        'false-alarms': rate,
      })
      const distance = learned.columns['x']?.distance
      if (distance == null) throw new Error('it has a distance')
      return learnedLimit(distance, learned.cutoff, { centre: 0, spread: 0 })
    }
    const over = (limit: number, count: number) => ramp(count).filter((one) => one > limit).length
    expect(over(limitOf(19, 0.05), 19)).toBe(0)
    expect(over(limitOf(39, 0.1), 39)).toBeLessThanOrEqual(3)
    expect(limitOf(39, 0.1)).toBeLessThan(limitOf(39, 0.05))
  })

  it('more columns make a larger cutoff, and units do not matter', () => {
    const rule = { windows: 20, 'false-alarms': 0.05 }
    const one = historyOf('x', [...ramp(19, 0.01), 0.1])
    const wild = historyOf('y', [40, ...ramp(19, 1)])
    const alone = learnThresholds([one], rule).cutoff
    const both = learnThresholds([one, wild], rule).cutoff
    expect(both).toBeGreaterThanOrEqual(alone)
    const scaled = learnThresholds([historyOf('x', [...ramp(19, 10), 100])], rule).cutoff
    expect(scaled).toBeCloseTo(alone, 9)
  })

  it('a change of missing cells under the usual limit is no score', () => {
    const nulls = {
      least: 0.05,
      windows: ramp(20).map((i) => ({ value: i === 20 ? 0.04 : 0, centre: 0, spread: 0.001 })),
    }
    const rule = { windows: 20, 'false-alarms': 0.05 }
    const plain = historyOf('x', new Array<number>(20).fill(0.01))
    expect(learnThresholds([{ ...plain, nulls }], rule).cutoff).toBe(0)
    const large = {
      ...nulls,
      windows: nulls.windows.map((one) => ({ ...one, value: one.value * 3 })),
    }
    expect(learnThresholds([{ ...plain, nulls: large }], rule).cutoff).toBeGreaterThan(2)
  })

  it('nothing is learned of a column that hardly any window has values of', () => {
    const none = { name: 'jensen-shannon', least: 0, windows: new Array<null>(20).fill(null) }
    const history = { ...historyOf('x', ramp(20)), distance: none }
    const learned = learnThresholds([history], { windows: 20, 'false-alarms': 0.05 })
    expect(learned.columns['x']?.distance).toBeNull()
  })

  it('limits are rounded up to four digits, and never negative', () => {
    const still = { centre: 0, spread: 0 }
    expect(learnedLimit({ excess: 0.12341, spread: 0 }, 1, still)).toBe(0.1235)
    expect(learnedLimit({ excess: 0.1, spread: 0.03 }, 2, { centre: 0.05, spread: 0.04 })).toBe(
      0.25,
    )
    expect(learnedLimit({ excess: -3, spread: 0 }, 1, still)).toBe(0)
  })
})

describe('what chance makes of shares', () => {
  it('of a share of cells its standard error, of no cell at all that of half a cell', () => {
    expect(shareChance({ reference: 0, current: 0 }, { reference: 0, current: 5 }).spread).toBe(0)
    const none = shareChance({ reference: 0, current: 0 }, { reference: 999, current: 1000 })
    expect(none.spread).toBeCloseTo(Math.sqrt(0.00025 * (1 / 999 + 1 / 1000)), 5)
  })

  it('of new categories as many as the reference has single values of', () => {
    expect(newChance(10, { reference: 1000, current: 50 }).centre).toBe(0.01)
  })
})

describe('a policy with learned thresholds', () => {
  const reference = table(text('x', repeat(500, 'a', 'b')))
  const current = table(text('x', [...repeat(650, 'a'), ...repeat(350, 'b')]))
  const learned = (excess: number): Learned => ({
    windows: 20,
    falseAlarms: 0.05,
    cutoff: 2,
    columns: {
      x: {
        distance: { name: 'jensen-shannon', excess, spread: 0 },
        nulls: null,
        infinities: null,
        fresh: null,
      },
    },
  })
  const decide = (own: Learned | undefined) =>
    decideDrift({ ...DEFAULT_DRIFT_POLICY, learned: own }, reference, current).columns[0]

  it('judges by them in place of those configured', () => {
    expect(decide(undefined)).toMatchObject({ status: 'drifted', distance: { threshold: 0.1 } })
    const loose = decide(learned(0.3))
    expect(loose?.status).toBe('stable')
    expect(loose?.distance?.threshold).toBeGreaterThan(0.3)
    const tight = decide(learned(0))
    expect(tight?.status).toBe('drifted')
    expect(tight?.distance?.threshold).toBeLessThan(0.1)
  })

  it('a threshold that was learned for another distance does not count', () => {
    const other = learned(0.3)
    const x = other.columns['x']
    if (x?.distance == null) throw new Error('it has one')
    const columns = { x: { ...x, distance: { ...x.distance, name: 'psi' } } }
    expect(decide({ ...other, columns })?.distance?.threshold).toBe(0.1)
  })

  it('a column without anything learned keeps the usual limits', () => {
    expect(decide({ ...learned(0.3), columns: {} })).toMatchObject({ distance: { threshold: 0.1 } })
  })
})

describe('the history of a column', () => {
  it('compares each window with all others, and is plain data', () => {
    const windows = Array.from({ length: 6 }, (_, i) =>
      sampleOf(text('x', [...repeat(30, 'a', 'b'), ...repeat(i === 5 ? 60 : 0, 'c'), null])),
    )
    const history = columnHistory(DEFAULT_DRIFT_POLICY, windows)
    expect(history?.distance.name).toBe('jensen-shannon')
    const values = history?.distance.windows.map((one) => one?.value ?? 0) ?? []
    expect(Math.max(...values)).toBe(values[5])
    expect(history?.fresh.windows[5]?.value).toBe(0.5)
    expect(history?.nulls.windows[0]?.value).toBeGreaterThan(0)
    expect(JSON.parse(JSON.stringify(history))).toEqual(history)
    expect(columnHistory(DEFAULT_DRIFT_POLICY, [])).toBeUndefined()
  })

  it('windows with too few values have no distance', () => {
    const few = Array.from({ length: 6 }, () => sampleOf(numbers('x', [1, 2, 3, 4.5])))
    expect(columnHistory(DEFAULT_DRIFT_POLICY, few)?.distance.windows).toEqual(
      new Array(6).fill(null),
    )
  })
})
