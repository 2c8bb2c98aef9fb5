import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createAliasApi } from '../../../../../src/adapters/traffic/lambda/api.js'
import { createLambdaSplitter } from '../../../../../src/adapters/traffic/lambda/splitter.js'
import { createSageMakerApi } from '../../../../../src/adapters/traffic/sagemaker/api.js'
import { createSageMakerSplitter } from '../../../../../src/adapters/traffic/sagemaker/splitter.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import { openAws } from '../../../../../src/clouds/aws.js'
import { ExternalError } from '../../../../../src/errors.js'
import type { Splitter } from '../../../../../src/ports/splitter.js'
import { type AwsWorld, ENV, startWorld } from './world.js'

const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: {} }
const CALLS = ['away', 'throttled', 'answers lost'] as const

interface Kind {
  readonly name: string
  readonly stable: { readonly version: string; readonly name: string }
  readonly canary: { readonly version: string; readonly name: string }
  readonly splitter: (world: AwsWorld) => Splitter
  /** Names of the versions that users meet. */
  readonly met: (world: AwsWorld) => readonly string[]
}

function awsOf(world: AwsWorld, names: { name: string; host: string; signing: string }) {
  const place = { where: 'deploy', endpoint: world.aws.url, env: ENV, firstDelayMs: 1 }
  return openAws({ ...names, ...place })
}

const POINTS = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40)

const KINDS: readonly Kind[] = [
  {
    name: 'SageMaker',
    stable: { version: '1', name: 'v1' },
    canary: { version: '2', name: 'v2' },
    splitter: (world) => {
      const names = { name: 'SageMaker', host: 'api.sagemaker', signing: 'sagemaker' }
      const api = createSageMakerApi(awsOf(world, names), 'fraud')
      const { now, sleep } = world.tools
      const own = { endpointName: 'fraud', url: undefined, timeoutMs: 600_000, shadow: false }
      return createSageMakerSplitter({ api, now, sleep, ...own, canary: { model: 'model-2' } })
    },
    met: ({ aws }) => POINTS.map((point) => aws.sagemaker.serve(point).user),
  },
  {
    name: 'Lambda',
    stable: { version: '1', name: '1' },
    canary: { version: '2', name: '2' },
    splitter: (world) => {
      const aws = awsOf(world, { name: 'Lambda', host: 'lambda', signing: 'lambda' })
      const api = createAliasApi(aws, { function: 'fraud', alias: 'live' })
      const { now, sleep } = world.tools
      return createLambdaSplitter({ api, now, sleep, timeoutMs: 60_000 })
    },
    met: ({ aws }) => POINTS.map((point) => aws.lambda.serve(point)),
  },
]

function targetOf(kind: Kind, world: AwsWorld, folder: string) {
  return createKeptTarget({
    splitter: kind.splitter(world),
    store: createFileRolloutStore(folder),
    stable: kind.stable,
    now: world.tools.now,
    sleep: world.tools.sleep,
    settleMs: 0,
  })
}

async function rollOut(kind: Kind, world: AwsWorld, folder: string): Promise<void> {
  const target = targetOf(kind, world, folder)
  await target.prepare(ROLLOUT, kind.canary)
  await target.set({ weight: 10, mirror: 0 })
  await target.set({ weight: 50, mirror: 0 })
  await target.promote()
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'modelway-killed-'))

async function inWorld<T>(work: (world: AwsWorld) => Promise<T>): Promise<T> {
  const world = await startWorld()
  try {
    const result = await work(world)
    expect(world.aws.violations).toEqual([])
    return result
  } finally {
    await world.aws.close()
  }
}

describe.each(KINDS)('a rollout on $name', (kind) => {
  it('comes back wherever it was killed, and can be done again', async () => {
    const all = await inWorld(async (world) => {
      world.aws.sagemaker.slow = 1
      await rollOut(kind, world, newFolder())
      return world.aws.calls.length
    })
    expect(all).toBeGreaterThan(8)
    // Each of the first calls, then every third: a look at the endpoint is like the next.
    for (let cut = 0; cut < all; cut += cut < 6 ? 1 : 3) {
      await inWorld(async (world) => {
        const folder = newFolder()
        world.aws.sagemaker.slow = 1
        world.aws.cutAfter(cut)
        const killed = rollOut(kind, world, folder)
        await expect(killed).rejects.toThrow(ExternalError)
        world.aws.cutAfter(undefined)
        const next = targetOf(kind, world, folder)
        const state = await next.rollback({ reason: 'killed', to: 'stable' })
        expect(state.canary).toBeUndefined()
        // Where only the last answers were missing, the promotion was done, and the record not yet written.
        expect(new Set(kind.met(world))).toEqual(new Set([kind.stable.name]))
        await rollOut(kind, world, folder)
        expect(new Set(kind.met(world))).toEqual(new Set([kind.canary.name]))
      })
    }
  })

  it.each(CALLS)('goes on although each call is once disturbed: %s', async (what) => {
    const fault = {
      away: { status: 503, code: 'ServiceUnavailable' },
      throttled: { status: 400, code: 'ThrottlingException' },
      'answers lost': { status: 0, code: 'lost', afterwards: true },
    }[what]
    await inWorld(async (world) => {
      for (const operation of OPERATIONS) world.aws.failNext(operation, fault)
      await rollOut(kind, world, newFolder())
      expect(new Set(kind.met(world))).toEqual(new Set([kind.canary.name]))
    })
  })
})

const OPERATIONS = [
  'DescribeEndpoint',
  'DescribeEndpointConfig',
  'CreateEndpointConfig',
  'UpdateEndpoint',
  'UpdateEndpointWeightsAndCapacities',
  'ListTags',
  'GetAlias',
  'UpdateAlias',
  'GetFunctionConfiguration',
]
