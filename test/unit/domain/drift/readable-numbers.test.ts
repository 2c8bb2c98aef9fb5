import { describe, expect, it } from '@jest/globals'
import { compareColumn, decideDrift } from '../../../../src/domain/drift/decide.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import { partOfText } from '../../../../src/domain/drift/readable-numbers.js'
import { sampleOf } from '../../../../src/domain/drift/samples.js'
import type { Column } from '../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, spread, table, text } from './tables.js'

const ROWS = 2000
const x = (shift = 0) => numbers('x', spread(ROWS, shift))
/** The same numbers as a file has them of which a column has become text. */
const dirty = (share: number, { shift = 0, word = 'oops' } = {}) =>
  text(
    'x',
    spread(ROWS, shift).map((value, i) => (i < share * ROWS ? word : String(value))),
  )
const decide = (
  reference: Column,
  current: Column,
  columns: Partial<DriftPolicy['columns']> = {},
) =>
  decideDrift(
    { ...DEFAULT_DRIFT_POLICY, columns: { ...DEFAULT_DRIFT_POLICY.columns, ...columns } },
    table(reference),
    table(current),
  )
const ONE = 1 / ROWS

describe('a few cells that are no numbers', () => {
  it('are said with their share, and the others are compared as numbers', () => {
    const body = decide(x(), dirty(ONE))
    expect(body.decision).toBe('pass')
    expect(body.columns[0]).toMatchObject({ kind: 'numeric', status: 'stable', test: 'ks' })
    expect(body.findings).toEqual([
      {
        kind: 'unusable',
        column: 'x',
        detail:
          'cells that are no numbers, counted as missing: 0 (0%) in the reference, 1 (under 0.1%) in the current data; the others are compared as numbers',
      },
    ])
  })

  it('hide no drift of the others', () => {
    const body = decide(x(), dirty(ONE, { shift: 1 }))
    expect(body.columns[0]?.reason).toContain('wasserstein-normalised')
    expect(body.decision).toBe('fail')
  })

  it('may be in the reference, or in both', () => {
    expect(decide(dirty(ONE), x()).decision).toBe('pass')
    expect(decide(dirty(ONE), dirty(ONE)).columns[0]).toMatchObject({ kind: 'numeric' })
    expect(decide(dirty(ONE), dirty(ONE, { shift: 1 })).decision).toBe('fail')
  })

  it('may be an integer of twenty digits', () => {
    const many = (cells: readonly (number | string)[]) => text('x', cells.map(String))
    const integers = Array.from({ length: ROWS }, (_, i) => (i * 7919) % 1000)
    const body = decide(
      numbers('x', integers, 'integer'),
      many(['12345678901234567890', ...integers.slice(1)]),
    )
    expect(body).toMatchObject({ decision: 'pass', findings: [{ kind: 'unusable' }] })
  })

  it('may be what files of text write for nothing, which is missing', () => {
    const body = decide(x(), dirty(ONE, { word: 'NA' }))
    // Then it was no number in any other cell either: the type is another.
    expect(body.findings[0]?.kind).toBe('type-changed')
    const both = text('x', ['oops', 'NA', ...spread(ROWS - 2).map(String)])
    expect(decide(x(), both).findings[0]?.detail).toContain('1 (under 0.1%) in the current data')
  })
})

describe('many cells that are no numbers', () => {
  it('are drift as missing ones are: from the limit on, for certain', () => {
    const limited = decide(x(), dirty(0.04))
    expect(limited.columns[0]?.status).toBe('stable')
    const over = decide(x(), dirty(0.08))
    expect(over.columns[0]).toMatchObject({ status: 'drifted', kind: 'numeric' })
    expect(over.findings.map(({ kind }) => kind)).toEqual(['null-rate', 'unusable'])
  })

  it('make another type where they are most', () => {
    const body = decide(x(), dirty(0.6))
    expect(body).toMatchObject({ decision: 'fail', findings: [{ kind: 'type-changed' }] })
  })
})

describe('a column of text', () => {
  it('is read as numbers where it is named numeric, and most of it is', () => {
    const body = decide(dirty(0.2), dirty(0.2, { shift: 1 }), { numeric: ['x'] })
    expect(body.columns[0]).toMatchObject({ kind: 'numeric', status: 'drifted' })
  })

  it('is not where it is named categorical', () => {
    const body = decide(dirty(0.2), dirty(0.2), { categorical: ['x'] })
    expect(body.columns[0]).toMatchObject({ kind: 'categorical' })
  })

  it('is none of numbers where some are written as codes', () => {
    const zip = text(
      'zip',
      Array.from({ length: ROWS }, (_, i) =>
        String(1000 + (i % 500)).padStart(5, i % 500 ? '' : '0'),
      ),
    )
    expect(decide(zip, zip).columns[0]).toMatchObject({ kind: 'categorical', status: 'stable' })
  })
})

describe('some rows of a column that is text for others', () => {
  const sample = (column: Column) => sampleOf(column)
  const clean = text('x', spread(ROWS).map(String))

  it('are compared as numbers', () => {
    const part = partOfText(sample(clean), dirty(ONE))
    const { plan } = compareColumn(DEFAULT_DRIFT_POLICY, sample(x()), part)
    expect(plan).toMatchObject({ kind: 'numeric', mismatch: undefined })
  })

  it('are another type where a format says that all of them are text', () => {
    const part = partOfText(sample(clean), clean)
    const { plan } = compareColumn(DEFAULT_DRIFT_POLICY, sample(x()), part)
    expect(plan.mismatch).toContain('is text in the current data')
  })
})
