import { afterEach, describe, expect, it } from '@jest/globals'
import { openSignals } from '../../../../../src/adapters/telemetry/index.js'
import { openAzureMl } from '../../../../../src/adapters/traffic/azure-ml/open.js'
import { AzureMlTarget } from '../../../../../src/config/deploy/azure-ml.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import {
  AZURE_ENV,
  type AzureFake,
  SUBSCRIPTION,
  startAzure,
} from '../../../../fakes/azure/server.js'
import { clockOf, open, ROLES, STABLE } from './bench.js'

let azure: AzureFake | undefined
afterEach(async () => {
  await azure?.close()
  azure = undefined
})

async function started(compute?: string) {
  azure = await startAzure(compute)
  const tools = clockOf()
  return { azure, ...(await open(azure, tools)) }
}

describe('a write to an online endpoint', () => {
  it('leaves everything but the traffic as it was, and nothing in it that only Azure says', async () => {
    const { azure, splitter } = await started()
    const { revision } = await splitter.read(ROLES)
    const split = await splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    expect(split).toMatchObject({ weight: 10, mirror: 0 })
    expect(azure.endpoint.writes).toEqual([
      {
        location: 'westeurope',
        kind: 'Managed',
        tags: { team: 'churn' },
        identity: {
          type: 'SystemAssigned,UserAssigned',
          userAssignedIdentities: { '/subscriptions/x/id': {} },
        },
        properties: {
          authMode: 'Key',
          properties: { created: 'by hand' },
          traffic: { blue: 90, green: 10 },
          mirrorTraffic: {},
        },
      },
    ])
  })

  it('is none where the traffic is in force already', async () => {
    const { azure, splitter } = await started()
    await splitter.rollback(ROLES)
    expect(azure.endpoint.writes).toEqual([])
  })

  it('mirrors to a canary without users', async () => {
    const { azure, splitter } = await started()
    const { revision } = await splitter.read(ROLES)
    const split = await splitter.share(ROLES, { weight: 0, mirror: 30 }, { revision })
    expect(split).toMatchObject({ weight: 0, mirror: 30 })
    expect(azure.endpoint.mirrorTraffic).toEqual({ green: 30 })
    expect((await splitter.rollback(ROLES)).mirror).toBe(0)
    expect(azure.endpoint.mirrorTraffic).toEqual({})
  })

  it('waits for a change that is under way before a rollback', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.faults.polls = 4
    const body = {
      location: 'westeurope',
      properties: { authMode: 'Key', traffic: { green: 100 }, mirrorTraffic: {} },
    }
    expect(azure.endpoint.put(body)).toEqual({ operation: 'operation-0' })
    expect(await splitter.rollback(ROLES)).toMatchObject({ weight: 0 })
    expect(azure.endpoint.traffic).toEqual({ blue: 100 })
  })

  it('is refused over what another hand wrote', async () => {
    const { azure, splitter } = await started()
    const { revision } = await splitter.read(ROLES)
    azure.endpoint.change({ traffic: { blue: 50, green: 50 } })
    const attempt = splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-004/)
    expect(azure.endpoint.writes).toEqual([])
  })

  it('fails where Azure says that the change did', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.faults.ends = 'Failed'
    const { revision } = await splitter.read(ROLES)
    const attempt = splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-284.*no capacity/)
  })

  it('fails where it is not in force in time', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.faults.polls = 1e6
    const { revision } = await splitter.read(ROLES)
    const attempt = splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-283.*InProgress/)
  })

  it('is tried again where Azure throttles it', async () => {
    const { azure, splitter } = await started()
    const { revision } = await splitter.read(ROLES)
    azure.next.push({ status: 429, retryAfter: '0.01' })
    expect(await splitter.share(ROLES, { weight: 1, mirror: 0 }, { revision })).toMatchObject({
      weight: 1,
    })
  })
})

describe('a canary that is scaled or changed', () => {
  it.each(['Scaling', 'Updating'])('goes on getting users: %s', async (state) => {
    const { azure, splitter } = await started()
    azure.endpoint.deployments.set('green', state)
    const { revision } = await splitter.read(ROLES)
    const split = await splitter.share(ROLES, { weight: 5, mirror: 0 }, { revision })
    expect(split.weight).toBe(5)
  })

  it('is not begun with while it is changed', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.deployments.set('green', 'Updating')
    const { revision } = await splitter.read(ROLES)
    await expect(splitter.admit(ROLES, { revision })).rejects.toThrow(/MW-DEPLOY-278.*Updating/)
  })

  it('is taken back when it has failed', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.change({ traffic: { blue: 50, green: 50 } })
    azure.endpoint.deployments.set('green', 'Failed')
    expect((await splitter.rollback(ROLES)).weight).toBe(0)
    expect(azure.endpoint.traffic).toEqual({ blue: 100 })
  })
})

describe('what users of an online endpoint met', () => {
  it('is known to Azure Monitor, where the settings name no signals', async () => {
    const { azure, countedBy } = await started()
    const from = Date.UTC(2026, 0, 1)
    const row = { EndpointName: 'churn', TimeGenerated: from + 1, TotalDurationMs: 5 }
    azure.rows.push(
      { ...row, DeploymentName: 'blue', ResponseCode: 200 },
      { ...row, DeploymentName: 'green', ResponseCode: 500 },
    )
    const { signal } = new AbortController()
    const signals = await openSignals(undefined, { env: AZURE_ENV, signal, otherwise: countedBy })
    const stretch = { from, to: from + 60_000, stable: 'blue', canary: 'green' }
    expect((await signals?.between(stretch))?.counters).toMatchObject({
      stable: { requests: 1, errors: 0 },
      canary: { requests: 1, errors: 1 },
    })
  })
})

describe('what an online endpoint cannot do', () => {
  it.each([
    ['half percentages', { weight: 0.5, mirror: 0 }],
    ['more than all', { weight: 101, mirror: 0 }],
    ['more than half as copies', { weight: 0, mirror: 51 }],
    ['users and copies for one deployment', { weight: 10, mirror: 10 }],
  ])('is refused before anything is asked: %s', async (_title, traffic) => {
    const { azure, splitter } = await started()
    const { revision } = await splitter.read(ROLES)
    const asked = azure.received.length
    await expect(splitter.share(ROLES, traffic, { revision })).rejects.toThrow(/MW-DEPLOY-277/)
    expect(azure.received).toHaveLength(asked)
  })

  it('is copies on Kubernetes', async () => {
    const { splitter } = await started('/subscriptions/x/computes/k8s')
    const { revision } = await splitter.read(ROLES)
    const attempt = splitter.share(ROLES, { weight: 0, mirror: 10 }, { revision })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-277.*Kubernetes/)
  })

  it.each([
    ['that is not there', 'nobody', /MW-DEPLOY-278.*has no deployment nobody/],
    ['that is still made', 'young', /MW-DEPLOY-278.*is Creating/],
    ['with a name that is none', '../blue', /MW-DEPLOY-276/],
  ])('is a deployment %s', async (_title, name, message) => {
    const { splitter } = await started()
    const { revision } = await splitter.read({ stable: STABLE, canary: undefined })
    const roles = { stable: STABLE, canary: { version: '2', name } }
    await expect(splitter.admit(roles, { revision })).rejects.toThrow(message)
  })

  it('is two versions beside a third with traffic', async () => {
    const { azure, splitter } = await started()
    azure.endpoint.change({ traffic: { blue: 90, young: 10 } })
    const { revision } = await splitter.read(ROLES)
    await expect(splitter.admit(ROLES, { revision })).rejects.toThrow(/MW-DEPLOY-279.*young/)
  })

  it('is an endpoint that is not there, said as such', async () => {
    azure = await startAzure()
    const settings = AzureMlTarget.parse({
      subscription: SUBSCRIPTION,
      'resource-group': 'ml',
      workspace: 'team',
      'online-endpoint': 'other',
      endpoint: azure.url,
    })
    const { splitter } = await openAzureMl(settings, { env: AZURE_ENV, home: '/', ...clockOf() })
    await expect(splitter.read(ROLES)).rejects.toThrow(UserError)
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-275/)
  })

  it('is said without the token that signed in', async () => {
    azure = await startAzure()
    const settings = AzureMlTarget.parse({
      subscription: SUBSCRIPTION,
      'resource-group': 'ml',
      workspace: 'team',
      'online-endpoint': 'churn',
      endpoint: azure.url,
    })
    const env = { MODELWAY_AZURE_TOKEN: 'of-somebody-else' }
    const { splitter } = await openAzureMl(settings, { env, home: '/', ...clockOf() })
    const error = await splitter.read(ROLES).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ExternalError)
    expect(String(error)).toMatch(/MW-DEPLOY-271.*InvalidAuthenticationToken/)
    expect(String(error)).not.toContain('of-somebody-else')
  })
})
