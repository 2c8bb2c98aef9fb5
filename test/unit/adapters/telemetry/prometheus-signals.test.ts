import { afterEach, describe, expect, it } from '@jest/globals'
import { createPrometheusSignals } from '../../../../src/adapters/telemetry/prometheus-signals.js'
import { PrometheusSignals } from '../../../../src/config/deploy/signals.js'
import { type Received, type Reply, startServer, type TestServer } from './server.js'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const answer = (resultType: string, result: object[]): Reply => ({
  body: JSON.stringify({ status: 'success', data: { resultType, result } }),
})
const queryOf = ({ body }: Received) => new URLSearchParams(body).get('query') ?? ''
const isPast = (request: Received) => queryOf(request).startsWith('last_over_time(')

/** Answers ranges as told and says that nothing was before. */
async function signals(range: (query: string) => object[], settings: object = {}) {
  server = await startServer((request) =>
    isPast(request) ? answer('vector', []) : answer('matrix', range(queryOf(request))),
  )
  const parsed = PrometheusSignals.parse({
    url: server.url,
    requests: 'requests_total{version="{name}"}',
    ...settings,
  })
  const http = { signal: new AbortController().signal, timeoutMs: 5000, firstDelayMs: 1 }
  return createPrometheusSignals(parsed, { env: {} }, http)
}

const STRETCH = { from: 1000, to: 61_000, stable: 'one', canary: 'two' }
const counted = (count: string, labels = {}) => ({ metric: labels, values: [[30, count]] })

describe('signals of Prometheus', () => {
  it('are unknown, not zero, where neither version has a series', async () => {
    expect(await (await signals(() => [])).between(STRETCH)).toBeUndefined()
  })

  it('are zero for a version without series beside one that has some', async () => {
    const source = await signals((query) => (query.includes('one') ? [counted('5')] : []))
    const gained = await source.between(STRETCH)
    expect(gained?.counters.stable.requests).toBe(5)
    expect(gained?.counters.canary.requests).toBe(0)
  })

  it('are unknown where a value is none', async () => {
    expect(await (await signals(() => [counted('NaN')])).between(STRETCH)).toBeUndefined()
  })

  it('put a name into a selector as a text that nothing in it ends', async () => {
    const source = await signals(() => [counted('1')])
    await source.between({ ...STRETCH, stable: 'a"} or up{x="\\', canary: 'b\n' })
    const queries = server?.received.map(queryOf) ?? []
    expect(queries).toContain('last_over_time(requests_total{version="a\\"} or up{x=\\"\\\\"}[1h])')
    expect(queries).toContain('requests_total{version="b\\n"}[60000ms]')
  })

  it('refuse more failed requests than requests', async () => {
    const source = await signals((query) => [counted(query.includes('5..') ? '9' : '3')], {
      errors: 'requests_total{version="{name}",code=~"5.."}',
    })
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-056/)
  })

  it('refuse what is no counter', async () => {
    server = await startServer(() => answer('scalar', []))
    const parsed = PrometheusSignals.parse({ url: server.url, requests: 'x' })
    const http = { signal: new AbortController().signal, timeoutMs: 5000, firstDelayMs: 1 }
    const source = createPrometheusSignals(parsed, { env: {} }, http)
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-057/)
  })

  it.each([
    ['no label le', [counted('1')]],
    ['no last bucket', [counted('1', { le: '0.1' })]],
  ])('refuse a histogram with %s', async (_name, buckets) => {
    const source = await signals((query) => (query.includes('bucket') ? buckets : [counted('1')]), {
      latency: 'seconds_bucket{version="{name}"}',
    })
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-058/)
  })

  it('refuse versions with different buckets', async () => {
    const buckets = (query: string) => [
      counted('1', { le: query.includes('one') ? '0.1' : '0.2' }),
      counted('2', { le: '+Inf' }),
    ]
    const source = await signals(
      (query) => (query.includes('bucket') ? buckets(query) : [counted('2')]),
      {
        latency: 'seconds_bucket{version="{name}"}',
      },
    )
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-059/)
  })
})
