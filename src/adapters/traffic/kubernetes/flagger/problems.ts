import { ExternalError, UserError } from '../../../../errors.js'

export function otherStrategy(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-210',
    where,
    what: `${what}, and there is no weight to follow.`,
    fix: 'Use a Canary of a Deployment with analysis.stepWeight or analysis.stepWeights.',
  })
}

export function noWeight(where: string, weight: number, weights: readonly number[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-211',
    where,
    what: `Flagger does not come by ${weight} % on its way; it comes by ${weights.slice(0, 20).join(', ')} %.`,
    fix: 'Let analysis.stepWeights of the Canary and deploy.steps name the same weights.',
  })
}

export function suspended(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-212',
    where,
    what: 'somebody else has suspended it (spec.suspend).',
    fix: 'See who did, and let it go on, before a rollout is started.',
  })
}

export function skipsAnalysis(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-213',
    where,
    what: 'spec.skipAnalysis is true: Flagger would give a new version to all users at once.',
    fix: 'Set it to false.',
  })
}

export function notResting(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-214',
    where,
    what,
    fix: 'Wait until its phase is Initialized, Succeeded or Failed and its primary is stable, and start again.',
  })
}

export function wentPast(where: string, weight: number, now: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-215',
    service: where,
    what: `Flagger was to be held at ${weight} % and is at ${now}: it took a step before it was held.`,
    retryable: false,
  })
}
