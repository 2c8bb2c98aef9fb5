import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { clearTotals, emptyTotals, totalsOf } from '../../../../src/domain/metrics/class-totals.js'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { addCells, cellPlaces } from '../../../../src/domain/metrics/totals-cells.js'

const CLASSES = ['a', 'b', 'c']
const labelSets = Array.from({ length: 8 }, (_, bits) =>
  Int32Array.from([0, 1, 2].filter((code) => ((bits >> code) & 1) === 1)),
)
const row = fc.record({
  label: fc.integer({ min: 0, max: 7 }),
  prediction: fc.integer({ min: 0, max: 7 }),
  group: fc.integer({ min: -1, max: 1 }),
  weight: fc.integer({ min: 0, max: 4 }),
})
const rows = fc.array(row, { maxLength: 40 })
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

function dataOf(list: readonly Row[], sets: boolean): MetricData {
  const codes = sets ? 8 : CLASSES.length
  return {
    n: list.length,
    labels: Float64Array.from(list, ({ label }) => label % codes),
    predictions: Float64Array.from(list, ({ prediction }) => prediction % codes),
    classes: CLASSES,
    positive: 1,
    groups: { codes: Int32Array.from(list, ({ group }) => group), names: ['x', 'y'] },
    weights: Float64Array.from(list, ({ weight }) => weight),
    labelSets: sets ? labelSets : undefined,
  }
}

describe.each([false, true])('cells of examples (sets of classes: %s)', (sets) => {
  it('add up to the totals of the rows, each row a cell', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const data = dataOf(list, sets)
        const kept = list.flatMap((one, i) => (one.group < 0 ? [] : [i]))
        const places = cellPlaces(
          {
            group: kept.map((i) => list[i]!.group),
            label: kept.map((i) => data.labels[i]!),
            prediction: kept.map((i) => data.predictions![i]!),
          },
          { classes: CLASSES.length, labelSets: data.labelSets },
        )
        const totals = emptyTotals({ classes: 3, positive: 1, groupNames: ['x', 'y'] })
        const counts = kept.map((i) => list[i]!.weight)
        addCells(totals, places, counts)
        clearTotals(totals)
        addCells(totals, places, counts)
        const expected = totalsOf(data, true)
        expect(totals).toEqual({ ...expected, samples: expect.anything() })
        totals.samples.forEach((sum, i) => {
          expect(sum).toBeCloseTo(expected.samples[i]!, 12)
        })
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('totals of sets', () => {
  it('count a class wherever it is in a set, and a hit where it is in both', () => {
    const data: MetricData = {
      n: 3,
      // {a, b} and {b, c}; nothing and {c}; nothing and nothing.
      labels: Float64Array.of(3, 0, 0),
      predictions: Float64Array.of(6, 4, 0),
      classes: CLASSES,
      labelSets,
    }
    const totals = totalsOf(data, false)
    expect([...totals.actual]).toEqual([1, 1, 0])
    expect([...totals.predicted]).toEqual([0, 1, 2])
    expect([...totals.hit]).toEqual([0, 1, 0])
    expect([...totals.size]).toEqual([3])
    expect([...totals.samples]).toEqual([0.5, 0.5, 0.5])
  })

  it('take a class that is named twice once', () => {
    const data: MetricData = {
      n: 1,
      labels: Float64Array.of(0),
      predictions: Float64Array.of(0),
      classes: CLASSES,
      labelSets: [Int32Array.of(1, 1, 2)],
    }
    expect([...totalsOf(data, false).hit]).toEqual([0, 1, 1])
    expect([...totalsOf(data, false).samples]).toEqual([1, 1, 1])
  })
})
