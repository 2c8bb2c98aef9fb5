// @evidence Google Cloud Run: contract (a stateful fake that checks requests and answers by the discovery document, run v2)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import type { Guard } from '../../../../../src/ports/splitter.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { type GoogleFake, startGoogle, TOKEN } from '../../../../fakes/google/start-google.js'
import { CANARY, openRun, ROLES, STABLE, startBench } from './bench.js'

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'
const DEAD = { version: '9', name: 'api-00009-bad' }

trafficContract('Cloud Run', () =>
  startBench({
    open: async (fake) => {
      fake.run.revisions.set(DEAD.name, 'CONDITION_FAILED')
      return openRun(fake)
    },
    serve: (fake, point) => fake.run.serve(point),
    stable: STABLE,
    canary: CANARY,
    dead: DEAD,
  }),
)

describe('a service of Cloud Run', () => {
  let fake: GoogleFake
  let system: System
  beforeEach(async () => {
    fake = await startGoogle()
    system = await openRun(fake)
  })
  afterEach(async () => {
    await fake.close()
    expect(fake.violations).toEqual([])
  })

  const revisionNow = async (): Promise<Guard> => system.splitter.read(ROLES)
  const share = async (weight: number) =>
    system.splitter.share(ROLES, { weight, mirror: 0 }, await revisionNow())
  const writes = () => fake.requests.filter((line) => line.startsWith('PATCH'))

  it('is pinned to stable by the first change, so that no later revision gets users by itself', async () => {
    const split = await system.splitter.admit(ROLES, await revisionNow())
    expect(split).toMatchObject({ weight: 0, url: 'https://api-abcdef-ew.a.run.app' })
    expect(fake.run.traffic).toEqual([{ type: REVISION, revision: 'api-00001-abc', percent: 100 }])
    expect(writes()).toEqual([
      'PATCH /v2/projects/shop/locations/europe-west1/services/api?updateMask=traffic',
    ])
  })

  it('takes the users back that a deployment to the latest revision has given to the canary', async () => {
    fake.run.latestReady = 'api-00002-def'
    expect((await system.splitter.read(ROLES)).weight).toBe(100)
    await system.splitter.rollback(ROLES)
    expect(fake.run.traffic).toEqual([{ type: REVISION, revision: 'api-00001-abc', percent: 100 }])
    fake.run.latestReady = 'api-00003-ghi'
    expect(fake.run.serve(0.5)).toBe('api-00001-abc')
  })

  it('keeps tags, also that of the latest revision, and drops what has neither users nor a tag', async () => {
    fake.run.revisions.set('api-00000-old', 'CONDITION_SUCCEEDED')
    fake.run.traffic = [
      { type: REVISION, revision: 'api-00001-abc', percent: 100, tag: 'blue' },
      { type: REVISION, revision: 'api-00000-old' },
      { type: REVISION, revision: 'api-00002-def', tag: 'green' },
      { type: LATEST, tag: 'next' },
    ]
    fake.run.statuses = fake.run.traffic
    await share(20)
    expect(fake.run.traffic).toEqual([
      { type: REVISION, revision: 'api-00001-abc', percent: 80, tag: 'blue' },
      { type: REVISION, revision: 'api-00002-def', percent: 20, tag: 'green' },
      { type: LATEST, percent: 0, tag: 'next' },
    ])
    await system.splitter.rollback(ROLES)
    expect(fake.run.traffic.map(({ percent, tag }) => [tag, percent])).toEqual([
      ['blue', 100],
      ['green', 0],
      ['next', 0],
    ])
  })

  it('is divided when it says so, not when it has taken the change', async () => {
    fake.run.polls = 5
    expect((await share(30)).weight).toBe(30)
    expect(fake.run.statuses).toEqual(fake.run.traffic)
  })

  it('refuses fractions of a percent before anything is written', async () => {
    await expect(share(2.5)).rejects.toThrow(/MW-DEPLOY-117.*2\.5/)
    expect(writes()).toEqual([])
  })

  it('refuses to take users from a revision that is neither stable nor canary', async () => {
    fake.run.revisions.set('api-00005-xyz', 'CONDITION_SUCCEEDED')
    fake.run.latestReady = 'api-00005-xyz'
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-258.*"api-00005-xyz" gets 100 %/)
    expect(writes()).toEqual([])
  })

  it('writes over what others change elsewhere, and not over the weights of another hand', async () => {
    await share(10)
    const guard = await revisionNow()
    fake.run.annotations = { 'example.com/owner': 'someone' }
    await system.splitter.share(ROLES, { weight: 20, mirror: 0 }, guard)
    fake.run.traffic = [{ type: REVISION, revision: 'api-00002-def', percent: 100 }]
    const attempt = system.splitter.share(ROLES, { weight: 30, mirror: 0 }, guard)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('is not written over the weights that another hand has given between reading and writing', async () => {
    const theirs = [
      { type: REVISION, revision: 'api-00001-abc', percent: 60 },
      { type: REVISION, revision: 'api-00002-def', percent: 40 },
    ]
    fake.beforeNext(/^PATCH/, () => fake.run.write(theirs))
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-004.*weight 40/)
    expect(fake.run.traffic).toEqual(theirs)
  })

  it('keeps annotations that another hand has written between reading and writing', async () => {
    fake.beforeNext(/^PATCH/, () => {
      fake.run.annotations = { 'example.com/owner': 'someone' }
      fake.run.write(fake.run.traffic)
    })
    await system.store?.write({ stable: STABLE })
    expect(Object.keys(fake.run.annotations).sort()).toEqual([
      'example.com/owner',
      'modelway.dev/rollout',
    ])
  })

  it('is read again where its etag has become another between reading and writing', async () => {
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'Conflict for resource' })
    expect((await share(10)).weight).toBe(10)
    expect(writes()).toHaveLength(2)
  })

  it('takes a write whose answer was lost for its own', async () => {
    fake.failNext(/^PATCH/, { status: 503, after: true })
    expect((await share(10)).weight).toBe(10)
    expect(fake.run.traffic).toHaveLength(2)
  })

  it('says so where the etag never fits', async () => {
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'Conflict', times: 20 })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-263.*ABORTED/)
  })

  it('refuses a canary whose revision cannot start, with the reason', async () => {
    fake.run.revisions.set('api-00002-def', 'CONDITION_FAILED')
    const attempt = system.splitter.admit(ROLES, await revisionNow())
    await expect(attempt).rejects.toThrow(
      /MW-DEPLOY-259.*HEALTH_CHECK_CONTAINER_ERROR: The container failed to start/,
    )
    await expect(attempt).rejects.toThrow(UserError)
  })

  it('waits for a revision that is starting, not for ever', async () => {
    fake.run.revisions.set('api-00002-def', 'CONDITION_RECONCILING')
    const attempt = system.splitter.admit(ROLES, await revisionNow())
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-261.*api-00002-def is not ready/)
  })

  it('refuses a revision that is not there, and names that cannot be one', async () => {
    const unknown = { ...ROLES, canary: { version: '3', name: 'api-00007-no' } }
    const guard = await revisionNow()
    await expect(system.splitter.admit(unknown, guard)).rejects.toThrow(/MW-DEPLOY-254/)
    const hostile = { ...ROLES, canary: { version: '3', name: '../services/other' } }
    await expect(system.splitter.admit(hostile, guard)).rejects.toThrow(/MW-DEPLOY-262/)
  })

  it('fails with the reason of an operation that ends with an error, when users meet something else', async () => {
    fake.run.failNext = { code: 13, message: 'Internal error encountered.' }
    const attempt = share(10)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-260.*Code 13.*Internal error encountered/)
    await expect(attempt).rejects.toThrow(ExternalError)
  })

  it('is rolled back although its newest revision cannot start and the operation says so', async () => {
    await share(50)
    fake.run.failNext = { code: 9, message: 'Revision api-00008 is not ready', inForce: true }
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
    expect(fake.run.serve(0.99)).toBe('api-00001-abc')
  })

  it('is rolled back although a last write of the rollout comes in between', async () => {
    await share(50)
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'another operation' })
    fake.run.polls = 30
    const rolledBack = system.splitter.rollback(ROLES)
    const before = writes().length
    while (writes().length < before + 2) await new Promise((resolve) => setImmediate(resolve))
    fake.run.traffic = [{ type: REVISION, revision: 'api-00002-def', percent: 100 }]
    expect((await rolledBack).weight).toBe(0)
    expect(fake.run.traffic).toEqual([{ type: REVISION, revision: 'api-00001-abc', percent: 100 }])
  })

  it('says that a change is not in force in time', async () => {
    fake.run.polls = 1000
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-261.*operation is not done/)
  })

  it('says why where the change was taken, its answer lost, and Cloud Run does not put it in force', async () => {
    fake.run.failNext = { code: 9, message: 'The quota of instances is used up.' }
    fake.failNext(/^PATCH/, { status: 503, after: true })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-265.*quota of instances/)
    const { weight, ejected } = await system.splitter.read(ROLES)
    expect({ weight, ejected }).toEqual({
      weight: 0,
      ejected: 'The quota of instances is used up.',
    })
  })

  it('tells another hand that changes the weights before they are in force', async () => {
    fake.run.polls = 30
    const attempt = share(10)
    const failed = expect(attempt).rejects.toThrow(/MW-DEPLOY-004/)
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      if (writes().length > 0) break
    }
    fake.run.traffic = [{ type: REVISION, revision: 'api-00001-abc', percent: 100 }]
    await failed
  })

  it('cannot go on with a token that has ended, and goes on with the next one', async () => {
    await share(10)
    fake.tokens.clear()
    await expect(share(20)).rejects.toThrow(/MW-DEPLOY-252.*\(\*\*\*\).*federation/)
    fake.tokens.add(TOKEN)
    expect((await share(20)).weight).toBe(20)
  })

  it('is not taken for something else that answers', async () => {
    fake.failNext(/^GET/, { status: 200 })
    await expect(system.splitter.read(ROLES)).rejects.toThrow(
      /MW-DEPLOY-257.*Cloud Run service api/,
    )
  })

  it('ends with the message of Google for what it refuses, without the token', async () => {
    fake.failNext(/^PATCH/, {
      status: 403,
      kind: 'PERMISSION_DENIED',
      message: 'no run.services.update',
    })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-253.*no run\.services\.update.*roles\/run/)
  })

  it('keeps the record in an annotation beside those of others, and refuses what another run has written over', async () => {
    const { store } = system
    const other = (await openRun(fake)).store
    if (store === undefined || other === undefined) throw new Error('no store')
    fake.run.annotations = { 'example.com/owner': 'someone' }
    expect(await store.read()).toBeUndefined()
    expect(await other.read()).toBeUndefined()
    await store.write({ stable: STABLE, canary: CANARY })
    expect(fake.run.annotations['example.com/owner']).toBe('someone')
    await expect(other.write({ stable: CANARY })).rejects.toThrow(/MW-DEPLOY-050/)
    await other.write({ stable: CANARY }, { force: true })
    expect(await store.read()).toEqual({ stable: CANARY })
    expect(fake.run.traffic).toEqual([{ type: LATEST, percent: 100 }])
  })

  it('refuses a record that no annotation holds', async () => {
    const rollout = { id: 'r', owner: 'o', state: 'x'.repeat(210 * 1024) }
    const attempt = system.store?.write({ stable: STABLE, rollout })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-114/)
  })

  it('tries the record again where another change came in between', async () => {
    fake.failNext(/^PATCH/, { status: 409, kind: 'ABORTED', message: 'Conflict' })
    await system.store?.write({ stable: STABLE })
    expect(await system.store?.read()).toEqual({ stable: STABLE })
  })
})
