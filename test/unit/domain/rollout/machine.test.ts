import { describe, expect, it } from '@jest/globals'
import {
  nextCommand,
  reduceRollout,
  startRollout,
  weightOf,
} from '../../../../src/domain/rollout/machine.js'
import type { Interval } from '../../../../src/domain/rollout/observation.js'
import type { RolloutEvent, RolloutState } from '../../../../src/domain/rollout/state.js'
import { arm, interval, POLICY } from './intervals.js'

const AT = '2026-01-01T00:00:00Z'
const begun = startRollout({ id: 'r', policy: POLICY, at: AT })

const follow = (state: RolloutState, ...events: RolloutEvent[]) =>
  events.reduce(reduceRollout, state)
const prepared: RolloutEvent = { kind: 'prepared', at: AT }
const set: RolloutEvent = { kind: 'traffic-set', at: AT }
const saw = (seen: Interval): RolloutEvent => ({ kind: 'observed', interval: seen })
const watching = follow(begun, prepared, set)

const good = (at: number) =>
  interval(at, { step: 1, weight: 50, stable: arm(5000, 50), canary: arm(5000, 50) })
const quiet = (at: number) =>
  interval(at, { step: 1, weight: 50, stable: arm(500), canary: arm(500) })
const bad = interval(0, { stable: arm(950, 9), canary: arm(50, 20) })
const secondStep = follow(watching, saw(interval(0)), saw(interval(1)), set)

describe('a rollout', () => {
  it('prepares, sets the first weight, and looks', () => {
    expect(nextCommand(begun)).toEqual({ kind: 'prepare' })
    const ready = follow(begun, prepared)
    expect(nextCommand(ready)).toEqual({ kind: 'set-traffic', weight: 5, mirror: 0 })
    expect(nextCommand(watching)).toEqual({ kind: 'observe' })
    expect([weightOf(begun), weightOf(ready), weightOf(watching)]).toEqual([0, 5, 5])
  })

  it('goes up step by step, promotes at the end, and is over', () => {
    expect(nextCommand(follow(watching, saw(interval(0)), saw(interval(1))))).toEqual({
      kind: 'set-traffic',
      weight: 50,
      mirror: 0,
    })
    const promoting = follow(
      secondStep,
      ...Array.from({ length: 10 }, (_, at) => saw(good(2 + at))),
    )
    expect(nextCommand(promoting)).toEqual({ kind: 'promote' })
    const over = follow(promoting, { kind: 'promoted', at: AT })
    expect(nextCommand(over)).toEqual({ kind: 'finish', outcome: 'promoted', decision: 'pass' })
    expect(weightOf(over)).toBe(100)
    expect(over.steps.map(({ weight }) => weight)).toEqual([5, 50])
    expect(over.steps[0]?.requests).toEqual({ stable: 1900, canary: 100 })
  })

  it('goes back on harm, and is over only when traffic is back', () => {
    const back = follow(watching, saw(bad))
    expect(nextCommand(back)).toMatchObject({ kind: 'rollback' })
    expect(weightOf(back)).toBe(0)
    const over = follow(back, { kind: 'rolled-back', at: AT })
    expect(nextCommand(over)).toEqual({ kind: 'finish', outcome: 'rolled-back', decision: 'fail' })
    expect(over.steps[0]?.analysis[0]).toMatchObject({ metric: 'error-rate', status: 'rollback' })
  })

  it('is aborted and inconclusive when the split was wrong', () => {
    const wrong = interval(0, { canary: arm(400), stable: arm(600) })
    const over = follow(watching, saw(wrong), { kind: 'rolled-back', at: AT })
    expect(nextCommand(over)).toMatchObject({ outcome: 'aborted', decision: 'inconclusive' })
  })

  it('holds at the horizon, then goes back; never promotes without evidence', () => {
    const atHorizon = follow(
      secondStep,
      ...Array.from({ length: 10 }, (_, at) => saw(quiet(2 + at))),
    )
    expect(atHorizon.phase).toBe('holding')
    expect(weightOf(atHorizon)).toBe(50)
    const later = follow(atHorizon, ...Array.from({ length: 4 }, (_, at) => saw(quiet(12 + at))))
    expect(later.phase).toBe('holding')
    const ended = follow(later, saw(quiet(16)), { kind: 'rolled-back', at: AT })
    expect(nextCommand(ended)).toMatchObject({ outcome: 'rolled-back', decision: 'inconclusive' })
    expect(ended.reasons[0]?.code).toBe('hold-ended')
  })

  it('promotes out of a hold when the evidence comes after all', () => {
    const holding = follow(secondStep, ...Array.from({ length: 10 }, (_, at) => saw(quiet(2 + at))))
    const decided = follow(holding, ...Array.from({ length: 10 }, (_, at) => saw(good(12 + at))))
    expect(decided.phase).toBe('promoting')
  })

  it('goes back when it cannot read the target five times in a row', () => {
    const lost: RolloutEvent = { kind: 'interval-lost', at: AT }
    const four = follow(watching, lost, lost, lost, lost)
    expect(four.phase).toBe('observing')
    expect(follow(four, saw(interval(0)), lost).phase).toBe('observing')
    expect(follow(four, lost)).toMatchObject({ phase: 'rolling-back', outcome: 'aborted' })
  })

  it('goes back when it is cancelled, but finishes a promotion that has begun', () => {
    const cancelled: RolloutEvent = { kind: 'cancelled', at: AT }
    expect(follow(watching, cancelled)).toMatchObject({
      phase: 'rolling-back',
      decision: 'inconclusive',
    })
    const promoting = { ...secondStep, phase: 'promoting', outcome: 'promoted' } as const
    expect(follow(promoting, cancelled)).toEqual(promoting)
  })

  it('cancelled before it was prepared touches nothing', () => {
    const over = follow(begun, { kind: 'cancelled', at: AT })
    expect(nextCommand(over)).toEqual({
      kind: 'finish',
      outcome: 'aborted',
      decision: 'inconclusive',
    })
  })

  it('survives being written as JSON at any moment', () => {
    const events = [
      prepared,
      set,
      saw(interval(0)),
      saw(interval(1)),
      set,
      saw(quiet(2)),
      saw(good(3)),
    ]
    let live = begun
    let stored = begun
    for (const event of events) {
      live = reduceRollout(live, event)
      stored = reduceRollout(JSON.parse(JSON.stringify(stored)), event)
      expect(JSON.parse(JSON.stringify(stored))).toEqual(JSON.parse(JSON.stringify(live)))
      expect(nextCommand(stored)).toEqual(nextCommand(live))
    }
  })

  it('found by a later run sets its weight again, or goes back', () => {
    const finish = follow(secondStep, { kind: 'resumed', at: AT, how: 'finish' })
    expect(nextCommand(finish)).toEqual({ kind: 'set-traffic', weight: 50, mirror: 0 })
    expect(finish.evidence).toEqual(secondStep.evidence)
    expect(finish.evidence.tally?.intervals).toBe(2)
    const back = follow(secondStep, { kind: 'resumed', at: AT, how: 'rollback' })
    expect(nextCommand(back)).toMatchObject({ kind: 'rollback' })
    expect(back.reasons[0]?.code).toBe('interrupted')
  })

  it('ignores events that do not belong to where it stands', () => {
    expect(follow(begun, set)).toBe(begun)
    expect(follow(begun, saw(bad))).toBe(begun)
    const over = follow(watching, saw(bad), { kind: 'rolled-back', at: AT })
    for (const event of [prepared, set, saw(bad), { kind: 'cancelled', at: AT } as const]) {
      expect(follow(over, event)).toBe(over)
    }
  })

  it('as a shadow never gets a user, and ends as shadowed', () => {
    const policy = { ...POLICY, mode: 'shadow', mirror: 100 } as const
    const shadow = follow(startRollout({ id: 'r', policy, at: AT }), prepared)
    expect(nextCommand(shadow)).toEqual({ kind: 'set-traffic', weight: 0, mirror: 100 })
    const mirror = {
      agree: 900,
      disagree: 0,
      canaryOnlyErrors: 0,
      stableOnlyErrors: 20,
      discarded: 0,
    }
    const seen = interval(0, { weight: 0, canary: arm(0), mirror })
    const over = follow(shadow, set, saw(seen), { kind: 'rolled-back', at: AT })
    expect(nextCommand(over)).toEqual({ kind: 'finish', outcome: 'shadowed', decision: 'pass' })
  })
})
