import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { LedgerEntry } from '../../../../../src/domain/drift/acting/ledger.js'
import {
  type PlanOptions,
  planTrigger,
  planTriggers,
} from '../../../../../src/domain/drift/acting/plan.js'
import type { TriggerOutcome } from '../../../../../src/domain/drift/acting/trigger.js'
import { EVERY_KIND, entry, event, hour, NOW, options, SENDING, webhook } from './arrange.js'

const OUTCOMES: readonly TriggerOutcome[] = ['pass', 'warn', 'fail', 'inconclusive', 'no-data']

function ago(milliseconds: number): string {
  return new Date(NOW.getTime() - milliseconds).toISOString()
}

/** The plan for the present window, with what was written about an earlier one. */
function following(state: LedgerEntry['state'], at: string, more: Partial<PlanOptions> = {}) {
  const earlier = planTrigger(webhook(), options({ event: event({ window: 'earlier' }) }))
  const ledger = [entry(earlier, state, { at, claim: 'c' })]
  return planTrigger(webhook(), options({ ledger, ...more }))
}

describe('what fires', () => {
  it('is each trigger whose outcomes have this one, whatever its kind', () => {
    const plan = planTriggers(EVERY_KIND, options())
    expect(plan.map(({ action, target }) => [action, target])).toEqual([
      ['fire', 'job summary'],
      ['fire', 'rolling issue'],
      ['fire', 'this repository, modelway-drift'],
      ['fire', 'train.yml'],
      ['fire', 'airflow.example, retrain'],
      ['fire', 'drift'],
      ['fire', 'hooks.example'],
    ])
  })

  it('keeps no data apart from drift and from none', () => {
    for (const outcome of OUTCOMES) {
      const fires = (on: TriggerOutcome) =>
        planTrigger(webhook([on]), options({ event: event({ outcome }), rows: 0 })).action
      expect(OUTCOMES.map(fires)).toEqual(OUTCOMES.map((on) => (on === outcome ? 'fire' : 'hold')))
    }
    const noData = planTrigger(webhook(), options({ event: event({ outcome: 'no-data' }) }))
    expect(noData.reason).toBe('there is no data, which is not drift; it fires on fail')
  })

  it('has a key of project, repository, trigger, window and class of outcome, and nothing else', () => {
    const key = (more: Partial<PlanOptions>, trigger = webhook()) =>
      planTrigger(trigger, options(more)).key
    expect(key({})).toMatch(/^modelway-[0-9a-f]{40}$/)
    expect(key({ rows: 5, now: new Date(0), run: { id: '9', attempt: 3 } })).toBe(key({}))
    expect(key({}, webhook(['warn', 'fail']))).toBe(key({}))
    expect(key({ event: event({ drifted: [], runUrl: 'x' }) })).toBe(key({}))
    const others = [
      key({ event: event({ window: 'x' }) }),
      key({ event: event({ project: 'x' }) }),
      key({ event: event({ repository: 'x/y' }) }),
      key({}, webhook(['fail'], 'https://hooks.example/other')),
      key({ event: event({ outcome: 'warn' }) }),
      key({ event: event({ outcome: 'no-data' }) }),
    ]
    expect(new Set([key({}), ...others]).size).toBe(7)
    expect(key({ event: event({ outcome: 'inconclusive' }) })).toBe(others.at(-1))
  })

  it('shows of an address only the host', () => {
    expect(planTrigger(webhook(), options()).target).toBe('hooks.example')
  })
})

describe('nothing fires twice for one window', () => {
  it('after it has fired, however long ago', () => {
    const first = planTrigger(webhook(), options())
    const ledger = [entry(first, 'fired', { at: ago(400 * 24 * hour) })]
    const plan = planTrigger(webhook(), options({ ledger }))
    expect(plan).toMatchObject({ action: 'hold', cause: 'fired' })
  })

  it.each([
    ['no-data', 'fail', 'fire'],
    ['inconclusive', 'fail', 'fire'],
    ['warn', 'fail', 'fire'],
    ['no-data', 'warn', 'fire'],
    ['no-data', 'inconclusive', 'hold'],
    ['fail', 'warn', 'hold'],
    ['fail', 'no-data', 'hold'],
    ['warn', 'no-data', 'hold'],
  ] as const)('but what is louder is news: %s, then %s: %s', (before, after, action) => {
    const trigger = webhook(['fail', 'warn', 'inconclusive', 'no-data'])
    const plan = (outcome: TriggerOutcome, ledger: readonly LedgerEntry[]) =>
      planTrigger(trigger, options({ event: event({ outcome }), ledger }))
    const first = plan(before, [])
    expect(plan(after, [entry(first, 'fired')]).action).toBe(action)
    expect(plan(after, [entry(first, 'claimed', { claim: 'c' })]).action).toBe(action)
  })

  it('while another run is at it', () => {
    const first = planTrigger(webhook(), options())
    const ledger = [
      entry(first, 'claimed', { at: ago(60_000), claim: 'c', run: { id: '1', attempt: 1 } }),
    ]
    expect(planTrigger(webhook(), options({ ledger }))).toMatchObject({
      action: 'hold',
      cause: 'claimed',
    })
  })

  it('but again after a claim that was given back', () => {
    const first = planTrigger(webhook(), options())
    const ledger = [
      entry(first, 'claimed', { claim: 'c' }),
      entry(first, 'released', { claim: 'c' }),
    ]
    expect(planTrigger(webhook(), options({ ledger }))).toMatchObject({
      action: 'fire',
      abandoned: undefined,
    })
  })

  it('and goes on where a run died between claim and firing', () => {
    const first = planTrigger(webhook(), options())
    const at = ago(16 * 60_000)
    const ledger = [entry(first, 'claimed', { at, claim: 'c' })]
    expect(planTrigger(webhook(), options({ ledger }))).toMatchObject({
      action: 'fire',
      abandoned: at,
      key: first.key,
    })
  })

  it('and at once where it was an earlier attempt of this run that died', () => {
    const first = planTrigger(webhook(), options())
    const ledger = [entry(first, 'claimed', { claim: 'c', run: { id: '77', attempt: 1 } })]
    const plan = (attempt: number) =>
      planTrigger(webhook(), options({ ledger, run: { id: '77', attempt } })).action
    expect([plan(1), plan(2)]).toEqual(['hold', 'fire'])
  })

  it('and at once where a run said that it failed', () => {
    const first = planTrigger(webhook(), options())
    const run = { id: '1', attempt: 1 }
    const at = ago(60_000)
    const ledger = [
      entry(first, 'claimed', { at, claim: 'c', run }),
      entry(first, 'failed', { claim: 'c', run }),
    ]
    expect(planTrigger(webhook(), options({ ledger }))).toMatchObject({
      action: 'fire',
      abandoned: at,
      key: first.key,
    })
    const guard = { 'cool-down': hour }
    expect(planTrigger(webhook(), options({ ledger, guard })).action).toBe('fire')
  })

  it('and sends what a run that died had to send, though the window is a later one without drift', () => {
    const plan = following('claimed', ago(hour), { event: event({ outcome: 'pass' }) })
    expect(plan).toMatchObject({
      action: 'fire',
      abandoned: ago(hour),
      window: 'earlier',
      event: { outcome: 'fail', window: 'earlier' },
    })
    expect(plan.reason).toContain('died')
  })

  it('whatever the triggers, the guard and the order of runs', () => {
    const runs = fc.array(
      fc.record({
        window: fc.constantFrom('a', 'b', 'c'),
        outcome: fc.constantFrom(...OUTCOMES),
        minutes: fc.integer({ min: 0, max: 600 }),
        rows: fc.integer({ min: 0, max: 10 }),
        ends: fc.constantFrom('fired', 'released', undefined),
      }),
      { maxLength: 25 },
    )
    const guard = fc.record(
      {
        'cool-down': fc.integer({ min: 0, max: 5 * hour }),
        'min-new-rows': fc.integer({ min: 1, max: 8 }),
        budget: fc.record({
          most: fc.integer({ min: 1, max: 3 }),
          per: fc.integer({ min: 1, max: 20 * hour }),
        }),
        hours: fc.record({
          from: fc.constantFrom(8, 22),
          to: fc.constantFrom(6, 17),
          'time-zone': fc.constantFrom('UTC', 'Asia/Kolkata'),
        }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(runs, guard, fc.constantFrom(...SENDING), (steps, guard, trigger) => {
        const ledger: LedgerEntry[] = []
        const fired: { key: string; at: number }[] = []
        let now = NOW.getTime()
        for (const [count, step] of steps.entries()) {
          now += step.minutes * 60_000
          const { window, outcome, rows } = step
          const given = event({ window, outcome })
          const both = { ...trigger, on: ['fail', 'no-data'] as const }
          const plan = planTrigger(
            both,
            options({ guard, event: given, rows, ledger, now: new Date(now) }),
          )
          const at = new Date(now).toISOString()
          if (plan.action === 'hold') {
            if (plan.cause === 'hours') ledger.push(entry(plan, 'held', { at }))
            continue
          }
          // What is sent is drift or no data, never the absence of drift.
          expect(['fail', 'no-data']).toContain(plan.event.outcome)
          ledger.push(entry(plan, 'claimed', { at, claim: String(count) }))
          if (step.ends === 'fired') fired.push({ key: plan.key, at: now })
          if (step.ends !== undefined) {
            ledger.push(entry(plan, step.ends, { at, claim: String(count) }))
          }
        }
        expect(new Set(fired.map(({ key }) => key)).size).toBe(fired.length)
        for (const [i, one] of fired.entries()) {
          const before = fired[i - 1]
          const coolDown = guard['cool-down'] ?? 0
          if (before !== undefined) expect(one.at - before.at).toBeGreaterThanOrEqual(coolDown)
          const { most = Infinity, per = 1 } = guard.budget ?? {}
          const within = fired.filter(({ at }) => at <= one.at && one.at - at < per)
          expect(within.length).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('the guard', () => {
  it('lets a trigger rest after it fired, to the millisecond', () => {
    const guard = { 'cool-down': 6 * hour }
    expect(following('fired', ago(6 * hour - 1), { guard })).toMatchObject({ cause: 'cool-down' })
    expect(following('fired', ago(6 * hour), { guard })).toMatchObject({ action: 'fire' })
    expect(following('fired', ago(hour), { guard }).reason).toBe(
      'it fired at 2026-11-23T11:00:00.000Z, and stays quiet for 6h',
    )
  })

  it('counts a claim for another window that is being fired, and a clock that is ahead', () => {
    const guard = { 'cool-down': 6 * hour }
    expect(following('claimed', ago(60_000), { guard })).toMatchObject({ cause: 'cool-down' })
    expect(following('fired', ago(-hour), { guard })).toMatchObject({ cause: 'cool-down' })
  })

  it('is for each trigger apart', () => {
    const other = planTrigger(webhook(['fail'], 'https://other.example/'), options())
    const ledger = [entry(other, 'fired', { claim: 'c' })]
    const guard = { 'cool-down': hour, budget: { most: 1, per: hour } }
    expect(planTrigger(webhook(), options({ ledger, guard })).action).toBe('fire')
  })

  it('keeps to the budget', () => {
    const guard = { budget: { most: 2, per: 24 * hour } }
    const fired = (...times: number[]) =>
      times.map((time, index) =>
        entry(planTrigger(webhook(), options({ event: event({ window: `w${index}` }) })), 'fired', {
          at: ago(time),
          claim: `c${index}`,
        }),
      )
    const plan = (ledger: readonly LedgerEntry[]) =>
      planTrigger(webhook(), options({ ledger, guard }))
    expect(plan(fired(25 * hour, hour)).action).toBe('fire')
    expect(plan(fired(23 * hour, hour))).toMatchObject({
      action: 'hold',
      cause: 'budget',
      reason: 'it has fired 2 times in 1d; the budget is 2',
    })
  })

  it('wants enough new rows, save where it is the absence of data that is told', () => {
    const guard = { 'min-new-rows': 100 }
    expect(planTrigger(webhook(), options({ guard, rows: 99 }))).toMatchObject({
      cause: 'min-new-rows',
      reason: '99 new rows, fewer than 100',
    })
    expect(planTrigger(webhook(), options({ guard, rows: 100 })).action).toBe('fire')
    const none = options({ guard, rows: 0, event: event({ outcome: 'no-data' }) })
    expect(planTrigger(webhook(['no-data']), none).action).toBe('fire')
  })

  it('does not silence the summary, and of the issue only what would be news at a bad time', () => {
    const night = { from: 0, to: 6, 'time-zone': 'UTC' }
    const [summary, issue] = EVERY_KIND.slice(0, 2).map((trigger) =>
      planTrigger(trigger, options({ guard: { hours: night, 'cool-down': hour } })),
    )
    expect(summary?.action).toBe('fire')
    expect(issue).toMatchObject({ action: 'hold', cause: 'hours' })
  })
})

describe('what the hours hold back', () => {
  const night = { guard: { hours: { from: 22, to: 6, 'time-zone': 'UTC' } } }
  const day = { guard: { hours: { from: 9, to: 17, 'time-zone': 'UTC' } } }

  it('is held, with the hours in words', () => {
    expect(planTrigger(webhook(), options(night))).toMatchObject({
      action: 'hold',
      cause: 'hours',
      reason: 'outside of 22:00 to 6:00 (UTC)',
    })
  })

  it('is sent at the next run inside, though that one finds no drift', () => {
    const plan = following('held', ago(10 * hour), { ...day, event: event({ outcome: 'pass' }) })
    expect(plan).toMatchObject({ action: 'fire', window: 'earlier', event: { outcome: 'fail' } })
    expect(plan.reason).toContain('hours')
  })

  it('waits on while it is still outside', () => {
    const plan = following('held', ago(hour), { ...night, event: event({ outcome: 'pass' }) })
    expect(plan.action).toBe('hold')
  })

  it('gives way to drift in the present window, and is made good by it', () => {
    const plan = following('held', ago(10 * hour), day)
    expect(plan).toMatchObject({ action: 'fire', window: '2026-11-22' })
    const held = planTrigger(webhook(), options({ event: event({ window: 'earlier' }) }))
    const ledger = [entry(held, 'held'), entry(plan, 'fired', { claim: 'c' })]
    const next = options({ ...day, ledger, event: event({ window: 'next', outcome: 'pass' }) })
    expect(planTrigger(webhook(), next)).toMatchObject({ action: 'hold', cause: 'outcome' })
  })

  it('is the last of several windows', () => {
    const windows = ['first', 'second'].map((window) =>
      planTrigger(webhook(), options({ event: event({ window }) })),
    )
    const ledger = windows.map((item) => entry(item, 'held'))
    const plan = planTrigger(webhook(), options({ ledger, event: event({ outcome: 'pass' }) }))
    expect(plan).toMatchObject({ action: 'fire', window: 'second' })
  })
})
