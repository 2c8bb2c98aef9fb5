import { UserError } from '../../errors.js'
import type { Backend, TrafficTarget } from '../../ports/traffic.js'
import type { Deploy } from './deploy.js'
import { startBackend, stopBackend } from './servers.js'
import { slowBound } from './shadow.js'

/** The target with a version in use: the one that it knows, or the one that the settings name. */
export async function openWithStable(deploy: Deploy): Promise<TrafficTarget> {
  if (deploy.known !== undefined) return openTarget(deploy, deploy.known)
  const stable = await startStable(deploy)
  return firstStart(deploy, stable)
}

/** Our router begins with the new version alone; another system has users on some version already. */
export function openToSwitch(deploy: Deploy, canary: Backend): Promise<TrafficTarget> {
  if (deploy.known !== undefined) return openTarget(deploy, deploy.known)
  const isOurs = deploy.context.settings.target === 'embedded'
  return isOurs ? firstStart(deploy, canary) : openWithStable(deploy)
}

/** Opens a target that knows no version yet; where it does not come up, the server started for it goes too. */
async function firstStart(deploy: Deploy, stable: Backend): Promise<TrafficTarget> {
  try {
    const target = await openTarget(deploy, stable)
    await target.observe()
    return target
  } catch (error) {
    await stopBackend(deploy.ports.servers, stable)
    throw error
  }
}

export function noStable(): never {
  throw new UserError({
    code: 'MW-DEPLOY-035',
    where: 'deploy',
    what: 'there is no stable version to compare with or to go back to.',
    fix: 'Deploy the first version with mode: direct, or name deploy.backends.stable.',
  })
}

/** The version in use, for the first start of the router. */
async function startStable({ context, ports, stateDir }: Deploy): Promise<Backend> {
  const settings = context.settings.backends.stable
  if (settings === undefined) return noStable()
  return startBackend(context, ports.servers, {
    settings,
    version: settings.version ?? 'stable',
    model: settings.model ?? '',
    stateDir,
  })
}

export async function openTarget(deploy: Deploy, stable: Backend): Promise<TrafficTarget> {
  return deploy.probing.watched(await openBare(deploy, stable), stable)
}

/** The target without anybody who watches it. */
export function openBare(
  { context, ports, stateDir }: Pick<Deploy, 'context' | 'ports' | 'stateDir'>,
  stable: Backend,
): Promise<TrafficTarget> {
  const { settings } = context
  const metrics = settings.analysis
  const named = metrics.find((metric) => 'prediction' in metric && metric.prediction !== undefined)
  const disagreement = metrics.find((metric) => metric.metric === 'disagreement')
  return ports.openTarget({
    stateDir,
    listen: settings.listen,
    stable,
    healthPath: settings['health-path'],
    output: named !== undefined && 'prediction' in named ? named.prediction : undefined,
    settings: {
      requestTimeoutMs: settings['request-timeout'],
      stickyHeader: settings['sticky-header'],
      seed: settings.seed,
      tolerance: disagreement?.tolerance,
      slowMs: slowBound(settings),
    },
  })
}
