import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createCloudWatchSignals } from '../../../src/adapters/telemetry/cloudwatch.js'
import { openLambda } from '../../../src/adapters/traffic/lambda/open.js'
import { openSageMaker } from '../../../src/adapters/traffic/sagemaker/open.js'
import { openAws } from '../../../src/clouds/aws.js'
import { CloudWatchSignals } from '../../../src/config/deploy/cloudwatch.js'
import { LambdaTarget } from '../../../src/config/deploy/lambda.js'
import { SageMakerTarget } from '../../../src/config/deploy/sagemaker.js'
import { ensureMoto } from '../../../tools/install/moto.js'
import { systemSuite } from '../system-suite.js'
import { type Counted, type Moto, startMoto } from './server.js'

const ENV = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-central-1',
}
const MINUTE = 60_000
const FROM = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE
const at = (offset: number) => new Date(FROM + offset).toISOString()
const METRICS: readonly Counted[] = [
  [at(1000), 'v1', 40, 1],
  [at(61_000), 'v1', 50, 0],
  [at(61_000), 'v2', 10, 2],
  [at(181_000), 'v1', 1000, 0],
]

const TOOLS = {
  env: ENV,
  home: '/nowhere',
  now: Date.now,
  sleep: async () => undefined,
}

// @evidence Amazon SageMaker, weights of variants: emulated (moto 5.2.5)
// @evidence AWS Lambda, weights of an alias: emulated (moto 5.2.5, which checks no revision)
// @evidence Amazon CloudWatch, sums by the minute: emulated (moto 5.2.5, which knows no TC statistics)
await systemSuite('moto', ensureMoto, (packages) => {
  let moto: Moto
  beforeAll(async () => {
    moto = await startMoto(packages(), METRICS)
  })
  afterAll(() => moto?.close())

  describe('two variants of an endpoint', () => {
    const roles = {
      stable: { version: '1', name: 'v1' },
      canary: { version: '2', name: 'v2' },
    }

    it('are weighed, promoted and brought back', async () => {
      const settings = { 'endpoint-name': 'fraud', endpoint: moto.url }
      const { splitter } = await openSageMaker(SageMakerTarget.parse(settings), TOOLS)
      const before = await splitter.read(roles)
      expect(before).toMatchObject({ weight: 0, mirror: 0 })
      const admitted = await splitter.admit(roles, before)
      const shared = await splitter.share(roles, { weight: 12.5, mirror: 0 }, admitted)
      expect(shared.weight).toBe(12.5)
      const overtaken = splitter.share(roles, { weight: 50, mirror: 0 }, before)
      await expect(overtaken).rejects.toThrow(/MW-DEPLOY-004/)
      expect((await splitter.promote(roles, shared)).weight).toBe(100)
      expect((await splitter.rollback(roles)).weight).toBe(0)
    })

    it('are of an endpoint that is there', async () => {
      const settings = { 'endpoint-name': 'other', endpoint: moto.url }
      const { splitter } = await openSageMaker(SageMakerTarget.parse(settings), TOOLS)
      await expect(splitter.read(roles)).rejects.toThrow(/MW-DEPLOY-224: .*Could not find endpoint/)
    })
  })

  it('an alias of a function divides between two versions', async () => {
    const roles = {
      stable: { version: 'one', name: '1' },
      canary: { version: 'two', name: '2' },
    }
    const settings = { function: 'fraud', alias: 'live', endpoint: moto.url }
    const { splitter } = await openLambda(LambdaTarget.parse(settings), TOOLS)
    const admitted = await splitter.admit(roles, await splitter.read(roles))
    const shared = await splitter.share(roles, { weight: 12.5, mirror: 0 }, admitted)
    expect(shared.weight).toBe(12.5)
    expect((await splitter.promote(roles, shared)).weight).toBe(100)
    expect((await splitter.rollback(roles)).weight).toBe(0)
    const missing = { stable: roles.stable, canary: { version: 'nine', name: '9' } }
    const read = await splitter.read(missing)
    await expect(splitter.admit(missing, read)).rejects.toThrow(/MW-DEPLOY-224/)
  })

  it('sums of metrics are told by version and whole minutes', async () => {
    const aws = openAws({
      name: 'CloudWatch',
      host: 'monitoring',
      signing: 'monitoring',
      where: 'deploy.signals.cloudwatch',
      endpoint: moto.url,
      env: ENV,
    })
    const settings = CloudWatchSignals.parse({
      namespace: 'ML/Serving',
      dimensions: { Version: '{name}' },
      requests: 'Requests',
      errors: 'Failures',
    })
    const signals = createCloudWatchSignals(settings, aws)
    const stretch = { from: FROM, to: FROM + 2 * MINUTE, stable: 'v1', canary: 'v2' }
    const { stable, canary } = (await signals.between(stretch))?.counters ?? {}
    expect(stable).toMatchObject({ requests: 90, errors: 1 })
    expect(canary).toMatchObject({ requests: 10, errors: 2 })
    const early = { ...stretch, from: FROM - 5 * MINUTE, to: FROM }
    expect(await signals.between(early)).toBeUndefined()
  })
})
