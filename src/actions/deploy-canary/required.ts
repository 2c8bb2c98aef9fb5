import { countingTargets } from '../../config/deploy/targets.js'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'

/** Refuses settings that a rollout could not come to an end with, before anything is touched. */
export function requireMeans(settings: DeploySection): void {
  const { target, mode, signals, backends } = settings
  if (target === 'embedded') {
    requireAddresses(settings)
    return
  }
  for (const role of ['stable', 'canary'] as const) {
    const backend = backends[role]
    if (backend !== undefined && backend.name === undefined) throw unnamed(role, target)
  }
  if (mode === 'shadow') throw noComparison(target)
  if (mode === 'canary' && signals === undefined && !countingTargets.includes(target)) {
    throw noSignals(target)
  }
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
