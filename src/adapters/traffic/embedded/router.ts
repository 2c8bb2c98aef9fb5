import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRandom } from '../../../domain/stats/random.js'
import { UserError } from '../../../errors.js'
import { errorCode } from '../../../files/errno.js'
import { createChooser } from './choose.js'
import { createControl } from './control.js'
import { createCounters, LATENCY_BOUNDS } from './counters.js'
import { addressUrl } from './exchange.js'
import { type HealthWatch, watchHealth } from './health.js'
import { createLatencyHistogram, createMetrics } from './metrics.js'
import { createMirror } from './mirror.js'
import { createPredictionLog, type PredictionLog } from './prediction-log.js'
import type { RouterConfig, RouterFile, StateAnswerType, Traffic } from './protocol.js'
import { createProxy } from './proxy.js'
import { readRouterFile, writeRouterFile } from './router-file.js'
import { createTrafficHolder, type TrafficHolder } from './traffic.js'
import { createAgent } from './upstream.js'

export interface Router {
  readonly url: string
  /** Stops taking connections, lets what is under way end (at most `drainMs`), and releases everything. */
  drain(): Promise<void>
  /** Resolves after a drain, whoever asked for it. */
  readonly drained: Promise<void>
}

interface Run {
  readonly config: RouterConfig
  readonly file: { current: RouterFile }
  readonly holder: TrafficHolder
  readonly log: PredictionLog
  readonly health: HealthWatch
}

/** Starts the router, with the traffic of the state file where there is one. */
export async function startRouter(config: RouterConfig): Promise<Router> {
  const before = readRouterFile(config.stateFile)
  const data = createServer({ keepAliveTimeout: 60_000 })
  const control = createServer()
  await listen(control, '127.0.0.1', 0)
  // From here to the handlers there is no await: no request can come in before they are there.
  const port = await listenOnData(data, config, before).catch((error: unknown) => {
    control.close()
    throw error
  })
  const file = { current: fileOf(config, before, { port, control: addressOf(control) }) }
  const holder = createTrafficHolder(file.current.traffic, (traffic) => {
    const written = { ...file.current, traffic }
    writeRouterFile(config.stateFile, written)
    file.current = written
  })
  const log = createPredictionLog(config.predictionLog, config.maxLogBytes)
  const health = watch(config, holder)
  const run: Run = { config, file, holder, log, health }
  const url = addressUrl(config.listen.host, port)
  const ending = createEnding(() => stop(run, [data, control]))
  serve(run, { data, control, drain: ending.drain, url })
  // Written last: whoever reads it may rely on a router that answers.
  writeRouterFile(config.stateFile, file.current)
  return { url, ...ending }
}

interface Servers {
  readonly data: Server
  readonly control: Server
  readonly drain: () => Promise<void>
  readonly url: string
}

function serve(run: Run, { data, control, drain, url }: Servers): void {
  const { config, holder, log, health, file } = run
  const random = config.seed === undefined ? Math.random : createRandom(config.seed).next
  const latency = createLatencyHistogram()
  const counters = createCounters((version, ms) => latency.observe({ version }, ms / 1000))
  const metrics = createMetrics({ latency, counters, traffic: holder, failures: health.failures })
  const choose = createChooser({ random, stickyHeader: config.stickyHeader })
  // Mirrored requests have their own generator, so that a seed gives the same split with and without mirroring.
  const mirror = createMirror({ config, counters, log, agent: createAgent(), random: Math.random })
  const agent = createAgent()
  const epoch = randomUUID()
  const state = (): StateAnswerType => {
    const traffic = holder.current
    const { stable, canary } = traffic
    const reading = {
      epoch,
      at: new Date().toISOString(),
      latencyBounds: [...LATENCY_BOUNDS],
      canaryReachable: traffic.ejected === null && isReachable(run, canary),
      stable: mutableArm(counters.arm(stable.version)),
      canary: mutableArm(counters.arm(canary?.version)),
      mirror: { ...counters.mirror },
    }
    return { traffic, reading, url, predictionLog: config.predictionLog, cursor: log.cursor }
  }
  data.on('request', createProxy({ config, traffic: holder, choose, counters, mirror, log, agent }))
  const shutdown = () => void drain()
  const { token } = file.current
  control.on('request', createControl({ token, holder, log, metrics, state, shutdown }))
}

function mutableArm(arm: ReturnType<ReturnType<typeof createCounters>['arm']>) {
  return { ...arm, latency: [...arm.latency] }
}

function isReachable({ health, config }: Run, canary: Traffic['canary']): boolean {
  return canary === null || health.failures(canary.version) < config.ejectAfter
}

/** Keeps users from a canary that fails its health checks: the one change that the router makes by itself. */
function watch(config: RouterConfig, holder: TrafficHolder): HealthWatch {
  return watchHealth({
    backends: () => {
      const { stable, canary } = holder.current
      return canary === null ? [stable] : [stable, canary]
    },
    path: config.healthPath,
    everyMs: config.healthIntervalMs,
    onFailure: (backend, inARow) => {
      const { canary, ejected } = holder.current
      if (backend.version !== canary?.version || backend.url !== canary.url) return
      if (inARow < config.ejectAfter || ejected !== null) return
      const why = `failed ${inARow} health checks in a row`
      holder.change('any', { weight: 0, mirror: 0, ejected: why })
    },
  })
}

function fileOf(
  config: RouterConfig,
  before: RouterFile | undefined,
  at: { readonly port: number; readonly control: string },
): RouterFile {
  return {
    version: 1,
    token: before?.token ?? randomBytes(32).toString('hex'),
    pid: process.pid,
    control: at.control,
    host: config.listen.host,
    port: at.port,
    traffic: before?.traffic ?? {
      revision: 0,
      stable: config.stable,
      canary: null,
      previous: null,
      weight: 0,
      mirror: 0,
      rollout: null,
      ejected: null,
    },
  }
}

/** Port 0 means any; a restarted router takes the one that it had, since clients know it. */
async function listenOnData(
  server: Server,
  { listen: { host, port } }: RouterConfig,
  before: RouterFile | undefined,
): Promise<number> {
  const wanted = port === 0 ? (before?.port ?? 0) : port
  try {
    return await listen(server, host, wanted)
  } catch (cause) {
    const code = errorCode(cause)
    const what =
      code === 'EADDRINUSE'
        ? `port ${wanted} on ${host} is taken by another program`
        : `the router cannot listen on ${host} port ${wanted} (${String(code)})`
    throw new UserError(
      {
        code: 'MW-DEPLOY-001',
        where: 'deploy.listen',
        what,
        fix: 'Stop that program, or choose another port with deploy.listen.port.',
      },
      { cause },
    )
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(boundPort(server))
    })
  })
}

function boundPort(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('the server listens on no port')
}

function addressOf(server: Server): string {
  return addressUrl('127.0.0.1', boundPort(server))
}

async function stop(run: Run, [data, control]: [Server, Server]): Promise<void> {
  run.health.stop()
  const closed = new Promise<void>((resolve) => data.close(() => resolve()))
  data.closeIdleConnections()
  const force = setTimeout(() => data.closeAllConnections(), run.config.drainMs)
  // A kept connection becomes idle only after its answer; look again until all are gone.
  const sweep = setInterval(() => data.closeIdleConnections(), 20)
  await closed
  clearTimeout(force)
  clearInterval(sweep)
  await run.log.close()
  run.file.current = { ...run.file.current, pid: null }
  writeRouterFile(run.config.stateFile, run.file.current)
  control.close()
  control.closeAllConnections()
}

/** A drain that happens once, however often and by whomever it is asked for. */
function createEnding(work: () => Promise<void>): Pick<Router, 'drain' | 'drained'> {
  let started: Promise<void> | undefined
  let done: () => void = () => undefined
  const drained = new Promise<void>((resolve) => {
    done = resolve
  })
  const drain = () => {
    started ??= work().finally(done)
    return started
  }
  return { drain, drained }
}
