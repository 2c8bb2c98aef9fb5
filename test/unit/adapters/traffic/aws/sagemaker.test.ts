// @evidence Amazon SageMaker: contract (the API's description in botocore 1.44.5)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSageMaker } from '../../../../../src/adapters/traffic/sagemaker/open.js'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { SageMakerTarget } from '../../../../../src/config/deploy/sagemaker.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { type AwsWorld, benchOf, startWorld } from './world.js'

const STABLE = { version: 'fraud 1.0', name: 'v1' }
const CANARY = { version: 'fraud 2.0', name: 'v2' }
const ROLES = { stable: STABLE, canary: CANARY }
const MODEL = { canary: { model: 'model-2' } }

const open = (world: AwsWorld, more: object = {}): Promise<System> =>
  openSageMaker(
    SageMakerTarget.parse({ endpoint: world.aws.url, 'endpoint-name': 'fraud', ...MODEL, ...more }),
    world.tools,
  )

function serve({ aws, clock }: AwsWorld, point: number): string {
  const { user, copies } = aws.sagemaker.serve(point)
  for (const VariantName of [user, ...copies]) {
    const dimensions = { EndpointName: 'fraud', VariantName }
    const put = (metric: string, value: number) =>
      aws.cloudwatch.put('AWS/SageMaker', metric, { dimensions, at: clock.now, value })
    put('Invocations', 1)
    put('Invocation5XXErrors', 0)
    put('ModelLatency', 40_000)
  }
  return user
}

trafficContract('variants of SageMaker (stand-in)', async () => {
  const world = await startWorld()
  const served = {
    stable: STABLE,
    canary: CANARY,
    dead: undefined,
    serve: (point: number) => serve(world, point),
  }
  return benchOf(world, await open(world), served)
})

describe('the variants of an endpoint', () => {
  let world: AwsWorld
  let system: System
  beforeEach(async () => {
    world = await startWorld()
    system = await open(world)
  })
  afterEach(async () => {
    await world.aws.close()
    expect(world.aws.violations).toEqual([])
  })
  const admit = async (splitter = system.splitter) => {
    const { revision } = await splitter.read({ stable: STABLE, canary: undefined })
    return splitter.admit(ROLES, { revision })
  }
  const variants = () =>
    Object.fromEntries(world.aws.sagemaker.variants.map(({ name, current }) => [name, current]))
  const current = () => {
    const { sagemaker } = world.aws
    return sagemaker.configs.get(sagemaker.config)
  }

  it("get the canary as a copy of stable's, with as many instances as stable has now", async () => {
    await admit()
    expect(variants()).toEqual({ v1: 100, v2: 0 })
    const made = current()?.ProductionVariants.find(({ VariantName }) => VariantName === 'v2')
    expect(made).toEqual({
      VariantName: 'v2',
      ModelName: 'model-2',
      InitialInstanceCount: 3,
      InstanceType: 'ml.m5.large',
      InitialVariantWeight: 0,
    })
    expect(world.aws.sagemaker.variants[0]?.count).toBe(3)
  })

  it('are all that an endpoint needs that has both already: only weights are written', async () => {
    const { sagemaker } = world.aws
    sagemaker.variants.push({ name: 'v2', model: 'model-2', current: 0, desired: 0, count: 1 })
    const { revision } = await admit()
    const share = await system.splitter.share(ROLES, { weight: 33.3, mirror: 0 }, { revision })
    expect(share.weight).toBeCloseTo(33.3, 4)
    await system.splitter.promote(ROLES, { revision: share.revision })
    expect(variants()).toEqual({ v1: 0, v2: 100 })
    expect(world.aws.calls).not.toContain('UpdateEndpoint')
    expect(sagemaker.config).toBe('fraud-by-terraform')
    await system.splitter.rollback(ROLES)
    expect(variants()).toEqual({ v1: 100, v2: 0 })
    // A role that only weighs needs no right to read tags.
    expect(world.aws.calls).not.toContain('ListTags')
  })

  it('are waited for while SageMaker maintains the endpoint', async () => {
    const { revision } = await admit()
    const { sagemaker } = world.aws
    let slept = 0
    const maintain = () => {
      sagemaker.status = 'SystemUpdating'
      slept = 0
    }
    world.onSleep = () => {
      if (++slept === 3) sagemaker.status = 'InService'
    }
    maintain()
    const split = await system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    expect(split.weight).toBe(10)
    maintain()
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
  })

  it('come back by the name of the configuration that was there before', async () => {
    const { revision } = await admit()
    await system.splitter.share(ROLES, { weight: 25, mirror: 0 }, { revision })
    const split = await system.splitter.rollback(ROLES)
    expect(split).toMatchObject({ weight: 0, mirror: 0 })
    expect(world.aws.sagemaker.config).toBe('fraud-by-terraform')
    expect(Object.keys(variants())).toEqual(['v1'])
  })

  it('take users from the canary first, before the instances are changed', async () => {
    const { revision } = await admit()
    await system.splitter.share(ROLES, { weight: 50, mirror: 0 }, { revision })
    const before = world.aws.calls.length
    await system.splitter.rollback(ROLES)
    const writes = world.aws.calls.slice(before).filter((call) => call.startsWith('Update'))
    expect(writes).toEqual(['UpdateEndpointWeightsAndCapacities', 'UpdateEndpoint'])
  })

  it('leave the old version out after a promotion, so that nothing brings it back', async () => {
    const { revision } = await admit()
    await system.splitter.promote(ROLES, { revision })
    expect(Object.keys(variants())).toEqual(['v2'])
    expect(current()?.ProductionVariants).toMatchObject([
      { VariantName: 'v2', InitialVariantWeight: 1 },
    ])
    // What goes back afterwards has as many instances as users need now.
    const [promoted] = world.aws.sagemaker.variants
    if (promoted) promoted.count = 7
    await system.splitter.rollback({ stable: CANARY, canary: undefined })
    expect(Object.keys(variants())).toEqual(['v2'])
    await system.splitter.rollback({ stable: STABLE, canary: CANARY })
    expect(world.aws.sagemaker.variants).toMatchObject([{ name: 'v1', count: 7 }])
  })

  it('of the next rollout go back to the last promotion, not to the version before it', async () => {
    const { revision } = await admit()
    await system.splitter.promote(ROLES, { revision })
    const promoted = world.aws.sagemaker.config
    const next = await open(world, { canary: { model: 'model-3' } })
    const roles = { stable: CANARY, canary: { version: 'fraud 3.0', name: 'v3' } }
    const now = await next.splitter.read({ stable: CANARY, canary: undefined })
    await next.splitter.admit(roles, now)
    await next.splitter.rollback(roles)
    expect(world.aws.sagemaker.config).toBe(promoted)
  })

  it('are waited for where the endpoint is being updated by others, then rolled back', async () => {
    const { revision } = await admit()
    await system.splitter.share(ROLES, { weight: 50, mirror: 0 }, { revision })
    const { sagemaker } = world.aws
    sagemaker.slow = 5
    sagemaker.weigh('fraud', [{ VariantName: 'v2', DesiredWeight: 70 }])
    expect(sagemaker.status).toBe('Updating')
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
    expect(variants()).toEqual({ v1: 100 })
  })

  it('are tried again where another update slips in before ours', async () => {
    await admit()
    const error = { status: 400, code: 'ValidationException' }
    const message = 'Cannot update in-progress endpoint "arn:aws:sagemaker:…".'
    world.aws.failNext('UpdateEndpointWeightsAndCapacities', { ...error, message, times: 2 })
    const { revision } = await system.splitter.read(ROLES)
    const split = await system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    expect(split.weight).toBe(10)
  })

  it('are not written over what another hand has changed while it was waited for', async () => {
    const { revision } = await admit()
    const { sagemaker } = world.aws
    sagemaker.weigh('fraud', [{ VariantName: 'v2', DesiredWeight: 300 }])
    const write = system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(write).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('are taken over by the next run while an update is still on its way', async () => {
    const { sagemaker } = world.aws
    await admit()
    sagemaker.slow = 4
    const { name, variants } = { name: 'fraud-next', variants: current()?.ProductionVariants ?? [] }
    sagemaker.configs.set(name, { EndpointConfigName: name, ProductionVariants: variants })
    sagemaker.update('fraud', { EndpointConfigName: name, RetainAllVariantProperties: true })
    const guard = await system.splitter.read(ROLES)
    expect(guard.ejected).toBeUndefined()
    const split = await system.splitter.share(ROLES, { weight: 10, mirror: 0 }, guard)
    expect(split.weight).toBe(10)
    // What comes afterwards is another hand's again.
    sagemaker.update('fraud', { EndpointConfigName: 'fraud-by-terraform' })
    const write = system.splitter.share(ROLES, { weight: 20, mirror: 0 }, split)
    await expect(write).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('count an update whose answer was lost as ours', async () => {
    const { revision } = await admit()
    const lost = { status: 0, code: 'lost', afterwards: true }
    world.aws.failNext('UpdateEndpointWeightsAndCapacities', lost)
    const split = await system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    expect(split.weight).toBe(10)
  })

  it('stay as they were where the new model never answers its health check', async () => {
    world.aws.sagemaker.broken.add('model-2')
    await expect(admit()).rejects.toThrow(/MW-DEPLOY-240: .*ping health check/)
    expect(variants()).toEqual({ v1: 1 })
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
  })

  it('cannot be changed any more where the endpoint has failed', async () => {
    const { revision } = await admit()
    const { sagemaker } = world.aws
    sagemaker.status = 'Failed'
    sagemaker.failure = 'no capacity'
    expect((await system.splitter.read(ROLES)).ejected).toMatch(/Failed: no capacity/)
    const share = system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(share).rejects.toThrow(/MW-DEPLOY-238: .*Failed: no capacity/)
    await expect(system.splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-238/)
  })

  it('are put right by their configuration where the way back of an update has failed', async () => {
    await admit()
    const { sagemaker } = world.aws
    sagemaker.status = 'UpdateRollbackFailed'
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
    expect(sagemaker).toMatchObject({ status: 'InService', config: 'fraud-by-terraform' })
  })

  it('say so where SageMaker is not done in time', async () => {
    const { revision } = await admit()
    world.aws.sagemaker.slow = 1e9
    const share = system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(share).rejects.toThrow(/MW-DEPLOY-239: .*Updating/)
  })

  it('count as ejected where SageMaker has taken the canary out', async () => {
    await admit()
    const { sagemaker } = world.aws
    sagemaker.variants = sagemaker.variants.filter(({ name }) => name === 'v1')
    sagemaker.failure = 'Alarm p99 went off.'
    expect((await system.splitter.read(ROLES)).ejected).toMatch(/taken its variant out.*p99/)
  })

  it('may be more than two only where the others have no users', async () => {
    const { sagemaker } = world.aws
    const third = { name: 'v0', model: 'model-3', current: 1, desired: 1, count: 1 }
    sagemaker.variants.push(third)
    await expect(admit()).rejects.toThrow(/MW-DEPLOY-233: .*v0/)
    expect(world.aws.calls).not.toContain('CreateEndpointConfig')
  })

  it.each(['v_2', '-v2', 'a'.repeat(64), '', 'naïve|<b>\n', '../x'])(
    'are not named %j',
    async (name) => {
      const { revision } = await system.splitter.read(ROLES)
      const roles = { stable: STABLE, canary: { version: 'x', name } }
      const attempt = system.splitter.admit(roles, { revision })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-231/)
      expect((await system.splitter.rollback(roles)).weight).toBe(0)
    },
  )

  it('are not made of what cannot be copied, nor of a model that is not there', async () => {
    const unknown = await open(world, { canary: { model: 'model-9' } })
    await expect(admit(unknown.splitter)).rejects.toThrow(/MW-DEPLOY-224: .*Could not find model/)
    const { sagemaker } = world.aws
    const [variant] = current()?.ProductionVariants ?? []
    const pools = [{ InstanceType: 'ml.m5.large', Priority: 1 }]
    sagemaker.configs.set(sagemaker.config, {
      EndpointConfigName: sagemaker.config,
      ProductionVariants: [{ VariantName: 'v1', ...variant, InstancePools: pools }],
    })
    await expect(admit()).rejects.toThrow(/MW-DEPLOY-236: .*pools/)
  })

  it('are of an endpoint whose name can be one', () => {
    const parse = (more: object) =>
      SageMakerTarget.safeParse({ 'endpoint-name': 'fraud', ...more }).success
    expect(parse({})).toBe(true)
    expect(parse({ 'endpoint-name': 'fraud/../other' })).toBe(false)
    expect(parse({ 'endpoint-name': 'a'.repeat(64) })).toBe(false)
    expect(parse({ canary: { model: 'a b' } })).toBe(false)
    expect(parse({ canary: { 'instance-type': 'ml.m5.large; rm' } })).toBe(false)
    expect(parse({ region: 'eu-central-1.evil.example' })).toBe(false)
  })

  it('need a stable version that is there', async () => {
    const roles = { stable: { version: 'x', name: 'v7' }, canary: undefined }
    await expect(system.splitter.read(roles)).rejects.toThrow(/MW-DEPLOY-232: .*v7.*v1/)
  })
})

describe('a shadow variant', () => {
  let world: AwsWorld
  let system: System
  beforeEach(async () => {
    world = await startWorld()
    system = await open(world, { shadow: true })
  })
  afterEach(async () => {
    await world.aws.close()
    expect(world.aws.violations).toEqual([])
  })
  const mirror = async (percent: number, weight = 0) => {
    const { revision } = await system.splitter.read(ROLES)
    return system.splitter.share(ROLES, { weight, mirror: percent }, { revision })
  }

  it('is brought in with its first copies, and answers no user', async () => {
    const { revision } = await system.splitter.read(ROLES)
    const admitted = await system.splitter.admit(ROLES, { revision })
    expect(admitted).toMatchObject({ weight: 0, mirror: 0, ejected: undefined })
    expect(world.aws.calls).not.toContain('UpdateEndpoint')
    expect(await mirror(30)).toMatchObject({ weight: 0, mirror: 30 })
    const served = Array.from({ length: 100 }, (_, i) => world.aws.sagemaker.serve((i + 0.5) / 100))
    expect(new Set(served.map(({ user }) => user))).toEqual(new Set(['v1']))
    expect(served.filter(({ copies }) => copies.includes('v2'))).toHaveLength(30)
  })

  it('becomes a canary with the first users, and is gone after a rollback', async () => {
    await mirror(100)
    const { revision } = await system.splitter.read(ROLES)
    const split = await system.splitter.share(ROLES, { weight: 5, mirror: 0 }, { revision })
    expect(split).toMatchObject({ weight: 5, mirror: 0 })
    await system.splitter.rollback(ROLES)
    expect(world.aws.sagemaker).toMatchObject({ config: 'fraud-by-terraform', shadows: [] })
  })

  it('goes with a rollback, straight from its copies', async () => {
    await mirror(50)
    expect(await system.splitter.rollback(ROLES)).toMatchObject({ weight: 0, mirror: 0 })
    expect(world.aws.sagemaker.shadows).toEqual([])
  })

  it('is refused beside a canary with users, and beside further variants', async () => {
    await expect(mirror(50, 5)).rejects.toThrow(/MW-DEPLOY-234: .*5 %/)
    const { sagemaker } = world.aws
    sagemaker.variants.push({ name: 'v0', model: 'model-3', current: 0, desired: 0, count: 1 })
    await expect(mirror(50)).rejects.toThrow(/MW-DEPLOY-234: .*further variants/)
  })
})
