import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareColumn, decideColumns, decideDrift } from '../../../../src/domain/drift/decide.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import type { DriftColumn, DriftPredicateBody } from '../../../../src/domain/drift/predicate.js'
import { type ColumnSample, sampleOf } from '../../../../src/domain/drift/samples.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import type { Table } from '../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, spread, table, text } from './tables.js'

const policy = (change: Partial<DriftPolicy> = {}): DriftPolicy => ({
  ...DEFAULT_DRIFT_POLICY,
  ...change,
})
const columns = (change: Partial<DriftPolicy['columns']>): Partial<DriftPolicy> => ({
  columns: { ...DEFAULT_DRIFT_POLICY.columns, ...change },
})
const decide = (reference: Table, current: Table, change: Partial<DriftPolicy> = {}) =>
  decideDrift(policy(change), reference, current)
const column = (body: DriftPredicateBody, name: string): DriftColumn => {
  const found = body.columns.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no column ${name}`)
  return found
}
const even = (name: string, count = 1000, shift = 0) => numbers(name, spread(count, shift))

describe('a column drifts only when the change is certain and large', () => {
  it('large and certain: drifted, with the numbers that say so', () => {
    const body = decide(table(even('x')), table(even('x', 1000, 0.2)))
    const x = column(body, 'x')
    expect(x).toMatchObject({ status: 'drifted', drifted: true, kind: 'numeric', test: 'ks' })
    expect(x.statistic).toBeCloseTo(0.2, 2)
    expect(x.adjustedPValue).toBeLessThan(0.001)
    expect(x.distance?.name).toBe('wasserstein-normalised')
    expect(x.distance?.value).toBeCloseTo(0.2 * Math.sqrt(12), 4)
    expect(x.psi).toBeGreaterThan(0.2)
    expect(x.js).toBeGreaterThan(0.1)
    expect(body).toMatchObject({
      decision: 'fail',
      driftedShare: 1,
      rows: { reference: 1000, current: 1000 },
    })
  })

  it('certain but small: stable, however many rows there are', () => {
    const x = column(decide(table(even('x', 50_000)), table(even('x', 50_000, 0.02))), 'x')
    expect(x.adjustedPValue).toBeLessThan(1e-6)
    expect(x).toMatchObject({ status: 'stable', drifted: false })
    expect(x.reason).toMatch(/certain but small/)
  })

  it('large but perhaps chance: inconclusive, and says so', () => {
    const x = column(decide(table(even('x', 1000)), table(even('x', 800, 0.05))), 'x')
    expect(x.distance?.value).toBeGreaterThan(0.1)
    expect(x.status).toBe('inconclusive')
    expect(x.reason).toMatch(/may be chance/)
  })

  it('under what chance makes of samples of these sizes: no drift, whatever a test of shares says', () => {
    const x = column(decide(table(even('x', 40)), table(even('x', 40, 0.1))), 'x')
    expect(x.distance?.value).toBeLessThan(x.distance?.noise ?? 0)
    expect(x.status).toBe('inconclusive')
    expect(x.reason).toMatch(/40 against 40 values show only .* and the limit is 0\.1$/)
  })

  it('categories: chi-square and the Jensen-Shannon distance', () => {
    const before = table(text('c', repeat(100, 'a', 'a', 'a', 'b')))
    const after = table(text('c', repeat(100, 'a', 'b', 'b', 'b')))
    const c = column(decide(before, after), 'c')
    expect(c).toMatchObject({
      test: 'chi-square',
      statistic: 200,
      drifted: true,
      kind: 'categorical',
    })
    expect(c.distance).toMatchObject({ name: 'jensen-shannon', threshold: 0.1 })
  })

  it('is corrected over all columns: one in twenty at 1% is no alarm under Bonferroni', () => {
    // One column with p near 0.01, nineteen without any change.
    const before = [even('x', 120), ...Array.from({ length: 19 }, (_, i) => even(`s${i}`, 120))]
    const after = [even('x', 120, 0.21), ...before.slice(1)]
    const alone = column(decide(table(even('x', 120)), table(even('x', 120, 0.21))), 'x')
    expect(alone.pValue).toBeGreaterThan(0.0025)
    expect(alone.drifted).toBe(true)
    const among = column(
      decide(table(...before), table(...after), { correction: 'bonferroni' }),
      'x',
    )
    expect(among.adjustedPValue).toBeCloseTo((alone.pValue ?? 0) * 20, 10)
    expect(among.drifted).toBe(false)
    const open = column(decide(table(...before), table(...after), { correction: 'none' }), 'x')
    expect(open.drifted).toBe(true)
  })

  it('a distance as the test needs its threshold passed, and the change certain', () => {
    const tests = { numeric: 'psi', categorical: 'chi-square' }
    const small = column(decide(table(even('x')), table(even('x', 400, 0.02)), { tests }), 'x')
    expect(small).toMatchObject({ test: 'psi', pValue: null, drifted: false })
    expect(small.distance).toMatchObject({ name: 'psi', threshold: 0.25, value: small.statistic })
    const large = column(decide(table(even('x')), table(even('x', 400, 0.3)), { tests }), 'x')
    expect(large.drifted).toBe(true)
  })

  it('a distance as the test does not take the noise of small samples for drift', () => {
    const random = createRandom(5)
    const sample = (n: number) =>
      table(
        numbers(
          'x',
          Array.from({ length: n }, () => random.next()),
        ),
      )
    let far = 0
    let drifted = 0
    for (let run = 0; run < 40; run++) {
      const x = column(
        decide(sample(50), sample(50), { tests: { numeric: 'psi', categorical: 'chi-square' } }),
        'x',
      )
      if ((x.distance?.value ?? 0) > 0.25) far++
      if (x.drifted) drifted++
    }
    expect(far).toBeGreaterThan(20)
    expect(drifted).toBeLessThanOrEqual(6)
  })

  it('takes the test and the threshold that the user names', () => {
    const change = {
      tests: { x: 'wasserstein' },
      thresholds: { wasserstein: 0.5, 'total-variation': 0.4 },
    }
    const before = table(even('x'), text('c', repeat(100, 'a', 'b')))
    const body = decide(before, before, change)
    expect(column(body, 'x').distance).toMatchObject({ name: 'wasserstein', threshold: 0.5 })
    expect(column(body, 'x').test).toBe('wasserstein')
    expect(column(body, 'c').distance).toMatchObject({ name: 'total-variation', threshold: 0.4 })
    expect(column(body, 'c').test).toBe('chi-square')
  })
})

describe('missing cells', () => {
  it('drift when their share changes for certain and by more than its threshold', () => {
    const before = table(numbers('x', [...spread(380), ...repeat(20, null)]))
    const after = table(numbers('x', [...spread(320), ...repeat(80, null)]))
    const body = decide(before, after)
    expect(column(body, 'x')).toMatchObject({
      drifted: true,
      nulls: { reference: 0.05, current: 0.2 },
      reason: expect.stringMatching(/5% to 20%/),
    })
    expect(body.findings).toContainEqual(
      expect.objectContaining({ kind: 'null-rate', column: 'x' }),
    )
    const thresholds = { 'null-rate': 0.2 }
    expect(column(decide(before, after, { thresholds }), 'x').drifted).toBe(false)
  })

  it('do not drift when few rows make the change uncertain', () => {
    const before = table(numbers('x', spread(40)))
    const after = table(numbers('x', [...spread(37), ...repeat(3, null)]))
    const x = column(decide(before, after), 'x')
    expect(x.nullTest?.pValue).toBeGreaterThan(0.05)
    expect(x.drifted).toBe(false)
  })

  it('all of them now: drifted, though there are no values to compare', () => {
    const body = decide(table(even('x')), table(text('x', repeat(1000, null))))
    expect(column(body, 'x')).toMatchObject({ drifted: true, statistic: null, pValue: null })
    expect(column(body, 'x').values).toEqual({ reference: 1000, current: 0 })
  })

  it('are no longer part of the shares of categories', () => {
    const before = table(text('c', [...repeat(100, 'a', 'b'), ...repeat(100, null)]))
    const after = table(text('c', [...repeat(100, 'a', 'b'), ...repeat(100, null)]))
    expect(column(decide(before, after), 'c')).toMatchObject({
      js: 0,
      statistic: 0,
      values: { current: 200 },
    })
  })
})

describe('too little data', () => {
  it('fewer than 30 values in either sample is inconclusive, never stable', () => {
    const body = decide(table(even('x')), table(even('x', 29)))
    expect(column(body, 'x')).toMatchObject({
      status: 'inconclusive',
      drifted: false,
      reason: expect.stringMatching(/only 29 usable values in the current data/),
    })
    expect(body.decision).toBe('inconclusive')
  })

  it.each([50, 400])(
    '%i values against %i cannot show the usual limit: inconclusive, and what they can',
    (count) => {
      const body = decide(table(even('x', count)), table(even('x', count + 1)))
      const x = column(body, 'x')
      expect(x.distance?.detectable).toBeGreaterThan(0.1)
      expect(x.status).toBe('inconclusive')
      const wide = {
        thresholds: { 'wasserstein-normalised': (x.distance?.detectable ?? 0) + 0.01 },
      }
      expect(
        column(decide(table(even('x', count)), table(even('x', count + 1)), wide), 'x').status,
      ).toBe('stable')
    },
  )

  it('the very same values are the same data, however few', () => {
    expect(column(decide(table(even('x', 50)), table(even('x', 50))), 'x').status).toBe('stable')
  })

  it('even when what there is lies far away', () => {
    const body = decide(table(even('x')), table(even('x', 10, 100)))
    expect(column(body, 'x').status).toBe('inconclusive')
  })

  it.each([
    ['no columns', table(), table()],
    ['no rows', table(numbers('x', [])), table(numbers('x', []))],
    ['no current rows', table(even('x')), table(numbers('x', []))],
    ['only new columns', table(), table(even('x'))],
  ])('%s: inconclusive', (_, reference, current) => {
    expect(decide(reference, current).decision).toBe('inconclusive')
  })
})

describe('the decision on the data set', () => {
  const ten = (drifted: number, open = 0) =>
    Array.from({ length: 10 }, (_, i) => {
      if (i < drifted) return even(`c${i}`, 1000, 1)
      return even(`c${i}`, i >= 10 - open ? 5 : 1000)
    })
  const before = table(...ten(0))

  it.each([
    [0, 0, 'pass'],
    [1, 0, 'warn'],
    [2, 0, 'warn'],
    [3, 0, 'fail'],
    [10, 0, 'fail'],
    [0, 3, 'warn'],
    [2, 3, 'warn'],
    [0, 4, 'inconclusive'],
    [2, 4, 'inconclusive'],
    [3, 4, 'fail'],
  ] as const)('%i of ten drifted and %i inconclusive: %s', (drifted, open, decision) => {
    const body = decide(before, table(...ten(drifted, open)))
    expect(body.driftedShare).toBeCloseTo(drifted / 10, 12)
    expect(body.inconclusiveShare).toBeCloseTo(open / 10, 12)
    expect(body.decision).toBe(decision)
  })

  it('one critical column decides: drifted fails, inconclusive is inconclusive', () => {
    const critical = columns({ critical: ['c0'] })
    const failed = decide(before, table(...ten(1)), critical)
    expect(failed).toMatchObject({ decision: 'fail', reason: expect.stringMatching(/critical/) })
    expect(column(failed, 'c0').critical).toBe(true)
    const open = columns({ critical: ['c9'] })
    expect(decide(before, table(...ten(0, 1)), open).decision).toBe('inconclusive')
  })

  it('ignored columns count neither way', () => {
    const body = decide(before, table(...ten(3)), columns({ ignore: ['c0', 'c1', 'c2'] }))
    expect(body).toMatchObject({ decision: 'pass', driftedShare: 0 })
    expect(body.columns).toHaveLength(7)
  })
})

describe('what a column is', () => {
  it('integers of at most 20 values are categories, unless named numeric', () => {
    const codes = numbers('x', repeat(50, 1, 2, 3), 'integer')
    expect(column(decide(table(codes), table(codes)), 'x').kind).toBe('categorical')
    const named = decide(table(codes), table(codes), columns({ numeric: ['x'] }))
    expect(column(named, 'x').kind).toBe('numeric')
    const many = numbers(
      'x',
      Array.from({ length: 100 }, (_, i) => i % 21),
      'integer',
    )
    expect(column(decide(table(many), table(many)), 'x').kind).toBe('numeric')
    const asNamed = decide(table(many), table(many), columns({ categorical: ['x'] }))
    expect(column(asNamed, 'x').kind).toBe('categorical')
  })

  it('a column that is gone has drifted; a new one is only reported; ignored ones are neither', () => {
    const body = decide(table(even('x'), even('gone')), table(even('x'), even('new'), even('id')), {
      ...columns({ ignore: ['id'] }),
    })
    expect(column(body, 'gone')).toMatchObject({ drifted: true, test: null, distance: null })
    expect(body.columns.map((one) => one.name)).toEqual(['x', 'gone'])
    expect(body.findings.map(({ kind, column: name }) => [kind, name])).toEqual([
      ['column-absent', 'gone'],
      ['column-new', 'new'],
    ])
  })

  it('a number that became text has drifted, unless both are named categorical', () => {
    const before = table(numbers('zip', repeat(500, 1, 2), 'integer'))
    const after = table(text('zip', repeat(500, '1', '2')))
    const body = decide(before, after)
    expect(column(body, 'zip').reason).toBe(
      'was a number in the reference, is text in the current data; name it in columns.categorical to compare its text',
    )
    expect(body.findings[0]?.kind).toBe('type-changed')
    const named = decide(before, after, columns({ categorical: ['zip'] }))
    expect(column(named, 'zip')).toMatchObject({ status: 'stable', statistic: 0 })
  })

  it('true and false are the same as text or as booleans', () => {
    const cells = repeat(500, 'true', 'false')
    const body = decide(table(text('b', cells, 'boolean')), table(text('b', cells)))
    expect(column(body, 'b')).toMatchObject({ status: 'stable', statistic: 0 })
  })

  it('a column in which no value occurs twice is an identifier: that is said, and it is compared only where it is named', () => {
    const ids = (from: number) => Array.from({ length: 50 }, (_, i) => from + i)
    const before = table(
      numbers('id', ids(0), 'integer'),
      text('key', ids(0).map(String)),
      even('x'),
    )
    const after = table(
      numbers('id', ids(50), 'integer'),
      text('key', ids(50).map(String)),
      even('x'),
    )
    const body = decide(before, after)
    expect(body.findings.map(({ kind, column: name }) => [kind, name])).toEqual([
      ['identifier', 'id'],
      ['identifier', 'key'],
    ])
    expect(body.columns.map((one) => one.name)).toEqual(['x'])
    const named = decide(before, after, columns({ critical: ['id'], categorical: ['key'] }))
    expect(named.columns.map((one) => one.name)).toEqual(['id', 'key', 'x'])
    expect(named.decision).toBe('fail')
  })

  it('integers that became decimals are still numbers', () => {
    const before = table(
      numbers(
        'x',
        Array.from({ length: 1000 }, (_, i) => 7 * i),
        'integer',
      ),
    )
    const after = table(
      numbers(
        'x',
        Array.from({ length: 1000 }, (_, i) => 7 * i + 0.25),
      ),
    )
    expect(column(decide(before, after), 'x').status).toBe('stable')
  })

  it('what goes missing of a timestamp is drift, though its values are left out', () => {
    const at = (lost: number) =>
      numbers(
        'at',
        spread(400).map((time, i) => (i < lost ? null : time)),
        'timestamp',
      )
    const body = decide(table(even('x', 400), at(0)), table(even('x', 400), at(100)))
    expect(column(body, 'at')).toMatchObject({
      kind: 'datetime',
      status: 'drifted',
      reason: 'missing cells went from 0% to 25%',
      nulls: { reference: 0, current: 0.25 },
      test: null,
      distance: null,
      histogram: null,
    })
    expect(body.findings).toMatchObject([{ kind: 'null-rate', column: 'at' }])
    const critical = decide(
      table(even('x', 400), at(0)),
      table(even('x', 400), at(100)),
      columns({ critical: ['at'] }),
    )
    expect(critical.decision).toBe('fail')
    const empty = decide(table(even('x', 400), at(0)), table(even('x', 400), at(400)))
    expect(column(empty, 'at').reason).toBe('missing cells went from 0% to 100%')
    const same = decide(table(even('x', 400), at(40)), table(even('x', 400), at(44)))
    expect(same.columns.map(({ name }) => name)).toEqual(['x'])
  })

  it('timestamps are left out unless they are named, since time moves on', () => {
    const at = (shift: number) => numbers('at', spread(100, shift), 'timestamp')
    const body = decide(table(even('x'), at(0)), table(even('x'), at(5)))
    expect(body.columns.map((one) => one.name)).toEqual(['x'])
    expect(body.findings[0]).toMatchObject({ kind: 'not-compared', column: 'at' })
    const named = decide(table(at(0)), table(at(5)), columns({ numeric: ['at'] }))
    expect(column(named, 'at').drifted).toBe(true)
  })
})

describe('categories that come and go', () => {
  it('new ones are listed by frequency, twenty at most, with their count', () => {
    const fresh = Array.from({ length: 25 }, (_, i) => repeat(i + 1, `n${i}`)).flat()
    const body = decide(
      table(text('c', repeat(400, 'a'))),
      table(text('c', [...repeat(400, 'a'), ...fresh])),
    )
    const c = column(body, 'c')
    expect(c.newCategoryCount).toBe(25)
    expect(c.newCategories).toHaveLength(20)
    expect(c.newCategories[0]).toBe('n24')
    expect(body.findings[0]).toEqual({
      kind: 'new-categories',
      column: 'c',
      detail: 'not in the reference: "n24", "n23", "n22" and 22 more',
    })
  })

  it('a category has vanished only when chance cannot explain that none came', () => {
    const before = table(
      text('c', [...repeat(960, 'a'), ...repeat(30, 'b'), ...repeat(10, 'rare')]),
    )
    const after = table(text('c', repeat(500, 'a')))
    expect(column(decide(before, after), 'c')).toMatchObject({
      vanishedCategories: ['b'],
      vanishedCategoryCount: 1,
    })
  })

  it('text of a megabyte is cut', () => {
    const long = 'x'.repeat(1_000_000)
    const c = column(
      decide(table(text('c', repeat(40, 'a'))), table(text('c', repeat(40, long)))),
      'c',
    )
    expect(c.newCategories[0]).toHaveLength(201)
    expect(JSON.stringify(c).length).toBeLessThan(5000)
  })
})

describe('cells that no statistic uses', () => {
  const half = repeat(200, 1.25, 2.5)

  it('a column that has become infinite has drifted, whatever its finite values are', () => {
    const after = numbers('x', repeat(100, 1.25, Infinity, 2.5, -Infinity))
    const x = column(decide(table(numbers('x', half)), table(after)), 'x')
    expect(x).toMatchObject({ status: 'drifted', infinities: { reference: 0, current: 200 } })
    expect(x.reason).toBe('infinite cells went from 0% to 50%')
  })

  it('a column whose infinite values are at the other end has drifted, though as many are infinite', () => {
    const before = numbers('x', repeat(100, 1.25, Infinity, 2.5, 3))
    const after = numbers('x', repeat(100, 1.25, -Infinity, 2.5, 3))
    const x = column(decide(table(before), table(after)), 'x')
    expect(x).toMatchObject({ status: 'drifted', infinities: { reference: 100, current: 100 } })
    expect(x.reason).toBe(
      'cells that are Infinity went from 25% to 0%, those that are -Infinity from 0% to 25%',
    )
  })

  it('where nobody looked at signs, only how many cells are infinite is compared', () => {
    const sample = (sign: number) => {
      const found = sampleOf(numbers('x', repeat(100, 1.25, sign * Infinity, 2.5, 3)))
      return { ...found, negativeInfinities: undefined }
    }
    const { measured } = compareColumn(DEFAULT_DRIFT_POLICY, sample(1), sample(-1))
    expect(measured).toMatchObject({ infinityChange: 0, negativeShares: undefined })
    expect(measured?.infinityPValue).toBe(1)
  })

  it('a few infinities, or as many as before, are no drift', () => {
    const few = numbers('x', [...half, Infinity])
    expect(column(decide(table(numbers('x', half)), table(few)), 'x').status).toBe('stable')
    const many = numbers('x', repeat(100, 1.25, Infinity))
    expect(column(decide(table(many), table(many)), 'x').status).toBe('stable')
  })

  it('says how many columns could not be judged', () => {
    const after = table(even('a'), numbers('b', repeat(400, null)), even('c'), even('d'))
    const before = table(even('a'), numbers('b', repeat(400, null)), even('c'), even('d'))
    expect(decide(before, after)).toMatchObject({
      decision: 'warn',
      reason: '0 of 4 columns drifted; 1 could not be judged',
    })
  })
})

describe('one bad column never ends the report', () => {
  const bad = {
    constant: numbers('constant', repeat(100, 5.5)),
    empty: numbers('empty', repeat(100, null)),
    infinite: numbers('infinite', repeat(50, Infinity, -Infinity)),
    huge: numbers('huge', repeat(50, Number.MAX_VALUE, -Number.MAX_VALUE)),
    'naïve|<b>\n@me 🚀': text('naïve|<b>\n@me 🚀', repeat(50, '', '__proto__')),
    constructor: text('constructor', repeat(100, 'x')),
    '': numbers('', spread(100)),
  }
  const all = [...Object.values(bad), text('__proto__', repeat(500, 'constructor', 'toString'))]
  const body = decide(table(...all), table(...all))

  it('answers for every column', () => {
    expect(body.columns.map((one) => one.name)).toEqual(all.map((one) => one.name))
    expect(column(body, 'constant')).toMatchObject({ status: 'stable', statistic: 0, pValue: 1 })
    expect(column(body, 'empty').status).toBe('inconclusive')
    expect(column(body, 'infinite')).toMatchObject({
      status: 'inconclusive',
      infinities: { reference: 100, current: 100 },
    })
    expect(column(body, 'constructor').status).toBe('stable')
    expect(column(body, '__proto__').status).toBe('stable')
  })

  /** A sample of which whatever is asked fails. */
  const broken = (error: Error): ColumnSample => ({
    ...sampleOf(even('bad')),
    get infinities(): number {
      throw error
    },
  })
  const compared = (error: Error) => {
    const good = sampleOf(even('good'))
    return [
      compareColumn(DEFAULT_DRIFT_POLICY, broken(error), broken(error)),
      compareColumn(DEFAULT_DRIFT_POLICY, good, good),
    ]
  }

  it('and where measuring it throws, it is open, said to be, and the others are judged', () => {
    const comparisons = compared(new TypeError('x is not <b>'))
    const facts = { rows: { reference: 1000, current: 1000 }, findings: [] }
    const found = decideColumns(DEFAULT_DRIFT_POLICY, comparisons, facts)
    const reason = 'it could not be measured, by a fault of Modelway: x is not <b>'
    expect(found.columns).toMatchObject([
      { name: 'bad', status: 'inconclusive', drifted: false, test: null, reason },
      { name: 'good', status: 'stable' },
    ])
    expect(found.findings).toEqual([{ kind: 'not-compared', column: 'bad', detail: reason }])
    expect(found.decision).toBe('inconclusive')
    expect(structuredClone(comparisons)).toEqual(comparisons)
  })

  it('and where judging it throws, too', () => {
    const [, good] = compared(new Error('never'))
    const measured = good?.measured
    if (good === undefined || measured === undefined) throw new TypeError('it was measured')
    const bad = {
      plan: { ...good.plan, name: 'bad' },
      measured: Object.defineProperty({ ...measured }, 'nulls', {
        get: () => {
          throw new Error('no')
        },
      }),
    }
    const facts = { rows: { reference: 1000, current: 1000 }, findings: [] }
    const found = decideColumns(DEFAULT_DRIFT_POLICY, [bad, good], facts)
    expect(found.columns.map(({ status }) => status)).toEqual(['inconclusive', 'stable'])
  })

  it('but a machine without memory is no bad column', () => {
    expect(() => compared(new RangeError('Array buffer allocation failed'))).toThrow(RangeError)
  })

  it('gives finite numbers only, so that the statement can be written', () => {
    expect(JSON.parse(JSON.stringify(body))).toEqual(body)
  })

  it('compares a constant with another constant', () => {
    const after = table(numbers('constant', repeat(100, 6.5)))
    const moved = column(decide(table(bad.constant), after), 'constant')
    expect(moved).toMatchObject({ drifted: true, statistic: 1, distance: { value: 2 } })
  })

  it('whatever the cells are', () => {
    const cells = fc.array(fc.option(fc.double({ noNaN: true }), { nil: null }), { maxLength: 80 })
    const words = fc.array(fc.option(fc.string(), { nil: null }), { maxLength: 80 })
    const side = fc.oneof(
      cells.map((values) => numbers('x', values)),
      words.map((values) => text('x', values)),
    )
    fc.assert(
      fc.property(side, side, (a, b) => {
        const answer = decide(table(a), table(b))
        expect(JSON.parse(JSON.stringify(answer))).toEqual(jsonSafe(answer))
        expect(answer.columns).toHaveLength(1)
      }),
      { numRuns: 300, seed: 17 },
    )
  })
})

/** -0 is written as 0. */
function jsonSafe(value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(jsonSafe)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, jsonSafe(one)]))
}

describe('the histogram', () => {
  it('has both samples over the same edges, and shares that add up to 1', () => {
    const histogram = column(decide(table(even('x')), table(even('x', 300, 0.5))), 'x').histogram
    if (histogram?.kind !== 'numeric') throw new Error('expected a numeric histogram')
    expect(histogram.edges).toHaveLength(31)
    for (const shares of [histogram.reference, histogram.current]) {
      expect(shares).toHaveLength(30)
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    }
    expect(histogram.current[0]).toBe(0)
    expect(histogram.reference[29]).toBe(0)
  })

  it('puts outliers into the outer bins instead of flattening the rest', () => {
    const x = numbers('x', [...spread(999), 1e9])
    const histogram = column(decide(table(x), table(x)), 'x').histogram
    if (histogram?.kind !== 'numeric') throw new Error('expected a numeric histogram')
    expect(histogram.edges.at(-1)).toBeLessThan(1.1)
  })

  it('gives each bin of whole numbers the same count of them', () => {
    const x = numbers(
      'x',
      Array.from({ length: 4000 }, (_, i) => i % 40),
      'integer',
    )
    const histogram = column(decide(table(x), table(x)), 'x').histogram
    if (histogram?.kind !== 'numeric') throw new Error('expected a numeric histogram')
    expect(histogram.edges[0]).toBe(-0.5)
    expect(histogram.edges[1]).toBe(1.5)
    for (const share of histogram.reference) expect(share).toBeCloseTo(0.05, 12)
  })

  it('lists the largest categories and sums the rest', () => {
    const many = text('c', Array.from({ length: 30 }, (_, i) => repeat(31 - i, `k${i}`)).flat())
    const histogram = column(decide(table(many), table(many)), 'c').histogram
    if (histogram?.kind !== 'categorical') throw new Error('expected categories')
    expect(histogram.categories).toHaveLength(20)
    expect(histogram.categories[0]).toBe('k0')
    expect(histogram.otherCount).toBe(10)
    const listed = histogram.reference.reduce((a, b) => a + b, 0)
    expect(listed + histogram.others.reference).toBeCloseTo(1, 12)
  })
})
