import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { driftedNames, keptEvent } from '../../../../../src/domain/drift/acting/event.js'
import {
  firings,
  isEntry,
  type LedgerEntry,
  stateOfKey,
  unsent,
} from '../../../../../src/domain/drift/acting/ledger.js'
import { retained } from '../../../../../src/domain/drift/acting/retention.js'
import { event, hour, NOW } from './arrange.js'

const PRESENT = { now: NOW.getTime(), run: { id: '9', attempt: 1 } }
const LIMITS = { bytes: 200_000, firings: 3 }

function of(
  state: LedgerEntry['state'],
  key: string,
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return {
    ...{ state, key, trigger: 't', kind: 'webhook', window: key, at: NOW.toISOString() },
    ...(state === 'claimed' || state === 'held' ? { event: event({ window: key }) } : {}),
    ...more,
  }
}

describe('a record that is kept', () => {
  it('has no claim that has ended, nor what it had to send', () => {
    const run = { id: '1', attempt: 1 }
    const entries = [
      of('claimed', 'a', { claim: '1', run }),
      of('fired', 'a', { claim: '1', run }),
      of('claimed', 'b', { claim: '2' }),
      of('released', 'b', { claim: '2' }),
      of('claimed', 'c', { claim: '3' }),
      of('claimed', 'd', { claim: '4' }),
      of('failed', 'd', { claim: '4' }),
    ]
    expect(retained(entries, LIMITS)).toEqual([of('fired', 'a'), ...entries.slice(4)])
  })

  it('gives up what was held back and made good by a later firing', () => {
    const entries = [of('held', 'a'), of('fired', 'b'), of('held', 'c')]
    expect(retained(entries, LIMITS)).toEqual(entries.slice(1))
  })

  it('gives up events before firings, and never the firings that the guard counts', () => {
    const window = 'x'.repeat(300)
    const entries = [
      ...[1, 2, 3, 4, 5].map((n) => of('fired', `f${n}`, { window })),
      ...[1, 2, 3].map((n) => of('held', `h${n}`)),
    ]
    const left = (bytes: number) => retained(entries, { bytes, firings: 3 }).map(({ key }) => key)
    expect(left(9000)).toHaveLength(8)
    expect(left(2700)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'h3'])
    expect(left(1)).toEqual(['f3', 'f4', 'f5', 'h3'])
  })

  it('says the same of every key and trigger as the whole one', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      claim: fc.integer({ min: 0, max: 4 }).map(String),
      hours: fc.integer({ min: 0, max: 3 }),
      ends: fc.constantFrom('fired', 'released', 'failed', undefined),
      held: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const entries = steps.flatMap(({ key, hours, ends, held }, index): LedgerEntry[] => {
          const at = new Date(NOW.getTime() - hours * hour).toISOString()
          const claim = String(index)
          if (held) return [of('held', key, { at })]
          const claimed = of('claimed', key, { at, claim })
          return ends === undefined ? [claimed] : [claimed, of(ends, key, { at, claim })]
        })
        const kept = retained(entries, LIMITS)
        expect(kept.every(isEntry)).toBe(true)
        for (const key of ['a', 'b', 'c'])
          expect(stateOfKey(kept, key, PRESENT)).toEqual(stateOfKey(entries, key, PRESENT))
        const fired = kept.filter(({ state }) => state === 'fired').length
        expect(fired).toBe(entries.filter(({ state }) => state === 'fired').length)
        expect(firings(kept, 't', PRESENT).length).toBeGreaterThanOrEqual(fired)
      }),
    )
  })

  it('sends the same as the whole one', () => {
    const entries = [of('held', 'a'), of('fired', 'b', { claim: '1' }), of('held', 'c')]
    expect(unsent(retained(entries, LIMITS), 't', PRESENT)).toEqual(unsent(entries, 't', PRESENT))
  })
})

describe('an event in the record', () => {
  it('has as many names as 4,000 bytes hold, and still says how many there were', () => {
    const names = Array.from({ length: 60 }, (_, index) => `${'\u5217'.repeat(190)}${index}`)
    const kept = keptEvent(event({ ...driftedNames(names), reason: 'r'.repeat(5000) }))
    expect(kept.drifted).toHaveLength(6)
    expect(kept.driftedCount).toBe(60)
    expect(JSON.stringify(kept).length).toBeLessThan(6000)
    expect(keptEvent(event())).toEqual(event())
  })
})
