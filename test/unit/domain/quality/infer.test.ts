import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkQuality, type Expectations } from '../../../../src/domain/quality/check.js'
import { type InferredContract, inferContract } from '../../../../src/domain/quality/infer.js'
import { withSlack } from '../../../../src/domain/quality/slack.js'
import type { Table } from '../../../../src/domain/table/column.js'
import { numbers, repeat, table, text } from '../drift/tables.js'

const rule = (name: string, ...files: Table[]) => inferContract(files).columns.get(name)
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)

/** What the contract means when it is read again. */
function meaning({ rows, columns }: InferredContract): Expectations {
  const rules = [...columns].map(([name, one]) => [
    name,
    { required: true, unique: false, level: 'fail', ...one },
  ])
  return { rows, columns: Object.fromEntries(rules), otherColumns: 'allow' }
}

describe('a contract inferred from files', () => {
  it('says types, missing cells, ranges, sets and uniqueness', () => {
    const file = table(
      numbers('id', upTo(100, 1), 'integer'),
      numbers('price', [...upTo(99).map((i) => i + 0.5), null]),
      text('sex', repeat(50, 'm', 'f')),
      text('name', upTo(100).map(String)),
      text('known', repeat(50, 'false', 'true'), 'boolean'),
      numbers('at', upTo(100, 1e12), 'timestamp'),
    )
    expect(inferContract([file])).toEqual({
      rows: { min: 1 },
      skipped: [],
      columns: new Map<string, unknown>([
        ['id', { type: 'integer', nulls: 0, unique: true }],
        ['price', { type: 'number', nulls: 0.08, min: 0, max: 108.3 }],
        ['sex', { type: 'string', nulls: 0, in: ['f', 'm'] }],
        ['name', { type: 'string', nulls: 0, unique: true }],
        ['known', { type: 'boolean', nulls: 0 }],
        ['at', { type: 'timestamp', nulls: 0 }],
      ]),
    })
  })

  it('does not require columns that a file lacks', () => {
    const both = [table(numbers('a', [1, 2]), numbers('b', [1, 1])), table(numbers('a', [3, 4]))]
    expect(rule('b', ...both)).toMatchObject({ required: false })
    expect(rule('a', ...both)).not.toHaveProperty('required')
  })

  it('takes whole numbers of one file for numbers of another, and other types for none', () => {
    const whole = table(numbers('a', [1, 2], 'integer'))
    expect(rule('a', whole, table(numbers('a', [1.5])))).toMatchObject({ type: 'number' })
    expect(rule('a', whole, table(text('a', ['x'])))).not.toHaveProperty('type')
    expect(rule('a', whole, table(text('a', [null])))).toMatchObject({ type: 'integer' })
  })

  it('says no more than presence of a column without a value', () => {
    expect(rule('a', table(numbers('a', [null, null])))).toEqual({})
  })

  it('leaves the side of infinite values open', () => {
    const file = table(numbers('a', [1, 2.5, Number.POSITIVE_INFINITY]))
    expect(rule('a', file)).toEqual({ type: 'number', nulls: 0, min: 0.85 })
  })

  it('calls no set what has over 20 texts, hardly repeats, or is long', () => {
    const letters = upTo(21).map((i) => String.fromCharCode(65 + i))
    expect(rule('a', table(text('a', repeat(5, ...letters))))).not.toHaveProperty('in')
    expect(rule('a', table(text('a', repeat(5, ...letters.slice(1)))))?.in).toHaveLength(20)
    expect(rule('a', table(text('a', ['x', 'y', 'z'])))).not.toHaveProperty('in')
    expect(rule('a', table(text('a', repeat(9, 'x'.repeat(201)))))).not.toHaveProperty('in')
    expect(rule('a', table(text('a', repeat(9, '\ud800'))))).not.toHaveProperty('in')
  })

  it('calls whole numbers unique only where that is no chance', () => {
    const sparse = upTo(30).map((i) => i * 1e9)
    expect(rule('a', table(numbers('a', sparse, 'integer')))).not.toHaveProperty('unique')
    expect(rule('a', table(numbers('a', upTo(30), 'integer')))).toHaveProperty('unique', true)
    expect(rule('a', table(numbers('a', upTo(19), 'integer')))).not.toHaveProperty('unique')
    expect(rule('a', table(numbers('a', upTo(30))))).not.toHaveProperty('unique')
  })

  it('names no column that a contract cannot', () => {
    const found = inferContract([table(numbers('__proto__', [1]), numbers('\udc00', [1]))])
    expect(found.skipped).toEqual(['__proto__', '\udc00'])
    expect(found.columns.size).toBe(0)
  })

  it('is kept by those files', () => {
    const cell = fc.oneof(fc.constant(null), fc.double({ noNaN: true }), fc.integer())
    const word = fc.option(fc.string({ maxLength: 3 }), { nil: null })
    const file = fc.array(fc.tuple(cell, word), { minLength: 1, maxLength: 80 }).map((cells) =>
      table(
        numbers(
          'a',
          cells.map(([a]) => a),
        ),
        text(
          'b',
          cells.map(([, b]) => b),
        ),
      ),
    )
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), (files) => {
        const checks = checkQuality(meaning(inferContract(files)), files)
        expect(checks.filter(({ status }) => status !== 'pass')).toEqual([])
        for (const one of inferContract(files).columns.values()) {
          expect(Object.is(one.min, -0) || Object.is(one.max, -0)).toBe(false)
        }
      }),
    )
  })
})

describe('the slack of a range', () => {
  it.each([
    [
      { min: 0, max: 100, whole: true },
      { min: 0, max: 110 },
    ],
    [
      { min: 18, max: 99, whole: true },
      { min: 9, max: 108 },
    ],
    [
      { min: 3, max: 3, whole: true },
      { min: 2, max: 4 },
    ],
    [
      { min: 0, max: 0, whole: false },
      { min: 0, max: 0 },
    ],
    [
      { min: -5, max: -1, whole: false },
      { min: -5.4, max: -0.6 },
    ],
    [
      { min: -0.2, max: 0.1, whole: false },
      { min: -0.23, max: 0.13 },
    ],
    [
      { min: 0.1, max: 0.3, whole: false },
      { min: 0.08, max: 0.32 },
    ],
  ])('of %j is %j', (range, expected) => {
    expect(withSlack(range)).toEqual(expected)
  })

  it('never leaves a value of the range out, and never crosses 0', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(finite, finite, fc.boolean(), (a, b, whole) => {
        const given = { min: Math.min(a, b), max: Math.max(a, b) }
        const { min, max } = withSlack({ ...given, whole })
        expect(min <= given.min && max >= given.max).toBe(true)
        if (given.min >= 0) expect(min).toBeGreaterThanOrEqual(0)
        if (given.max <= 0) expect(max).toBeLessThanOrEqual(0)
      }),
    )
  })
})
