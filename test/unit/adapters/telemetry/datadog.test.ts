// @evidence Datadog, what users met: contract (a fake by the models of datadog-api-client 2.62.0)
import { afterEach, describe, expect, it } from '@jest/globals'
import { answerTimeseries, type Sent } from '../../../fakes/datadog/timeseries.js'
import { FROM, open, STRETCH } from './open-signals.js'
import { type Reply, startServer, type TestServer } from './server.js'

const ENV = { MODELWAY_DATADOG_API_KEY: 'key-of-api', MODELWAY_DATADOG_APP_KEY: 'key-of-app' }

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const count = (version: string, at: number, counts: Readonly<Record<string, number>>): Sent[] =>
  Object.entries(counts).map(([name, value]) => ({
    metric: `model.${name}`,
    tags: { service: 'churn', version },
    at,
    count: value,
  }))

const SENT: Sent[] = [
  ...count('one', FROM - 1, { requests: 1000, errors: 7, quick: 9 }),
  ...count('one', FROM, { requests: 100, errors: 1, quick: 90 }),
  ...count('one', FROM + 59_999, { requests: 50, errors: 2, quick: 45 }),
  ...count('one', FROM + 60_000, { requests: 2000, errors: 7, quick: 9 }),
  ...count('two', FROM + 30_000, { requests: 10, quick: 10 }),
]

interface Fake {
  readonly sent?: readonly Sent[]
  readonly first?: Reply
  readonly least?: number
}

async function signals(more: object = {}, { sent = SENT, first, least }: Fake = {}, env = ENV) {
  server = await startServer(({ path, method, headers, body }, asked) => {
    if (first !== undefined && asked === 1) return first
    const isSignedIn =
      headers['dd-api-key'] === ENV.MODELWAY_DATADOG_API_KEY &&
      headers['dd-application-key'] === ENV.MODELWAY_DATADOG_APP_KEY
    if (!isSignedIn) return { status: 403, body: '{"errors":["Forbidden"]}' }
    if (`${method} ${path}` !== 'POST /api/v2/query/timeseries') return { status: 404, body: '{}' }
    const answer = answerTimeseries(body, sent, least)
    return { status: answer.status, body: JSON.stringify(answer.body) }
  })
  const query = (name: string) => `sum:model.${name}{service:churn,version:{name}}.as_count()`
  const datadog = {
    endpoint: server.url,
    requests: query('requests'),
    errors: query('errors'),
    latency: [{ 'up-to': '100ms', count: query('quick') }],
    ...more,
  }
  return open({ datadog }, env)
}

describe('signals of Datadog', () => {
  it('are the counts of the stretch, asked for at once', async () => {
    const gained = await (await signals()).between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 150, errors: 3, latency: [135, 15] })
    expect(gained?.counters.canary).toMatchObject({ requests: 10, errors: 0, latency: [10, 0] })
    expect(gained?.latencyBounds).toEqual([100])
    expect(server?.received).toHaveLength(1)
  })

  it('come by intervals of which the stretches are made', async () => {
    expect(await signals()).toMatchObject({ stepMs: 10_000, lagMs: 60_000 })
  })

  it('are unknown, not zero, where neither version was counted', async () => {
    expect(await (await signals({}, { sent: [] })).between(STRETCH)).toBeUndefined()
  })

  it('are unknown where requests are counted and how long they took is not', async () => {
    const untimed = SENT.filter(
      ({ metric, tags }) => !(metric === 'model.quick' && tags['version'] === 'two'),
    )
    expect(await (await signals({}, { sent: untimed })).between(STRETCH)).toBeUndefined()
  })

  it('warn where nothing counts failed requests of either version', async () => {
    const sent = SENT.filter(({ metric }) => metric !== 'model.errors')
    const gained = await (await signals({}, { sent })).between(STRETCH)
    expect(gained?.counters.stable.errors).toBe(0)
    expect(gained?.warnings).toEqual([expect.stringContaining('deploy.signals.datadog.errors')])
  })

  it('warn of nothing where the failed requests of one version are counted', async () => {
    expect((await (await signals()).between(STRETCH))?.warnings).toEqual([])
  })

  it('are asked for by the lower case in which Datadog keeps tags', async () => {
    const gained = await (await signals()).between({ ...STRETCH, stable: 'ONE' })
    expect(gained?.counters.stable.requests).toBe(150)
  })

  it.each(['one} or up{x:y', 'a,b:c', '*', 'x!y', 'a b'])(
    'refuse %j, which no query can hold as a tag',
    async (canary) => {
      await expect((await signals()).between({ ...STRETCH, canary })).rejects.toThrow(
        /MW-DEPLOY-285/,
      )
      expect(server?.received).toHaveLength(0)
    },
  )

  it('refuse intervals longer than were asked for that hold another time', async () => {
    const stretch = { ...STRETCH, from: FROM + 10_000 }
    await expect((await signals({}, { least: 60_000 })).between(stretch)).rejects.toThrow(
      /MW-DEPLOY-289/,
    )
  })

  it('refuse more failed requests than requests', async () => {
    const sent = [...SENT, ...count('two', FROM, { errors: 11 })]
    await expect((await signals({}, { sent })).between(STRETCH)).rejects.toThrow(/MW-DEPLOY-281/)
  })

  it('refuse more quick requests than requests', async () => {
    const sent = [...SENT, ...count('two', FROM, { quick: 11 })]
    await expect((await signals({}, { sent })).between(STRETCH)).rejects.toThrow(/MW-DEPLOY-282/)
  })

  it('say what Datadog says of a query', async () => {
    const source = await signals({ errors: 'sum:model.errors{' })
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-286.*unable to parse/)
  })

  it('wait as long as Datadog says that its limit holds', async () => {
    const first = { status: 429, headers: { 'X-RateLimit-Reset': '1' }, body: '{}' }
    const gained = await (await signals({}, { first })).between(STRETCH)
    expect(gained?.counters.stable.requests).toBe(150)
    expect(server?.received).toHaveLength(2)
  })

  it('say what signs in, and show no key', async () => {
    const env = { ...ENV, MODELWAY_DATADOG_APP_KEY: 'another-secret' }
    const error = await (await signals({}, {}, env)).between(STRETCH).catch(String)
    expect(error).toMatch(/MODELWAY_DATADOG_APP_KEY/)
    expect(error).not.toMatch(/another-secret|key-of-api/)
  })

  it('are not opened without keys', async () => {
    await expect(signals({}, {}, {} as typeof ENV)).rejects.toThrow(/MW-DEPLOY-290/)
  })
})
