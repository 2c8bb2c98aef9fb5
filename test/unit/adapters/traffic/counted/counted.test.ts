import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { totalsByCode } from '../../../../../src/adapters/traffic/counted/by-code.js'
import { samplesOf } from '../../../../../src/adapters/traffic/counted/exposition.js'
import {
  createTotalsSignals,
  type Totals,
} from '../../../../../src/adapters/traffic/counted/totals.js'

const STRETCH = { from: 0, to: 1, stable: 'a', canary: 'b' }

describe('samples of the text format', () => {
  it('are those of the wanted metrics, with their labels', () => {
    const text = [
      '# HELP t_total some',
      '# TYPE t_total counter',
      't_total 3',
      't_total{code="200",service="m@file"} 1.5e+02 1700000000000',
      't_total_other{code="200"} 9',
      'half{le="+Inf"} +Inf',
      'broken{',
      '',
    ].join('\n')
    expect(
      samplesOf(text, ['t_total', 'half']).map(({ name, labels, value }) => [
        name,
        Object.fromEntries(labels),
        value,
      ]),
    ).toEqual([
      ['t_total', {}, 3],
      ['t_total', { code: '200', service: 'm@file' }, 150],
      ['half', { le: '+Inf' }, Number.POSITIVE_INFINITY],
    ])
  })

  it('have the labels that were written, whatever stands in them', () => {
    const escaped = (text: string) =>
      text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'))
    fc.assert(
      fc.property(value, value, (first, second) => {
        const text = `m{a="${escaped(first)}",b="${escaped(second)}"} 1`
        const [line] = samplesOf(text, ['m'])
        expect(line?.labels.get('a')).toBe(first)
        expect(line?.labels.get('b')).toBe(second)
      }),
    )
  })
})

describe('totals by status code', () => {
  const by = {
    histogram: 'took',
    isOf: (labels: ReadonlyMap<string, string>, version: string) => labels.get('v') === version,
  }
  const bucket = (v: string, code: string, counts: readonly [number, number, number]) =>
    ['0.1', '1', '+Inf'].map(
      (le, i) => `took_bucket{v="${v}",code="${code}",le="${le}"} ${counts[i]}`,
    )

  it('are sums over codes; 5xx are errors, 502 and 504 no answers of the version, 4xx rejections but for users who have gone', () => {
    const text = [
      ...bucket('a', '200', [5, 8, 9]),
      ...bucket('a', '404', [1, 1, 1]),
      ...bucket('a', '499', [0, 1, 1]),
      ...bucket('a', '500', [0, 2, 2]),
      ...bucket('a', '504', [0, 0, 3]),
    ].join('\n')
    const totals = totalsByCode(text, by, ['a', 'b'])
    expect(totals.get('a')).toEqual({
      requests: 16,
      errors: 5,
      rejected: 1,
      unanswered: 3,
      bounds: [100, 1000],
      upTo: [6, 12, 16],
    })
    expect(totals.get('b')).toEqual({
      requests: 0,
      errors: 0,
      rejected: 0,
      unanswered: 0,
      bounds: [],
      upTo: [],
    })
  })

  it.each(['NaN', '-1', '0.5', 'x'])('are none where a bucket says %s', (value) => {
    const text = `took_bucket{v="a",code="200",le="+Inf"} ${value}`
    expect(() => totalsByCode(text, by, ['a'])).toThrow(/MW-DEPLOY-174/)
  })
})

describe('signals of totals', () => {
  const totals = (requests: number, more: Partial<Totals> = {}): Totals => ({
    requests,
    errors: 0,
    rejected: 0,
    unanswered: 0,
    bounds: [100],
    upTo: [requests, requests],
    ...more,
  })
  const nothing = totals(0, { bounds: [], upTo: [] })
  const over = (looks: readonly (readonly [Totals, Totals] | undefined)[]) => {
    let next = 0
    return createTotalsSignals({
      name: 'S',
      look: async () => {
        const [a, b] = looks[next++] ?? []
        return a && b ? new Map([['a', a] as const, ['b', b] as const]) : undefined
      },
    })
  }

  it('count what came since the last look', async () => {
    const now = totals(17, { errors: 3, rejected: 1, unanswered: 2, upTo: [15, 17] })
    const signals = over([
      [totals(10), nothing],
      [now, nothing],
    ])
    await signals.mark?.(STRETCH)
    const gained = await signals.between(STRETCH)
    expect(gained?.latencyBounds).toEqual([100])
    expect(gained?.counters.stable).toEqual({
      assigned: 7,
      requests: 7,
      errors: 3,
      unreachable: 2,
      rejected: 1,
      latency: [5, 2],
    })
    expect(gained?.counters.canary).toMatchObject({ requests: 0, latency: [0, 0] })
  })

  it('know a version from its first request on', async () => {
    const signals = over([
      [totals(10), nothing],
      [totals(10), totals(4)],
    ])
    await signals.mark?.(STRETCH)
    expect((await signals.between(STRETCH))?.counters.canary).toMatchObject({
      requests: 4,
      latency: [4, 0],
    })
  })

  it('do not know a stretch without a beginning, one that could not be told, or one in which counting began anew', async () => {
    const ten = [totals(10), totals(10)] as const
    expect(await over([ten]).between(STRETCH)).toBeUndefined()
    const signals = over([ten, undefined, ten, [totals(9), totals(11)], ten])
    await signals.mark?.(STRETCH)
    expect(await signals.between(STRETCH)).toBeUndefined()
    expect(await signals.between(STRETCH)).toBeUndefined()
    expect(await signals.between(STRETCH)).toBeUndefined()
  })
})
