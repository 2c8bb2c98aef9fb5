import { describe, expect, it } from '@jest/globals'
import { runChecks } from '../../../../../src/actions/deploy-canary/probe/checks.js'
import { ProbeSection } from '../../../../../src/config/deploy/probe.js'
import type { ModelEndpoint } from '../../../../../src/ports/probe.js'
import { createFakeEndpoint } from './endpoint.js'

const EXAMPLES = {
  source: { file: 'golden.csv', sha256: 'a'.repeat(64), rows: 3 },
  columns: ['a', 'b'],
  rows: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  expected: [[3], [7], [11]],
}
const GOLDEN = { file: 'golden.csv', expected: [{ column: 'sum' }] }

async function check(
  endpoint: ModelEndpoint,
  settings: object = {},
  more: {
    readonly stable?: ModelEndpoint
    readonly startTimeoutMs?: number
    readonly step?: number
  } = {},
) {
  let now = 0
  const slept: number[] = []
  const checks = await runChecks({
    settings: ProbeSection.parse({ model: 'm', golden: GOLDEN, ...settings }),
    endpoint,
    stable: more.stable,
    examples: EXAMPLES,
    startTimeoutMs: more.startTimeoutMs ?? 0,
    signal: new AbortController().signal,
    clock: () => {
      now += more.step ?? 1
      return now
    },
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
      now += milliseconds
    },
  })
  return {
    checks,
    slept,
    statuses: Object.fromEntries(checks.map(({ name, status }) => [name, status])),
  }
}

describe('the checks before any traffic', () => {
  it('are all asked for by the settings, in order', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.schemaIs = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs: [] }
    const settings = {
      schema: { inputs: endpoint.schemaIs.inputs },
      'warm-up': 2,
      latency: { requests: 80, 'p95-under': '50ms', concurrency: 1 },
    }
    const { statuses, checks } = await check(endpoint, settings)
    expect(Object.entries(statuses)).toEqual([
      ['health', 'pass'],
      ['schema', 'pass'],
      ['warm-up', 'pass'],
      ['golden', 'pass'],
      ['latency', 'pass'],
    ])
    expect(checks.at(-1)?.text).toContain('80 requests, 1 at a time: p95 was 1 ms')
    expect(endpoint.asked).toEqual([
      'health',
      'predict 1',
      'predict 1',
      'predict 3',
      ...new Array(80).fill('predict 1'),
    ])
  })

  it('send examples in as many requests as their batches', async () => {
    const endpoint = createFakeEndpoint()
    const { statuses } = await check(endpoint, { golden: { ...GOLDEN, batch: 2 } })
    expect(endpoint.asked).toEqual(['health', 'predict 2', 'predict 1'])
    expect(statuses).toMatchObject({ golden: 'pass' })
  })

  it('wait for a server that is still loading, as long as it may take to start', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.failNext = 3
    const { statuses, slept } = await check(endpoint, {}, { startTimeoutMs: 5000 })
    expect(statuses).toMatchObject({ health: 'pass', golden: 'pass' })
    expect(slept).toEqual([500, 500, 500])
    endpoint.ready = false
    const late = await check(endpoint, {}, { startTimeoutMs: 1200 })
    expect(late.checks).toEqual([
      { name: 'health', status: 'fail', text: 'not ready: status 503.' },
    ])
  })

  it('compare the schema with that of the stable version', async () => {
    const [endpoint, stable] = [createFakeEndpoint(), createFakeEndpoint()]
    const settings = { schema: 'stable' }
    expect((await check(endpoint, settings, { stable })).statuses).toMatchObject({
      schema: 'unclear',
    })
    stable.schemaIs = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }], outputs: [] }
    const { checks } = await check(endpoint, settings, { stable })
    expect(checks[1]).toEqual({ name: 'schema', status: 'fail', text: 'input "x" is missing.' })
  })

  it('fail where a server stops answering between them', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.sum = () => {
      endpoint.failNext = 1000
      return 3
    }
    const latency = { requests: 500, 'p95-under': '1s', concurrency: 2 }
    const { checks } = await check(endpoint, { golden: { ...GOLDEN, batch: 1 }, latency })
    expect(checks[1]).toMatchObject({
      name: 'golden',
      status: 'fail',
      text: expect.stringContaining('MW-DEPLOY-345'),
    })
    // Ten failures tell enough: it is not asked 500 times, each as long as it may take.
    expect(checks[2]?.text).toMatch(/^1[01] of 1[01] requests, 2 at a time, failed: MW-DEPLOY-345/)
  })

  it('warm up a server whose first requests fail, and refuse one that fails all', async () => {
    const endpoint = createFakeEndpoint()
    const health = endpoint.health
    endpoint.health = async (signal) => {
      const states = await health(signal)
      endpoint.failNext = 2
      return states
    }
    const { checks } = await check(endpoint, { 'warm-up': 5 })
    expect(checks[1]).toMatchObject({
      name: 'warm-up',
      status: 'pass',
      text: expect.stringMatching(/^3 of 5 requests were answered\. 2 failed: /),
    })
    expect((await check(endpoint, { 'warm-up': 2 })).statuses).toMatchObject({ 'warm-up': 'fail' })
  })

  it('send rows without comparing where nothing is expected', async () => {
    const { statuses } = await check(createFakeEndpoint(), {
      golden: { file: 'rows.csv' },
      'warm-up': 1,
    })
    expect(Object.keys(statuses)).toEqual(['health', 'warm-up'])
  })
})
