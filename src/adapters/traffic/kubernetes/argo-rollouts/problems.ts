import { UserError } from '../../../../errors.js'
import type { Stop } from './steps.js'

const MOST_NAMED = 20

export function noStop(where: string, weight: number, stops: readonly Stop[]): UserError {
  const weights = stops.slice(0, MOST_NAMED).map((stop) => stop.weight)
  return new UserError({
    code: 'MW-DEPLOY-200',
    where,
    what: `its steps do not wait at ${weight} %; they wait at ${weights.length === 0 ? 'none' : `${weights.join(', ')} %`}.`,
    fix: `Let spec.strategy.canary.steps hold "- setWeight: ${weight}" and "- pause: {}" for each weight of deploy.steps, or change deploy.steps.`,
  })
}

export function noFirstStop(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-200',
    where,
    what: 'its steps do not begin with waiting at 0 %: a new version would have users before anything is looked at.',
    fix: 'Let spec.strategy.canary.steps begin with "- setWeight: 0" and "- pause: {}".',
  })
}

export function pausedByHand(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-203',
    where,
    what: 'somebody has paused it (spec.paused), so that it takes no step.',
    fix: 'See who did, and let it go on: kubectl argo rollouts promote, or spec.paused: false.',
  })
}

export function aborted(where: string, why: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-204',
    where,
    what: `it was aborted: ${why}`,
    fix: 'See why (its AnalysisRuns, or who did); go back with mode: rollback, and deploy another version.',
  })
}

export function ownRollout(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-205',
    where,
    what: 'a rollout that was not started here is under way: not all users meet stable yet.',
    fix: 'Let it end (kubectl argo rollouts promote --full, or undo), and start again.',
  })
}

export function promotedAlready(where: string, value: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-205',
    where,
    what: `${JSON.stringify(value)} is deployed to all users already.`,
    fix: 'Name it as deploy.backends.stable, and another one as the canary.',
  })
}
