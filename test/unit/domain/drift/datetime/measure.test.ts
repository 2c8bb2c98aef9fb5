import { describe, expect, it } from '@jest/globals'
import { measureDatetime } from '../../../../../src/domain/drift/datetime/measure.js'
import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import { DatetimeEvidenceSchema } from '../../../../../src/statements/schemas/drift/datetime.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2024, 0, 3, 5)

interface Stretch {
  readonly count: number
  readonly from: number
  readonly days: number
  /** How likely a point is to be kept, 0 to 1. */
  readonly keep?: (time: Date) => number
}

function points({ count, from, days, keep = () => 1 }: Stretch, random: RandomSource) {
  const times: number[] = []
  while (times.length < count) {
    const time = from + Math.floor(random.next() * days * DAY)
    if (random.next() < keep(new Date(time))) times.push(time)
  }
  return Float64Array.from(times).sort()
}

const inOffice = (time: Date) => (time.getUTCHours() >= 8 && time.getUTCHours() < 18 ? 1 : 0.2)

describe('points in time', () => {
  it('do not drift because time moves on', () => {
    const random = createRandom(1)
    const before = points({ count: 3000, from: START, days: 60, keep: inOffice }, random)
    const now = points({ count: 3000, from: START + 200 * DAY, days: 45, keep: inOffice }, random)
    const found = measureDatetime(before, now)
    expect(found.cycles.map(({ cycle }) => cycle)).toEqual(['hour of day', 'day of week'])
    expect(found.pValue).toBeGreaterThan(0.01)
    expect(found.distance.value).toBeLessThan(0.1)
  })

  it('keep to their rate of false alarms, whatever part of a cycle is left over', () => {
    let alarms = 0
    for (let run = 0; run < 200; run++) {
      const random = createRandom(50 + run)
      const before = points({ count: 400, from: START, days: 15 + random.below(30) }, random)
      const now = points({ count: 300, from: START + 77 * HOUR, days: 15.4 }, random)
      if (measureDatetime(before, now).pValue! < 0.05) alarms++
    }
    // 5% of 200 and three standard errors: 19.2.
    expect(alarms).toBeLessThan(20)
  })

  it.each([
    [
      'hour of day',
      (time: Date) => (time.getUTCHours() < 6 ? 1 : 0.4),
      /^hour of day: .* most at 0[0-5] with/,
    ],
    [
      'day of week',
      (time: Date) => (time.getUTCDay() === 6 ? 1 : 0.3),
      /^day of week: .* most at Sat with/,
    ],
    [
      'month of year',
      (time: Date) => (time.getUTCMonth() === 11 ? 1 : 0.3),
      /^month of year: .* most at Dec with/,
    ],
  ] as const)('show a change of the %s, and no other', (cycle, keep, reason) => {
    const random = createRandom(3)
    const before = points({ count: 4000, from: START, days: 1000 }, random)
    const now = points({ count: 4000, from: START, days: 1000, keep }, random)
    const found = measureDatetime(before, now)
    expect(found.leading).toBe(cycle)
    expect(found.cycles).toHaveLength(3)
    expect(found.pValue).toBeLessThan(1e-6)
    expect(found.distance.value).toBeGreaterThan(0.05)
    expect(found.reasons[0]).toMatch(reason)
    for (const other of found.cycles) {
      if (other.cycle !== cycle) expect(other.adjustedPValue).toBeGreaterThan(0.001)
    }
  })

  it('count each hour of a sample with one point an hour as often', () => {
    const hours = Float64Array.from({ length: 24 * 14 }, (_, i) => START + i * HOUR)
    const found = measureDatetime(hours, hours)
    const [day, week] = found.cycles
    expect(day?.cycles).toEqual({ reference: 14, current: 14 })
    expect(day?.current).toEqual(new Array(24).fill(1 / 24))
    // Fourteen days less nothing: the last hour is one long.
    expect(week?.cycles).toEqual({ reference: 2, current: 2 })
    expect(week?.current).toEqual(new Array(7).fill(1 / 7))
    expect(found.distance.value).toBe(0)
    expect(found.pValue).toBe(1)
  })

  it('see two weeks in fourteen dates', () => {
    const dates = Float64Array.from({ length: 140 }, (_, i) =>
      Date.UTC(2024, 5, 1 + Math.floor(i / 10)),
    )
    const week = measureDatetime(dates, dates).cycles.find(({ cycle }) => cycle === 'day of week')
    expect(week?.cycles.current).toBe(2)
    expect(week?.current).toEqual(new Array(7).fill(1 / 7))
  })

  it('go back whole years from a leap day', () => {
    const days = Math.round((Date.UTC(2024, 1, 29) - Date.UTC(2022, 0, 1)) / DAY) + 1
    const daily = Float64Array.from({ length: days }, (_, i) => Date.UTC(2022, 0, 1 + i))
    const year = measureDatetime(daily, daily).cycles.find(({ cycle }) => cycle === 'month of year')
    expect(year?.cycles).toEqual({ reference: 2, current: 2 })
    expect(year?.current[0]).toBeCloseTo(62 / 731, 2)
  })

  it('hold before 1970', () => {
    const before = Float64Array.from({ length: 400 }, (_, i) => Date.UTC(1969, 0, 1) + i * HOUR)
    const [day] = measureDatetime(before, before).cycles
    expect(day?.current.every((share) => Math.abs(share - 1 / 24) < 1e-12)).toBe(true)
  })

  it('say nothing of cycles that are not spanned twice, which is not that there is no drift', () => {
    const random = createRandom(4)
    const before = points({ count: 500, from: START, days: 1.5 }, random)
    const found = measureDatetime(before, points({ count: 500, from: START, days: 90 }, random))
    expect(found.cycles).toEqual([])
    expect(found.leading).toBeNull()
    expect(found.distance.value).toBeNull()
    expect(found.pValue).toBeNull()
    expect(found.reasons).toEqual([
      'neither two whole days, weeks nor years are spanned by both samples',
    ])
  })

  it('say nothing when they are few', () => {
    const random = createRandom(5)
    const few = points({ count: 29, from: START, days: 90 }, random)
    const found = measureDatetime(few, points({ count: 500, from: START, days: 90 }, random))
    expect(found.pValue).toBeNull()
    expect(found.reasons).toEqual(['too few values to say (29 and 500, 30 are needed)'])
  })

  it('tell the longest gap', () => {
    const hours = Array.from({ length: 100 }, (_, i) => START + (i + (i >= 40 ? 50 : 0)) * HOUR)
    const { gaps } = measureDatetime(Float64Array.from(hours), Float64Array.of(START))
    expect(gaps.reference).toEqual({
      longest: 51 * HOUR,
      from: new Date(START + 39 * HOUR).toISOString(),
      timesMean: expect.closeTo(51 / (149 / 99), 9),
    })
    expect(gaps.current).toBeNull()
  })

  it.each([
    ['nothing', new Float64Array(0)],
    ['one point many times', new Float64Array(50).fill(START)],
    ['points beyond all dates', Float64Array.from({ length: 50 }, (_, i) => 1e20 * (i + 1))],
    [
      'the largest doubles',
      Float64Array.from({ length: 50 }, (_, i) => (i < 25 ? -1.7e308 : 1.7e308)),
    ],
    ['years far apart', Float64Array.from({ length: 50 }, (_, i) => -8.6e15 + 1 + i * 3.5e14)],
  ])('have an answer in plain JSON for %s', (_, times) => {
    const found = measureDatetime(times, times)
    expect(found.pValue ?? 1).toBe(1)
    expect(DatetimeEvidenceSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found)
  })
})
