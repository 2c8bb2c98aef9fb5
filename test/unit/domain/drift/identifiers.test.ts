import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../src/domain/drift/decide.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import type { Column } from '../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, spread, table, text } from './tables.js'

const ROWS = 1000
const x = (shift = 0) => numbers('x', spread(ROWS, shift))
const serial = (from: number, isMissing: (i: number) => boolean = () => false) =>
  numbers(
    'id',
    Array.from({ length: ROWS }, (_, i) => (isMissing(i) ? null : from + i)),
    'integer',
  )
/** Twenty days of rows, all hours alike, or but for the last ones of each day. */
const hourly = (day: number, hours = 24) =>
  numbers(
    'at',
    Array.from(
      { length: ROWS },
      (_, i) => (day + (i % 20)) * 86_400_000 + ((i * 0.618) % 1) * hours * 3_600_000,
    ),
    'timestamp',
  )
const order = (i: number) => `order-${String(i).padStart(8, '0')}`
const orders = (from: number, other: (i: number) => string | null | undefined = () => undefined) =>
  text(
    'order',
    Array.from({ length: ROWS }, (_, i) => {
      const instead = other(i)
      return instead === undefined ? order(from + i) : instead
    }),
  )
const decide = (
  reference: readonly Column[],
  current: readonly Column[],
  columns: Partial<DriftPolicy['columns']> = {},
) =>
  decideDrift(
    { ...DEFAULT_DRIFT_POLICY, columns: { ...DEFAULT_DRIFT_POLICY.columns, ...columns } },
    table(...reference),
    table(...current),
  )

describe('an identifier is left out for its values, not for what goes missing of them', () => {
  it('identifiers that go missing are drift, said with their shares', () => {
    const body = decide([x(), serial(0)], [x(), serial(5000, (i) => i % 2 === 0)])
    expect(body.decision).toBe('fail')
    expect(body.columns.find(({ name }) => name === 'id')).toMatchObject({
      status: 'drifted',
      reason: 'missing cells went from 0% to 50%',
      test: null,
      statistic: null,
      pValue: null,
      newCategoryCount: 0,
      distance: null,
    })
    expect(body.findings.map(({ kind, column }) => [kind, column])).toEqual([['null-rate', 'id']])
  })

  it('of text as of numbers', () => {
    const body = decide(
      [x(), orders(0)],
      [x(), orders(5000, (i) => (i % 5 === 0 ? null : undefined))],
    )
    expect(body.columns.find(({ name }) => name === 'order')).toMatchObject({
      status: 'drifted',
      reason: 'missing cells went from 0% to 20%',
    })
  })

  it('identifiers of which as many are missing as before are left out, and have no part in any share', () => {
    const body = decide(
      [x(), serial(0, (i) => i % 50 === 0)],
      [x(), serial(5000, (i) => i % 40 === 0)],
    )
    expect(body.decision).toBe('pass')
    expect(body.columns.map(({ name }) => name)).toEqual(['x'])
    expect(body.findings).toMatchObject([{ kind: 'identifier', column: 'id' }])
  })
})

describe('a column that is left out and drifts all the same', () => {
  it('is counted among the columns, and the reason says why', () => {
    const gone = decide([x(), hourly(0)], [x()])
    expect(gone.reason).toBe(
      '1 of 2 columns drifted (1 of these by its presence or missing cells alone: the values are not compared); the limit is 30%',
    )
    expect(gone.columns[1]).toMatchObject({ name: 'at', valuesLeftOut: true, status: 'drifted' })
    const missing = decide([x(), serial(0)], [x(), serial(5000, (i) => i % 2 === 0)])
    expect(missing.reason).toContain('1 of 2 columns drifted (1 of these')
    const stable = decide([x(), hourly(0)], [x(), hourly(9)])
    expect(stable.reason).toBe('0 of 1 columns drifted')
  })
})

describe('what was an identifier and is none now is compared', () => {
  const drifts = (current: Column) => {
    const body = decide([x(), orders(0)], [x(), current])
    expect(body.decision).toBe('fail')
    expect(body.columns.find(({ name }) => name === 'order')?.status).toBe('drifted')
  }

  it('all of them have become one word', () => {
    drifts(orders(0, () => 'unknown'))
  })

  it('every fifth of them has become a word', () => {
    drifts(orders(5000, (i) => (i % 5 === 0 ? 'unknown' : undefined)))
  })

  it('all of them have become one identifier', () => {
    drifts(orders(0, () => order(1)))
  })

  it('identifiers of which a few rows share one stay identifiers', () => {
    const sessions = (rows: number, from: number) =>
      text(
        'session',
        Array.from({ length: rows }, (_, i) => order(from + Math.floor(i / 1.5))),
      )
    const body = decide([sessions(2000, 0)], [sessions(100, 50_000)])
    expect(body.columns).toEqual([])
    expect(body.findings).toMatchObject([{ kind: 'identifier', column: 'session' }])
  })
})

describe('codes and long numbers that come back are categories', () => {
  const PER_CODE = 20
  const codes = (make: (i: number) => string, count = 1200, perCode = PER_CODE) =>
    text('code', repeat(perCode, ...Array.from({ length: count }, (_, i) => make(i))))
  const merchant = (i: number) => `merchant-${String(i).padStart(5, '0')}`

  it('that every one of over a thousand is new is drift', () => {
    const body = decide([codes(merchant)], [codes((i) => merchant(90_000 + i))])
    expect(body.decision).toBe('fail')
    expect(body.columns[0]?.reason).toContain(
      '100% of the values are of categories that the reference does not have',
    )
    expect(body.findings.map(({ kind }) => kind)).toEqual(['new-categories', 'vanished-categories'])
  })

  it('that most rows have become those of a few is drift', () => {
    const reference = codes(merchant)
    const cells = repeat(1, ...Array.from({ length: 24_000 }, (_, i) => i)).map((i) =>
      merchant(i % 10 === 0 ? i % 1200 : i % 10),
    )
    expect(decide([reference], [text('code', cells)]).decision).toBe('fail')
  })

  it('integers beyond 2^53 too', () => {
    const long = (from: number) => (i: number) => `90071992547${String(from + i).padStart(9, '0')}`
    const body = decide([codes(long(0))], [codes(long(5000))])
    expect(body.decision).toBe('fail')
  })

  it('the same ones are no drift, and are compared', () => {
    const body = decide([codes(merchant)], [codes(merchant)])
    expect(body).toMatchObject({ decision: 'pass', columns: [{ name: 'code', status: 'stable' }] })
  })
})

describe('what looks like identifiers is shown nowhere', () => {
  const mail = (i: number) => `somebody.${i}@example.com`
  const mails = (count: number, from: number, perMail = 1) =>
    text('mail', repeat(perMail, ...Array.from({ length: count }, (_, i) => mail(from + i))))

  it('a few rows are what the larger sample shows that they are', () => {
    for (const rows of [1, 10, 25, 29]) {
      const body = decide([mails(4000, 0)], [mails(rows, 9000)])
      expect(body.columns).toEqual([])
      expect(body.findings).toMatchObject([{ kind: 'identifier', column: 'mail' }])
      expect(JSON.stringify(body)).not.toContain('@example')
    }
  })

  it('nor of names of which each is another', () => {
    const names = (count: number, from: number) =>
      text(
        'name',
        Array.from({ length: count }, (_, i) => `Jane Doe ${from + i}`),
      )
    expect(JSON.stringify(decide([names(4000, 0)], [names(12, 9000)]))).not.toContain('Jane')
  })

  it('addresses that come back are compared, and only counted', () => {
    const body = decide([mails(100, 0, 20)], [mails(100, 500, 20)])
    expect(body.columns[0]).toMatchObject({
      status: 'drifted',
      newCategories: [],
      newCategoryCount: 100,
      vanishedCategories: [],
      vanishedCategoryCount: 100,
      histogram: null,
    })
    expect(body.findings[0]?.detail).toBe(
      'not in the reference: 100 values, not shown: they look like identifiers',
    )
    expect(JSON.stringify(body)).not.toContain('@example')
  })

  it('two small samples of them, too', () => {
    const body = decide([mails(12, 0)], [mails(9, 50)])
    expect(body.decision).toBe('inconclusive')
    expect(JSON.stringify(body)).not.toContain('@example')
  })

  it('a few users with more rows than others are no change', () => {
    const random = createRandom(3)
    const users = (rows: number) =>
      text(
        'mail',
        Array.from({ length: rows }, () => mail(Math.floor(5000 * random.next() ** 3))),
      )
    const body = decide([users(20_000)], [users(2000)])
    expect(body.columns[0]?.status).not.toBe('drifted')
    expect(JSON.stringify(body)).not.toContain('@example')
  })
})

describe('what is named by its importance is compared', () => {
  it('an identifier too', () => {
    const body = decide([x(), serial(0)], [x(), serial(5000)], { importance: { id: 1 } })
    expect(body).toMatchObject({ decision: 'fail', driftedShare: 1 })
  })

  it('a timestamp too, by its hours and weekdays: that it moves on is no drift', () => {
    for (const named of [{ importance: { at: 1 } }, { critical: ['at'] }, { datetime: ['at'] }]) {
      const moved = decide([x(), hourly(0)], [x(), hourly(60)], named)
      expect(moved.columns.find(({ name }) => name === 'at')).toMatchObject({
        kind: 'datetime',
        test: 'cycles',
        status: 'stable',
      })
      const nights = decide([x(), hourly(0)], [x(), hourly(60, 3)], named)
      expect(nights.columns.find(({ name }) => name === 'at')?.status).toBe('drifted')
    }
  })

  it('a timestamp with a test of its own is compared as a number', () => {
    const policy = { ...DEFAULT_DRIFT_POLICY, tests: { at: 'ks' } }
    const body = decideDrift(policy, table(hourly(0)), table(hourly(60)))
    expect(body.columns[0]).toMatchObject({ kind: 'numeric', test: 'ks', status: 'drifted' })
  })

  it('columns of no importance together cannot pass: the share of it is not known', () => {
    const body = decide([x()], [x(0.5)], { importance: { x: 0 } })
    expect(body).toMatchObject({ decision: 'inconclusive', driftedShare: 0 })
    expect(body.reason).toBe(
      '1 of 1 columns drifted (0% by importance); none of the columns that were compared has importance',
    )
  })
})
