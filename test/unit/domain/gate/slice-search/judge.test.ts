import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { harmsOf } from '../../../../../src/domain/gate/slice-search/harms.js'
import { hypergeometricMidP } from '../../../../../src/domain/gate/slice-search/hypergeometric.js'
import { judgeOf } from '../../../../../src/domain/gate/slice-search/judge.js'
import { tallyOf } from '../../../../../src/domain/gate/slice-search/tally.js'
import { mcnemar } from '../../../../../src/domain/stats/mcnemar.js'

/** test/reference/gate/diagnostics.py: scipy 1.17.1. */
const reference = JSON.parse(
  readFileSync(new URL('../../../../reference/gate/diagnostics.json', import.meta.url), 'utf8'),
)

type Score = Parameters<typeof harmsOf>[0]

function judged(score: Score, isIn: (row: number) => boolean) {
  const harms = harmsOf(score)
  const places = Uint32Array.from(harms.rows.keys())
  const inside = places.filter((place) => isIn(harms.rows[place] ?? 0))
  return {
    judge: judgeOf(harms),
    slice: tallyOf(harms, inside),
    all: tallyOf(harms, places),
  }
}

describe('hypergeometricMidP', () => {
  it('equals scipy: the tail above plus half the point', () => {
    const { urns, midP } = reference.hypergeometric
    urns.forEach(([x, n, marked, total]: [number, number, number, number], i: number) => {
      const p = hypergeometricMidP(x, { n, marked, total })
      expect(Math.abs(p - midP[i])).toBeLessThan(1e-11 * midP[i] + 1e-16)
    })
  })
})

describe('the comparison in a slice', () => {
  const { slice: a, rest: b, welch, paired } = reference.means

  it("is Welch's t against the rest, as scipy", () => {
    const candidate = Float64Array.from([...b, ...a])
    const { judge, slice, all } = judged(
      { name: 'loss', direction: 'lower', candidate },
      (row) => row >= b.length,
    )
    expect(judge.pValue(slice, all)).toBeCloseTo(welch.pValue, 12)
    const effect = judge.effect(slice, all, 0.9)
    expect(effect.low).toBeCloseTo(welch.low, 11)
    expect(effect.high).toBeCloseTo(welch.high, 11)
  })

  it("is Student's paired t against a baseline, as scipy", () => {
    const candidate = Float64Array.from([...a, 1, 2, 3])
    const baseline = Float64Array.from([...b.slice(0, a.length), 4, 5, 6])
    const score = { name: 'loss', direction: 'lower' as const, candidate, baseline }
    const { judge, slice, all } = judged(score, (row) => row < a.length)
    expect(judge.pValue(slice, all)).toBeCloseTo(paired.pValue, 12)
    const effect = judge.effect(slice, all, 0.9)
    expect(effect.low).toBeCloseTo(paired.low, 11)
    expect(effect.high).toBeCloseTo(paired.high, 11)
  })

  it('gives rows with clusters of one the paired t', () => {
    const candidate = Float64Array.from([...a, 1, 2, 3])
    const baseline = Float64Array.from([...b.slice(0, a.length), 4, 5, 6])
    const clusters = Int32Array.from(candidate.keys())
    const score = { name: 'loss', direction: 'lower' as const, candidate, baseline, clusters }
    const { judge, slice, all } = judged(score, (row) => row < a.length)
    expect(judge.pValue(slice, all)).toBeCloseTo(paired.pValue, 12)
    expect(judge.effect(slice, all, 0.9).low).toBeCloseTo(paired.low, 11)
  })

  it('gives rows written twice as one cluster the interval of rows written once', () => {
    const twice = (values: number[]) => Float64Array.from([...values, ...values])
    const baseline = twice(b.slice(0, a.length))
    const clusters = Int32Array.from(baseline.keys(), (i) => i % a.length)
    const score = {
      name: 'loss',
      direction: 'lower' as const,
      candidate: twice(a),
      baseline,
      clusters,
    }
    const { judge, slice, all } = judged(score, () => true)
    expect(slice.n).toBe(2 * a.length)
    expect(judge.pValue(slice, all)).toBeCloseTo(paired.pValue, 12)
    expect(judge.effect(slice, all, 0.9).high).toBeCloseTo(paired.high, 11)
  })

  it('weighs rows: a weight of two is a row written twice in its own cluster', () => {
    const weights = Float64Array.from(a, (_: number, i: number) => 1 + (i % 2))
    const base = b.slice(0, a.length)
    const rows = [...a.keys()].flatMap((i: number) => (i % 2 === 0 ? [i] : [i, i]))
    const short = judged(
      {
        name: 'l',
        direction: 'lower',
        candidate: Float64Array.from(a),
        baseline: Float64Array.from(base),
        weights,
      },
      () => true,
    )
    const long = judged(
      {
        name: 'l',
        direction: 'lower',
        candidate: Float64Array.from(rows, (i) => a[i]),
        baseline: Float64Array.from(rows, (i) => base[i]),
        clusters: Int32Array.from(rows),
      },
      () => true,
    )
    expect(short.judge.pValue(short.slice, short.all)).toBeCloseTo(
      long.judge.pValue(long.slice, long.all),
      12,
    )
  })

  it("is McNemar's one-sided mid-p for 0/1 scores: half the two-sided one on the worse side", () => {
    const candidate = Float64Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 0])
    const baseline = Float64Array.from([1, 1, 1, 1, 1, 1, 0, 1, 1, 0])
    const { judge, slice, all } = judged(
      { name: 'accuracy', direction: 'higher', candidate, baseline },
      () => true,
    )
    expect(judge.pValue(slice, all)).toBeCloseTo(mcnemar(1, 6).midP / 2, 15)
    const better = judged(
      { name: 'accuracy', direction: 'higher', candidate: baseline, baseline: candidate },
      () => true,
    )
    expect(better.judge.pValue(better.slice, better.all)).toBeCloseTo(
      1 - mcnemar(1, 6).midP / 2,
      15,
    )
  })

  it('calls equal harms on every row sure only as far as their number goes', () => {
    const candidate = new Float64Array(5).fill(1.5)
    const baseline = new Float64Array(5).fill(1.25)
    const { judge, slice, all } = judged(
      { name: 'loss', direction: 'lower', candidate, baseline },
      () => true,
    )
    expect(judge.pValue(slice, all)).toBeCloseTo(2 ** -5, 12)
  })
})
