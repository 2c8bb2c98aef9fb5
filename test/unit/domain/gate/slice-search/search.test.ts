import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { searchSlices } from '../../../../../src/domain/gate/slice-search/search.js'
import type { Column } from '../../../../../src/domain/table/column.js'
import { createRandom, numbers, randomColumns, randomScore, texts } from './fixtures.js'

/** 0/1 answers of both models with `worse` of the rows where `isBad` lost. */
function lost(n: number, isBad: (row: number) => boolean, share = 0.5) {
  const baseline = new Float64Array(n).fill(1)
  const candidate = baseline.map((_, row) =>
    isBad(row) && (row * 7919) % 100 < 100 * share ? 0 : 1,
  )
  return { name: 'accuracy', direction: 'higher' as const, candidate, baseline }
}

const cycle = (n: number, values: readonly (string | null)[], run = 1) =>
  Array.from({ length: n }, (_, row) => values[Math.floor(row / run) % values.length] ?? null)

function shuffled(column: Column, order: Uint32Array): Column {
  if (column.kind === 'numeric') {
    return {
      ...column,
      values: Float64Array.from(order, (row) => column.values[row] ?? Number.NaN),
    }
  }
  return texts(
    column.name,
    Array.from(order, (row) => column.categories[column.codes[row] ?? -1] ?? null),
  )
}

describe('searchSlices', () => {
  it('reports a bad value of a column once, and none of its conjunctions', () => {
    const n = 2000
    const a = texts('a', cycle(n, ['x', 'y', 'z', 'w']))
    const b = texts('b', cycle(n, ['p', 'q'], 4))
    const c = texts('c', cycle(n, ['r', 's', 't'], 8))
    const bad = (row: number) => row % 4 === 1
    const { found, tested, against, columns } = searchSlices({
      score: lost(n, bad),
      columns: [a, b, c],
    })
    expect(found.map(({ conditions }) => conditions)).toEqual([[{ column: 'a', value: 'y' }]])
    expect(found[0]).toMatchObject({ n: 500, baseline: 1 })
    expect(found[0]?.difference).toBeCloseTo((found[0]?.candidate ?? 0) - 1, 12)
    expect(found[0]?.high).toBeLessThan(0)
    expect(found[0]?.adjustedPValue).toBeGreaterThanOrEqual(found[0]?.pValue ?? 1)
    expect(against).toBe('difference')
    expect(columns).toEqual(['a', 'b', 'c'])
    // Only y and what lies inside it has a discordant pair: 1 + 2 + 3 slices.
    expect(tested).toBeGreaterThanOrEqual(6)
  })

  it('reports the conjunction, and neither of its parents, when only the conjunction is bad', () => {
    const n = 4000
    const a = texts('a', cycle(n, ['x', 'y', 'z', 'w']))
    const b = texts('b', cycle(n, ['p', 'q'], 4))
    const bad = (row: number) => row % 4 === 1 && Math.floor(row / 4) % 2 === 0
    const { found } = searchSlices({ score: lost(n, bad, 0.4), columns: [a, b] })
    expect(found.map(({ conditions }) => conditions)).toEqual([
      [
        { column: 'a', value: 'y' },
        { column: 'b', value: 'p' },
      ],
    ])
  })

  it('keeps to the whole of a bad slice when a part of it is a little worse by chance', () => {
    const n = 2000
    const a = texts('a', cycle(n, ['x', 'y', 'z', 'w']))
    const b = texts('b', cycle(n, ['p', 'q'], 4))
    // Of the 250 rows of y and p 53% are lost, of the 250 of y and q 47%.
    const losses = new Float64Array(n).fill(1)
    const left = { p: 132, q: 118 }
    for (let row = 1; row < n; row += 4) {
      const part = Math.floor(row / 4) % 2 === 0 ? 'p' : 'q'
      if (left[part]-- > 0) losses[row] = 0
    }
    const score = { ...lost(n, () => false), candidate: losses }
    const { found } = searchSlices({ score, columns: [a, b] })
    expect(found.map(({ conditions }) => conditions)).toEqual([[{ column: 'a', value: 'y' }]])
    expect(found[0]?.difference).toBe(-0.5)
    expect(found[0]?.low).toBeLessThan(-0.5)
    expect(found[0]?.high).toBeGreaterThan(-0.5)
  })

  it('reports two columns that say the same once (giskard#1845)', () => {
    const n = 2000
    const columns = [texts('a', cycle(n, ['x', 'y'])), texts('b', cycle(n, ['1', '2']))]
    const { found, tested } = searchSlices({ score: lost(n, (row) => row % 2 === 1), columns })
    expect(found).toHaveLength(1)
    // The conjunctions are the very rows of their parents, and no tests.
    expect(tested).toBeLessThanOrEqual(4)
  })

  it('finds three conditions only at depth 3', () => {
    const n = 8000
    const columns = [1, 2, 4].map((run) => texts(`c${run}`, cycle(n, ['x', 'y'], run)))
    const score = lost(n, (row) => row % 8 === 7, 0.3)
    const deep = searchSlices({ score, columns, depth: 3 })
    expect(deep.found[0]?.conditions).toEqual(
      ['c1', 'c2', 'c4'].map((column) => ({ column, value: 'y' })),
    )
    expect(deep.found).toHaveLength(1)
    expect(deep.depth).toBe(3)
    expect(
      searchSlices({ score, columns }).found.every((slice) => slice.conditions.length < 3),
    ).toBe(true)
  })

  it('never reports where the candidate is better', () => {
    const n = 1000
    const { candidate, baseline, ...rest } = lost(n, (row) => row % 2 === 1)
    const score = { ...rest, candidate: baseline, baseline: candidate }
    expect(searchSlices({ score, columns: [texts('a', cycle(n, ['x', 'y']))] }).found).toEqual([])
  })

  it('compares with the other examples where there is no baseline', () => {
    const n = 1000
    const { candidate } = lost(n, (row) => row % 4 === 1)
    const score = { name: 'accuracy', direction: 'higher' as const, candidate }
    const { found, against } = searchSlices({
      score,
      columns: [texts('a', cycle(n, ['x', 'y', 'z', 'w']))],
    })
    expect(against).toBe('rest')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      conditions: [{ column: 'a', value: 'y' }],
      baseline: null,
      n: 250,
    })
    expect(found[0]?.difference).toBeCloseTo((found[0]?.candidate ?? 0) - 1, 12)
  })

  it('gives the harm of a loss the sign of the loss', () => {
    const n = 1000
    const random = createRandom(1)
    const baseline = Float64Array.from({ length: n }, () => random.next())
    const candidate = baseline.map(
      (loss, row) => loss + (row % 4 === 1 ? 1 : 0) + 0.1 * random.next(),
    )
    const shifted = candidate.map((loss) => loss - 0.05)
    const score = {
      name: 'squared-error',
      direction: 'lower' as const,
      candidate: shifted,
      baseline,
    }
    const { found } = searchSlices({ score, columns: [texts('a', cycle(n, ['x', 'y', 'z', 'w']))] })
    expect(found[0]?.difference).toBeCloseTo(1, 1)
    expect(found[0]?.low).toBeGreaterThan(0)
  })

  it('takes a missing value for a value, apart from the text null', () => {
    const n = 900
    const column = texts('a', cycle(n, [null, 'null', 'x']))
    const { found } = searchSlices({ score: lost(n, (row) => row % 3 === 0), columns: [column] })
    expect(found.map(({ conditions }) => conditions)).toEqual([[{ column: 'a', value: null }]])
    const numeric = numbers(
      'v',
      Array.from({ length: n }, (_, row) => (row % 3 === 0 ? Number.NaN : row)),
    )
    const again = searchSlices({ score: lost(n, (row) => row % 3 === 0), columns: [numeric] })
    expect(again.found.map(({ conditions }) => conditions)).toEqual([
      [{ column: 'v', value: null }],
    ])
  })

  it('looks at no slice below the least size', () => {
    const n = 1000
    const column = texts(
      'a',
      Array.from({ length: n }, (_, row) => (row < 49 ? 'few' : 'many')),
    )
    const score = lost(n, (row) => row < 49, 1)
    expect(searchSlices({ score, columns: [column] }).found).toEqual([])
    expect(searchSlices({ score, columns: [column], minSize: 49 }).found).toHaveLength(1)
  })

  it('skips columns of too many texts and names them', () => {
    const n = 1000
    const ids = texts(
      'id',
      Array.from({ length: n }, (_, row) => `id-${row}`),
    )
    const result = searchSlices({ score: lost(n, () => true), columns: [ids] })
    expect(result).toMatchObject({ columns: [], tested: 0, found: [] })
    expect(result.skipped).toEqual([{ column: 'id', reason: 'too-many-values' }])
  })

  it('searches 50 columns at most and names the others', () => {
    const n = 200
    const columns = Array.from({ length: 53 }, (_, i) =>
      texts(`c${i}`, cycle(n, ['x', 'y'], i + 1)),
    )
    const result = searchSlices({ score: lost(n, () => false), columns })
    expect(result.columns).toHaveLength(50)
    expect(result.skipped?.map(({ column }) => column)).toEqual(['c50', 'c51', 'c52'])
  })

  it('reports ten slices at most', () => {
    const n = 4000
    const column = texts(
      'a',
      cycle(
        n,
        Array.from({ length: 40 }, (_, i) => `v${i}`),
      ),
    )
    const { found } = searchSlices({ score: lost(n, (row) => row % 40 < 20, 1), columns: [column] })
    expect(found).toHaveLength(10)
  })

  it('says the same of the same rows in another order, to the last bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (seed, paired) => {
        const random = createRandom(seed)
        const n = 1500
        const columns = randomColumns(random, n)
        const bad = Array.from({ length: n }, (_, row) => row % 3 === 0)
        const kind = paired ? ('paired losses' as const) : ('losses against the rest' as const)
        const score = randomScore(kind, random, bad)
        const marked = [...columns, texts('bad', bad.map(String))]
        const order = Uint32Array.from({ length: n }, (_, i) => (i * 431 + 17) % n)
        const pick = (values: Float64Array) => Float64Array.from(order, (row) => values[row] ?? 0)
        const moved = {
          ...score,
          candidate: pick(score.candidate),
          baseline: score.baseline && pick(score.baseline),
        }
        const here = searchSlices({ score, columns: marked })
        expect(here.found.length).toBeGreaterThan(0)
        const there = searchSlices({ score: moved, columns: marked.map((c) => shuffled(c, order)) })
        expect(there).toEqual(here)
      }),
      { numRuns: 12 },
    )
  })

  it('copes with nothing: no rows, no columns, one row, a constant column', () => {
    const none = { name: 'accuracy', direction: 'higher' as const, candidate: new Float64Array() }
    expect(searchSlices({ score: none, columns: [texts('a', [])] })).toMatchObject({
      tested: 0,
      found: [],
    })
    expect(searchSlices({ score: lost(500, () => true), columns: [] })).toMatchObject({
      tested: 0,
      found: [],
    })
    expect(
      searchSlices({ score: lost(1, () => true), columns: [texts('a', ['x'])], minSize: 1 }),
    ).toMatchObject({
      tested: 0,
      minSize: 2,
    })
    const constant = texts('a', cycle(500, ['x']))
    expect(searchSlices({ score: lost(500, () => true), columns: [constant] })).toMatchObject({
      tested: 0,
    })
    const missing = texts('a', cycle(500, [null]))
    expect(searchSlices({ score: lost(500, () => true), columns: [missing] })).toMatchObject({
      tested: 0,
    })
  })

  it('leaves out rows whose score is no number', () => {
    const n = 400
    const candidate = Float64Array.from({ length: n }, (_, row) => (row % 2 ? Number.NaN : row))
    const infinite = candidate.map((value, row) => (row === 0 ? Number.POSITIVE_INFINITY : value))
    const column = texts('a', cycle(n, ['x', 'y'], 200))
    const score = { name: 'loss', direction: 'lower' as const, candidate: infinite }
    const { found } = searchSlices({ score, columns: [column] })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ n: 100, conditions: [{ column: 'a', value: 'y' }] })
  })

  it('passes hostile names and values through unharmed', () => {
    const n = 400
    const name = '__proto__|<b>\n::set-output'
    const column = texts(name, cycle(n, ['@everyone `x`', 'constructor']))
    const { found } = searchSlices({ score: lost(n, (row) => row % 2 === 0), columns: [column] })
    expect(found[0]?.conditions).toEqual([{ column: name, value: '@everyone `x`' }])
  })

  it('weights the means that it reports', () => {
    const n = 400
    const score = lost(n, (row) => row % 2 === 0)
    const weights = Float64Array.from({ length: n }, (_, row) =>
      score.candidate[row] === 0 ? 3 : 1,
    )
    const column = texts('a', cycle(n, ['x', 'y']))
    const { found } = searchSlices({ score: { ...score, weights }, columns: [column] })
    const wrong = score.candidate.filter((right) => right === 0).length
    expect(found[0]?.candidate).toBeCloseTo((200 - wrong) / (200 + 2 * wrong), 12)
    expect(found[0]?.difference).toBeCloseTo((found[0]?.candidate ?? 0) - 1, 9)
  })
})

describe('searchSlices, whatever the data', () => {
  const score = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 1 }).map(Number) },
    fc.double(),
    fc.integer({ min: -9, max: 9 }).map(Number),
  )
  const cell = fc.constantFrom('a', 'b', '', 'null', '__proto__', null)
  const row = fc.record({ candidate: score, baseline: score, text: cell, number: fc.double() })

  it('reports at most ten slices that are worse, each inside its interval and within the rate', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 80 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        (rows, paired, depth) => {
          const candidate = Float64Array.from(rows, (each) => each.candidate)
          const baseline = Float64Array.from(rows, (each) => each.baseline)
          const result = searchSlices({
            score: {
              name: 'loss',
              direction: 'lower',
              candidate,
              baseline: paired ? baseline : undefined,
            },
            columns: [
              texts(
                'text',
                rows.map(({ text }) => text),
              ),
              numbers(
                'number',
                rows.map(({ number }) => number),
              ),
              texts(
                'odd',
                rows.map((_, i) => String(i % 2)),
              ),
            ],
            minSize: 4,
            depth,
            rate: 0.4,
          })
          expect(result.found.length).toBeLessThanOrEqual(10)
          for (const slice of result.found) {
            expect(slice.difference).toBeGreaterThan(0)
            expect(slice.low).toBeLessThanOrEqual(slice.difference)
            expect(slice.high).toBeGreaterThanOrEqual(slice.difference)
            expect(slice.pValue).toBeLessThanOrEqual(slice.adjustedPValue)
            expect(slice.adjustedPValue).toBeLessThanOrEqual(0.4)
            expect(slice.n).toBeGreaterThanOrEqual(4)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
