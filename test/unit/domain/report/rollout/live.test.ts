import { describe, expect, it } from '@jest/globals'
import { type LiveRollout, liveMarkdown } from '../../../../../src/domain/report/rollout/live.js'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

function rollout(more: Partial<LiveRollout> = {}): LiveRollout {
  return {
    environment: 'production',
    version: 'census-2',
    previousVersion: 'census-1',
    mode: 'canary',
    target: 'haproxy',
    phase: 'observing',
    weight: 25,
    planned: [5, 25, 50],
    step: 1,
    steps: [
      step(5, '2026-01-01T00:00:00Z', '2026-01-01T00:01:30Z', 9500),
      step(25, '2026-01-01T00:01:30Z', '2026-01-01T02:06:30Z', 1_234_567),
    ],
    looks: [look('2026-01-01T00:01:30Z', 5, 1), look('2026-01-01T00:02:30Z', 25, Math.sqrt(20))],
    reasons: ['Too few requests yet: 40 of 100.'],
    lastLook: '2026-01-01T02:06:30Z',
    nextLook: '2026-01-01T02:07:30.500Z',
    runUrl: 'https://github.com/o/r/actions/runs/1',
    pins: { commit: COMMIT, digest: undefined },
    commands: ['promote', 'rollback', 'hold', 'status'],
    ...more,
  }
}

function step(weight: number, startedAt: string, endedAt: string, stable: number) {
  const row = {
    ...{ metric: 'error-rate', slice: null, method: 'e-process', of: 'ratio', estimate: 1.1 },
    ...{ low: 0.5, high: 2, eValue: 4.2, threshold: 20, status: 'continue' },
  }
  return { weight, startedAt, endedAt, requests: { stable, canary: 500 }, analysis: [row] }
}

function look(at: string, weight: number, eValue: number | null, threshold: number | null = 20) {
  return { at, weight, evidence: [{ eValue, threshold }] }
}

describe('a rollout under way is shown', () => {
  it('by its weight, its users and the reason for it', () => {
    const text = liveMarkdown(rollout())
    expect(text).toMatch(/^### Rollout to <code>production<\/code>: 👀 under way at 25%\n/)
    expect(text).toContain('<code>census&#45;2</code> gets 25% of the requests')
    expect(text).toContain('beside <code>census&#45;1</code>')
    expect(text).toContain('Too few requests yet&#58; 40 of 100.')
  })

  it('by all its steps: behind, now and ahead', () => {
    expect(liveMarkdown(rollout())).toContain(
      [
        '| 5% | ✅ done | 9,500 | 500 | 90 s |',
        '| 25% | ▶️ now | 1,234,567 | 500 | 2 h 5 min |',
        '| 50% | ahead |  |  |  |',
      ].join('\n'),
    )
  })

  it('by the steps that the evidence skipped, and each count beside its own weight', () => {
    const skipped = { planned: [5, 10, 25, 50], step: 2, weight: 24.9 }
    const steps = [rollout().steps[0], { ...rollout().steps[1], weight: 24.9 }]
    expect(liveMarkdown(rollout({ ...skipped, steps: steps as LiveRollout['steps'] }))).toContain(
      [
        '| 5% | ✅ done | 9,500 | 500 | 90 s |',
        '| 10% | ⏭️ skipped |  |  |  |',
        '| 25% | ▶️ now | 1,234,567 | 500 | 2 h 5 min |',
        '| 50% | ahead |  |  |  |',
      ].join('\n'),
    )
  })

  it('by the evidence of each metric at the last look', () => {
    const text = liveMarkdown(rollout())
    expect(text).toContain(
      '| error&#45;rate | all | 1.1 (ratio) | 0.5 to 2 | 4.2 of 20 | continue |',
    )
  })

  it('by a chart in which an e-value at the root of its threshold is half way', () => {
    const text = liveMarkdown(rollout())
    expect(text).toContain('line [0, 50]')
    expect(text).toContain('bar [5, 25]')
    const beyond = [look('2026-01-01T00:01:30Z', 5, 1e300), look('', 5, 0.2), look('', 5, null)]
    expect(liveMarkdown(rollout({ looks: beyond }))).toContain('line [100, 0, 0]')
  })

  it('without a chart of fewer than two looks, and with the last thirty of many', () => {
    const many = Array.from({ length: 100 }, (_, at) => look(`2026-01-01T00:00:${at}`, at, 1))
    expect(liveMarkdown(rollout({ looks: many.slice(0, 1) }))).not.toContain('mermaid')
    const bars = /bar \[([^\]]*)\]/.exec(liveMarkdown(rollout({ looks: many })))?.[1]?.split(', ')
    expect(bars).toEqual(Array.from({ length: 30 }, (_, at) => String(70 + at)))
  })

  it('with the last look, the next one and the run', () => {
    expect(liveMarkdown(rollout())).toContain(
      'Last look 2026-01-01 02:06:30 UTC · next look 2026-01-01 02:07:30 UTC · [the run](https://github.com/o/r/actions/runs/1).',
    )
    const none = rollout({ lastLook: undefined, nextLook: undefined, runUrl: undefined })
    expect(liveMarkdown(none)).toContain('Nothing was looked at yet.')
  })

  it('with the commands that it takes now, each with the SHA', () => {
    const text = liveMarkdown(rollout())
    expect(text).toContain(
      ['```', '/promote 0123456789ab', '/rollback 0123456789ab', '/hold 0123456789ab'].join('\n'),
    )
    expect(text).not.toContain('/resume')
    expect(liveMarkdown(rollout({ commands: [] }))).not.toContain('Tell it')
  })

  it('as held, with who held it', () => {
    const hold = { since: '2026-01-01T01:00:00Z', by: 'wes' }
    const text = liveMarkdown(rollout({ hold }))
    expect(text).toContain('⏸️ held at 25%')
    expect(text).toContain('Held since 2026-01-01 01:00:00 UTC by <code>wes</code>')
    expect(liveMarkdown(rollout({ hold: { ...hold, by: null } }))).toContain('as its step says')
  })

  it('with who approved it', () => {
    const approvals = [{ by: 'max', rule: 'required reviewers: max' }]
    expect(liveMarkdown(rollout({ approvals }))).toContain('Approved by <code>max</code> (required')
  })

  it('with nothing that a name or a reason could do', () => {
    const nasty =
      '@team <img src=x> | `x`\n```\n/promote 0123456789ab\n<!-- modelway:end name=x -->'
    const text = liveMarkdown(
      rollout({
        ...{ environment: nasty, version: nasty, previousVersion: nasty, mode: nasty },
        ...{ target: nasty, reasons: [nasty], hold: { since: nasty, by: nasty } },
        ...{ runUrl: `javascript:${nasty}`, approvals: [{ by: nasty, rule: nasty }] },
        looks: [look(nasty, 5, 1), look(nasty, 5, 1)],
      }),
    )
    expect(text).not.toMatch(/@team|<img|javascript|<!-- modelway/)
    expect(text.match(/^\/promote/gm)).toHaveLength(1)
    expect(text.match(/^```/gm)).toHaveLength(4)
  })
})
