import { join } from 'node:path'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'
import type { ModelServers } from '../../ports/model-server.js'
import type { Backend, TrafficState, TrafficTarget } from '../../ports/traffic.js'
import type { JobContext } from '../../runtime/job.js'
import { commitOf, type Deploy, ownerOf, versionOf } from './deploy.js'
import { fetchModel } from './registered.js'

type BackendSettings = NonNullable<DeploySection['backends']['canary']>

interface Start {
  readonly settings: BackendSettings
  readonly version: string
  /** What `{model}` stands for when the settings name no model. */
  readonly model: string
  readonly stateDir: string
}

/** The backend as it is, or started by its command. */
export async function startBackend(
  context: JobContext<DeploySection>,
  servers: ModelServers,
  { settings, version, model, stateDir }: Start,
): Promise<Backend> {
  const { name, url, command } = settings
  const known = { version, ...(name === undefined ? {} : { name }) }
  if (url !== undefined) {
    if (await servers.answers(url, context.settings['health-path'])) return { ...known, url }
    throw notAnswering(version, url)
  }
  if (command === undefined) return known
  const { workspace, env, signal, log } = context
  const running = await servers.start({
    version,
    command,
    model:
      settings.model === undefined ? model : workspace.resolve(settings.model, 'deploy.backends'),
    port: settings.port,
    cwd: workspace.root,
    env,
    healthPath: context.settings['health-path'],
    startTimeoutMs: context.settings['start-timeout'],
    signal,
    logFile: join(stateDir, `server-${version.replace(/[^\w.-]/g, '_')}.log`),
  })
  log.info(`Started ${version} at ${running.url}`)
  return { ...running, ...known }
}

function notAnswering(version: string, url: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-040',
    where: url,
    what: `version ${JSON.stringify(version)} does not answer there.`,
    fix: 'Traffic is unchanged. Start it, or correct its url or deploy.health-path.',
  })
}

/** Starts the server of the registered model; one that the probe finds unfit is stopped again. */
export async function startCanary(deploy: Deploy): Promise<Backend> {
  const { context, ports, registered, stateDir } = deploy
  const settings = context.settings.backends.canary
  if (settings === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-036',
      where: 'deploy.backends.canary',
      what: 'it is not said how the new version is served.',
      fix: 'Set command (a list) or url of deploy.backends.canary in modelway.yml.',
    })
  }
  // What runs already has its model; the files are for a program that we start.
  const model = settings.command === undefined ? '' : await fetchModel(registered, stateDir)
  const version = versionOf(deploy)
  const started = await startBackend(context, ports.servers, { settings, version, model, stateDir })
  const facts = { ...registered.facts, commit: commitOf(deploy), approvals: deploy.approvals }
  const canary = { ...started, model: facts }
  try {
    await deploy.probing.check(canary)
    return canary
  } catch (error) {
    await stopBackend(ports.servers, canary)
    throw error
  }
}

/** Stops a server that we started and that gets no more traffic. */
export async function stopBackend(
  servers: ModelServers,
  backend: Backend | undefined,
): Promise<void> {
  if (backend?.pid !== undefined) await servers.stop(backend.pid)
}

/**
 * Stops the new version's server after a failure, unless it is in use: a promotion may have taken effect although it
 * failed, or another run may drive the rollout by now. Where that cannot be seen, a process too many is the smaller harm.
 */
export async function stopUnlessServing(
  { context, ports }: Deploy,
  target: TrafficTarget,
  canary: Backend,
): Promise<void> {
  if (canary.pid === undefined) return
  const serving = await target.observe().then(
    ({ state }) => isInUse(state, canary, ownerOf(context)),
    () => undefined,
  )
  if (serving === false) return stopBackend(ports.servers, canary)
  const why = serving ? 'it is in use' : 'it cannot be seen who answers users'
  context.log.warn(
    `The server of ${canary.version} (process ${canary.pid}) is left running: ${why}.`,
  )
}

function isInUse(state: TrafficState, { url }: Backend, owner: string): boolean {
  if (state.stable.url === url) return true
  return state.canary?.url === url && state.rollout !== undefined && state.rollout.owner !== owner
}
