import type { Check } from '../../../domain/probe/check.js'
import { UserError } from '../../../errors.js'

/** What the new version's server was found to be unfit by, where that is a decision and no error. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
}

/** The checks that failed, in words. */
export function failuresIn(checks: readonly Check[]): string {
  const failed = checks.filter(({ status }) => status === 'fail')
  return failed.map(({ name, text }) => `${name}: ${text}`).join(' ')
}

/** The new version's server is not fit for users. */
export function unfit(version: string, address: string, checks: readonly Check[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-340',
    where: address,
    what: `${version} there is not what was evaluated, or cannot serve it. ${failuresIn(checks)}`,
    fix: 'Traffic is unchanged. Mend the server or the model; deploy.probe.on-failure: warn goes on all the same.',
  })
}

export function noAddress(role: 'canary' | 'stable', key: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-351',
    where: `deploy.probe.${key}`,
    what: `it is not known where the ${role} version answers by itself.`,
    fix: `Set ${key} of deploy.probe, or url of deploy.backends.${role}.`,
  })
}

export function unfitPart(key: string, part: string, value: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-352',
    where: `deploy.probe.${key}`,
    what: `{${part}} stands for ${JSON.stringify(value)}, which cannot be a part of an address.`,
    fix: 'Use letters, digits, dots, hyphens and underscores in it, or write the address without it.',
  })
}
