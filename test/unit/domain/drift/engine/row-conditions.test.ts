import { describe, expect, it } from '@jest/globals'
import { trinoDialect } from '../../../../../src/adapters/engine/trino-dialect.js'
import {
  conditionsSql,
  type RowConditions,
  timeSql,
} from '../../../../../src/domain/drift/engine/row-conditions.js'

const columns = [
  { name: 'n', type: 'number', engineType: 'double' },
  { name: 'i', type: 'integer', engineType: 'bigint' },
  { name: 's', type: 'string', engineType: 'varchar' },
  { name: 'f', type: 'boolean', engineType: 'boolean' },
  { name: 't', type: 'timestamp', engineType: 'timestamp(3)' },
  { name: 'o', type: 'other', engineType: 'array(bigint)' },
] as const

function sql(conditions: RowConditions) {
  return conditionsSql(conditions, {
    dialect: trinoDialect,
    columns,
    where: 'drift.rows.where',
    timeOf: Date.parse,
  })
}

describe('conditions on rows', () => {
  it('hold for values that are there: a missing cell is in no list and between no bounds', () => {
    expect(sql({ i: 5 }).value).toEqual(['NOT ("i" IS NULL) AND ("i" IN (5))'])
    expect(sql({ n: { min: 1, below: 2 } }).value).toEqual([
      'NOT ("n" IS NULL OR is_nan(CAST("n" AS double))) AND (CAST("n" AS double) >= 1E+0) AND (CAST("n" AS double) < 2E+0)',
    ])
  })

  it('let missing cells pass where only values are left out, and nothing asks for them to be there', () => {
    expect(sql({ i: { 'not-in': [1] } }).value).toEqual([
      '("i" IS NULL) OR (NOT ("i" IS NULL) AND (NOT ("i" IN (1))))',
    ])
    expect(sql({ i: { 'not-in': [1], missing: false } }).value).toEqual([
      'NOT ("i" IS NULL) AND (NOT ("i" IN (1)))',
    ])
    expect(sql({ i: { missing: true } }).value).toEqual(['("i" IS NULL)'])
    expect(sql({ i: { missing: true, in: [1] } }).value).toEqual(['1 = 0'])
  })

  it('compare with literals, whatever a value holds', () => {
    expect(sql({ s: "x' OR 1=1 --" }).value?.[0]).toContain("IN ('x'' OR 1=1 --')")
    expect(sql({ s: ['a', 3] }).value?.[0]).toContain("IN ('a', '3')")
    expect(sql({ f: true }).value?.[0]).toContain('CASE WHEN "f" THEN 1 ELSE 0 END IN (1)')
    expect(sql({ t: { max: '2026-01-02T00:00:00Z' } }).value?.[0]).toContain(
      `"t" <= TIMESTAMP '2026-01-02 00:00:00.000'`,
    )
    expect(sql({ i: { max: -5 } }).value?.[0]).toContain('"i" <= -5')
    expect(sql({ i: { max: 1.5 } }).value?.[0]).toContain('"i" <= 1.5E+0')
  })

  it('on a column that the table does not have are a mistake', () => {
    const { problems } = sql({ other: 1 })
    expect(problems?.[0]).toMatchObject({ code: 'MW-DRIFT-709' })
  })

  it.each<[string, RowConditions]>([
    ['text for a number', { n: 'many' }],
    ['nothing for a number', { n: ' ' }],
    ['a number as the bound of text', { s: { min: 3 } }],
    ['a bound of truth values', { f: { min: 1 } }],
    ['no truth value', { f: 'perhaps' }],
    ['no time', { t: 'yesterday' }],
    ['a list column', { o: 1 }],
    ['an infinite bound', { n: { max: Number.POSITIVE_INFINITY } }],
  ])('refuse %s', (_, conditions) => {
    const { problems } = sql(conditions)
    expect(problems?.[0]).toMatchObject({ code: 'MW-DRIFT-704', where: 'drift.rows.where' })
  })
})

describe('a window of time', () => {
  it('starts at its start and ends before its end', () => {
    expect(timeSql({ start: 0, end: 86_400_000 }, columns[4], trinoDialect)).toEqual([
      `"t" >= TIMESTAMP '1970-01-01 00:00:00.000'`,
      `"t" < TIMESTAMP '1970-01-02 00:00:00.000'`,
    ])
  })
})
