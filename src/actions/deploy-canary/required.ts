import { countingTargets } from '../../config/deploy/targets.js'
import type { DeploySection } from '../../config/deploy.js'
import { stagesOf } from '../../domain/rollout/policy.js'
import { UserError } from '../../errors.js'
import { requireCopies } from './shadow.js'

/** Refuses settings that a rollout could not come to an end with, before anything is touched. */
export function requireMeans(settings: DeploySection): void {
  const { target, mode, signals, backends } = settings
  requireSense(settings)
  requireCopies(settings)
  if (target === 'embedded') {
    requireAddresses(settings)
    return
  }
  for (const role of ['stable', 'canary'] as const) {
    const backend = backends[role]
    if (backend !== undefined && backend.name === undefined) throw unnamed(role, target)
  }
  requireAnswers(settings)
  if (JUDGED.includes(mode) && signals === undefined && !countsItself(settings)) {
    throw noSignals(target)
  }
}

/** Modes whose end depends on what users meet. */
const JUDGED: readonly DeploySection['mode'][] = ['canary', 'blue-green', 'ab']

/** Whether single answers are known, of which those to one request can be compared. */
function hasAnswers({ signals }: DeploySection): boolean {
  return signals?.predictions !== undefined || signals?.sql !== undefined
}

/** What sums do not tell is told by a log of answers alone. */
function requireAnswers(settings: DeploySection): void {
  if (hasAnswers(settings)) return
  const { analysis, target } = settings
  const metric = analysis.find(
    (one) =>
      one.metric === 'quality' ||
      one.metric === 'disagreement' ||
      (one.metric === 'latency' && one.of === 'log-mean'),
  )
  if (metric === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-330',
    where: 'deploy.analysis',
    what: `${metric.metric} is judged by single answers, and of target ${target} only sums are known.`,
    fix: 'Set deploy.signals.predictions or deploy.signals.sql, or leave the metric out.',
  })
}

/** nginx counts by its access log alone. */
function countsItself({ target, nginx }: DeploySection): boolean {
  if (target === 'nginx' && nginx?.['access-log'] === undefined) return false
  return countingTargets.includes(target)
}

/** Targets that count requests and failures, but no times. */
const WITHOUT_TIMES: readonly DeploySection['target'][] = ['haproxy']

/** Refuses settings that contradict one another. */
function requireSense({ target, mode, signals, analysis, ...settings }: DeploySection): void {
  if (mode === 'ab' && target === 'embedded' && settings['sticky-header'] === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-064',
      where: 'deploy.sticky-header',
      what: 'mode ab is to keep each user at one version, and it is not said by which header a user is known.',
      fix: 'Set deploy.sticky-header, or use mode: canary.',
    })
  }
  requireHolds({ mode, ...settings })
  if (settings.combine === 'mean' && analysis.some(hasNoEValue)) {
    throw new UserError({
      code: 'MW-DEPLOY-066',
      where: 'deploy.combine',
      what: 'a method without e-values (group-sequential, kayenta, argo, flagger) has none to take the mean of.',
      fix: 'Set deploy.combine: bonferroni, or use e-process or normal-mixture.',
    })
  }
  const latency = analysis.some((one) => one.metric === 'latency' && one.of === 'share')
  // A log of predictions counts only where nothing else does, and these do.
  const isCounted = Object.keys(signals ?? {}).some((key) => key !== 'predictions')
  if (latency && !isCounted && WITHOUT_TIMES.includes(target)) {
    throw new UserError({
      code: 'MW-DEPLOY-067',
      where: 'deploy.analysis',
      what: `target ${target} counts requests and failures, and no times: nothing could be said about latency.`,
      fix: 'Set deploy.signals to what counts them too, compare them with of: log-mean by deploy.signals.predictions, or leave the latency metric out.',
    })
  }
}

/** A hold that would never come is a person who is never asked. */
function requireHolds({
  mode,
  steps,
  soak,
  'hold-at': holdAt,
}: Pick<DeploySection, 'mode' | 'steps' | 'soak' | 'hold-at'>): void {
  const begins = mode === 'canary' || mode === 'shadow' || mode === 'blue-green' || mode === 'ab'
  const met = begins ? stagesOf({ mode, steps, soakMs: soak }) : steps
  const unknown = holdAt.find((weight) => !met.includes(weight))
  if (unknown === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-065',
    where: 'deploy.hold-at',
    what: `${unknown} is none of the weights of mode ${mode} (${met.join(', ')}).`,
    fix: 'Hold at weights that deploy.steps and the mode have.',
  })
}

function hasNoEValue(metric: DeploySection['analysis'][number]): boolean {
  return (
    metric.metric !== 'disagreement' && !['e-process', 'normal-mixture'].includes(metric.method)
  )
}

/** Our router takes versions by their addresses, and speaks plain HTTP to them. */
function requireAddresses({ backends }: DeploySection): void {
  for (const role of ['stable', 'canary'] as const) {
    const backend = backends[role]
    if (backend === undefined) continue
    const { url, command } = backend
    const isReachable = url === undefined ? command !== undefined : url.startsWith('http:')
    if (isReachable) continue
    throw new UserError({
      code: 'MW-DEPLOY-060',
      where: `deploy.backends.${role}`,
      what: 'the embedded router needs its address (http://…) or the command that serves it.',
      fix: `Set url or command of deploy.backends.${role}, or name another deploy.target.`,
    })
  }
}

function unnamed(role: string, target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-061',
    where: `deploy.backends.${role}`,
    what: `it is not said what target ${target} calls this version.`,
    fix: `Set name of deploy.backends.${role} (docs/targets.md says what it names).`,
  })
}

function noSignals(target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-063',
    where: 'deploy.signals',
    what: `target ${target} does not count what users meet, and it is not said who does: a canary could not be judged.`,
    fix: 'Set deploy.signals (docs/signals.md), or use mode: direct.',
  })
}
