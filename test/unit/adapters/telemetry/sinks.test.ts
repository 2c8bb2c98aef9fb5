import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { openSinks, sendMetrics } from '../../../../src/adapters/telemetry/index.js'
import { createOtlp, metricsUrl } from '../../../../src/adapters/telemetry/otlp.js'
import { createPushgateway, groupUrl } from '../../../../src/adapters/telemetry/pushgateway.js'
import { createTextfile } from '../../../../src/adapters/telemetry/textfile.js'
import { DriftMetrics } from '../../../../src/config/drift/monitoring.js'
import type { MetricFamily } from '../../../../src/domain/drift/monitoring/metric-family.js'
import { CancelledError } from '../../../../src/errors.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import { otlpViolations } from './otlp-fake.js'
import { type Reply, startServer, type TestServer } from './server.js'

const FAMILIES: readonly MetricFamily[] = [
  {
    name: 'modelway_drift_column_drifted',
    help: 'Whether a column drifted.',
    unit: '',
    samples: [
      { labels: { project: 'p', column: 'a "b"\\\n\ud800' }, value: 1 },
      { labels: { project: 'p', column: 'naïve' }, value: 0 },
    ],
  },
  {
    name: 'modelway_drift_last_run_timestamp_seconds',
    help: 'When.',
    unit: 's',
    samples: [{ labels: { project: 'p' }, value: 1795428000.5 }],
  },
]

const AT = new Date('2026-11-23T10:00:00.500Z')
const http = (more: object = {}) => ({
  signal: new AbortController().signal,
  timeoutMs: 5000,
  firstDelayMs: 1,
  ...more,
})

let server: TestServer | undefined
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-telemetry-'))
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await rm(folder, { recursive: true, force: true })
})

async function serve(answer: (count: number) => Reply): Promise<TestServer> {
  server = await startServer((_, count) => answer(count))
  return server
}

describe('the Pushgateway', () => {
  const gateway = (url: string, env: Record<string, string> = {}, more: object = {}) =>
    createPushgateway({ url, job: 'modelway', project: 'p', labels: {}, env }, http(more))

  it('is put the whole group, in the text format, without a time', async () => {
    const { url, received } = await serve(() => ({ status: 200 }))
    expect(await gateway(`${url}/`).send(FAMILIES)).toEqual([])
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ method: 'PUT', path: '/metrics/job/modelway/project/p' })
    expect(received[0]?.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(received[0]?.headers.authorization).toBeUndefined()
    expect(received[0]?.body).toBe(
      [
        '# HELP modelway_drift_column_drifted Whether a column drifted.',
        '# TYPE modelway_drift_column_drifted gauge',
        'modelway_drift_column_drifted{project="p",column="a \\"b\\"\\\\\\n\ufffd"} 1',
        'modelway_drift_column_drifted{project="p",column="naïve"} 0',
        '',
        '# HELP modelway_drift_last_run_timestamp_seconds When.',
        '# TYPE modelway_drift_last_run_timestamp_seconds gauge',
        'modelway_drift_last_run_timestamp_seconds{project="p"} 1795428000.5',
        '',
      ].join('\n'),
    )
  })

  it.each([
    ['plain', {}, '/metrics/job/modelway/project/plain'],
    ['team/fraud', {}, '/metrics/job/modelway/project@base64/dGVhbS9mcmF1ZA'],
    ['..', {}, '/metrics/job/modelway/project@base64/Li4'],
    ['ü ', {}, '/metrics/job/modelway/project@base64/w7wg'],
    ['p', { b: 'x', a: '2/3', empty: '' }, '/metrics/job/modelway/project/p/a@base64/Mi8z/b/x'],
  ])('has the group of project %j and labels %j at %s', (project, labels, path) => {
    const url = groupUrl({
      url: 'http://gateway.example/pushed/',
      job: 'modelway',
      project,
      labels,
    })
    expect(url.href).toBe(`http://gateway.example/pushed${path}`)
  })

  it('keeps every text of a label in its path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (project) => {
        const { pathname } = groupUrl({ url: 'http://g', job: 'j', project, labels: {} })
        const [name, value = ''] = pathname.split('/').slice(4)
        const encoded = name === 'project@base64'
        const decoded = encoded ? Buffer.from(value, 'base64url').toString('utf8') : value
        expect(decoded).toBe(project)
      }),
    )
  })

  it('is signed in to from the environment', async () => {
    const { url, received } = await serve(() => ({}))
    const env = { MODELWAY_PUSHGATEWAY_USERNAME: 'me', MODELWAY_PUSHGATEWAY_PASSWORD: 'p:ß' }
    await gateway(url, env).send(FAMILIES)
    const [, token = ''] = received[0]?.headers.authorization?.split(' ') ?? []
    expect(Buffer.from(token, 'base64').toString('utf8')).toBe('me:p:ß')
  })

  it('is signed in to by a token, too', async () => {
    const { url, received } = await serve(() => ({}))
    await gateway(url, { MODELWAY_PUSHGATEWAY_TOKEN: ' push-token\n' }).send(FAMILIES)
    expect(received[0]?.headers.authorization).toBe('Bearer push-token')
  })

  it('is sent no token that HTTP cannot write, and shows none', async () => {
    const { url, received } = await serve(() => ({}))
    const wish = gateway(url, { MODELWAY_PUSHGATEWAY_TOKEN: 'push\nSECRET2' }).send(FAMILIES)
    await expect(wish).rejects.toThrow(/^MW-DRIFT-658: MODELWAY_PUSHGATEWAY_TOKEN: (?!.*SECRET2)/)
    expect(received).toEqual([])
  })

  it.each([400, 503])('repeats no password in what it says of %d', async (status) => {
    const env = { MODELWAY_PUSHGATEWAY_USERNAME: 'me', MODELWAY_PUSHGATEWAY_PASSWORD: 's3cret-pw' }
    const basic = Buffer.from('me:s3cret-pw').toString('base64')
    const { url } = await serve(() => ({ status, body: `not ${basic} nor s3cret-pw` }))
    await expect(gateway(url, env).send(FAMILIES)).rejects.toMatchObject({
      details: { what: expect.stringMatching(/: not \*\*\* nor \*\*\*$/) },
    })
  })

  it('gets no credential in clear text', async () => {
    const env = { MODELWAY_PUSHGATEWAY_TOKEN: 'push-token' }
    await expect(gateway('http://gateway.example', env).send(FAMILIES)).rejects.toThrow(
      /^MW-DRIFT-659: drift.metrics.pushgateway: .* gateway.example in clear text/,
    )
  })

  it('is tried again when it is busy or drops the connection', async () => {
    const { url, received } = await serve(
      (count) =>
        [{ status: 503 }, { drop: true }, { status: 429 }, { status: 202 }][count - 1] ?? {},
    )
    expect(await gateway(url).send(FAMILIES)).toEqual([])
    expect(received).toHaveLength(4)
  })

  it('gives up after four attempts, and says what it was told', async () => {
    const { url, received } = await serve(() => ({ status: 503, body: 'no room\nmore' }))
    await expect(gateway(url).send(FAMILIES)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-651', status: 503, what: 'is busy or away: no room' },
    })
    expect(received).toHaveLength(4)
  })

  it('gives up at once where it is asked to wait longer than anybody would', async () => {
    const { url, received } = await serve(() => ({
      status: 429,
      headers: { 'retry-after': '3600' },
    }))
    await expect(gateway(url).send(FAMILIES)).rejects.toMatchObject({ details: { status: 429 } })
    expect(received).toHaveLength(1)
  })

  it.each([
    [400, 'MW-DRIFT-656', 'did not take the metrics: inconsistent'],
    [401, 'MW-DRIFT-652', 'refused to be signed in to: set MODELWAY_PUSHGATEWAY_USERNAME'],
    [302, 'MW-DRIFT-653', 'sends to https://login.example'],
  ])('that answers %d is an error, and not tried again', async (status, code, what) => {
    const headers = { location: 'https://login.example/?secret=1' }
    const { url, received } = await serve(() => ({ status, headers, body: 'inconsistent' }))
    const wish = gateway(url).send(FAMILIES)
    await expect(wish).rejects.toMatchObject({
      details: { code, what: expect.stringContaining(what) },
    })
    expect(received).toHaveLength(1)
  })

  it('that cannot be reached is said so', async () => {
    const { url } = await serve(() => ({}))
    await server?.close()
    server = undefined
    await expect(gateway(url).send(FAMILIES)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-650', what: expect.stringContaining('ECONNREFUSED') },
    })
  })

  it('that does not answer in time is said so', async () => {
    const { url } = await serve(() => ({ hang: true }))
    await expect(gateway(url, {}, { timeoutMs: 30 }).send(FAMILIES)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-650', what: 'cannot be reached: it did not answer in time.' },
    })
  })

  it('is left alone once the run is cancelled', async () => {
    const stop = new AbortController()
    const { url } = await serve(() => {
      stop.abort()
      return { status: 503 }
    })
    const wish = gateway(url, {}, { signal: stop.signal }).send(FAMILIES)
    await expect(wish).rejects.toBeInstanceOf(CancelledError)
  })
})

// @evidence OpenTelemetry collector: contract (the messages of OTLP 1.9 in JSON, field by field)
describe('the OpenTelemetry collector', () => {
  const collector = (url: string, env: Record<string, string> = {}) =>
    createOtlp({ url, job: 'modelway', project: 'p', env, at: AT }, http())

  it('is posted one request that keeps to the published messages', async () => {
    const { url, received } = await serve(() => ({
      body: '{}',
      headers: { 'content-type': 'application/json' },
    }))
    expect(await collector(url).send(FAMILIES)).toEqual([])
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/metrics' })
    expect(received[0]?.headers['content-type']).toBe('application/json')
    const sent = JSON.parse(received[0]?.body ?? '') as Record<string, unknown>
    expect(otlpViolations(sent)).toEqual([])
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    expect(sent).toMatchObject({
      resourceMetrics: [
        {
          resource: {
            attributes: [attribute('service.name', 'modelway'), attribute('modelway.project', 'p')],
          },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'modelway_drift_column_drifted',
                  gauge: {
                    dataPoints: [
                      {
                        attributes: [
                          attribute('project', 'p'),
                          attribute('column', 'a "b"\\\n\ufffd'),
                        ],
                        timeUnixNano: '1795428000500000000',
                        asDouble: 1,
                      },
                      { asDouble: 0 },
                    ],
                  },
                },
                { name: 'modelway_drift_last_run_timestamp_seconds', unit: 's' },
              ],
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['http://c:4318', 'http://c:4318/v1/metrics'],
    ['http://c:4318/', 'http://c:4318/v1/metrics'],
    ['https://c/otlp/', 'https://c/otlp/v1/metrics'],
    ['https://c/otlp/v1/metrics', 'https://c/otlp/v1/metrics'],
    ['https://c/x?tenant=1', 'https://c/x/v1/metrics?tenant=1'],
  ])('at %s is reached at %s', (given, reached) => {
    expect(metricsUrl(given).href).toBe(reached)
  })

  it("is sent OpenTelemetry's own headers and resource attributes from the environment", async () => {
    const { url, received } = await serve(() => ({}))
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20a%3Db, x-team = one ,nonsense,=no',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-team=two,x-odd=50%',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=prod,service.name=other',
    }
    await collector(url, env).send(FAMILIES)
    expect(received[0]?.headers).toMatchObject({
      authorization: 'Bearer a=b',
      'x-team': 'two',
      'x-odd': '50%',
    })
    expect(received[0]?.body).toContain(
      '{"key":"deployment.environment","value":{"stringValue":"prod"}}',
    )
    expect(received[0]?.body).toContain('{"key":"service.name","value":{"stringValue":"modelway"}}')
  })

  it.each([
    [
      '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}',
      ['2 data points were rejected: too old'],
    ],
    [
      '{"partialSuccess":{"rejectedDataPoints":1}}',
      ['1 data points were rejected: without a reason.'],
    ],
    ['{"partialSuccess":{"errorMessage":"use gzip"}}', ['use gzip']],
    ['{"partialSuccess":{}}', []],
    ['{"partialSuccess":null}', []],
    ['', []],
    ['\u0000', []],
  ])('that answers %s remarks %j', async (body, remarks) => {
    const { url } = await serve(() => ({ body }))
    expect(await collector(url).send(FAMILIES)).toEqual(remarks)
  })

  it('gets no header of the environment in clear text, and repeats none', async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=otel-key' }
    await expect(collector('http://collector.example', env).send(FAMILIES)).rejects.toThrow(
      /^MW-DRIFT-659: drift.metrics.otlp: (?!.*otel-key)/,
    )
    const { url } = await serve(() => ({ status: 400, body: '{"message":"no otel-key"}' }))
    await expect(collector(url, env).send(FAMILIES)).rejects.toMatchObject({
      details: { what: 'did not take the metrics: no ***' },
    })
  })

  it('that refuses gives its message', async () => {
    const { url, received } = await serve(() => ({
      status: 400,
      body: '{"code":3,"message":"bad gauge"}',
    }))
    await expect(collector(url).send(FAMILIES)).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-657', status: 400, what: 'did not take the metrics: bad gauge' },
    })
    expect(received).toHaveLength(1)
  })
})

describe('the textfile', () => {
  it('is written whole, and nothing is left beside it', async () => {
    await createTextfile(join(folder, 'drift.prom'), 'drift.prom').send(FAMILIES)
    expect(await readdir(folder)).toEqual(['drift.prom'])
    expect(await readFile(join(folder, 'drift.prom'), 'utf8')).toContain(
      '{project="p",column="naïve"} 0\n',
    )
  })

  it('that cannot be written is an error with its reason', async () => {
    await mkdir(join(folder, 'drift.prom'))
    await expect(
      createTextfile(join(folder, 'drift.prom'), 'drift.prom').send(FAMILIES),
    ).rejects.toMatchObject({
      details: { code: 'MW-DRIFT-655' },
    })
    expect(await readdir(folder)).toEqual(['drift.prom'])
  })
})

describe('sendMetrics', () => {
  const context = () => ({
    env: {},
    signal: new AbortController().signal,
    workspace: createWorkspace(folder),
    project: 'owner/name',
    at: AT,
  })

  it('turns failures and remarks into warnings, and goes on', async () => {
    const { url } = await serve(() => ({ status: 400, body: 'no' }))
    const settings = DriftMetrics.parse({ pushgateway: url, otlp: url, textfile: 'out/drift.prom' })
    const warnings = await sendMetrics(await openSinks(settings, context()), FAMILIES)
    expect(warnings.map((text) => /MW-DRIFT-\d+/.exec(text)?.[0])).toEqual([
      'MW-DRIFT-656',
      'MW-DRIFT-657',
    ])
    expect(await readdir(join(folder, 'out'))).toEqual(['drift.prom'])
  })

  it('uses the repository as the project unless one is named', async () => {
    const { url, received } = await serve(() => ({}))
    await sendMetrics(
      await openSinks(DriftMetrics.parse({ pushgateway: url }), context()),
      FAMILIES,
    )
    expect(received[0]?.path).toBe(
      `/metrics/job/modelway/project@base64/${Buffer.from('owner/name').toString('base64url')}`,
    )
  })

  it('refuses a textfile outside of the working directory', async () => {
    const settings = DriftMetrics.parse({ textfile: '../drift.prom' })
    await expect(openSinks(settings, context())).rejects.toThrow('MW-PATH-001')
  })

  it('ends where the run is cancelled', async () => {
    const cancelled = { name: 'x', send: () => Promise.reject(new CancelledError()) }
    await expect(sendMetrics([cancelled], FAMILIES)).rejects.toBeInstanceOf(CancelledError)
  })
})
