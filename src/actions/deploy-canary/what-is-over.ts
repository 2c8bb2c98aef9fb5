import type { TrafficState } from '../../ports/traffic.js'
import { type Deploy, versionOf } from './deploy.js'
import type { Rollout } from './outcome.js'

/** What there is to say where no rollout is under way and none is to begin; undefined where one begins. */
export async function whatIsOver(
  deploy: Deploy,
  found: TrafficState,
  target: string,
): Promise<Rollout | undefined> {
  if (await isUnfinishedPromotion(deploy, found)) return finishPromotion(found, target)
  const goesOn = deploy.context.settings.mode === 'continue'
  return goesOn ? nothingLeft(deploy, found, target) : undefined
}

/** Whether an earlier run gave this version all traffic and ended before the registry knew. */
async function isUnfinishedPromotion(deploy: Deploy, { stable }: TrafficState): Promise<boolean> {
  if (stable.version !== versionOf(deploy)) return false
  const { registry, version } = deploy.registered
  const champion = await registry.find(version.name, { alias: 'champion' })
  return champion?.version !== version.version
}

function finishPromotion({ stable, previous, url }: TrafficState, target: string): Rollout {
  return {
    decision: 'pass',
    outcome: 'promoted',
    reason: `An earlier run gave ${stable.version} all traffic, and ended before the registry said so: it does now.`,
    weight: 100,
    version: stable.version,
    previousVersion: previous?.version ?? null,
    url,
    target,
    state: undefined,
  }
}

/** What goes on needs nobody's approval; what would begin anew does: so that is not done here. */
function nothingLeft(deploy: Deploy, { stable, url }: TrafficState, target: string): Rollout {
  return {
    decision: 'inconclusive',
    outcome: 'rolled-back',
    reason: `There is no rollout left to go on with: its record could not be understood, or another run has ended it. All users are on ${stable.version}.`,
    weight: 0,
    version: versionOf(deploy),
    previousVersion: stable.version,
    url,
    target,
    state: undefined,
  }
}
