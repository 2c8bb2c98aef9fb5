import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCloudWatchSignals } from '../../../../../src/adapters/telemetry/cloudwatch.js'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import type { System, SystemTools } from '../../../../../src/adapters/traffic/system.js'
import { openAws } from '../../../../../src/clouds/aws.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Signals } from '../../../../../src/ports/signals.js'
import type { Backend } from '../../../../../src/ports/traffic.js'
import type { TrafficBench } from '../../../../contracts/traffic.contract.js'
import { type FakeAws, KEYS, startAws } from '../../../../fakes/aws/start-aws.js'

export const ENV = { ...KEYS, AWS_REGION: 'eu-central-1' }
/** Beginning of a minute. */
const START = 1_763_942_400_000

/** A stand-in for AWS with a clock that the product's waiting moves on. */
export interface AwsWorld {
  readonly aws: FakeAws
  readonly clock: { now: number }
  readonly tools: SystemTools
  /** What happens while the product waits. */
  onSleep: () => void
}

export async function startWorld(): Promise<AwsWorld> {
  const aws = await startAws()
  const clock = { now: START }
  const world: AwsWorld = {
    aws,
    clock,
    onSleep: () => undefined,
    tools: {
      env: ENV,
      home: '/nowhere',
      now: () => clock.now,
      sleep: async (milliseconds) => {
        clock.now += milliseconds
        world.onSleep()
      },
    },
  }
  return world
}

export function signalsOf({ aws }: AwsWorld, { countedBy }: System): Signals {
  const settings = countedBy?.cloudwatch
  if (settings === undefined) throw new Error('AWS counts by CloudWatch')
  const cloudwatch = openAws({
    name: 'CloudWatch',
    host: 'monitoring',
    signing: 'monitoring',
    where: 'deploy.signals.cloudwatch',
    endpoint: aws.url,
    env: ENV,
    firstDelayMs: 1,
  })
  return createCloudWatchSignals(settings, cloudwatch)
}

export interface Served {
  readonly stable: Backend
  readonly canary: Backend
  readonly dead: Backend | undefined
  /** One request: the name of the version that answers it; what it counts is put into CloudWatch. */
  readonly serve: (point: number) => string
}

/** What the traffic contract is tried on. */
export function benchOf(world: AwsWorld, system: System, served: Served): TrafficBench {
  const { clock, tools, aws } = world
  const folder = mkdtempSync(join(tmpdir(), 'modelway-aws-'))
  const random = createRandom(6)
  const signals = signalsOf(world, system)
  const open = () =>
    createKeptTarget({
      splitter: system.splitter,
      store: createFileRolloutStore(folder),
      signals,
      stable: served.stable,
      now: tools.now,
      sleep: tools.sleep,
      settleMs: 0,
    })
  return {
    target: open(),
    again: open,
    stable: served.stable,
    canary: served.canary,
    dead: served.dead,
    send: async (count) =>
      Array.from({ length: count }, () => {
        const name = served.serve(random.next())
        const { stable, canary } = served
        return [stable, canary].find((one) => one.name === name)?.version ?? name
      }),
    settled: async () => {
      clock.now += signals.lagMs + 120_000
    },
    end: async () => {
      const { violations } = aws
      await aws.close()
      if (violations.length > 0) throw new Error(violations.join('\n'))
    },
  }
}
