import { describe, expect, it } from '@jest/globals'
import { combineSignals } from '../../../../src/adapters/telemetry/combine-signals.js'
import { type MirrorCounters, NO_MIRROR } from '../../../../src/domain/rollout/observation.js'
import type { Gained, Signals, Stretch } from '../../../../src/ports/signals.js'

const arm = (requests: number) => ({
  assigned: requests,
  requests,
  errors: 0,
  unreachable: 0,
  latency: [requests, 0],
})
function gained(requests: number, id: string, mirror: Partial<MirrorCounters> = {}): Gained {
  return {
    counters: { stable: arm(requests), canary: arm(0), mirror: { ...NO_MIRROR, ...mirror } },
    latencyBounds: [requests],
    samples: [{ requestId: id, version: 'stable', mirrored: false, prediction: 'a' }],
    warnings: [id],
  }
}

/** Signals that give these one after the other, and note what they were asked. */
function scripted(answers: (Gained | undefined)[], more: Partial<Signals> = {}) {
  const asked: [number, number][] = []
  const marks: string[] = []
  const signals: Signals = {
    name: 'some',
    lagMs: 0,
    mark: async () => void marks.push('mark'),
    between: async ({ from, to }) => {
      asked.push([from, to])
      return answers.shift()
    },
    ...more,
  }
  return { signals, asked, marks }
}
const stretch = (from: number, to: number): Stretch => ({ from, to, stable: 'v1', canary: 'v2' })

describe('signals of two places', () => {
  it('have counts of the one, answers and what was compared of the other', async () => {
    const counts = scripted([gained(100, 'counts')], { lagMs: 30_000, stepMs: 60_000 })
    const answers = scripted([gained(7, 'answers', { disagree: 3 })], { lagMs: 5000 })
    const both = combineSignals(counts.signals, answers.signals)
    expect([both.lagMs, both.stepMs]).toEqual([30_000, 60_000])
    await both.mark?.({ stable: 'v1', canary: 'v2' })
    expect([counts.marks, answers.marks]).toEqual([['mark'], ['mark']])
    const found = await both.between(stretch(0, 10))
    expect(found?.counters.stable.requests).toBe(100)
    expect(found?.counters.mirror.disagree).toBe(3)
    expect(found?.latencyBounds).toEqual([100])
    expect(found?.samples.map(({ requestId }) => requestId)).toEqual(['answers'])
    expect(found?.warnings).toEqual(['counts', 'answers'])
  })

  it('leave what a system compared itself as it is', async () => {
    const counts = scripted([gained(100, 'counts', { agree: 9 })])
    const answers = scripted([gained(7, 'answers', { disagree: 3 })])
    const found = await combineSignals(counts.signals, answers.signals).between(stretch(0, 10))
    expect(found?.counters.mirror).toEqual({ ...NO_MIRROR, agree: 9 })
  })

  it('give answers of a stretch without counts with the next one', async () => {
    const counts = scripted([
      undefined,
      undefined,
      gained(1, 'counts'),
      undefined,
      gained(1, 'counts'),
    ])
    const answers = scripted([gained(1, 'a'), gained(1, 'b')])
    const both = combineSignals(counts.signals, answers.signals)
    expect(await both.between(stretch(0, 10))).toBeUndefined()
    expect(await both.between(stretch(10, 20))).toBeUndefined()
    await both.between(stretch(20, 30))
    expect(answers.asked).toEqual([[0, 30]])
    await both.between(stretch(30, 40))
    await both.between(stretch(70, 80))
    expect(answers.asked[1]).toEqual([70, 80])
  })

  it('are counts alone as long as there is no log', async () => {
    const both = combineSignals(scripted([gained(4, 'counts')]).signals, scripted([]).signals)
    const found = await both.between(stretch(0, 10))
    expect(found?.counters.stable.requests).toBe(4)
    expect(found?.warnings[1]).toContain('not there yet')
  })
})
