import { describe, expect, it } from '@jest/globals'
import {
  type ColumnComparison,
  compareColumn,
  decideColumns,
} from '../../../../src/domain/drift/decide.js'
import { columnHistory } from '../../../../src/domain/drift/learning/column-history.js'
import { learnThresholds } from '../../../../src/domain/drift/learning/learn.js'
import { cutWindows } from '../../../../src/domain/drift/learning/windows.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import { sampleOf } from '../../../../src/domain/drift/samples.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import type { Column } from '../../../../src/domain/table/column.js'
import { takeCells } from '../../../../src/tabular/data-set/take-rows.js'
import { DEFAULT_DRIFT_POLICY, numbers, text } from './tables.js'

/** bench/operating/drift.ts in small: the rates of docs/drift-calibration.md, coarse enough for seconds. */

function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

type Law = (rows: number, random: RandomSource, shift?: number) => Column

const rows = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one)

const LAWS: readonly Law[] = [
  (count, random, shift = 0) =>
    numbers(
      'n',
      rows(count, () => normal(random) + shift),
    ),
  (count, random) =>
    numbers(
      'heavy',
      rows(count, () => normal(random) / Math.sqrt(random.next())),
    ),
  (count, random) =>
    numbers(
      'rounded',
      rows(count, () => (random.next() < 0.1 ? null : Math.round(3 * normal(random)))),
    ),
  (count, random) =>
    text(
      'few',
      rows(count, () => `v${Math.floor(5 * random.next() ** 2)}`),
    ),
  (count, random) =>
    text(
      'many',
      rows(count, () => `v${Math.floor(400 * random.next() ** 3)}`),
    ),
]

const named = (column: Column, i: number): Column => ({ ...column, name: `c${i}` })

function decide(policy: DriftPolicy, pairs: readonly (readonly [Column, Column])[]) {
  const comparisons: ColumnComparison[] = pairs.map(([before, now], i) =>
    compareColumn(policy, sampleOf(named(before, i)), sampleOf(named(now, i))),
  )
  return decideColumns(policy, comparisons, { rows: { reference: 1, current: 1 }, findings: [] })
}

const upTo = (rate: number, runs: number) => rate + 3 * Math.sqrt((rate * (1 - rate)) / runs)

describe('false alarms in a run without drift', () => {
  it.each([
    [50, 5, 40],
    [200, 20, 15],
    [1000, 5, 30],
  ])('%i rows, %i columns: no more than alpha of the runs name a column', (size, columns, runs) => {
    const random = createRandom(size + columns)
    let alarms = 0
    for (let run = 0; run < runs; run++) {
      const pairs = rows(columns, () => 0).map((_, i) => {
        const law = LAWS[i % LAWS.length] as Law
        return [law(size, random), law(size, random)] as const
      })
      const body = decide(DEFAULT_DRIFT_POLICY, pairs)
      if (body.columns.some(({ drifted }) => drifted)) alarms++
      expect(body.decision).not.toBe('fail')
    }
    expect(alarms / runs).toBeLessThan(upTo(0.05, runs))
  })

  it('fifty rows are inconclusive and not called stable', () => {
    const random = createRandom(3)
    const law = LAWS[0] as Law
    const body = decide(DEFAULT_DRIFT_POLICY, [[law(50, random), law(50, random)]])
    expect(body.columns[0]?.status).toBe('inconclusive')
  })
})

describe('thresholds learned from windows whose shares wander', () => {
  const WINDOWS = 20
  const SIZE = 200
  const draw = (random: RandomSource, share: number, count = SIZE) =>
    rows(count, () => (random.next() < share ? 'a' : 'b'))
  const wander = (random: RandomSource) => 0.5 + normal(random) / 8
  const cuts = cutWindows({ rows: WINDOWS * SIZE }, WINDOWS)

  const once = (random: RandomSource, share: () => number) => {
    const pairs = rows(3, () => {
      const usual = rows(WINDOWS, () => draw(random, wander(random))).flat()
      return [text('x', usual), text('x', draw(random, share()))] as const
    })
    const histories = pairs.flatMap(([before], i) => {
      const samples = cuts.map((cut) => sampleOf(takeCells(named(before, i), cut)))
      return columnHistory(DEFAULT_DRIFT_POLICY, samples) ?? []
    })
    const learned = learnThresholds(histories, { windows: WINDOWS, 'false-alarms': 0.05 })
    const isAlarm = (policy: DriftPolicy) =>
      decide(policy, pairs).columns.some(({ drifted }) => drifted)
    return {
      learned: isAlarm({ ...DEFAULT_DRIFT_POLICY, learned }),
      usual: isAlarm(DEFAULT_DRIFT_POLICY),
    }
  }

  it('hold the stated rate where the usual thresholds raise an alarm in most runs', () => {
    const random = createRandom(11)
    const found = rows(80, () => once(random, () => wander(random)))
    expect(found.filter(({ learned }) => learned).length / 80).toBeLessThan(upTo(0.05, 80))
    expect(found.filter(({ usual }) => usual).length / 80).toBeGreaterThan(0.5)
  })

  it('and find what goes beyond what was usual', () => {
    const random = createRandom(12)
    const found = rows(20, () => once(random, () => 0.99))
    expect(found.filter(({ learned }) => learned).length / 20).toBeGreaterThan(0.8)
  })
})
