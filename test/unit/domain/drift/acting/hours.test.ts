import { describe, expect, it } from '@jest/globals'
import { durationInWords } from '../../../../../src/domain/drift/acting/duration.js'
import { hoursInWords, isWithin } from '../../../../../src/domain/drift/acting/hours.js'

function within(hours: Partial<Parameters<typeof isWithin>[0]>, time: string): boolean {
  return isWithin({ from: 9, to: 17, 'time-zone': 'UTC', ...hours }, new Date(time))
}

describe('hours', () => {
  it.each([
    ['08:59:59', false],
    ['09:00:00', true],
    ['16:59:59', true],
    ['17:00:00', false],
  ])('from 9 to 17 at %s: %s', (time, expected) => {
    expect(within({}, `2026-11-23T${time}Z`)).toBe(expected)
  })

  it('are those of the time zone, in summer and in winter', () => {
    const berlin = { 'time-zone': 'Europe/Berlin' }
    expect(within(berlin, '2026-11-23T08:00:00Z')).toBe(true)
    expect(within(berlin, '2026-11-23T07:30:00Z')).toBe(false)
    expect(within(berlin, '2026-07-23T07:30:00Z')).toBe(true)
  })

  it('have the day of the time zone, not of UTC', () => {
    const sunday = { from: 0, to: 24, days: ['sun'], 'time-zone': 'Pacific/Auckland' } as const
    // 2026-11-21 is a Saturday; in Auckland it is Sunday from 11:00 UTC on.
    expect(within(sunday, '2026-11-21T10:59:00Z')).toBe(false)
    expect(within(sunday, '2026-11-21T11:00:00Z')).toBe(true)
  })

  it('of a night reach into the next day, and belong to the day on which it begins', () => {
    const night = { from: 22, to: 6, days: ['fri'] } as const
    expect(within(night, '2026-11-20T21:59:00Z')).toBe(false)
    expect(within(night, '2026-11-20T22:00:00Z')).toBe(true)
    expect(within(night, '2026-11-21T05:59:00Z')).toBe(true)
    expect(within(night, '2026-11-21T06:00:00Z')).toBe(false)
    expect(within(night, '2026-11-21T23:00:00Z')).toBe(false)
    expect(within(night, '2026-11-20T03:00:00Z')).toBe(false)
  })

  it('of a Sunday night reach into Monday', () => {
    const night = { from: 22, to: 6, days: ['sun'] } as const
    expect(within(night, '2026-11-23T05:00:00Z')).toBe(true)
    expect(within({ ...night, days: ['mon'] }, '2026-11-23T05:00:00Z')).toBe(false)
  })

  it('are said in words', () => {
    const hours = { from: 9, to: 17, days: ['mon', 'tue'], 'time-zone': 'UTC' } as const
    expect(hoursInWords(hours)).toBe('9:00 to 17:00 on mon, tue (UTC)')
  })
})

describe('a duration in words', () => {
  it.each([
    [604_800_000, '7d'],
    [129_600_000, '36h'],
    [90_000, '90s'],
    [1500, '1500ms'],
    [0, '0ms'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(durationInWords(milliseconds)).toBe(text)
  })
})
