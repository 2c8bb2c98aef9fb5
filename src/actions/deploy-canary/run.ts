import type { DeploySection } from '../../config/deploy.js'
import { escapeMarkdown } from '../../domain/report/escape.js'
import type { DeploymentState } from '../../ports/host.js'
import type { JobContext, JobOutcome, JobReport } from '../../runtime/job.js'
import { requireApproval } from './approval/require.js'
import { type Deploy, versionOf } from './deploy.js'
import { type DeploymentRecord, openDeployment } from './deployment-record.js'
import { endRollout } from './end-rollout.js'
import { foundInTraffic, isBegun, nothingUnderWay } from './found.js'
import { noStable, openTarget, openWithStable } from './open-target.js'
import { outcomeOf, type Rollout } from './outcome.js'
import type { DeployPorts } from './ports.js'
import { openProbing } from './probe/probing.js'
import { Unfit } from './probe/refusal.js'
import { requireRegistered } from './registered.js'
import { requireMeans } from './required.js'
import { rollOut } from './roll-out.js'
import { settleRegistry } from './settle-registry.js'
import { switchOver } from './switch-over.js'

/** Gives users the registered model as the mode says, and leaves all traffic where the evidence puts it. */
export async function deployCanary(
  context: JobContext<DeploySection>,
  ports: DeployPorts,
): Promise<JobOutcome | JobReport> {
  const { settings, workspace } = context
  requireMeans(settings)
  const stateDir = workspace.resolve(settings['state-dir'], 'deploy.state-dir')
  const known = await ports.knownStable(stateDir)
  const found = await foundInTraffic({ context, ports, stateDir, known })
  if (found === 'nothing') return nothingUnderWay(context, known)
  const registered = found?.registered ?? (await requireRegistered(context, ports.openRegistry))
  if (context.dryRun) return preview({ context, registered, known })
  // What goes on was approved when it began; what goes back needs nobody's leave.
  const asked = { context, version: registered.label, digest: registered.version.digest }
  const approvals = isBegun(settings.mode)
    ? (registered.facts.approvals ?? [])
    : await requireApproval(asked, ports.sleep)
  const probing = await openProbing({
    context,
    open: ports.openEndpoint,
    sleep: ports.sleep,
  })
  const deployment = await openDeployment(context, {
    version: registered.label,
    previousVersion: known?.version ?? null,
    digest: registered.version.digest,
    id: found?.deployment,
  })
  const deploy: Deploy = {
    context,
    ports,
    registered,
    stateDir,
    known,
    deployment,
    probing,
    approvals,
  }
  return deployAndState(deploy)
}

async function deployAndState(deploy: Deploy): Promise<JobOutcome> {
  const { context, registered, deployment, probing, approvals } = deploy
  try {
    await deployment.update('in_progress', `${context.settings.mode} of ${registered.label}`)
    const rollout = await deployBy(deploy).catch((error: unknown) => notDeployed(deploy, error))
    await settleRegistry(deploy, rollout)
    const said = `${rollout.outcome}: ${rollout.reason}`
    await deployment.update(stateOf(rollout, deployment), said, rollout.url)
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

/** What users do not have is no successful deployment, however well it went: to call it one would retire what they do have. */
function stateOf(
  { decision, outcome }: Rollout,
  { isEarlier }: Pick<DeploymentRecord, 'isEarlier'>,
): DeploymentState {
  if (outcome === 'held') return 'in_progress'
  if (decision !== 'pass') return 'failure'
  // A rollback with nothing under way is a deployment of the version before.
  const isInUse = outcome === 'promoted' || (outcome === 'rolled-back' && isEarlier !== true)
  return isInUse ? 'success' : 'inactive'
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
    subject: registered.facts.subject,
    predicate: {},
    inputs: [],
    outputs: { version: registered.label, 'previous-version': known?.version },
    reason,
    markdown: `### Rollout: ➖ dry run\n\n${escapeMarkdown(reason)}`,
  }
}

async function deployBy(deploy: Deploy): Promise<Rollout> {
  const { mode } = deploy.context.settings
  if (mode === 'promote' || mode === 'rollback' || mode === 'abort') {
    return endRollout(deploy, await openTarget(deploy, deploy.known ?? noStable()))
  }
  if (mode === 'direct') return switchOver(deploy)
  return rollOut(deploy, await openWithStable(deploy))
}
