// @evidence Google Cloud Monitoring: contract (a stateful fake that checks requests and answers by the discovery document, monitoring v3)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createCloudMonitoringSignals } from '../../../../src/adapters/telemetry/cloud-monitoring.js'
import { openSignals } from '../../../../src/adapters/telemetry/index.js'
import { openGoogle } from '../../../../src/clouds/google.js'
import { CloudMonitoringSignals } from '../../../../src/config/deploy/cloud-monitoring.js'
import { SignalsSection } from '../../../../src/config/deploy/signals.js'
import type { Stretch } from '../../../../src/ports/signals.js'
import { type GoogleFake, startGoogle, TOKEN } from '../../../fakes/google/start-google.js'

const MINUTE = 60_000
const START = Date.UTC(2026, 10, 24, 12, 0, 0)
const FILTER =
  'metric.type="run.googleapis.com/request_count" AND resource.labels.revision_name="{name}"'
const LATENCY =
  'metric.type="run.googleapis.com/request_latencies" AND resource.labels.revision_name="{name}"'
const STRETCH: Stretch = { from: START, to: START + 3 * MINUTE, stable: 'a', canary: 'b' }

let fake: GoogleFake
beforeEach(async () => {
  fake = await startGoogle()
  fake.clock.now = START
})
afterEach(async () => {
  await fake.close()
  expect(fake.violations).toEqual([])
})

const settingsFor = (more: object = {}) =>
  CloudMonitoringSignals.parse({
    project: 'shop',
    requests: FILTER,
    errors: `${FILTER} AND metric.labels.response_code_class="5xx"`,
    latency: LATENCY,
    endpoint: fake.url,
    ...more,
  })

function signals(more: object = {}) {
  const client = openGoogle({
    env: { MODELWAY_GOOGLE_TOKEN: TOKEN },
    now: () => fake.clock.now,
    sleep: async () => undefined,
  })
  return createCloudMonitoringSignals(settingsFor(more), client)
}

/** Requests at a time after the start; afterwards all of them are visible. */
function serve(version: string, at: number, { count = 1, status = 200, ms = 12 } = {}): void {
  fake.clock.now = START + at
  for (let i = 0; i < count; i++) fake.monitoring.count('run', version, { status, ms })
  fake.clock.now = START + 60 * MINUTE
}

describe('what Cloud Monitoring counts', () => {
  it('is added up by version, over minutes and response codes', async () => {
    serve('a', 1000, { count: 30 })
    serve('a', MINUTE + 1000, { count: 20 })
    serve('a', MINUTE + 2000, { count: 5, status: 503 })
    serve('b', 2 * MINUTE, { count: 4, status: 404 })
    serve('other', 1000, { count: 9 })
    const gained = await signals().between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ assigned: 55, requests: 55, errors: 5 })
    expect(gained?.counters.canary).toMatchObject({ requests: 4, errors: 0, unreachable: 0 })
  })

  it('comes by whole minutes, late', () => {
    expect(signals()).toMatchObject({ lagMs: 240_000, stepMs: MINUTE, name: 'Cloud Monitoring' })
  })

  it('is put into buckets by latency, with those that Google leaves out', async () => {
    for (const ms of [1, 3, 12, 12, 5000]) serve('a', 1000, { ms })
    serve('b', 1000, { ms: 3 })
    const gained = await signals().between(STRETCH)
    expect(gained?.latencyBounds).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512])
    expect(gained?.counters.stable.latency).toEqual([1, 1, 0, 2, 0, 0, 0, 0, 0, 1])
    expect(gained?.counters.canary.latency).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('may be measured in seconds', async () => {
    serve('a', 1000)
    const gained = await signals({ 'latency-unit': 's' }).between(STRETCH)
    expect(gained?.latencyBounds[0]).toBe(2000)
  })

  it('keeps its buckets through a stretch in which nothing was measured', async () => {
    const source = signals({ latency: `${LATENCY} AND metric.labels.response_code_class="2xx"` })
    serve('a', 1000)
    serve('a', 4 * MINUTE, { status: 503 })
    const first = await source.between(STRETCH)
    const next = { ...STRETCH, from: START + 3 * MINUTE, to: START + 6 * MINUTE }
    const second = await source.between(next)
    expect(second?.latencyBounds).toEqual(first?.latencyBounds)
    expect(second?.counters.stable).toMatchObject({ requests: 1, latency: new Array(10).fill(0) })
  })

  it('is nothing where a version had no requests and the other had, and unknown where neither had', async () => {
    expect(await signals().between(STRETCH)).toBeUndefined()
    serve('a', 1000)
    expect((await signals().between(STRETCH))?.counters.canary.requests).toBe(0)
  })

  it('belongs to one stretch, the one in which its minute ends', async () => {
    const source = signals()
    for (let minute = 0; minute < 6; minute++) serve('a', minute * MINUTE, { count: 2 ** minute })
    const stretch = (from: number, to: number) => ({
      ...STRETCH,
      from: START + from * MINUTE,
      to: START + to * MINUTE,
    })
    const counts: (number | undefined)[] = []
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [3, 6],
    ] as const) {
      counts.push((await source.between(stretch(from, to)))?.counters.stable.requests)
    }
    expect(counts).toEqual([3, 4, 56])
  })

  it('is not of a stretch where its minute has begun before', async () => {
    fake.monitoring.shiftMs = 20_000
    const source = signals()
    serve('a', 30_000, { count: 5 })
    serve('a', 90_000, { count: 7 })
    serve('a', 150_000, { count: 9 })
    // From 0:20, 1:20 and 2:20 on: at 1:00 the weights have changed.
    const first = await source.between({ ...STRETCH, from: START + MINUTE, to: START + 3 * MINUTE })
    expect(first?.counters.stable.requests).toBe(7)
    // What goes on at the same weights gets the minute that both have.
    const next = { ...STRETCH, from: START + 3 * MINUTE, to: START + 4 * MINUTE }
    expect((await source.between(next))?.counters.stable.requests).toBe(9)
  })

  it('is read page by page', async () => {
    fake.monitoring.mostPoints = 1
    for (let minute = 0; minute < 3; minute++) serve('a', minute * MINUTE, { count: 2 })
    expect((await signals().between(STRETCH))?.counters.stable.requests).toBe(6)
  })

  it.each([
    { executionErrors: [{ code: 4, message: 'deadline exceeded' }] },
    { unreachable: ['europe-west1'] },
  ])('is unknown where Google says that some is missing: %j', async (said) => {
    serve('a', 1000)
    fake.monitoring.said = said
    expect(await signals().between(STRETCH)).toBeUndefined()
  })

  it('puts names into filters so that they stay names', async () => {
    serve('a', 1000)
    const canary = 'b" OR metric.type="x\\'
    const gained = await signals().between({ ...STRETCH, canary })
    expect(gained?.counters.canary.requests).toBe(0)
    expect(fake.requests.join('\n')).toContain(
      encodeURIComponent('"b\\" OR metric.type=\\"x\\\\"')
        .replaceAll('%20', '+')
        .replaceAll("'", '%27'),
    )
  })

  it('cannot fail more often than it was asked', async () => {
    serve('a', 1000, { status: 500 })
    serve('b', 1000, { count: 3 })
    const requests = `${FILTER} AND metric.labels.response_code_class="2xx"`
    await expect(signals({ requests }).between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-056.*"a" has 1 failed requests of 0/,
    )
  })

  it('is a counter of the kind DELTA, or refused', async () => {
    serve('a', 1000)
    fake.monitoring.metricKind = 'CUMULATIVE'
    await expect(signals().between(STRETCH)).rejects.toThrow(/MW-DEPLOY-057.*requests/)
  })

  it('is unknown where a metric holds no counts', async () => {
    serve('a', 1000)
    expect(await signals({ requests: LATENCY }).between(STRETCH)).toBeUndefined()
  })

  it('ends with what Google says of a filter that selects nothing it knows', async () => {
    const requests = 'metric.type="run.googleapis.com/none"'
    await expect(signals({ requests }).between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-254.*cloud-monitoring\.requests.*Cannot find metric/,
    )
    await expect(signals({ project: 'others' }).between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-253.*monitoring\.viewer/,
    )
  })

  it('fails where Google does not answer, for the caller to go on without', async () => {
    fake.failNext(/timeSeries/, { status: 503, times: 9 })
    await expect(signals().between(STRETCH)).rejects.toMatchObject({ details: { retryable: true } })
  })

  it('is opened by the settings', async () => {
    serve('a', 1000)
    const section = SignalsSection.parse({
      'cloud-monitoring': { project: 'shop', requests: FILTER, endpoint: fake.url },
    })
    const { signal } = new AbortController()
    const source = await openSignals(section, { env: { GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN }, signal })
    expect((await source?.between(STRETCH))?.counters.stable).toMatchObject({
      requests: 1,
      latency: [0],
    })
  })

  it('goes over https, or stays on this machine', () => {
    expect(() => settingsFor({ endpoint: 'http://monitoring.example' })).toThrow(/https/)
  })
})
