import type { DeploySection } from '../../config/deploy.js'
import { escapeMarkdown } from '../../domain/report/escape.js'
import { UserError } from '../../errors.js'
import type { Backend, TrafficTarget } from '../../ports/traffic.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { requireApproval } from './approval/require.js'
import { type Deploy, ownerOf, versionOf } from './deploy.js'
import { openDeployment } from './deployment-record.js'
import { endRollout } from './end-rollout.js'
import { outcomeOf, type Rollout } from './outcome.js'
import type { DeployPorts } from './ports.js'
import { openProbing } from './probe/probing.js'
import { Unfit } from './probe/refusal.js'
import { requireRegistered } from './registered.js'
import { requireMeans } from './required.js'
import { rollOut } from './roll-out.js'
import { startBackend, startCanary, stopBackend, stopUnlessServing } from './servers.js'
import { settleRegistry } from './settle-registry.js'

/** Gives users the registered model as the mode says, and leaves all traffic where the evidence puts it. */
export async function deployCanary(
  context: JobContext<DeploySection>,
  ports: DeployPorts,
): Promise<JobOutcome> {
  const { settings, workspace } = context
  requireMeans(settings)
  const stateDir = workspace.resolve(settings['state-dir'], 'deploy.state-dir')
  const registered = await requireRegistered(context, ports.openRegistry)
  const known = await ports.knownStable(stateDir)
  if (context.dryRun) return preview({ context, registered, known })
  const approvals = await requireApproval(
    { context, version: registered.label, digest: registered.version.digest },
    ports.sleep,
  )
  const probing = await openProbing({
    context,
    open: ports.openEndpoint,
    known,
    sleep: ports.sleep,
  })
  const deployment = await openDeployment(context, {
    version: registered.label,
    previousVersion: known?.version ?? null,
    digest: registered.version.digest,
  })
  const deploy: Deploy = { context, ports, registered, stateDir, known, deployment, probing }
  try {
    await deployment.update('in_progress', `${settings.mode} of ${registered.label}`)
    const rollout = await deployBy(deploy).catch((error: unknown) => notDeployed(deploy, error))
    await settleRegistry(deploy, rollout)
    await deployment.update(
      rollout.decision === 'pass' ? 'success' : 'failure',
      `${rollout.outcome}: ${rollout.reason}`,
    )
    const probe = probing.report()
    const deploymentId = deployment.id
    return outcomeOf(context, { rollout, registered, deploymentId, approvals, probe })
  } catch (error) {
    await deployment.update('error', error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    await probing.close()
  }
}

/** What was found unfit before any traffic is a decision about it; every other error stays one. */
function notDeployed(deploy: Deploy, error: unknown): Rollout {
  if (!(error instanceof Unfit)) throw error
  return {
    decision: 'fail',
    outcome: 'aborted',
    reason: error.message,
    weight: 0,
    version: versionOf(deploy),
    previousVersion: deploy.known?.version ?? null,
    url: '',
    target: deploy.context.settings.target,
    state: undefined,
  }
}

/** What a run would do; nothing is written, so nothing is stated. */
function preview(deploy: Pick<Deploy, 'context' | 'registered' | 'known'>): JobOutcome {
  const { context, registered, known } = deploy
  const beside = known === undefined ? 'as the first version' : `beside ${known.version}`
  const reason = `Would deploy ${registered.label} ${beside} (mode: ${context.settings.mode}); a dry run changes no traffic.`
  return {
    subject: registered.recorded.statement.subject,
    predicate: {},
    inputs: [],
    outputs: { version: registered.label, 'previous-version': known?.version },
    reason,
    markdown: `### Rollout: ➖ dry run\n\n${escapeMarkdown(reason)}`,
  }
}

async function deployBy(deploy: Deploy): Promise<Rollout> {
  const { mode } = deploy.context.settings
  if (mode === 'promote' || mode === 'rollback') {
    return endRollout(deploy, await openTarget(deploy, deploy.known ?? noStable()))
  }
  if (mode === 'direct') return switchOver(deploy)
  return rollOut(deploy, await openWithStable(deploy))
}

async function openWithStable(deploy: Deploy): Promise<TrafficTarget> {
  if (deploy.known !== undefined) return openTarget(deploy, deploy.known)
  const stable = await startStable(deploy)
  return firstStart(deploy, stable)
}

/** Our router begins with the new version alone; another system has users on some version already. */
function openToSwitch(deploy: Deploy, canary: Backend): Promise<TrafficTarget> {
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

function noStable(): never {
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

async function openTarget(
  { context, ports, stateDir, probing }: Deploy,
  stable: Backend,
): Promise<TrafficTarget> {
  const { settings } = context
  const metrics = settings.analysis
  const named = metrics.find((metric) => 'prediction' in metric && metric.prediction !== undefined)
  const disagreement = metrics.find((metric) => metric.metric === 'disagreement')
  const target = await ports.openTarget({
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
    },
  })
  return probing.watched(target)
}

/** The version in use, once it is known to be more than an entry in the router's state. */
async function stillThere({ context, ports }: Deploy, known: Backend): Promise<Backend> {
  const { url } = known
  if (url === undefined || (await ports.servers.answers(url, context.settings['health-path'])))
    return known
  throw new UserError({
    code: 'MW-DEPLOY-038',
    where: url,
    what: `${known.version} is the version in use, and does not answer there.`,
    fix: 'Start it again at that address; or stop the router, delete router.json in deploy.state-dir, and deploy again.',
  })
}

/** All traffic to the new version at once; the way back is `mode: rollback`. */
async function switchOver(deploy: Deploy): Promise<Rollout> {
  const { context, ports, known, registered } = deploy
  // What users are on already is not started a second time: that server would be nobody's.
  const canary =
    known?.version === versionOf(deploy)
      ? await stillThere(deploy, known)
      : await startCanary(deploy)
  const target = await openToSwitch(deploy, canary)
  const before = (await target.observe()).state
  if (before.stable.version !== canary.version) {
    const id = `direct-${registered.label}-${context.now().toISOString()}`
    try {
      await target.prepare({ id, owner: ownerOf(context), state: null }, canary)
      await target.promote()
    } catch (error) {
      await stopUnlessServing(deploy, target, canary)
      throw error
    }
    await stopBackend(ports.servers, before.previous)
  }
  return {
    decision: 'pass',
    outcome: 'promoted',
    reason: `All traffic goes to ${canary.version}; no evidence was asked for (mode: direct).`,
    weight: 100,
    version: canary.version,
    previousVersion: before.stable.version === canary.version ? null : before.stable.version,
    url: before.url,
    target: target.kind,
    state: undefined,
  }
}
