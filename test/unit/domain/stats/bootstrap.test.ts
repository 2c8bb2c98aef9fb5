import { describe, expect, it } from '@jest/globals'
import { jackknifeAcceleration } from '../../../../src/domain/stats/acceleration.js'
import { bcaInterval } from '../../../../src/domain/stats/bootstrap.js'
import { readReference } from './close.js'

const { bca } = readReference<{
  bca: {
    name: string
    level: number
    estimate: number
    replicates: number[]
    jackknife: number[][]
    low: number
    high: number
  }[]
}>('gate')

/** 1, 2, …, n with a given estimate and no acceleration. */
const evenly = (n: number, estimate: number, acceleration?: number | undefined) =>
  bcaInterval({
    estimate,
    replicates: Float64Array.from({ length: n }, (_, i) => i + 1),
    jackknife: undefined,
    acceleration,
    level: 0.9,
  })

describe('bcaInterval', () => {
  it.each(bca)('agrees with scipy for the same resamples: $name', (row) => {
    const groups = row.jackknife.map((values) => ({ values: Float64Array.from(values) }))
    const interval = bcaInterval({
      estimate: row.estimate,
      replicates: Float64Array.from(row.replicates),
      jackknife: undefined,
      acceleration: jackknifeAcceleration(groups),
      level: row.level,
    })
    expect(interval.low).toBeCloseTo(row.low, 10)
    expect(interval.high).toBeCloseTo(row.high, 10)
    expect(interval).toMatchObject({ method: 'bca', degenerate: false })
  })

  it('takes the acceleration from a plain jackknife', () => {
    const [row] = bca
    const interval = bcaInterval({
      estimate: row!.estimate,
      replicates: Float64Array.from(row!.replicates),
      jackknife: Float64Array.from(row!.jackknife[0]!),
      level: row!.level,
    })
    expect(interval.high).toBeCloseTo(row!.high, 10)
  })

  it('is the percentile interval without acceleration, or where no leave-one-out value differs', () => {
    expect(evenly(101, 51)).toMatchObject({
      low: expect.closeTo(6, 12),
      high: expect.closeTo(96, 12),
      method: 'percentile',
    })
    const flat = bcaInterval({
      estimate: 51,
      replicates: Float64Array.from({ length: 101 }, (_, i) => i + 1),
      jackknife: new Float64Array(10).fill(3),
      level: 0.9,
    })
    expect(flat.method).toBe('percentile')
  })

  it('moves up when the estimate lies above most resamples', () => {
    const corrected = evenly(1001, 700, 0)
    expect(corrected.method).toBe('bca')
    expect(corrected.low).toBeGreaterThan(evenly(1001, 700).low)
    expect(corrected.high).toBeGreaterThan(evenly(1001, 700).high)
  })

  it('falls back to percentiles where the correction does not exist, and still holds the estimate', () => {
    const outside = evenly(100, -5, 0.1)
    expect(outside).toMatchObject({ low: -5, method: 'percentile', degenerate: false })
    expect(evenly(1000, 990, 2)).toMatchObject({ method: 'percentile' })
  })

  it('is the point, and says that it is degenerate, when all resamples are equal', () => {
    const interval = bcaInterval({
      estimate: 1,
      replicates: new Float64Array(50).fill(1),
      jackknife: new Float64Array(10).fill(1),
      level: 0.95,
    })
    expect(interval).toEqual({
      low: 1,
      high: 1,
      level: 0.95,
      method: 'percentile',
      degenerate: true,
    })
  })

  it('counts resamples that differ from the estimate by rounding as ties, and are no variation', () => {
    const noisy = Float64Array.from({ length: 400 }, (_, i) => 0.3 + (i % 2) * 5.6e-17)
    const input = { estimate: 0.3, jackknife: undefined, acceleration: 0, level: 0.9 }
    expect(bcaInterval({ ...input, replicates: noisy }).degenerate).toBe(true)
    const ties = noisy.map((x, i) => (i < 40 ? 0.2 : i >= 360 ? 0.4 : x + 5.6e-17))
    const symmetric = bcaInterval({ ...input, replicates: ties, level: 0.95 })
    expect(symmetric).toMatchObject({ low: 0.2, high: 0.4, method: 'bca' })
  })

  it('leaves out resamples without a value, and is degenerate when they are the most', () => {
    const replicates = Float64Array.from({ length: 100 }, (_, i) => i)
    const few = replicates.map((x) => (x < 30 ? Number.NaN : x))
    const most = replicates.map((x) => (x < 70 ? Number.NaN : x))
    const input = { estimate: 60, jackknife: undefined, level: 0.9 }
    expect(bcaInterval({ ...input, replicates: few })).toMatchObject({ degenerate: false })
    expect(bcaInterval({ ...input, replicates: few }).low).toBeGreaterThan(30)
    expect(bcaInterval({ ...input, replicates: most })).toMatchObject({
      low: 60,
      high: 60,
      degenerate: true,
    })
    expect(bcaInterval({ ...input, replicates: new Float64Array() })).toMatchObject({
      degenerate: true,
    })
  })
})

describe('jackknifeAcceleration', () => {
  it('counts a weighted value as often as its weight says', () => {
    const repeated = jackknifeAcceleration([{ values: Float64Array.of(1, 1, 1, 5, 2, 2) }])
    const weighted = jackknifeAcceleration([
      { values: Float64Array.of(1, 5, 2, 99), weights: Float64Array.of(3, 1, 2, 0) },
    ])
    expect(weighted).toBeCloseTo(repeated!, 14)
  })

  it('is undefined where a leave-one-out value does not exist', () => {
    expect(jackknifeAcceleration([{ values: Float64Array.of(1, Number.NaN, 2) }])).toBeUndefined()
    expect(jackknifeAcceleration([])).toBeUndefined()
  })
})
