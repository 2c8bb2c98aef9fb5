import type { DeployPorts } from '../../../../src/actions/deploy-canary/ports.js'
import { deployCanary } from '../../../../src/actions/deploy-canary/run.js'
import { DeploySection } from '../../../../src/config/deploy.js'
import type { Log } from '../../../../src/ports/host.js'
import type { ModelRegistry, RegisteredVersion } from '../../../../src/ports/registry.js'
import type { Backend, TrafficTarget } from '../../../../src/ports/traffic.js'
import type { JobContext, JobOutcome } from '../../../../src/runtime/job.js'
import type { Recorded } from '../../../../src/statements/record.js'
import { createFakeTarget, createFakeTraffic, type FakeTraffic } from './fake-target.js'

const DIGEST = 'a'.repeat(64)

export interface DeployWorld {
  readonly traffic: FakeTraffic
  /** Process ids of model servers that run. */
  readonly running: Set<number>
  readonly warnings: string[]
  champion: string | undefined
  deploy(settings: object): Promise<JobOutcome>
}

export interface DeployWorldOptions {
  /** Processes of this machine that are alive. */
  readonly alive?: readonly number[]
  /** The version that users are on; undefined before the first deployment. */
  readonly known?: Backend | undefined
  /** Changes how the target answers. */
  readonly target?: ((target: TrafficTarget) => Partial<TrafficTarget>) | undefined
  readonly forge?: { readonly create?: () => never } | undefined
  readonly registryFails?: boolean | undefined
  /** The version in use does not answer. */
  readonly dead?: boolean | undefined
  /** Another target, in place of the one in memory, and its clock. */
  readonly ports?: Partial<DeployPorts> | undefined
  /** The workspace; one that is not there, unless given. */
  readonly folder?: string | undefined
  readonly now?: (() => number) | undefined
  /** What else the run has, such as a forge. */
  readonly context?: Partial<JobContext<DeploySection>> | undefined
  /** The run has no record of who registered the model. */
  readonly noRecord?: boolean | undefined
}

/** A deployment of the registered model `census-2`, where nothing is real: traffic, servers, registry and forge. */
export function createDeployWorld(options: DeployWorldOptions = {}): DeployWorld {
  const traffic = createFakeTraffic(options.known ?? { version: 'none', url: 'http://none' })
  const world: DeployWorld = {
    traffic,
    running: new Set(),
    warnings: [],
    champion: '1',
    deploy: (settings) => deploy(world, options, settings),
  }
  return world
}

async function deploy(world: DeployWorld, options: DeployWorldOptions, settings: object) {
  let pid = 100
  const context = contextOf(world, options, settings)
  const result = await deployCanary(context, {
    servers: {
      start: async ({ version }) => {
        pid += 1
        world.running.add(pid)
        return { version, url: `http://127.0.0.1:${pid}`, pid }
      },
      answers: async () => options.dead !== true,
      stop: async (stopped) => {
        world.running.delete(stopped)
      },
    },
    openRegistry: async () => registryOf(world, options),
    self: { host: 'here', pid: process.pid },
    isAlive: (one) => options.alive?.includes(one) === true,
    knownStable: async () => options.known && world.traffic.state.stable,
    openTarget: async ({ stable }) => {
      if (options.known === undefined) world.traffic.state = { ...world.traffic.state, stable }
      const target = createFakeTarget(world.traffic)
      return { ...target, ...options.target?.(target) }
    },
    sleep: async () => undefined,
    ...options.ports,
  })
  if (result.subject !== undefined) return result
  // What has no statement says so: nothing is to be read from it.
  return { ...result, subject: [], predicate: {}, inputs: [] } satisfies JobOutcome
}

function registryOf(world: DeployWorld, { registryFails }: DeployWorldOptions): ModelRegistry {
  const version = (number: string): RegisteredVersion => ({
    name: 'census',
    version: number,
    digest: `sha256:${DIGEST}`,
    files: [],
    aliases: [],
    stage: undefined,
    uri: `files:census/${number}`,
    lineage: {},
  })
  const unused = async (): Promise<never> => {
    throw new Error('not used')
  }
  return {
    find: async (_name, reference) => {
      const number = 'version' in reference ? reference.version : world.champion
      return number === '1' || number === '2' ? version(number) : undefined
    },
    point: async (_name, number) => {
      if (registryFails) throw new Error('the registry is away')
      world.champion = number
      return version(number)
    },
    download: async () => ['/models/model.json'],
    register: unused,
    attachment: unused,
  }
}

function contextOf(
  world: DeployWorld,
  { forge, noRecord, context: more, now = () => 0, folder }: DeployWorldOptions,
  settings: object,
): JobContext<DeploySection> {
  const recorded = {
    kind: 'model',
    digest: `sha256:${'b'.repeat(64)}`,
    statement: {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'model.json', digest: { sha256: DIGEST } }],
      predicateType: 'model/v1',
      predicate: {
        registry: 'files',
        location: 'registry',
        name: 'census',
        version: '2',
        aliases: [],
        stage: null,
        uri: 'files:census/2',
        modelDigest: `sha256:${DIGEST}`,
        signature: null,
        lineage: {},
      },
    },
  } as unknown as Recorded
  const ignore = () => undefined
  const log: Log = {
    debug: ignore,
    info: ignore,
    warn: (message) => void world.warnings.push(message),
    error: ignore,
    group: (_title, work) => work(),
  }
  const context: Partial<JobContext<DeploySection>> = {
    settings: DeploySection.parse({
      backends: { canary: { command: ['serve'] } },
      ...settings,
    }),
    workspace: {
      root: folder ?? '/work',
      resolve: (path: string) => `${folder ?? '/project'}/${path}`,
    } as unknown as JobContext<DeploySection>['workspace'],
    record: {
      directory: '',
      read: (kind) => (kind === 'model' && noRecord !== true ? recorded : undefined),
      write: neverWritten,
    },
    run: { sha: 'c'.repeat(40) } as JobContext<DeploySection>['run'],
    log,
    project: 'census',
    signal: new AbortController().signal,
    now: () => new Date(now()),
    dryRun: false,
    env: {},
    deployments: {
      create: async () => forge?.create?.() ?? { id: '1' },
      update: async () => undefined,
      list: async () => [],
      retireBefore: async () => undefined,
    },
  }
  return { ...context, ...more } as JobContext<DeploySection>
}

function neverWritten(): never {
  throw new Error('the runtime writes the statement, not the job')
}
