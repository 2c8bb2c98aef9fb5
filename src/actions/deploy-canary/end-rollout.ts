import type { Backend, TrafficState, TrafficTarget } from '../../ports/traffic.js'
import { type Deploy, versionOf } from './deploy.js'
import type { Rollout } from './outcome.js'
import { otherRollout } from './resume.js'
import { stopBackend } from './servers.js'

/** Ends by hand what is under way; without a rollout, `rollback` goes to the version before the last promotion. */
export async function endRollout(deploy: Deploy, target: TrafficTarget): Promise<Rollout> {
  const { context, ports } = deploy
  const { state: before } = await target.observe()
  const by = context.run.actor ?? 'hand'
  const promote = context.settings.mode === 'promote'
  if (promote) requireOurs(before, versionOf(deploy))
  const state = promote
    ? await target.promote()
    : await target.rollback({
        reason: `by ${by}`,
        to: before.rollout === undefined ? 'previous' : 'stable',
      })
  await stopBackend(ports.servers, leftBehind(before, promote))
  return {
    decision: 'pass',
    outcome: promote ? 'promoted' : endingOf(context.settings.mode),
    reason: promote ? `Promoted by ${by}.` : `Rolled back by ${by} to ${state.stable.version}.`,
    weight: promote ? 100 : 0,
    version: promote ? state.stable.version : (before.canary?.version ?? before.stable.version),
    previousVersion: promote ? before.stable.version : state.stable.version,
    url: state.url,
    target: target.kind,
    state: undefined,
  }
}

function endingOf(mode: Deploy['context']['settings']['mode']): 'aborted' | 'rolled-back' {
  return mode === 'abort' ? 'aborted' : 'rolled-back'
}

/** The version that nothing will go back to any more. */
function leftBehind(before: TrafficState, promote: boolean): Backend | undefined {
  if (promote) return before.previous
  return before.rollout === undefined ? before.stable : before.canary
}

/** The statement and the registry of a promotion are about the registered model: it must be the one that users get. */
function requireOurs({ canary }: TrafficState, version: string): void {
  if (canary !== undefined && canary.version !== version)
    throw otherRollout(canary.version, version)
}
