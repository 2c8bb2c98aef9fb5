import { ExternalError, UserError } from '../../../errors.js'

export function noVariantName(version: string, name: string | undefined): UserError {
  return new UserError({
    code: 'MW-DEPLOY-231',
    where: `version ${JSON.stringify(version)}`,
    what: `${JSON.stringify(name ?? version)} cannot be the name of a variant.`,
    fix: 'Give the name of its production variant with deploy.backends.<role>.name: letters, digits and single dashes, at most 63.',
  })
}

export function notServing(where: string, variant: string, serving: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-232',
    where,
    what: `it has no production variant ${variant}; users meet ${serving.join(', ')}.`,
    fix: 'Name the variant that users meet now with deploy.backends.stable.name.',
  })
}

export function otherVariants(where: string, others: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-233',
    where,
    what: `users also meet ${others.join(', ')}, which is neither stable nor canary.`,
    fix: 'Give these variants the weight 0, or take them out of the endpoint.',
  })
}

export function noSharedShadow(where: string, why: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-234',
    where,
    what: `SageMaker copies requests only where one production variant has all users: ${why}.`,
    fix: 'Use mode: shadow first and mode: canary after it, on an endpoint of one production variant.',
  })
}

export function noWayBack(where: string, variant: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-235',
    where,
    what: `no endpoint configuration is known that has the variant ${variant} to go back to.`,
    fix: 'Deploy that version anew with mode: direct.',
  })
}

export function notCopied(where: string, why: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-236',
    where,
    what: `the canary's variant cannot be made as a copy of stable's: ${why}.`,
    fix: 'Give the endpoint a configuration that has both variants, the new one with the weight 0, and roll out then.',
  })
}

export function movesByItself(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-237',
    where,
    what: 'its guardrails move the traffic, and take no smaller weight and no copies.',
    fix: 'Go back with mode: rollback, or leave deploy.sagemaker.guardrails out.',
  })
}

export function outOfService(where: string, status: string, reason: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-238',
    service: where,
    what: `its status is ${status}${reason === '' ? '' : `: ${reason}`}. SageMaker takes no change of it any more.`,
    retryable: false,
  })
}

export function stillBusy(where: string, status: string, limitMs: number): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-239',
    service: where,
    what: `its status is still ${status} after ${limitMs} ms.`,
    retryable: true,
  })
}

export function notTaken(where: string, reason: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-240',
    service: where,
    what: `the change was written and SageMaker has not kept it: ${reason === '' ? 'no reason is given.' : reason}`,
    retryable: false,
  })
}

export function notUnderstood(where: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-226',
    service: where,
    what: 'it answers with what is not understood.',
    retryable: false,
  })
}
