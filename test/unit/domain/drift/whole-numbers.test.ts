import { describe, expect, it } from '@jest/globals'
import { compareColumn } from '../../../../src/domain/drift/decide.js'
import { expandSummary } from '../../../../src/domain/drift/profile/expand.js'
import { summaryOfNumbers } from '../../../../src/domain/drift/profile/summary.js'
import { type ColumnSample, sampleOf } from '../../../../src/domain/drift/samples.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { NumericSketch } from '../../../../src/domain/stats/sketch/numeric-sketch.js'
import { DEFAULT_DRIFT_POLICY, numbers } from './tables.js'

/** So many of the numbers from one up to another, each at most once. */
function drawn(count: number, from: number, to: number, seed = 1): number[] {
  const random = createRandom(seed)
  const found = new Set<number>()
  while (found.size < count) found.add(from + Math.floor(random.next() * (to - from)))
  return [...found]
}

const whole = (values: readonly number[]) => sampleOf(numbers('id', values, 'integer'))
const areIdentifiers = (reference: ColumnSample, current: ColumnSample) =>
  compareColumn(DEFAULT_DRIFT_POLICY, reference, current).measured?.looksLikeIdentifier

describe('running numbers', () => {
  it('of a sample are identifiers, though they do not count on', () => {
    const before = whole(drawn(5000, 0, 500_000))
    expect(areIdentifiers(before, whole(drawn(4000, 500_000, 900_000, 2)))).toBe(true)
  })

  it('are told from quantities of which one occurs twice', () => {
    const quantities = drawn(5000, 0, 500_000)
    quantities[7] = quantities[8] ?? 0
    expect(areIdentifiers(whole(quantities), whole(drawn(4000, 0, 500_000)))).toBe(false)
  })

  it('are told from draws of so wide a range that all differ by chance', () => {
    const before = whole(drawn(1000, 0, 1_000_000))
    expect(areIdentifiers(before, whole(drawn(1000, 0, 1_000_000, 2)))).toBe(false)
  })

  it('of a window of a few rows are what those of the reference are', () => {
    const before = whole(drawn(5000, 0, 500_000))
    expect(areIdentifiers(before, whole(drawn(200, 500_000, 900_000, 2)))).toBe(true)
    expect(areIdentifiers(before, whole(drawn(200, 0, 1e9, 2)))).toBe(false)
  })

  it('of a sketch are, and what only repeats far apart is not', () => {
    const sketched = (values: readonly number[]) => {
      const sketch = new NumericSketch({ k: 512, random: createRandom(1) })
      sketch.add(Float64Array.from(values))
      return expandSummary(summaryOfNumbers({ name: 'id', type: 'integer' }, sketch.finish()))
    }
    const now = whole(drawn(20_000, 2_000_000, 4_000_000))
    expect(areIdentifiers(sketched(drawn(200_000, 0, 2_000_000)), now)).toBe(true)
    // Of 200,000 values each is compared with 65,535 others: too few for this range.
    expect(areIdentifiers(sketched(drawn(200_000, 0, 1_200_000_000)), now)).toBe(false)
  })
})
