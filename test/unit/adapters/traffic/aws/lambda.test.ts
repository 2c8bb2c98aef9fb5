// @evidence AWS Lambda: contract (the API's description in botocore 1.44.5)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSignals } from '../../../../../src/adapters/telemetry/index.js'
import { openLambda } from '../../../../../src/adapters/traffic/lambda/open.js'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { openSystem } from '../../../../../src/adapters/traffic/systems.js'
import { LambdaTarget } from '../../../../../src/config/deploy/lambda.js'
import { DeploySection } from '../../../../../src/config/deploy.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { type AwsWorld, benchOf, ENV, startWorld } from './world.js'

const STABLE = { version: 'fraud 1.0', name: '1' }
const CANARY = { version: 'fraud 2.0', name: '2' }
const ROLES = { stable: STABLE, canary: CANARY }

const open = (world: AwsWorld, more: object = {}): Promise<System> =>
  openLambda(
    LambdaTarget.parse({ endpoint: world.aws.url, function: 'fraud', alias: 'live', ...more }),
    world.tools,
  )

function serve({ aws, clock }: AwsWorld, point: number): string {
  const version = aws.lambda.serve(point)
  // Only an alias with weights says which version was executed.
  const names = { FunctionName: 'fraud', Resource: 'fraud:live' }
  const isWeighed = Object.keys(aws.lambda.weights).length > 0
  const dimensions = isWeighed ? { ...names, ExecutedVersion: version } : names
  const put = (metric: string, value: number) =>
    aws.cloudwatch.put('AWS/Lambda', metric, { dimensions, at: clock.now, value })
  put('Invocations', 1)
  put('Errors', 0)
  put('Duration', 40)
  return version
}

trafficContract('the alias of a Lambda function (stand-in)', async () => {
  const world = await startWorld()
  const dead = { version: 'fraud 3.0', name: '3' }
  world.aws.lambda.versions.set('3', 'Failed')
  const served = { stable: STABLE, canary: CANARY, dead, serve: (at: number) => serve(world, at) }
  return benchOf(world, await open(world), served)
})

describe('the alias of a Lambda function', () => {
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
  const share = async (weight: number, roles = ROLES) => {
    const { revision } = await system.splitter.read({ ...roles, canary: undefined })
    return system.splitter.share(roles, { weight, mirror: 0 }, { revision })
  }

  it('is written at the revision that was read, and keeps its description', async () => {
    expect(await share(12.5)).toMatchObject({ weight: 12.5, mirror: 0 })
    expect(world.aws.lambda).toMatchObject({
      version: '1',
      weights: { 2: 0.125 },
      description: 'users call this',
    })
  })

  it('is not written over a change that comes between reading and writing (412)', async () => {
    const { revision } = await system.splitter.read(ROLES)
    const { lambda } = world.aws
    const read = lambda.read.bind(lambda)
    lambda.read = () => {
      const answer = read()
      lambda.read = read
      lambda.update({
        FunctionVersion: '1',
        RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
      })
      return answer
    }
    const write = system.splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    await expect(write).rejects.toThrow(/MW-DEPLOY-004: .*weight 50/)
    expect(lambda.weights).toEqual({ 2: 0.5 })
  })

  it('counts a write whose answer was lost as its own', async () => {
    world.aws.failNext('UpdateAlias', { status: 0, code: 'lost', afterwards: true })
    expect(await share(10)).toMatchObject({ weight: 10 })
    expect(world.aws.calls.filter((call) => call === 'UpdateAlias')).toHaveLength(2)
  })

  it('waits while Lambda itself is busy with the function (409)', async () => {
    world.aws.lambda.busy = 3
    expect(await share(10)).toMatchObject({ weight: 10 })
    world.aws.lambda.busy = 3
    expect((await system.splitter.rollback(ROLES)).weight).toBe(0)
  })

  it('gives up on a function that Lambda stays busy with', async () => {
    world.aws.lambda.busy = 1e9
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-224: .*ResourceConflictException/)
  })

  it('says so where what was written does not come into force', async () => {
    const { lambda } = world.aws
    const before = lambda.read()
    lambda.read = () => before
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-243/)
  })

  it.each(['$LATEST', '0', 'live', '1 --force', '2/../3', ''])(
    'refuses %j as the number of a version, before anything is written',
    async (name) => {
      const canary = { version: 'fraud 2.0', name }
      const { revision } = await system.splitter.read(ROLES)
      const guard = { revision }
      const attempt = system.splitter.admit({ stable: STABLE, canary }, guard)
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-227/)
      expect(world.aws.calls).not.toContain('UpdateAlias')
    },
  )

  it('goes back whatever was written down about a canary', async () => {
    await share(50)
    const canary = { version: 'x', name: 'naïve|<b>\n' }
    expect((await system.splitter.rollback({ stable: STABLE, canary })).weight).toBe(0)
    expect(world.aws.lambda.weights).toEqual({})
  })

  it('refuses a canary that cannot be invoked, and one that is not there', async () => {
    world.aws.lambda.versions.set('2', 'Failed')
    const { revision } = await system.splitter.read(ROLES)
    await expect(system.splitter.admit(ROLES, { revision })).rejects.toThrow(
      /MW-DEPLOY-230: .*image of the version was deleted/,
    )
    const canary = { version: 'fraud 9.0', name: '9' }
    await expect(system.splitter.admit({ stable: STABLE, canary }, { revision })).rejects.toThrow(
      /MW-DEPLOY-224: .*ResourceNotFoundException/,
    )
  })

  it('refuses an alias that points elsewhere, and one that others divide', async () => {
    world.aws.lambda.weights = { 3: 0.1 }
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-229: .*"3"/)
    world.aws.lambda.version = '3'
    await expect(system.splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-228: .*"3"/)
  })

  it('is opened as deploy.target says, and counted by CloudWatch without a setting', async () => {
    const section = DeploySection.parse({
      target: 'lambda',
      lambda: { endpoint: world.aws.url, function: 'fraud', alias: 'live' },
    })
    const opened = await openSystem('lambda', section, world.tools)
    expect((await opened.splitter.read(ROLES)).weight).toBe(0)
    const context = { env: ENV, signal: new AbortController().signal }
    const settings = opened.countedBy?.cloudwatch
    if (settings === undefined) throw new Error('nothing counts it')
    const cloudwatch = { ...settings, endpoint: world.aws.url }
    const signals = await openSignals({ cloudwatch }, context)
    const stretch = { from: 0, to: 60_000, stable: '1', canary: '2' }
    expect(await signals?.between(stretch)).toBeUndefined()
    expect(world.aws.calls).toContain('GetMetricData')
  })

  it('is looked for by a name that no path can come of', () => {
    const parse = (more: object) =>
      LambdaTarget.safeParse({ function: 'fraud', alias: 'live', ...more }).success
    expect(parse({})).toBe(true)
    expect(parse({ function: '../other' })).toBe(false)
    expect(parse({ alias: '7' })).toBe(false)
    expect(parse({ region: 'eu-central-1.evil.example' })).toBe(false)
  })
})
