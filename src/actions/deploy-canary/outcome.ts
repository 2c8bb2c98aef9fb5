import type { DeploySection } from '../../config/deploy.js'
import type { Decision } from '../../domain/decision.js'
import { rolloutMarkdown } from '../../domain/report/rollout/markdown.js'
import type { Outcome, RolloutState } from '../../domain/rollout/state.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import type { RolloutPredicate } from '../../statements/schemas/rollout.js'
import type { Conversation } from './conversation.js'
import type { Registered } from './registered.js'

/** How a deployment ended. */
export interface Rollout {
  readonly decision: Decision
  readonly outcome: Outcome
  readonly reason: string
  /** Of the version that was to be deployed, percent. */
  readonly weight: number
  readonly version: string
  readonly previousVersion: string | null
  readonly url: string
  readonly target: string
  /** Where its last word is to stand, where people were spoken with. */
  readonly talk?: Conversation | undefined
  /** The rollout's last state; undefined where there was none to judge. */
  readonly state: RolloutState | undefined
}

interface Ended {
  readonly rollout: Rollout
  readonly registered: Registered
  readonly deploymentId: string | undefined
  readonly approvals: RolloutPredicate['approvals']
  readonly probe: RolloutPredicate['probe']
}

/** The statement, outputs and texts of a deployment. */
export function outcomeOf(
  { settings }: JobContext<DeploySection>,
  { rollout, registered, deploymentId, approvals, probe }: Ended,
): JobOutcome {
  const { state, url, talk, ...facts } = rollout
  const predicate: RolloutPredicate = {
    ...facts,
    mode: settings.mode,
    steps: state?.steps ?? [],
    looks: state?.looks ?? [],
    approvals,
    probe,
  }
  return {
    subject: registered.facts.subject,
    predicate,
    inputs: [registered.facts.statement],
    decision: rollout.decision,
    // A rollout that goes on has not failed.
    failOn: rollout.outcome === 'held' ? 'never' : settings['fail-on'],
    outputs: {
      weight: rollout.weight,
      version: rollout.version,
      'previous-version': rollout.previousVersion ?? undefined,
      'deployment-id': deploymentId,
      url,
    },
    reason: `Rollout: ${rollout.outcome}. ${rollout.reason}`,
    markdown: rolloutMarkdown(predicate),
    // What shows a rollout under way stays, with the commands that it takes.
    commentOn: talk?.thread && (rollout.outcome === 'held' ? 'none' : talk.thread.number),
    commentWorkflow: talk?.workflow,
  }
}
