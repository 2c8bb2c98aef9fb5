import { countingTargets } from '../../config/deploy/targets.js'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'

/** Refuses settings that a rollout could not come to an end with, before anything is touched. */
export function requireMeans(settings: DeploySection): void {
  const { target, mode, signals, backends } = settings
  requireSense(settings)
  if (target === 'embedded') {
    requireAddresses(settings)
    return
  }
  for (const role of ['stable', 'canary'] as const) {
    const backend = backends[role]
    if (backend !== undefined && backend.name === undefined) throw unnamed(role, target)
  }
  if (mode === 'shadow') throw noComparison(target)
  if (JUDGED.includes(mode) && signals === undefined && !countsItself(settings)) {
    throw noSignals(target)
  }
}

/** Modes whose end depends on what users meet. */
const JUDGED: readonly DeploySection['mode'][] = ['canary', 'blue-green', 'ab']

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
  const unknown = settings['hold-at'].find((weight) => !settings.steps.includes(weight))
  if (unknown !== undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-065',
      where: 'deploy.hold-at',
      what: `${unknown} is none of the steps (${settings.steps.join(', ')}).`,
      fix: 'Hold at weights that deploy.steps has.',
    })
  }
  if (settings.combine === 'mean' && analysis.some(hasNoEValue)) {
    throw new UserError({
      code: 'MW-DEPLOY-066',
      where: 'deploy.combine',
      what: 'a method without e-values (group-sequential, kayenta, argo, flagger) has none to take the mean of.',
      fix: 'Set deploy.combine: bonferroni, or use e-process or normal-mixture.',
    })
  }
  const latency = analysis.some(({ metric }) => metric === 'latency')
  if (latency && signals === undefined && WITHOUT_TIMES.includes(target)) {
    throw new UserError({
      code: 'MW-DEPLOY-067',
      where: 'deploy.analysis',
      what: `target ${target} counts requests and failures, and no times: nothing could be said about latency.`,
      fix: 'Set deploy.signals, or leave the latency metric out.',
    })
  }
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

function noComparison(target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-062',
    where: 'deploy.mode',
    what: `target ${target} cannot compare the answers of two versions.`,
    fix: 'Use mode: canary, or the target embedded for a shadow.',
  })
}

function noSignals(target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-063',
    where: 'deploy.signals',
    what: `target ${target} does not count what users meet, and it is not said who does: a canary could not be judged.`,
    fix: 'Set deploy.signals.prometheus, or use mode: direct.',
  })
}
