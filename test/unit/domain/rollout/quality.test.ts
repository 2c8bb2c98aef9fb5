import { describe, expect, it } from '@jest/globals'
import {
  countersBetween,
  type Reading,
  slowerThan,
} from '../../../../src/domain/rollout/observation.js'
import {
  createQualityJoin,
  type Label,
  type Sample,
} from '../../../../src/domain/rollout/quality.js'
import { arm, BOUNDS, QUIET } from './intervals.js'

const sample = (
  requestId: string,
  version: 'stable' | 'canary',
  prediction: string | undefined,
  mirrored = false,
): Sample => ({ requestId, version, prediction, mirrored })

const labels = (rows: Record<string, [string, ...string[]]>): Map<string, Label> =>
  new Map(Object.entries(rows).map(([id, [label, ...slices]]) => [id, { label, slices }]))

describe('quality by labels', () => {
  it('counts wrong predictions for each version, overall and in the slices asked for', () => {
    const join = createQualityJoin(['sex=f'])
    const counted = join.update(
      [
        sample('1', 'canary', '1'),
        sample('2', 'canary', '0'),
        sample('3', 'stable', '1'),
        sample('4', 'stable', undefined),
      ],
      labels({ 1: ['1', 'sex=f'], 2: ['1', 'sex=f'], 3: ['1', 'sex=m'], 4: ['1', 'sex=f'] }),
    )
    expect(counted.map(({ slice, counts }) => ({ slice, ...counts }))).toEqual([
      { slice: undefined, canary: { n: 2, events: 1 }, stable: { n: 2, events: 1 } },
      { slice: 'sex=f', canary: { n: 2, events: 1 }, stable: { n: 1, events: 1 } },
    ])
  })

  it('counts a request once, when the later of answer and label is there', () => {
    const join = createQualityJoin([])
    const early = join.update([sample('1', 'canary', '1')], labels({}))
    expect(early[0]?.counts.canary.n).toBe(0)
    expect(join.waiting).toBe(1)
    const late = join.update([sample('1', 'canary', '0')], labels({ 1: ['1'] }))
    expect(late[0]?.counts.canary).toEqual({ n: 1, events: 0 })
    const again = join.update([sample('1', 'canary', '0')], labels({ 1: ['1'] }))
    expect(again[0]?.counts.canary.n).toBe(0)
    expect(join.waiting).toBe(0)
  })

  it('pairs a mirrored answer with the one that the user got, and counts the user only once', () => {
    const join = createQualityJoin([])
    const [counted] = join.update(
      [
        sample('1', 'stable', '1'),
        sample('1', 'canary', '0', true),
        sample('2', 'stable', '0'),
        sample('2', 'canary', '1', true),
        sample('3', 'stable', '0'),
        sample('3', 'canary', '0', true),
      ],
      labels({ 1: ['1'], 2: ['1'], 3: ['1'] }),
    )
    expect(counted?.pairs).toEqual({ canaryOnly: 1, stableOnly: 1 })
    expect(counted?.counts).toEqual({ canary: { n: 0, events: 0 }, stable: { n: 3, events: 2 } })
  })
})

const reading = (requests: number, epoch = 'a'): Reading => ({
  epoch,
  at: '2026-01-01T00:00:00Z',
  latencyBounds: BOUNDS,
  canaryReachable: true,
  stable: arm(requests),
  canary: arm(0),
  mirror: QUIET,
})

describe('counters between two looks', () => {
  it('are what was gained', () => {
    const gained = countersBetween(reading(10), reading(25))
    expect(gained?.stable).toMatchObject({ requests: 15, assigned: 15, latency: [15, 0, 0] })
  })

  it('are unknown after a restart or when any went down', () => {
    expect(countersBetween(reading(10), reading(25, 'b'))).toBeUndefined()
    expect(countersBetween(reading(10), reading(9))).toBeUndefined()
  })
})

describe('requests over a latency bound', () => {
  it.each([
    [10, 5],
    [11, 2],
    [100, 2],
    [101, 2],
  ])('slower than %s ms: %s, never counting one that may have been in time', (bound, slow) => {
    expect(slowerThan(arm(9, 0, { latency: [4, 3, 2] }), BOUNDS, bound)).toBe(slow)
  })
})
