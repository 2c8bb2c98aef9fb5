// @evidence Amazon CloudWatch: contract (the API's description in botocore 1.44.5)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createCloudWatchSignals } from '../../../../src/adapters/telemetry/cloudwatch.js'
import { openAws } from '../../../../src/clouds/aws.js'
import { CloudWatchSignals } from '../../../../src/config/deploy/cloudwatch.js'
import { type FakeAws, KEYS, startAws } from '../../../fakes/aws/start-aws.js'

const START = 1_763_942_400_000
const MINUTE = 60_000
const STRETCH = { from: START, to: START + 2 * MINUTE, stable: 'v1', canary: 'v2' }
const SETTINGS = {
  namespace: 'ML/Serving',
  dimensions: { Endpoint: 'fraud', Version: 'model {name}' },
  requests: 'Requests',
  errors: 'Failures',
  latency: 'Time',
  buckets: [50, 100.5, 200],
}

let aws: FakeAws
beforeEach(async () => {
  aws = await startAws()
})
afterEach(async () => {
  await aws.close()
  expect(aws.violations).toEqual([])
})

const open = (more: object = {}) =>
  createCloudWatchSignals(
    CloudWatchSignals.parse({ ...SETTINGS, ...more }),
    openAws({
      name: 'CloudWatch',
      host: 'monitoring',
      signing: 'monitoring',
      where: 'deploy.signals.cloudwatch',
      endpoint: aws.url,
      env: { ...KEYS, AWS_REGION: 'eu-central-1' },
      firstDelayMs: 1,
    }),
  )

interface Request {
  readonly at?: number
  readonly failed?: boolean
  readonly ms?: number
}

function serve(version: string, { at = START, failed = false, ms = 40 }: Request = {}): void {
  const dimensions = { Endpoint: 'fraud', Version: `model ${version}` }
  const put = (metric: string, value: number) =>
    aws.cloudwatch.put('ML/Serving', metric, { dimensions, at, value })
  put('Requests', 1)
  if (failed) put('Failures', 1)
  put('Time', ms)
}

describe('what CloudWatch counts', () => {
  it('is told by version, minute by minute, with latencies in buckets', async () => {
    for (const ms of [10, 50, 51, 100.5, 150, 900]) serve('v1', { ms })
    serve('v2', { ms: 900, failed: true, at: START + 119_999 })
    const gained = await open().between(STRETCH)
    expect(gained?.counters.stable).toEqual({
      assigned: 6,
      requests: 6,
      errors: 0,
      unreachable: 0,
      latency: [2, 2, 1, 1],
    })
    expect(gained?.counters.canary).toMatchObject({ requests: 1, errors: 1, latency: [0, 0, 0, 1] })
    expect(gained?.latencyBounds).toEqual([50, 100.5, 200])
    expect(open()).toMatchObject({ stepMs: MINUTE, lagMs: 180_000 })
  })

  it('leaves out what is before or after the stretch', async () => {
    serve('v1', { at: START - 1 })
    serve('v1', { at: START })
    serve('v1', { at: START + 2 * MINUTE })
    const gained = await open().between(STRETCH)
    expect(gained?.counters.stable.requests).toBe(1)
  })

  it('is asked for in the unit of the metric', async () => {
    serve('v1', { ms: 60_000 })
    const us = await open({ 'latency-unit': 'us' }).between(STRETCH)
    expect(us?.counters.stable.latency).toEqual([0, 1, 0, 0])
    serve('v2', { ms: 0.1005 })
    const s = await open({ 'latency-unit': 's' }).between(STRETCH)
    expect(s?.counters.canary.latency).toEqual([0, 1, 0, 0])
  })

  it('is unknown where neither version has a value, and zero where one of them has none', async () => {
    expect(await open().between(STRETCH)).toBeUndefined()
    serve('v1')
    expect((await open().between(STRETCH))?.counters.canary.requests).toBe(0)
  })

  it.each(['PartialData', 'InternalError'])('is unknown where it is %s', async (status) => {
    serve('v1')
    aws.cloudwatch.status = status
    expect(await open().between(STRETCH)).toBeUndefined()
  })

  it('is nothing that the role may not read', async () => {
    aws.cloudwatch.status = 'Forbidden'
    await expect(open().between(STRETCH)).rejects.toThrow(/MW-DEPLOY-242/)
  })

  it('is unknown while requests are there and their times or failures are late', async () => {
    serve('v1')
    aws.cloudwatch.silent.add('Time')
    expect(await open().between(STRETCH)).toBeUndefined()
    aws.cloudwatch.silent.clear()
    // A metric that counts failures alone has no value where nothing fails.
    expect((await open().between(STRETCH))?.counters.stable.errors).toBe(0)
    expect(await open({ 'errors-with-zeros': true }).between(STRETCH)).toBeUndefined()
  })

  it('is put together from all pages', async () => {
    aws.cloudwatch.perPage = 4
    for (let i = 0; i < 5; i++) serve('v2', { at: START + i })
    const gained = await open().between(STRETCH)
    expect(gained?.counters.canary).toMatchObject({ requests: 5, latency: [5, 0, 0, 0] })
    expect(aws.calls.length).toBeGreaterThan(2)
  })

  it('goes without errors and latency where none are named', async () => {
    serve('v1', { failed: true })
    const gained = await open({ errors: undefined, latency: undefined }).between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 1, errors: 0, latency: [0] })
    expect(gained?.latencyBounds).toEqual([])
  })

  it('is no count where it is a fraction, or has more failures than requests', async () => {
    const dimensions = { Endpoint: 'fraud', Version: 'model v1' }
    aws.cloudwatch.put('ML/Serving', 'Requests', { dimensions, at: START, value: 0.5 })
    await expect(open().between(STRETCH)).rejects.toThrow(/MW-DEPLOY-280: .*requests/)
    aws.cloudwatch.put('ML/Serving', 'Requests', { dimensions, at: START, value: 0.5 })
    aws.cloudwatch.put('ML/Serving', 'Failures', { dimensions, at: START, value: 2 })
    aws.cloudwatch.put('ML/Serving', 'Time', { dimensions, at: START, value: 2 })
    await expect(open().between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-241: .*"v1" has 2 failed.*of 1/,
    )
  })

  it('is of the version that is asked for, whatever its name holds', async () => {
    const name = 'naïve|<b>"}, {name}\n$&'
    serve(name)
    const gained = await open().between({ ...STRETCH, canary: name })
    expect(gained?.counters.canary.requests).toBe(1)
  })

  it('needs a dimension that names the version, and bounds that ascend', () => {
    const parse = (more: object) => CloudWatchSignals.safeParse({ ...SETTINGS, ...more }).success
    expect(parse({})).toBe(true)
    expect(parse({ dimensions: { Endpoint: 'fraud' } })).toBe(false)
    expect(parse({ buckets: [100, 50] })).toBe(false)
  })
})
