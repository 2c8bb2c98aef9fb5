import type { DeploySection } from '../../config/deploy.js'
import { escapeMarkdown } from '../../domain/report/escape.js'
import type { Backend, TrafficState } from '../../ports/traffic.js'
import type { JobContext, JobReport } from '../../runtime/job.js'
import type { Deploy } from './deploy.js'
import { openBare } from './open-target.js'
import { type Registered, registeredIn } from './registered.js'

type Mode = DeploySection['mode']

/** Modes for what is under way already: they need no record of the run that began it. */
const BEGUN: readonly Mode[] = ['continue', 'rollback', 'abort']

export function isBegun(mode: Mode): boolean {
  return BEGUN.includes(mode)
}

export interface Found {
  /** Undefined where the version does not say which model it is: then the record has to. */
  readonly registered: Registered | undefined
  /** The forge's record of the deployment under way. */
  readonly deployment: string | undefined
}

/**
 * What is under way, for the modes that go on with it or end it; `nothing` where there is none to go on with. Undefined for the modes that begin
 * something.
 */
export async function foundInTraffic(
  deploy: Pick<Deploy, 'context' | 'ports' | 'stateDir' | 'known'>,
): Promise<Found | 'nothing' | undefined> {
  const { context, ports, known } = deploy
  const { mode } = context.settings
  if (!isBegun(mode)) return undefined
  if (known === undefined) return mode === 'rollback' ? undefined : 'nothing'
  const { state } = await (await openBare(deploy, known)).observe()
  if (state.rollout === undefined && mode !== 'rollback') return 'nothing'
  return {
    registered: await registeredIn(aboutOf(state), ports.openRegistry),
    deployment: state.rollout?.deployment,
  }
}

/** The version that a statement of this run is about: the new one, or the one that is taken back. */
function aboutOf({ rollout, canary, stable }: TrafficState): Backend | undefined {
  return rollout === undefined ? stable : canary
}

/** Nothing to go on with or to end: that is no failure of a schedule. */
export function nothingUnderWay(
  { settings }: JobContext<DeploySection>,
  known: Backend | undefined,
): JobReport {
  const reason = `No rollout is under way on ${settings.target}: nothing was changed.`
  return {
    outputs: { weight: 0, 'previous-version': known?.version },
    reason,
    markdown: `### Rollout: ➖ none under way\n\n${escapeMarkdown(reason)}`,
  }
}
