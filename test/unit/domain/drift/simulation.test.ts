import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../src/domain/drift/decide.js'
import { chiSquareTwoSample } from '../../../../src/domain/stats/chi-square.js'
import { ksTwoSample } from '../../../../src/domain/stats/ks.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import type { Column, Table } from '../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, table, text } from './tables.js'

const SHARES = [0.4, 0.3, 0.15, 0.1, 0.05]

function normals(random: RandomSource, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    return radius * Math.cos(2 * Math.PI * random.next())
  })
}

function category(random: RandomSource): number {
  let rest = random.next()
  for (const [i, share] of SHARES.entries()) {
    if (rest < share) return i
    rest -= share
  }
  return SHARES.length - 1
}

function counts(random: RandomSource, size: number): Float64Array {
  const cells = new Float64Array(SHARES.length)
  for (let i = 0; i < size; i++) cells[category(random)]! += 1
  return cells
}

const RUNS = 2000
const LEVELS = [0.05, 0.2, 0.5]

/** Shares of undrifted pairs whose p-value is below each level. */
function falseAlarms(pValue: () => number | undefined): number[] {
  const pValues = Array.from({ length: RUNS }, () => pValue() ?? Number.NaN)
  return LEVELS.map((level) => pValues.filter((p) => p < level).length / RUNS)
}

function expectUniform(rates: readonly number[]): void {
  for (const [i, level] of LEVELS.entries()) {
    const error = Math.sqrt((level * (1 - level)) / RUNS)
    expect(Math.abs((rates[i] ?? Number.NaN) - level)).toBeLessThan(3 * error)
  }
}

describe('false alarms without drift, 200 values against 300, are as frequent as the level says', () => {
  it('ks', () => {
    const random = createRandom(101)
    const sample = (size: number) => normals(random, size).sort()
    expectUniform(falseAlarms(() => ksTwoSample(sample(200), sample(300))?.pValue))
  })

  it('chi-square', () => {
    const random = createRandom(102)
    const pair = () => ({ reference: counts(random, 200), current: counts(random, 300) })
    expectUniform(falseAlarms(() => chiSquareTwoSample(pair())?.pValue))
  })
})

describe('the decision on a data set of ten columns, 1000 rows against 1200', () => {
  const dataSet = (random: RandomSource, rows: number, shift: number): Table => {
    const columns: Column[] = []
    for (let i = 0; i < 5; i++) {
      const values = normals(random, rows).map((value) => value + (i === 0 ? shift : 0))
      columns.push(numbers(`n${i}`, values))
      const cells = Array.from({ length: rows }, () =>
        random.next() < 0.03 ? null : `v${category(random)}`,
      )
      columns.push(text(`c${i}`, cells))
    }
    return table(...columns)
  }
  const decisions = (seed: number, shift: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 60 }, () =>
      decideDrift(DEFAULT_DRIFT_POLICY, dataSet(random, 1000, 0), dataSet(random, 1200, shift)),
    )
  }

  it('never fails without drift, and names any column at all in no more than alpha of the runs', () => {
    const found = decisions(103, 0)
    expect(found.filter((body) => body.decision === 'fail')).toHaveLength(0)
    expect(found.filter((body) => body.decision === 'inconclusive')).toHaveLength(0)
    const warned = found.filter((body) => body.decision === 'warn').length / found.length
    expect(warned).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / found.length))
  })

  it('finds a column that moved by a quarter of a deviation nine times in ten, and does not fail for one column in ten', () => {
    const found = decisions(104, 0.25)
    const named = found.filter((body) => body.columns[0]?.drifted)
    expect(named.length / found.length).toBeGreaterThan(0.9)
    expect(found.filter((body) => body.decision === 'fail')).toHaveLength(0)
  })
})
