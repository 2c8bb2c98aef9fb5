import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  performanceDrift,
  performanceProblems,
} from '../../../../../src/domain/drift/performance/index.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Table } from '../../../../../src/domain/table/column.js'
import { DriftPerformanceResult } from '../../../../../src/statements/schemas/drift/performance.js'
import { text } from '../tables.js'
import { columnOf, settings, tableOf } from './samples.js'

const cell = (...values: number[]) => fc.constantFrom(...values, Number.NaN)
const row = fc.record({
  score: cell(0, 0.2, 0.5, 0.500001, 1),
  second: cell(0, 0.3, 1),
  label: cell(0, 1),
  number: cell(0, 1e300, -1e300, 1e-300, 5, Number.POSITIVE_INFINITY),
  word: fc.constantFrom('a', 'b', 'c', null),
})
const table: fc.Arbitrary<Table> = fc.array(row, { maxLength: 60 }).map((rows) =>
  tableOf(
    columnOf(
      'score',
      rows.map(({ score }) => score),
    ),
    columnOf(
      'second',
      rows.map(({ second }) => second),
    ),
    columnOf(
      'label',
      rows.map(({ label }) => label),
    ),
    columnOf(
      'number',
      rows.map(({ number }) => number),
    ),
    text(
      'word',
      rows.map(({ word }) => word),
    ),
  ),
)

const change = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { metrics: ['accuracy', 'f1', 'brier', 'expected-calibration-error'] },
  { prediction: 'label', label: undefined },
  { score: undefined, prediction: 'word', label: 'word', positive: undefined, metrics: ['f1'] },
  {
    score: undefined,
    scores: { a: 'score', b: 'second', c: 'second' },
    label: 'word',
    positive: undefined,
  },
  {
    task: 'regression',
    score: undefined,
    positive: undefined,
    prediction: 'number',
    label: 'label',
    metrics: ['mae', 'rmse', 'r2'],
  },
  {
    task: 'regression',
    score: undefined,
    positive: undefined,
    prediction: 'absent',
    label: 'word',
  },
  { positive: 'nobody' },
  { score: 'absent', label: 'absent', prediction: 'word' },
)

describe('whatever the tables hold', () => {
  it('there is an answer, in plain JSON, and problems are a list', () => {
    fc.assert(
      fc.property(
        table,
        fc.array(table, { maxLength: 3 }),
        change,
        (reference, tables, changed) => {
          const asked = settings(changed)
          const current = tables.map((one, i) => ({ label: `@${i}`, table: one }))
          for (const { code } of performanceProblems(asked, { reference, current })) {
            expect(code).toMatch(/^MW-DRIFT-3\d\d$/)
          }
          const result = performanceDrift({
            settings: asked,
            reference,
            current,
            alpha: 0.05,
            random: createRandom(1),
          })
          expect(JSON.parse(JSON.stringify(result))).toEqual(result)
          DriftPerformanceResult.parse(result)
          expect(result.explanation).not.toBe('')
        },
      ),
      { seed: 3, numRuns: 60 },
    )
  })
})
