// @evidence Google Vertex AI endpoints: contract (a stateful fake that checks requests and answers by the discovery document, aiplatform v1)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { ExternalError } from '../../../../../src/errors.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { type GoogleFake, startGoogle } from '../../../../fakes/google/start-google.js'
import { openVertex, startBench } from './bench.js'

const STABLE = { version: 'churn-1', name: '1' }
const CANARY = { version: 'churn-2', name: '2' }
const ROLES = { stable: STABLE, canary: CANARY }
const DEPLOY = {
  model: 'projects/shop/locations/europe-west1/models/churn@3',
  'machine-type': 'n1-standard-4',
}

trafficContract('Vertex AI', () =>
  startBench({
    open: openVertex,
    serve: (fake, point) => fake.vertex.serve(point),
    stable: STABLE,
    canary: CANARY,
    dead: { version: 'churn-9', name: '9' },
  }),
)

describe('an endpoint of Vertex AI', () => {
  let fake: GoogleFake
  let system: System
  beforeEach(async () => {
    fake = await startGoogle()
    system = await openVertex(fake)
  })
  afterEach(async () => {
    await fake.close()
    expect(fake.violations).toEqual([])
  })

  const share = async (weight: number, roles = ROLES) =>
    system.splitter.share(roles, { weight, mirror: 0 }, await system.splitter.read(roles))
  const writes = () => fake.requests.filter((line) => !line.startsWith('GET'))

  it('is divided by one write of the whole split', async () => {
    expect(await share(5)).toMatchObject({
      weight: 5,
      revision: '[["1",95],["2",5]]',
      url: `${fake.url}/v1/projects/shop/locations/europe-west1/endpoints/77:predict`,
    })
    expect(fake.vertex.split).toEqual({ '1': 95, '2': 5 })
    expect(writes()).toEqual([
      'PATCH /v1/projects/shop/locations/europe-west1/endpoints/77?updateMask=trafficSplit',
    ])
  })

  it('refuses fractions of a percent before anything is written', async () => {
    await expect(share(2.5)).rejects.toThrow(/MW-DEPLOY-117.*2\.5/)
    expect(writes()).toEqual([])
  })

  it('is not written over the split of another hand, whichever etag is the newest', async () => {
    const guard = await system.splitter.read(ROLES)
    fake.vertex.split = { '1': 60, '2': 40 }
    const attempt = system.splitter.share(ROLES, { weight: 10, mirror: 0 }, guard)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-004.*weight 40/)
    expect(fake.vertex.split).toEqual({ '1': 60, '2': 40 })
  })

  it('is not written over the split that another hand has made between reading and writing', async () => {
    fake.beforeNext(/^PATCH/, () => fake.vertex.write({ '1': 60, '2': 40 }))
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-004.*weight 40/)
    expect(fake.vertex.split).toEqual({ '1': 60, '2': 40 })
  })

  it('is read again where its etag has become another between reading and writing', async () => {
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'etag' })
    expect((await share(10)).weight).toBe(10)
  })

  it('takes a write whose answer was lost for its own', async () => {
    fake.failNext(/^PATCH/, { status: 502, after: true })
    expect((await share(10)).weight).toBe(10)
  })

  it('is left as it is where a third deployed model has users', async () => {
    fake.vertex.deployed = [...fake.vertex.deployed, { id: '3' }]
    fake.vertex.split = { '1': 90, '3': 10 }
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-258.*"3" gets 10 %/)
    await system.splitter.rollback(ROLES)
    expect(fake.vertex.split).toEqual({ '1': 100, '3': 0 })
  })

  it('is rolled back twice as once', async () => {
    await share(50)
    await system.splitter.rollback(ROLES)
    const before = writes().length
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
    expect(writes()).toHaveLength(before)
  })

  it('is rolled back again where the first way back does not hold', async () => {
    await share(50)
    fake.vertex.forgets = 2
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'another operation' })
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
    expect(fake.vertex.split).toEqual({ '1': 100, '2': 0 })
  })

  it('fails where the split is answered and not kept', async () => {
    fake.vertex.forgets = 1
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-261.*\[\["1",100\]\]/)
  })

  it('refuses what cannot be the id of a deployed model', async () => {
    const hostile = { ...ROLES, canary: { version: 'x', name: '2:undeployModel' } }
    await expect(share(10, hostile)).rejects.toThrow(/MW-DEPLOY-262/)
  })

  it('says that the canary has been taken away', async () => {
    await share(0)
    fake.vertex.deployed = fake.vertex.deployed.slice(0, 1)
    expect((await system.splitter.read(ROLES)).ejected).toBe('it is not deployed on the endpoint')
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-268/)
  })

  it('is not taken for something else that answers', async () => {
    fake.failNext(/^GET/, { status: 200 })
    await expect(system.splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-257/)
  })

  it('names what was not found, and who may do what', async () => {
    const other = await openVertex(fake, { 'endpoint-id': '78' })
    await expect(other.splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-254.*78/)
    fake.failNext(/^GET/, { status: 403, kind: 'PERMISSION_DENIED', message: 'denied' })
    await expect(system.splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-253.*aiplatform\.user/)
  })
})

describe('a model that the endpoint does not have yet', () => {
  const NEW = { stable: STABLE, canary: { version: 'churn-3', name: '42' } }
  let fake: GoogleFake
  beforeEach(async () => {
    fake = await startGoogle()
  })
  afterEach(async () => {
    await fake.close()
    expect(fake.violations).toEqual([])
  })

  const admit = async (deploy: object = DEPLOY, roles = NEW) => {
    const { splitter } = await openVertex(fake, { deploy })
    return splitter.admit(roles, await splitter.read(roles))
  }
  const begun = () => fake.requests.filter((line) => line.startsWith('POST'))

  it('is deployed under the id of the canary, without users, and ready when that is done', async () => {
    expect(
      await admit({ ...DEPLOY, 'max-replicas': 3, 'accelerator-type': 'NVIDIA_L4' }),
    ).toMatchObject({
      weight: 0,
      ejected: undefined,
    })
    expect(fake.vertex.split).toEqual({ '1': 100 })
    expect(fake.vertex.deployed.at(-1)).toEqual({
      id: '42',
      model: DEPLOY.model,
      displayName: 'modelway-42',
      dedicatedResources: {
        machineSpec: {
          machineType: 'n1-standard-4',
          acceleratorType: 'NVIDIA_L4',
          acceleratorCount: 1,
        },
        minReplicaCount: 1,
        maxReplicaCount: 3,
      },
    })
  })

  it('is deployed once, however often the canary is brought in', async () => {
    await admit()
    await admit()
    expect(begun()).toHaveLength(1)
  })

  it('is there also where the answer to its deployment was lost', async () => {
    fake.vertex.polls = 4
    fake.failNext(/^POST/, { status: 503, after: true })
    const attempt = admit()
    // It is being deployed, and nobody has the name of its operation.
    await expect(attempt).resolves.toMatchObject({ weight: 0 })
  })

  it('fails with the reason of a deployment that ends with an error', async () => {
    fake.vertex.failNext = { code: 9, message: 'Model server never became ready.' }
    const attempt = admit()
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-260.*Code 9.*never became ready/)
    await expect(attempt).rejects.toThrow(ExternalError)
  })

  it('is not waited for longer than was said', async () => {
    fake.vertex.polls = 1000
    await expect(admit()).rejects.toThrow(/MW-DEPLOY-261/)
  })

  it('needs an id of its own', async () => {
    const long = { stable: STABLE, canary: { version: 'x', name: '12345678901' } }
    await expect(admit(DEPLOY, long)).rejects.toThrow(/MW-DEPLOY-266/)
    const taken = { stable: STABLE, canary: CANARY }
    const other = { ...DEPLOY, model: 'projects/shop/locations/europe-west1/models/other' }
    await expect(admit(other, taken)).rejects.toThrow(/MW-DEPLOY-267.*models\/churn/)
  })

  it('is named by the model registry, or not found', async () => {
    const model = 'projects/shop/locations/europe-west1/models/none'
    await expect(admit({ ...DEPLOY, model })).rejects.toThrow(/MW-DEPLOY-254.*models\/none/)
  })
})
