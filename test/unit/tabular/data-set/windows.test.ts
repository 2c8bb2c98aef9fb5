import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seasonOf, seasonsOf } from '../../../../src/tabular/data-set/seasons.js'
import {
  groupBySeason,
  groupByWindow,
  planWindows,
  type RowGroups,
} from '../../../../src/tabular/data-set/windows.js'

const DAY = 86_400_000
const at = (text: string) => Date.parse(text)
const shown = (windows: readonly { start: number }[]) =>
  windows.map(({ start }) => new Date(start).toISOString().slice(0, 16))

function groupsOf({ order, offsets }: RowGroups): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, group) =>
    Array.from(order.subarray(offsets[group], offsets[group + 1])),
  )
}

describe('windows', () => {
  it('of days start at midnight UTC, the oldest first', () => {
    const windows = planWindows({ length: DAY, count: 3, within: at('2024-03-02T09:00:00Z') })
    expect(shown(windows)).toEqual(['2024-02-29T00:00', '2024-03-01T00:00', '2024-03-02T00:00'])
    expect(windows[2]?.end).toBe(at('2024-03-03T00:00:00Z'))
  })

  it('of weeks start on Mondays', () => {
    const windows = planWindows({ length: 7 * DAY, count: 1, within: at('2024-02-29T12:00:00Z') })
    expect(shown(windows)).toEqual(['2024-02-26T00:00'])
  })

  it('hold the moment at which they start, and not the one at which they end', () => {
    const within = at('2024-02-29T00:00:00Z')
    expect(planWindows({ length: DAY, count: 1, within })[0]?.start).toBe(within)
    expect(planWindows({ length: DAY, count: 1, within: within - 1 })[0]?.end).toBe(within)
  })

  it('start at the point that is given', () => {
    const origin = at('2024-02-29T05:30:00Z')
    const windows = planWindows({ length: 6 * 3_600_000, count: 2, within: origin - 1, origin })
    expect(shown(windows)).toEqual(['2024-02-28T17:30', '2024-02-28T23:30'])
  })

  it('before the epoch start no later than what they hold', () => {
    expect(planWindows({ length: DAY, count: 1, within: -1 })[0]).toEqual({ start: -DAY, end: 0 })
  })

  it('have each row once, ascending, and those without a time in none', () => {
    const windows = planWindows({ length: 10, count: 3, within: 35 })
    const times = Float64Array.of(30, 9.9, Number.NaN, 10, 29, 40, 39.9, 19)
    const rows = groupByWindow(times, windows)
    expect(groupsOf(rows)).toEqual([[3, 7], [4], [0, 6]])
    expect({ untimed: rows.untimed, outside: rows.outside }).toEqual({ untimed: 1, outside: 2 })
  })

  it('divide any rows as asking each window for its rows would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 150 })),
        fc.integer({ min: 1, max: 30 }),
        (list, length) => {
          const windows = planWindows({ length, count: 4, within: 60 })
          const rows = groupByWindow(Float64Array.from(list), windows)
          const expected = windows.map(({ start, end }) =>
            [...list.keys()].filter(
              (row) => (list[row] as number) >= start && (list[row] as number) < end,
            ),
          )
          expect(groupsOf(rows)).toEqual(expected)
        },
      ),
    )
  })
})

describe('seasons', () => {
  it('are in UTC, hours from 0, weekdays from Monday and months from 1', () => {
    const time = at('2024-02-29T23:59:59.999Z')
    expect(seasonOf(time, 'hour')).toBe(23)
    expect(seasonOf(time, 'weekday')).toBe(4)
    expect(seasonOf(time, 'month')).toBe(2)
    expect(seasonOf(at('1969-12-28T00:00:00Z'), 'weekday')).toBe(7)
    expect(seasonOf(-1, 'hour')).toBe(23)
  })

  it('of a window are all that it touches', () => {
    const window = { start: at('2024-02-29T22:30:00Z'), end: at('2024-03-01T01:00:00Z') }
    expect(seasonsOf(window, 'hour')).toEqual([0, 22, 23])
    expect(seasonsOf(window, 'weekday')).toEqual([4, 5])
    expect(seasonsOf(window, 'month')).toEqual([2, 3])
    expect(seasonsOf({ start: 0, end: 7 * DAY }, 'weekday')).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(seasonsOf({ start: 0, end: DAY }, 'weekday')).toEqual([4])
    expect(seasonsOf({ start: 0, end: 0 }, 'weekday')).toEqual([])
  })

  it('of rows make a group each', () => {
    const times = Float64Array.of(
      at('2024-02-26T00:00:00Z'),
      at('2024-03-03T00:00:00Z'),
      Number.NaN,
    )
    const rows = groupsOf(groupBySeason(times, 'weekday'))
    expect(rows).toEqual([[0], [], [], [], [], [], [1]])
    expect(groupsOf(groupBySeason(times, 'hour'))[0]).toEqual([0, 1])
    expect(groupsOf(groupBySeason(times, 'month')).slice(1, 3)).toEqual([[0], [1]])
  })
})
