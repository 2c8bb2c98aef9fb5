import { afterEach, describe, expect, it } from '@jest/globals'
import { createPrometheus } from '../../../../src/adapters/telemetry/prometheus.js'
import { readOperational } from '../../../../src/adapters/telemetry/read-operational.js'
import { DriftPrometheus } from '../../../../src/config/drift/monitoring.js'
import { type Received, type Reply, startServer, type TestServer } from './server.js'

const NOW = Date.UTC(2026, 10, 23, 12)

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function serve(answer: (request: Received, count: number) => Reply): Promise<TestServer> {
  server = await startServer(answer)
  return server
}

const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) })
const matrix = (...series: object[]): Reply =>
  json({ status: 'success', data: { resultType: 'matrix', result: series } })
const vector = (...series: object[]): Reply =>
  json({ status: 'success', data: { resultType: 'vector', result: series } })
const bucket = (le: string, count: string) => ({ metric: { le }, value: [1, count] })

function open(url: string, env: Record<string, string> = {}) {
  const http = { signal: new AbortController().signal, timeoutMs: 5000, firstDelayMs: 1 }
  return createPrometheus({ url, env }, http)
}

const RANGE = { name: 'q', query: 'up{a="b"}', from: NOW - 3_600_000, to: NOW, step: 60_000 }

describe('a range of values', () => {
  it('is asked for by a form, below whatever path the server has', async () => {
    const { url, received } = await serve(() => matrix({ metric: {}, values: [[1, '2']] }))
    await open(`${url}/prometheus/`).series(RANGE)
    expect(received[0]).toMatchObject({ method: 'POST', path: '/prometheus/api/v1/query_range' })
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({
      query: 'up{a="b"}',
      start: '1795431600',
      end: '1795435200',
      step: '60',
      timeout: '5s',
    })
  })

  it('holds numbers as Prometheus writes them', async () => {
    const texts = ['1.5', 'NaN', '+Inf', '-Inf', '1e-07', '']
    const { url } = await serve(() =>
      matrix({ metric: {}, values: texts.map((text, i) => [i + 0.5, text]) }),
    )
    const { data } = await open(url).series(RANGE)
    expect([...(data?.values ?? [])]).toEqual([1.5, NaN, Infinity, -Infinity, 1e-7, NaN])
    expect(data?.times[1]).toBe(1500)
  })

  it('is no data where there is no series', async () => {
    const { url } = await serve(() => matrix())
    expect(await open(url).series(RANGE)).toEqual({ data: undefined, warnings: [] })
  })

  it('comes with what the server remarked', async () => {
    const answer = { status: 'success', data: { resultType: 'matrix', result: [] } }
    const { url } = await serve(() =>
      json({ ...answer, warnings: ['a store is away'], infos: ['not a counter'] }),
    )
    expect((await open(url).series(RANGE)).warnings).toEqual(['a store is away', 'not a counter'])
  })

  it('of many series is an error that asks for one, and names some', async () => {
    const series = ['a', 'b', 'c', 'd'].map((pod) => ({
      metric: { __name__: 'up', pod },
      values: [],
    }))
    const { url } = await serve(() => matrix(...series))
    await expect(open(url).series(RANGE)).rejects.toThrow(
      'MW-DRIFT-662: drift.prometheus.queries.q: the query gives 4 series: up{pod="a"} and up{pod="b"} and up{pod="c"} and 1 more. Aggregate',
    )
  })

  it.each([
    ['MW-DRIFT-663', matrix({ metric: {}, histograms: [[1, {}]] })],
    ['MW-DRIFT-665', json({ status: 'success', data: { resultType: 'string', result: [1, 'a'] } })],
    ['MW-DRIFT-660', json({ status: 'error', errorType: 'bad_data', error: 'parse error' }, 400)],
  ])('is the mistake %s of the user', async (code, reply) => {
    const { url, received } = await serve(() => reply)
    await expect(open(url).series(RANGE)).rejects.toMatchObject({ problems: [{ code }] })
    expect(received).toHaveLength(1)
  })

  it.each([
    ['a page', { body: '<html>' }],
    ['nothing', { body: '' }],
    [
      'an error of the server',
      json({ status: 'error', errorType: 'internal', error: 'disk' }, 500),
    ],
    [
      'another API',
      json({ status: 'success', data: { resultType: 'matrix', result: [{ metric: 3 }] } }),
    ],
    ['not found', { status: 404, body: '404 page not found' }],
  ])('that is answered by %s fails, as the fault of the server', async (_, reply) => {
    const { url } = await serve(() => reply)
    await expect(open(url).series(RANGE)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-661' },
    })
  })

  it('is asked for again on 503 and 429', async () => {
    const { url, received } = await serve((_, count) =>
      count < 3 ? { status: [503, 429][count - 1] ?? 0 } : matrix(),
    )
    expect((await open(url).series(RANGE)).data).toBeUndefined()
    expect(received).toHaveLength(3)
  })

  it('of more than any range has is not read to its end', async () => {
    const { url } = await serve(() => ({ body: ' '.repeat(65 * 1024 * 1024) }))
    await expect(open(url).series(RANGE)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-654' },
    })
  })
})

describe('signing in', () => {
  it.each([
    [{ MODELWAY_PROMETHEUS_TOKEN: 'abc\n' }, 'Bearer abc'],
    [{ MODELWAY_PROMETHEUS_USERNAME: 'u', MODELWAY_PROMETHEUS_PASSWORD: 'p' }, 'Basic dTpw'],
    [{ MODELWAY_PROMETHEUS_TOKEN: 't', MODELWAY_PROMETHEUS_USERNAME: 'u' }, 'Bearer t'],
  ])('by %j', async (env, authorization) => {
    const { url, received } = await serve(() => matrix())
    await open(url, env as Record<string, string>).series(RANGE)
    expect(received[0]?.headers.authorization).toBe(authorization)
  })

  it('sends further headers, such as those of a tenant', async () => {
    const { url, received } = await serve(() => matrix())
    await open(url, { MODELWAY_PROMETHEUS_HEADERS: 'X-Scope-OrgID=team%7Ca' }).series(RANGE)
    expect(received[0]?.headers['x-scope-orgid']).toBe('team|a')
  })

  it('that is refused names the variables', async () => {
    const { url } = await serve(() => ({ status: 401 }))
    await expect(open(url).series(RANGE)).rejects.toThrow(
      /MW-DRIFT-652: Prometheus at .*MODELWAY_PROMETHEUS_TOKEN/,
    )
  })
})

describe('a histogram', () => {
  const ask = (url: string) => open(url).histogram({ name: 'h', query: 'b', at: NOW })

  it('is sorted by its bounds, as numbers', async () => {
    const { url } = await serve(() =>
      vector(bucket('+Inf', '9'), bucket('10', '5'), bucket('2.5', '3')),
    )
    const { data } = await ask(url)
    expect([...(data?.bounds ?? [])]).toEqual([2.5, 10, Infinity])
    expect([...(data?.counts ?? [])]).toEqual([3, 5, 9])
  })

  it('without series is no data', async () => {
    const { url } = await serve(() => vector())
    expect((await ask(url)).data).toBeUndefined()
  })

  it.each([
    ['MW-DRIFT-664', [bucket('1', '2')]],
    ['MW-DRIFT-664', [{ metric: { pod: 'a' }, value: [1, '2'] }]],
    ['MW-DRIFT-662', [bucket('+Inf', '2'), bucket('+Inf', '3')]],
    ['MW-DRIFT-663', [{ metric: {}, histogram: [1, {}] }]],
  ])('is the mistake %s of the user', async (code, series) => {
    const { url } = await serve(() => vector(...series))
    await expect(ask(url)).rejects.toMatchObject({ problems: [{ code }] })
  })
})

describe('readOperational', () => {
  const read = async (url: string, queries: object) => {
    const settings = DriftPrometheus.parse({ url, queries })
    return readOperational({ queries: settings.queries, server: open(url), now: NOW })
  }
  const form = (request: Received | undefined) =>
    Object.fromEntries(new URLSearchParams(request?.body))

  it('asks for the range, and for the one that it is compared with, with 60 steps of 15 s at least', async () => {
    const { url, received } = await serve(() => matrix())
    await read(url, {
      day: { query: 'rate(x[$range])', 'compare-with': '7d', range: '1d' },
      minute: { query: 'x', 'at-most': 1, range: '1m' },
      long: { query: 'x', 'at-most': 1, range: '30d', step: '1s' },
    })
    expect(received.map(form)).toMatchObject([
      { query: 'rate(x[86400s])', start: '1795348800', end: '1795435200', step: '1440' },
      { start: '1794744000', end: '1794830400', step: '1440' },
      { start: '1795435140', step: '15' },
      { step: '235.658' },
    ])
  })

  it('asks for histograms at the end of each range', async () => {
    const { url, received } = await serve(() => vector())
    await read(url, {
      h: { kind: 'histogram', query: 'b[$range]', 'compare-with': '1d', range: '6h' },
    })
    expect(received.map(form)).toMatchObject([
      { query: 'b[21600s]', time: '1795435200' },
      { time: '1795348800' },
    ])
  })

  it('leaves open what the server does not answer, and reads on', async () => {
    const { url } = await serve(({ body }) =>
      body.includes('broken')
        ? { status: 500, body: 'x' }
        : matrix({ metric: {}, values: [[1, '2']] }),
    )
    const { readings } = await read(url, {
      a: { query: 'broken', 'at-most': 1 },
      b: { query: 'b', 'at-most': 1 },
    })
    expect(readings.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'failed'],
      ['b', 'values'],
    ])
    expect(readings[0]).toMatchObject({
      failure: expect.stringContaining('MW-DRIFT-661: Prometheus at 127.0.0.1'),
    })
  })

  it('leaves open what an answer of that day cannot be used for, and throws what no server could evaluate', async () => {
    const one = { metric: {}, values: [[1, '2']] }
    const { url } = await serve(({ body }) => {
      if (body.includes('two')) return matrix({ ...one, metric: { pod: 'a' } }, one)
      if (body.includes('wrong'))
        return json({ status: 'error', errorType: 'bad_data', error: 'parse error' }, 400)
      return json({ status: 'error', errorType: 'execution', error: 'many-to-many' }, 422)
    })
    const { readings } = await read(url, {
      a: { query: 'two', 'at-most': 1 },
      b: { query: 'matching', 'at-most': 1 },
    })
    expect(readings).toMatchObject([
      {
        kind: 'failed',
        failure: expect.stringContaining('MW-DRIFT-662: the query gives 2 series'),
      },
      { kind: 'failed', failure: expect.stringContaining('execution: many-to-many') },
    ])
    await expect(read(url, { c: { query: 'wrong', 'at-most': 1 } })).rejects.toThrow('MW-DRIFT-660')
  })

  it('names the query in warnings, once', async () => {
    const answer = {
      status: 'success',
      data: { resultType: 'matrix', result: [] },
      warnings: ['w'],
    }
    const { url } = await serve(() => json(answer))
    const { warnings } = await read(url, { a: { query: 'x', 'compare-with': '1h' } })
    expect(warnings).toEqual(['a: w'])
  })
})
