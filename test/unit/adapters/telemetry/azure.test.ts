// @evidence Azure Monitor and Log Analytics, what users met: contract (a fake that checks metrics, filters and KQL)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { TrafficRow } from '../../../fakes/azure/log-analytics.js'
import {
  AZURE_ENV,
  type AzureFake,
  ENDPOINT,
  LOG_WORKSPACE,
  startAzure,
} from '../../../fakes/azure/server.js'
import { FROM, open, STRETCH } from './open-signals.js'
import { startServer } from './server.js'

let azure: AzureFake
beforeEach(async () => {
  azure = await startAzure()
})
afterEach(() => azure.close())

const row = (DeploymentName: string, TimeGenerated: number, more: Partial<TrafficRow> = {}) => ({
  DeploymentName,
  TimeGenerated,
  EndpointName: 'churn',
  ResponseCode: 200,
  TotalDurationMs: 50,
  ...more,
})

const ROWS: TrafficRow[] = [
  row('one', FROM - 1),
  row('one', FROM),
  row('one', FROM + 59_999, { ResponseCode: 503, TotalDurationMs: 400 }),
  row('one', FROM + 60_000),
  row('two', FROM + 1, { ResponseCode: 404 }),
]

describe('signals of Azure Monitor', () => {
  const metrics = (more: object = {}, env: Record<string, string> = AZURE_ENV) =>
    open({ 'azure-monitor': { resource: ENDPOINT, endpoint: azure.url, ...more } }, env)

  it('are the requests of whole minutes, the failed ones by their class', async () => {
    azure.rows.push(...ROWS)
    const gained = await (await metrics()).between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 2, errors: 1, latency: [0] })
    expect(gained?.counters.canary).toMatchObject({ requests: 1, errors: 0 })
    expect(gained?.latencyBounds).toEqual([])
  })

  it('come by minutes', async () => {
    expect(await metrics()).toMatchObject({ stepMs: 60_000, lagMs: 180_000 })
  })

  it('may count other classes as failed', async () => {
    azure.rows.push(...ROWS)
    const gained = await (await metrics({ errors: ['4xx', '5xx'] })).between(STRETCH)
    expect(gained?.counters.canary.errors).toBe(1)
  })

  it('are unknown with a minute in which neither version has a value', async () => {
    azure.rows.push(...ROWS)
    const stretch = { ...STRETCH, to: FROM + 180_000 }
    expect(await (await metrics()).between(stretch)).toBeUndefined()
  })

  it('say what Azure Monitor says of the metric', async () => {
    await expect((await metrics({ metric: 'Nothing' })).between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-286.*metricnames: Nothing/,
    )
  })

  it('refuse a name that could end the text in the filter', async () => {
    const attempt = (await metrics()).between({ ...STRETCH, canary: "x' or deployment eq 'one" })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-285/)
  })

  it('are refused by an identity without the right, without showing its token', async () => {
    const source = await metrics({}, { MODELWAY_AZURE_TOKEN: 'of-another' })
    const error = await source.between(STRETCH).catch(String)
    expect(error).toMatch(/MW-DEPLOY-271.*InvalidAuthenticationToken/)
    expect(error).not.toContain('of-another')
  })

  it.each([
    ['is no count', { average: 1.5 }, /MW-DEPLOY-280/],
    ['is below 0', { average: -1 }, undefined],
  ])('with a value that %s are none', async (_title, point, message) => {
    const data = [{ timeStamp: new Date(FROM).toISOString(), ...point }]
    const value = [{ errorCode: 'Success', timeseries: [{ metadatavalues: [], data }] }]
    const server = await startServer(() => ({ body: JSON.stringify({ interval: 'PT1M', value }) }))
    const attempt = (await metrics({ endpoint: server.url })).between(STRETCH)
    if (message === undefined) expect(await attempt).toBeUndefined()
    else await expect(attempt).rejects.toThrow(message)
    await server.close()
  })

  it('are unknown where Azure Monitor says that the metric failed', async () => {
    const value = [{ errorCode: 'Timeout', timeseries: [] }]
    const server = await startServer(() => ({ body: JSON.stringify({ value }) }))
    expect(await (await metrics({ endpoint: server.url })).between(STRETCH)).toBeUndefined()
    await server.close()
  })
})

describe('signals of Log Analytics', () => {
  const LOG = `AmlOnlineEndpointTrafficLog
| where TimeGenerated >= {from} and TimeGenerated < {to}
| where EndpointName == "churn" and DeploymentName == "{name}"`
  const logs = (more: object = {}) =>
    open(
      {
        'azure-logs': {
          workspace: LOG_WORKSPACE,
          endpoint: azure.url,
          requests: `${LOG} | count`,
          errors: `${LOG} and ResponseCode >= 500 | count`,
          latency: [{ 'up-to': '100ms', count: `${LOG} and TotalDurationMs <= 100 | count` }],
          ...more,
        },
      },
      AZURE_ENV,
    )

  it('are the rows of the time, to the millisecond', async () => {
    azure.rows.push(...ROWS)
    const gained = await (await logs()).between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 2, errors: 1, latency: [1, 1] })
    expect(gained?.counters.canary).toMatchObject({ requests: 1, errors: 0, latency: [1, 0] })
  })

  it('say which query cannot be evaluated', async () => {
    const source = await logs({ errors: `${LOG} | summarise {from} {to}` })
    await expect(source.between(STRETCH)).rejects.toThrow(
      /MW-DEPLOY-286: deploy\.signals\.azure-logs\.errors/,
    )
  })

  it('are of queries that say which time they are of', async () => {
    await expect(logs({ requests: 'AmlOnlineEndpointTrafficLog | count' })).rejects.toThrow(
      /\{from\}/,
    )
  })

  const answering = async (body: object) => {
    const server = await startServer(() => ({ body: JSON.stringify(body) }))
    const source = await logs({ endpoint: server.url })
    return { source, close: () => server.close() }
  }
  const table = (rows: unknown[][], columns = [{ name: 'Count', type: 'long' }]) => ({
    tables: [{ name: 'PrimaryResult', columns, rows }],
  })

  it('are unknown where the answer is a part', async () => {
    const { source, close } = await answering({ ...table([[5]]), error: { code: 'PartialError' } })
    expect(await source.between(STRETCH)).toBeUndefined()
    await close()
  })

  it('are unknown where there is no row, and where a value is no number', async () => {
    for (const rows of [[], [['many']]]) {
      const { source, close } = await answering(table(rows))
      expect(await source.between(STRETCH)).toBeUndefined()
      await close()
    }
  })

  it('refuse a query that gives more than one number', async () => {
    const { source, close } = await answering(table([[1], [2]]))
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-287/)
    await close()
  })

  it('refuse what is no answer', async () => {
    const { source, close } = await answering({ value: 1 })
    await expect(source.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-288/)
    await close()
  })
})

describe('signals of two services', () => {
  it('are refused: of two counts of the same none is known to be right', async () => {
    const section = {
      prometheus: { url: 'http://127.0.0.1', requests: 'x' },
      'azure-monitor': { resource: ENDPOINT },
    }
    await expect(open(section)).rejects.toThrow(
      /MW-DEPLOY-293.*prometheus and azure-monitor would both count/,
    )
  })
})

describe("Prometheus' API of Azure", () => {
  it('is signed in to with a token for it', async () => {
    const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}'
    const server = await startServer(() => ({ body: vector.replace('vector', 'matrix') }))
    const prometheus = { url: server.url, requests: 'x', 'sign-in': 'azure' }
    const source = await open({ prometheus }, { MODELWAY_PROMETHEUS_TOKEN: 'of-azure' })
    await source.between(STRETCH).catch(() => undefined)
    expect(server.received[0]?.headers.authorization).toBe('Bearer of-azure')
    await server.close()
  })
})
