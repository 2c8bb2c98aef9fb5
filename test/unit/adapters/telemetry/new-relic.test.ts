// @evidence New Relic, what users met: contract (a fake that reads the GraphQL and NRQL it is sent)
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Account, answerNerdGraph, type Event } from '../../../fakes/new-relic/nerdgraph.js'
import { FROM, open, STRETCH } from './open-signals.js'
import { startServer, type TestServer } from './server.js'

const ENV = { MODELWAY_NEW_RELIC_API_KEY: 'NRAK-SECRET' }

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const event = (version: string, at: number, more: object = {}): Event => ({
  at,
  type: 'Transaction',
  attributes: { version, error: false, duration: 0.05, ...more },
})

const EVENTS: Event[] = [
  event('one', FROM - 1),
  event('one', FROM),
  event('one', FROM + 1, { duration: 0.4 }),
  event('one', FROM + 59_999, { error: true }),
  event('one', FROM + 60_000),
  event('two', FROM + 5),
  { at: FROM, type: 'Metric', attributes: { version: 'one', requests: 12 } },
  { at: FROM, type: 'Metric', attributes: { version: 'two', requests: 3 } },
]

async function signals(more: object = {}, { snapMs = 60_000 }: Partial<Account> = {}, env = ENV) {
  const account = { id: 7, events: EVENTS, snapMs }
  server = await startServer(({ path, headers, body }) => {
    if (headers['api-key'] !== ENV.MODELWAY_NEW_RELIC_API_KEY) return { status: 401, body: '{}' }
    if (path !== '/graphql') return { status: 404, body: '{}' }
    return { body: JSON.stringify(answerNerdGraph(body, account)) }
  })
  const from = "SELECT count(*) FROM Transaction WHERE version = '{name}'"
  const section = {
    account: 7,
    endpoint: `${server.url}/graphql`,
    requests: from,
    errors: `${from} AND error = true`,
    latency: [{ 'up-to': '100ms', count: `${from} AND duration <= 0.1` }],
    ...more,
  }
  return open({ 'new-relic': section }, env)
}

describe('signals of New Relic', () => {
  it('are the counts of the stretch, asked for at once', async () => {
    const gained = await (await signals()).between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 3, errors: 1, latency: [2, 1] })
    expect(gained?.counters.canary).toMatchObject({ requests: 1, errors: 0, latency: [1, 0] })
    expect(server?.received).toHaveLength(1)
  })

  it('are asked for in parts where there are many', async () => {
    const count = "SELECT count(*) FROM Transaction WHERE version = '{name}'"
    const latency = [1, 2, 3, 4, 5].map((n) => ({ 'up-to': `${n}s`, count }))
    const gained = await (await signals({ latency })).between(STRETCH)
    expect(gained?.counters.stable.latency).toEqual([3, 0, 0, 0, 0, 0])
    expect(server?.received).toHaveLength(2)
  })

  const sums = {
    requests: "SELECT sum(requests) FROM Metric WHERE version = '{name}'",
    errors: undefined,
    latency: undefined,
  }

  it('may be sums of metrics, and are unknown where neither version has one', async () => {
    const source = await signals(sums)
    expect((await source.between(STRETCH))?.counters.stable.requests).toBe(12)
    const names = { stable: 'x', canary: 'y' }
    expect(await source.between({ ...STRETCH, ...names })).toBeUndefined()
  })

  it('are refused where New Relic has counted another time', async () => {
    const source = await signals({ ...sums, step: '1m' }, { snapMs: 300_000 })
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-289/)
  })

  it.each(["x' OR version = 'one", 'a\\', 'a\nSINCE 0', '`'])(
    'refuse %j, which could end a text',
    async (canary) => {
      await expect((await signals()).between({ ...STRETCH, canary })).rejects.toThrow(
        /MW-DEPLOY-285/,
      )
      expect(server?.received).toHaveLength(0)
    },
  )

  it.each(['since 1 hour ago', 'TIMESERIES', 'UNTIL now', 'COMPARE WITH 1 day ago'])(
    'refuse a query of another time: %s',
    async (clause) => {
      const source = await signals({ requests: `SELECT count(*) FROM Transaction ${clause}` })
      await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-291/)
    },
  )

  it('say which query New Relic cannot evaluate', async () => {
    const source = await signals({ errors: 'SELECT FROM nothing' })
    await expect(source.between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-286: deploy\.signals\.new-relic\.errors: .*NRQL Syntax Error/,
    )
  })

  it('refuse an account that the key cannot see', async () => {
    await expect((await signals({ account: 8 })).between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-288.*no such account/,
    )
  })

  it('say what signs in, and show no key', async () => {
    const source = await signals({}, {}, { MODELWAY_NEW_RELIC_API_KEY: 'NRAK-OTHER' })
    const error = await source.between(STRETCH).catch(String)
    expect(error).toMatch(/MODELWAY_NEW_RELIC_API_KEY/)
    expect(error).not.toContain('NRAK-OTHER')
  })

  it('are not opened without a key', async () => {
    await expect(signals({}, {}, {} as typeof ENV)).rejects.toThrow(/MW-DEPLOY-290/)
  })
})
