import { describe, expect, it } from '@jest/globals'
import { numbers, spread, table, text } from '../tables.js'
import { judge, NOW, named } from './requests.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const times = (...hoursAgo: (number | null)[]) =>
  table(
    numbers(
      'at',
      hoursAgo.map((hours) => (hours === null ? null : NOW - hours * HOUR)),
      'timestamp',
    ),
  )

describe('freshness', () => {
  const section = { freshness: { column: 'at', 'max-age': '26h', level: 'fail' } }

  it('holds while the newest row is young enough', () => {
    const result = judge(section, { current: times(50, 25.9, null) })
    expect(result.status).toBe('pass')
    expect(named(result, 'freshness.at')).toMatchObject({
      observed: '2026-03-08T10:06:00.000Z',
      expected: 'at most 26 h old',
      detail: 'the newest row is 25.9 h old',
    })
  })

  it('breaks when it is too old', () => {
    const result = judge(section, { current: times(100, 26.1) })
    expect(named(result, 'freshness.at').status).toBe('fail')
    expect(named(result, 'freshness.at.future').status).toBe('pass')
  })

  it('is not made by rows of the future, which are found and counted', () => {
    const result = judge(section, { current: times(100, -1, -48) })
    expect(named(result, 'freshness.at').status).toBe('fail')
    expect(named(result, 'freshness.at.future')).toMatchObject({
      status: 'fail',
      observed: 2,
      failedRows: 2,
      detail: '2 rows are dated after now, the furthest at 2026-03-11T12:00:00.000Z',
    })
  })

  it('lets clocks differ by five minutes', () => {
    const result = judge(section, { current: times(-4.9 / 60) })
    expect(result.status).toBe('pass')
    expect(named(result, 'freshness.at').detail).toBe('the newest row is 0 s old')
  })

  it.each([
    ['there is no row', table(numbers('at', [], 'timestamp'))],
    ['no row has a time', times(null, null)],
    ['the column is not in the current data', table(numbers('b', [1]))],
    ['the column does not hold times', table(text('at', ['soon']))],
  ])('breaks when %s', (_, current) => {
    expect(named(judge(section, { current }), 'freshness.at')).toMatchObject({
      status: 'fail',
      observed: 'no time',
    })
  })

  it('holds with a time that no calendar has', () => {
    const result = judge(section, { current: table(numbers('at', [9e15], 'timestamp')) })
    expect(named(result, 'freshness.at.future').detail).toContain('9000000000000000')
  })
})

describe('volume', () => {
  const rows = (count: number) => table(numbers('a', spread(count)))
  const history = (counts: readonly number[]) => ({
    start: NOW,
    earlier: counts.map((count, i) => ({ rows: count, start: NOW - (i + 1) * DAY })),
  })

  it('is held to its limits', () => {
    const section = { volume: { min: 10, max: 20, level: 'fail' } }
    const of = (count: number) =>
      judge(section, { current: rows(count) }).checks.map(({ id, status }) => `${id} ${status}`)
    expect(of(10)).toEqual(['volume.min pass', 'volume.max pass'])
    expect(of(9)).toEqual(['volume.min fail', 'volume.max pass'])
    expect(of(21)).toEqual(['volume.min pass', 'volume.max fail'])
    expect(of(0)).toEqual(['volume.min fail', 'volume.max pass'])
  })

  it('is compared with earlier windows', () => {
    const volume = history([100, 110, 95, 105, 98, 102, 99, 104])
    const usual = judge({ volume: {} }, { current: rows(103), volume })
    expect(named(usual, 'volume.history').status).toBe('pass')
    for (const count of [0, 500]) {
      const odd = judge({ volume: {} }, { current: rows(count), volume })
      expect(named(odd, 'volume.history')).toMatchObject({ status: 'warn', observed: count })
    }
  })

  it('is not judged by fewer than five windows', () => {
    const result = judge(
      { volume: {} },
      { current: rows(1), volume: history([100, 100, 100, 100]) },
    )
    expect(named(result, 'volume.history')).toMatchObject({
      status: 'inconclusive',
      detail: 'there are 4 earlier windows, and 5 say what is usual',
    })
    expect(result.status).toBe('pass')
  })

  it('is compared with the same weekday where that was seen often enough', () => {
    // Mondays have a tenth of the rows of other days, and this is one.
    const counts = Array.from({ length: 70 }, (_, i) => ((i + 1) % 7 === 0 ? 100 + i : 1000 + i))
    const monday = judge({ volume: {} }, { current: rows(130), volume: history(counts) })
    expect(named(monday, 'volume.history')).toMatchObject({ status: 'pass' })
    expect(named(monday, 'volume.history').detail).toContain(
      '10 earlier windows of the same weekday',
    )
    const full = judge({ volume: {} }, { current: rows(1030), volume: history(counts) })
    expect(named(full, 'volume.history').status).toBe('warn')
  })

  it('is compared with the latest windows when they have no times', () => {
    const volume = {
      start: null,
      earlier: [9, 10, 11, 10, 9].map((n) => ({ rows: n, start: null })),
    }
    const result = judge({ volume: {} }, { current: rows(10), volume })
    expect(named(result, 'volume.history')).toMatchObject({ status: 'pass' })
  })

  it('is compared with none when that is not wanted', () => {
    const volume = history([1, 1, 1, 1, 1, 1])
    expect(judge({ volume: { history: false } }, { current: rows(99), volume }).checks).toEqual([])
  })
})
