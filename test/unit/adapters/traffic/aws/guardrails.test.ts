import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSageMaker } from '../../../../../src/adapters/traffic/sagemaker/open.js'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { SageMakerTarget } from '../../../../../src/config/deploy/sagemaker.js'
import { type AwsWorld, startWorld } from './world.js'

const STABLE = { version: 'fraud 1.0', name: 'v1' }
const CANARY = { version: 'fraud 2.0', name: 'v2' }
const ROLES = { stable: STABLE, canary: CANARY }
const GUARDRAILS = { size: 20, wait: '5m', alarms: ['p99', 'modelway'] }

const parse = (guardrails: object, more: object = {}) =>
  SageMakerTarget.safeParse({
    'endpoint-name': 'fraud',
    canary: { model: 'model-2' },
    guardrails: { ...GUARDRAILS, ...guardrails },
    ...more,
  })

describe("SageMaker's deployment guardrails", () => {
  let world: AwsWorld
  let system: System
  const open = async (guardrails: object = {}) => {
    const parsed = parse(guardrails, { endpoint: world.aws.url })
    if (!parsed.success) throw parsed.error
    system = await openSageMaker(parsed.data, world.tools)
  }
  beforeEach(async () => {
    world = await startWorld()
    await open()
  })
  afterEach(async () => {
    await world.aws.close()
    expect(world.aws.violations).toEqual([])
  })
  const admit = async () => {
    const { revision } = await system.splitter.read({ stable: STABLE, canary: undefined })
    return system.splitter.admit(ROLES, { revision })
  }
  const begin = async (weight = 20) => {
    const { revision } = await admit()
    return system.splitter.share(ROLES, { weight, mirror: 0 }, { revision })
  }
  const served = () =>
    Array.from({ length: 100 }, (_, i) => world.aws.sagemaker.serve((i + 0.5) / 100).user)

  it('move nobody before the first weight', async () => {
    expect(await admit()).toMatchObject({ weight: 0 })
    expect(world.aws.calls).not.toContain('UpdateEndpoint')
    expect(system.splitter.capabilities).toEqual({ mirror: false, split: 'controller' })
  })

  it('begin with the first weight, and then move on by themselves', async () => {
    const first = await begin()
    expect(first).toMatchObject({ weight: 20 })
    expect(served().filter((name) => name === 'v2')).toHaveLength(20)
    const all = await system.splitter.share(ROLES, { weight: 100, mirror: 0 }, first)
    expect(all).toMatchObject({ weight: 100 })
    expect(new Set(served())).toEqual(new Set(['v2']))
    expect(await system.splitter.promote(ROLES, all)).toMatchObject({ weight: 100 })
    expect(world.aws.calls.filter((call) => call === 'UpdateEndpoint')).toHaveLength(1)
  })

  it('are what SageMaker itself says that they are, linear too', async () => {
    await open({ type: 'linear', size: 50 })
    expect((await begin(50)).weight).toBe(50)
  })

  it('take the canary back where an alarm goes off, and it counts as ejected', async () => {
    await begin()
    world.aws.sagemaker.alarm('p99')
    for (let look = 0; look < 3; look++) await system.splitter.read(ROLES)
    const split = await system.splitter.read(ROLES)
    expect(split).toMatchObject({ weight: 0, ejected: expect.stringMatching(/Alarm p99/) })
  })

  it('say so where an alarm goes off while the next weight is waited for', async () => {
    const first = await begin()
    let looks = 0
    world.onSleep = () => {
      if (++looks === 1) world.aws.sagemaker.alarm('p99')
    }
    const next = system.splitter.share(ROLES, { weight: 100, mirror: 0 }, first)
    await expect(next).rejects.toThrow(/MW-DEPLOY-240: .*Alarm p99/)
  })

  it('are ended by their alarm where the rollout goes back', async () => {
    await open({ 'stop-alarm': 'modelway' })
    world.aws.cloudwatch.alarms.set('modelway', 'OK')
    await begin()
    expect(await system.splitter.rollback(ROLES)).toMatchObject({ weight: 0 })
    expect(world.aws.cloudwatch.alarms.get('modelway')).toBe('ALARM')
    expect(world.aws.sagemaker.config).toBe('fraud-by-terraform')
    expect(world.aws.calls.filter((call) => call === 'UpdateEndpoint')).toHaveLength(1)
  })

  it('are waited for, and taken back, where no alarm ends them', async () => {
    await begin()
    expect(await system.splitter.rollback(ROLES)).toMatchObject({ weight: 0 })
    expect(new Set(served())).toEqual(new Set(['v1']))
    // As many instances as the users had before.
    expect(world.aws.sagemaker.variants).toMatchObject([{ name: 'v1', count: 3 }])
  })

  it('are taken back although the alarm cannot be set off', async () => {
    await open({ 'stop-alarm': 'modelway' })
    await begin()
    expect(await system.splitter.rollback(ROLES)).toMatchObject({ weight: 0 })
    expect(new Set(served())).toEqual(new Set(['v1']))
  })

  it('take no smaller weight, and no copies', async () => {
    const split = await begin()
    const back = system.splitter.share(ROLES, { weight: 5, mirror: 0 }, split)
    await expect(back).rejects.toThrow(/MW-DEPLOY-237/)
    const copies = system.splitter.share(ROLES, { weight: 0, mirror: 10 }, split)
    await expect(copies).rejects.toThrow(/MW-DEPLOY-237/)
  })

  it('are not begun over what another hand has changed', async () => {
    const { revision } = await admit()
    const { sagemaker } = world.aws
    sagemaker.configs.set('other', {
      EndpointConfigName: 'other',
      ProductionVariants: [{ VariantName: 'v1', ModelName: 'model-1' }],
    })
    sagemaker.update('fraud', { EndpointConfigName: 'other' })
    const share = system.splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision })
    await expect(share).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('are told in the words that SageMaker takes', () => {
    expect(parse({}).success).toBe(true)
    expect(parse({ size: 51 }).success).toBe(false)
    expect(parse({ type: 'linear', size: 5 }).success).toBe(false)
    expect(parse({ alarms: [] }).success).toBe(false)
    expect(parse({ wait: '2h' }).success).toBe(false)
    expect(parse({ 'stop-alarm': 'other' }).success).toBe(false)
    expect(parse({}, { shadow: true }).success).toBe(false)
  })
})
