import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { confirmDrift } from '../../../../../src/domain/drift/history/confirm.js'
import { entryOf, spanOf } from '../../../../../src/domain/drift/history/entry.js'
import type { ColumnStatus } from '../../../../../src/domain/drift/predicate.js'
import { bodyOf, day, POLICY, window } from './bodies.js'

type Sign = 'd' | 's' | 'i' | '-'
const STATUS: Readonly<Record<string, ColumnStatus>> = {
  d: 'drifted',
  s: 'stable',
  i: 'inconclusive',
  u: 'unconfirmed',
}

/** Entries of days 0, 1, …, one a letter; a minus is a day that was never judged. */
const entries = (signs: string) =>
  [...signs].flatMap((sign, i) => {
    const status = STATUS[sign]
    if (status === undefined) return []
    return [entryOf(window(i, bodyOf({ x: status })), { at: day(i + 1), state: 'judged' })]
  })

/** What becomes of drift on the day after the letters. */
const now = (signs: string, confirm: number) =>
  confirmDrift(
    { ...POLICY, confirm },
    [window(signs.length, bodyOf({ x: 'drifted' }))],
    entries(signs),
  )[0]?.body

const statusOf = (signs: string, confirm: number) => now(signs, confirm)?.columns[0]?.status

describe('a column counts as drifted only after so many windows in a row', () => {
  it.each([
    ['', 2, 'unconfirmed'],
    ['d', 2, 'drifted'],
    ['u', 2, 'drifted'],
    ['s', 2, 'unconfirmed'],
    ['dd', 3, 'drifted'],
    ['ds', 2, 'unconfirmed'],
    ['dsd', 3, 'unconfirmed'],
    ['sdd', 3, 'drifted'],
  ])('after %j and with confirm %i it is %s', (signs, confirm, expected) => {
    expect(statusOf(signs, confirm)).toBe(expected)
  })

  it.each([
    ['di', 2, 'drifted', 'one window that was inconclusive'],
    ['d-', 2, 'drifted', 'one that was never judged'],
    ['dii', 2, 'unconfirmed', 'two that were inconclusive'],
    ['d--', 2, 'unconfirmed', 'two that were never judged'],
    ['d-i', 2, 'unconfirmed', 'one of each'],
    ['did', 3, 'drifted', 'one between two'],
    ['ids', 2, 'unconfirmed', 'stable ends it whatever was before'],
  ])('after %j and with confirm %i it is %s: %s', (signs, confirm, expected) => {
    expect(statusOf(signs, confirm)).toBe(expected)
  })

  it('a window without data neither confirms nor ends a row', () => {
    const [first] = entries('d')
    const empty = entryOf(window(1, bodyOf({})), { at: day(2), state: 'no-data' })
    const [result] = confirmDrift(
      { ...POLICY, confirm: 2 },
      [window(2, bodyOf({ x: 'drifted' }))],
      [...(first ? [first] : []), empty],
    )
    expect(result?.body.columns[0]?.status).toBe('drifted')
  })

  it('warns and never fails while nothing is confirmed, and says how long it lasts', () => {
    const body = now('d', 3)
    expect(body).toMatchObject({ decision: 'warn', driftedShare: 0 })
    expect(body?.reason).toBe('0 of 1 columns drifted, 1 more not yet confirmed')
    expect(body?.columns[0]).toMatchObject({ status: 'unconfirmed', drifted: false })
    expect(body?.columns[0]?.reason).toBe(
      'made up; it drifted in 2 windows in a row, and 3 windows in a row are needed',
    )
    expect(now('', 2)?.columns[0]?.reason).toContain('it drifted for the first time')
    expect(now('dd', 3)).toMatchObject({ decision: 'fail', driftedShare: 1 })
  })

  it('a critical column warns too as long as it is not confirmed', () => {
    const policy = { ...POLICY, confirm: 2 }
    const body = bodyOf(
      { x: 'drifted', y: 'stable', z: 'stable', w: 'stable' },
      { critical: ['x'] },
    )
    expect(confirmDrift(policy, [window(0, body)], [])[0]?.body.decision).toBe('warn')
    expect(confirmDrift(policy, [window(0, body), window(1, body)], [])[1]?.body.decision).toBe(
      'fail',
    )
  })

  it('windows of the same run count, each by those before it', () => {
    const run = ['d', 'd', 's', 'd', 'd'].map((sign, i) =>
      window(i, bodyOf({ x: STATUS[sign] ?? 'stable' })),
    )
    const confirmed = confirmDrift({ ...POLICY, confirm: 2 }, run, [])
    expect(confirmed.map(({ body }) => body.columns[0]?.status)).toEqual([
      'unconfirmed',
      'drifted',
      'stable',
      'unconfirmed',
      'drifted',
    ])
  })

  it('a window that the history has already is that of this run, not one more', () => {
    const again = entries('d')
    const [result] = confirmDrift(
      { ...POLICY, confirm: 2 },
      [window(0, bodyOf({ x: 'drifted' }))],
      again,
    )
    expect(result?.body.columns[0]?.status).toBe('unconfirmed')
  })

  it('later windows, windows of another length and windows that overlap do not count', () => {
    const drifted = bodyOf({ x: 'drifted' })
    const other = (name: string) =>
      entryOf({ name, body: drifted }, { at: day(9), state: 'judged' })
    const of = (from: string, to: string) => other(`${from}/${to}`)
    for (const entry of [
      of(day(6), day(7)),
      of(day(2), day(4)),
      of('1970-01-04T12:00:00.000Z', '1970-01-05T12:00:00.000Z'),
    ]) {
      const [result] = confirmDrift({ ...POLICY, confirm: 2 }, [window(4, drifted)], [entry])
      expect(result?.body.columns[0]?.status).toBe('unconfirmed')
    }
  })

  it('data that is not cut by time is counted by runs', () => {
    const drifted = bodyOf({ x: 'drifted' })
    const entry = (name: string, status: ColumnStatus) =>
      entryOf({ name, body: bodyOf({ x: status }) }, { at: day(1), state: 'judged' })
    const last = (earlier: Parameters<typeof confirmDrift>[2]) =>
      confirmDrift({ ...POLICY, confirm: 2 }, [{ name: 'run 9', body: drifted }], earlier)[0]?.body
        .columns[0]?.status
    expect(last([entry('run 8', 'drifted')])).toBe('drifted')
    expect(last([entry('run 9', 'drifted')])).toBe('unconfirmed')
    expect(last([entry('run 7', 'drifted'), entry('run 8', 'inconclusive')])).toBe('drifted')
    expect(last([entry('run 7', 'drifted'), entry('run 8', 'stable')])).toBe('unconfirmed')
    expect(last(entries('d'))).toBe('unconfirmed')
  })

  it('a column called like a property of every object has no history of its own by that', () => {
    const body = bodyOf(JSON.parse('{"constructor":"drifted","__proto__":"drifted"}'))
    const [result] = confirmDrift({ ...POLICY, confirm: 2 }, [window(1, body)], entries('d'))
    expect(result?.body.columns.every(({ status }) => status === 'unconfirmed')).toBe(true)
  })

  it('confirm 1 changes nothing, and more of it never confirms more', () => {
    const run = [window(0, bodyOf({ x: 'drifted' }))]
    expect(confirmDrift({ ...POLICY, confirm: 1 }, run, [])).toBe(run)
    const sign = fc.constantFrom<Sign>('d', 's', 'i', '-')
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (signs, n) => {
        const text = signs.join('')
        const isDrifted = (confirm: number) => statusOf(text, confirm) === 'drifted'
        expect(isDrifted(n + 1) && !isDrifted(n)).toBe(false)
        if (isDrifted(n))
          expect(signs.filter((one) => one === 'd').length).toBeGreaterThanOrEqual(n - 1)
      }),
    )
  })
})

describe('spanOf', () => {
  it('reads windows of time and takes nothing else for one', () => {
    expect(spanOf(`${day(0)}/${day(1)}`)).toEqual({ start: 0, end: 86_400_000 })
    for (const name of ['', '17', 'a/b', `${day(1)}/${day(0)}`, `${day(0)}/${day(1)}/x`, '1/2']) {
      expect(spanOf(name)).toBeUndefined()
    }
  })
})
