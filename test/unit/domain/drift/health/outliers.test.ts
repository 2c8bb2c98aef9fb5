import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import { numbers, repeat, spread, table, text } from '../tables.js'
import { judge, named } from './requests.js'

const ROBUST = { outliers: { level: 'fail' } }
const FOREST = { outliers: { method: 'isolation-forest', level: 'fail' } }

function normals(count: number, seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => normalQuantile(random.next() || 0.5))
}

describe('outliers by robust z-score', () => {
  it('break where their share is over that of the reference', () => {
    const reference = table(numbers('a', [...normals(990, 1), ...repeat(10, 20)]))
    const same = judge(ROBUST, {
      reference,
      current: table(numbers('a', [...normals(990, 2), ...repeat(10, -20)])),
    })
    expect(named(same, 'outliers.a')).toMatchObject({ status: 'pass', failedRows: 10 })
    const more = judge(ROBUST, {
      reference,
      current: table(numbers('a', [...normals(920, 2), ...repeat(40, 20, 35)])),
    })
    expect(named(more, 'outliers.a')).toMatchObject({
      status: 'fail',
      observed: 0.08,
      expected: 'at most 1% + 1%',
      failedRows: 80,
    })
    expect(named(more, 'outliers.a').detail).toContain('the furthest at 35')
  })

  it('in a few values are inconclusive, never a pass', () => {
    const reference = table(numbers('a', normals(1000, 1)))
    const few = judge(ROBUST, { reference, current: table(numbers('a', [...repeat(20, 0), 99])) })
    expect(named(few, 'outliers.a')).toMatchObject({ status: 'inconclusive', failedRows: 1 })
    expect(named(few, 'outliers.a').detail).toContain('under 30 values say nothing')
    const some = judge(ROBUST, { reference, current: table(numbers('a', [...normals(48, 2), 99])) })
    expect(named(some, 'outliers.a')).toMatchObject({ status: 'inconclusive', failedRows: 1 })
    expect(named(some, 'outliers.a').detail).toContain('too few values to tell this from chance')
  })

  it('of a constant are all other values, and infinities always are', () => {
    const result = judge(ROBUST, {
      reference: table(numbers('a', repeat(100, 3)), numbers('b', spread(100))),
      current: table(
        numbers('a', repeat(50, 3, 4)),
        numbers('b', [...spread(80), ...repeat(20, Number.NEGATIVE_INFINITY)]),
      ),
    })
    expect(named(result, 'outliers.a')).toMatchObject({ status: 'fail', failedRows: 50 })
    expect(named(result, 'outliers.b')).toMatchObject({ status: 'fail', failedRows: 20 })
  })

  it('are not looked for where the reference has no number or the column is text now', () => {
    const result = judge(ROBUST, {
      reference: table(numbers('a', [null, null]), numbers('b', [1, 2])),
      current: table(numbers('a', [1, 2]), text('b', ['x', 'y'])),
    })
    expect(result.checks).toEqual([])
  })

  it('raise no alarm over many columns of heavy tails that did not change', () => {
    const random = createRandom(4)
    const draw = () =>
      table(
        ...Array.from({ length: 20 }, (_, column) =>
          numbers(
            `c${column}`,
            Array.from({ length: 300 }, () => 1 / (random.next() || 1)),
          ),
        ),
      )
    const statuses = Array.from(
      { length: 20 },
      () => judge(ROBUST, { reference: draw(), current: draw() }).status,
    )
    expect(statuses.filter((status) => status !== 'pass').length).toBeLessThanOrEqual(3)
  })
})

describe('outliers by isolation forest', () => {
  const rows = (count: number, seed: number, odd = 0) => {
    const x = normals(count, seed)
    const noise = normals(count, seed + 100)
    // An odd row has ordinary values that never come together.
    const y = x.map((value, i) => (i < odd ? -3 * Math.sign(value) : value) + 0.1 * (noise[i] ?? 0))
    const kind = x.map((_, i) => (i < odd ? 'new' : ['a', 'b'][i % 2]) ?? null)
    const wide = x.map((value, i) => (i < odd ? 4 * Math.sign(value) : value))
    return table(numbers('x', wide), numbers('y', y), text('kind', kind))
  }

  it('hold where rows are like those of the reference', () => {
    const result = judge(FOREST, { reference: rows(2000, 1), current: rows(2000, 2) })
    expect(named(result, 'outliers.rows')).toMatchObject({ status: 'pass', column: null })
    expect(named(result, 'outliers.rows').observed).toBeLessThan(0.02)
  })

  it('break where more rows than before are unlike the rest', () => {
    const result = judge(FOREST, { reference: rows(2000, 1), current: rows(1000, 2, 80) })
    expect(named(result, 'outliers.rows').status).toBe('fail')
    expect(named(result, 'outliers.rows').failedRows).toBeGreaterThan(60)
  })

  it('raise few alarms where nothing changed, even with no share to spare', () => {
    const section = { outliers: { ...FOREST.outliers, 'max-share': 0 } }
    const statuses = Array.from(
      { length: 30 },
      (_, run) =>
        judge(section, { reference: rows(100, 2 * run), current: rows(60, 2 * run + 1) }).status,
    )
    expect(statuses.filter((status) => status !== 'pass').length).toBeLessThanOrEqual(4)
  })

  it('are the same for the same seed', () => {
    const sides = { reference: rows(500, 1), current: rows(300, 2) }
    expect(judge(FOREST, sides)).toEqual(judge(FOREST, sides))
  })

  it('draw rows where there are many, and say so', () => {
    const many = {
      reference: table(numbers('x', spread(100))),
      current: table(numbers('x', spread(30_000))),
    }
    const check = named(judge(FOREST, many), 'outliers.rows')
    expect(check.detail).toContain('of 20000 rows that were drawn at random')
  })

  it('need rows and a column that both samples have', () => {
    const few = judge(FOREST, { reference: rows(59, 1), current: rows(100, 2) })
    expect(named(few, 'outliers.rows').status).toBe('inconclusive')
    const none = judge(FOREST, {
      reference: table(numbers('a', spread(100))),
      current: table(text('a', repeat(100, 'x'))),
    })
    expect(named(none, 'outliers.rows').status).toBe('inconclusive')
  })

  it('take missing cells, infinities and columns of all kinds', () => {
    const odd = table(
      numbers('x', [...spread(97), null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
      text('k', [...repeat(49, 'a', 'b'), null, 'c']),
      numbers('nothing', repeat(100, null)),
    )
    const check = named(judge(FOREST, { reference: odd, current: odd }), 'outliers.rows')
    expect(check.status).not.toBe('fail')
    expect(typeof check.observed).toBe('number')
  })
})
