import { describe, expect, it } from '@jest/globals'
import { searchSlices } from '../../../../../src/domain/gate/slice-search/search.js'
import { createRandom, HARM, type Kind, randomColumns, randomScore } from './fixtures.js'

const KINDS = Object.keys(HARM) as Kind[]

/** Three standard errors of a share of runs. */
function slack(share: number, runs: number): number {
  return 3 * Math.sqrt((share * (1 - share)) / runs)
}

describe('the search for slices, simulated', () => {
  it.each(KINDS)('finds anything in null data in no more than the rate of runs: %s', (kind) => {
    const random = createRandom(5)
    const runs = 100
    let alarms = 0
    for (let run = 0; run < runs; run++) {
      const columns = randomColumns(random, 500)
      const score = randomScore(kind, random, new Array<boolean>(500).fill(false))
      if (searchSlices({ score, columns }).found.length > 0) alarms++
    }
    expect(alarms / runs).toBeLessThanOrEqual(0.1 + slack(0.1, runs))
  })

  it('keeps the rate when rows of a cluster vary together, where ignoring the clusters would not', () => {
    const random = createRandom(6)
    const runs = 60
    const size = 20
    const n = 2000
    const clusters = Int32Array.from({ length: n }, (_, i) => Math.floor(i / size))
    const alarms = { clustered: 0, ignored: 0 }
    for (let run = 0; run < runs; run++) {
      const shared = Array.from({ length: n / size }, () => random.next() - 0.5)
      const kinds = Array.from({ length: n / size }, () => random.next())
      const column = {
        kind: 'numeric' as const,
        name: 'x',
        type: 'number' as const,
        values: Float64Array.from(clusters, (cluster) => kinds[cluster] ?? 0),
        missing: 0,
      }
      const score = {
        name: 'loss',
        direction: 'lower' as const,
        candidate: Float64Array.from(clusters, (c) => (shared[c] ?? 0) + 0.2 * random.next()),
        baseline: new Float64Array(n).fill(0.1),
      }
      const found = (more: object) =>
        searchSlices({ score: { ...score, ...more }, columns: [column] }).found.length > 0
      if (found({ clusters })) alarms.clustered++
      if (found({})) alarms.ignored++
    }
    expect(alarms.clustered / runs).toBeLessThanOrEqual(0.1 + slack(0.1, runs))
    expect(alarms.ignored / runs).toBeGreaterThan(0.5)
  })

  it.each(KINDS)(
    'finds a planted slice first, with an interval that holds its harm: %s',
    (kind) => {
      const random = createRandom(7)
      const runs = 24
      const n = 4000
      let first = 0
      let shown = 0
      let held = 0
      for (let run = 0; run < runs; run++) {
        const columns = randomColumns(random, n)
        const [, left, right] = columns
        if (left?.kind !== 'categorical' || right?.kind !== 'categorical')
          throw new Error('columns')
        const is = (column: typeof left, value: string, row: number) =>
          column.categories[column.codes[row] ?? -1] === value
        const bad = Array.from({ length: n }, (_, i) => is(left, 'v0', i) && is(right, 'v1', i))
        const score = randomScore(kind, random, bad)
        const { found } = searchSlices({ score, columns })
        const planted = [
          { column: 'c1', value: 'v0' },
          { column: 'c2', value: 'v1' },
        ]
        const place = found.findIndex(
          ({ conditions }) => JSON.stringify(conditions) === JSON.stringify(planted),
        )
        const slice = found[place]
        if (place === 0) first++
        if (slice === undefined) continue
        shown++
        const sign = score.direction === 'higher' ? -1 : 1
        const truth = sign * HARM[kind]
        if (slice.low <= truth && truth <= slice.high) held++
      }
      expect(first / runs).toBeGreaterThan(0.6)
      expect(held / shown).toBeGreaterThanOrEqual(0.9 - slack(0.1, shown))
    },
  )
})
