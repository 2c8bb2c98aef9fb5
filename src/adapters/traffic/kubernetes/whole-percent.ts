import { UserError } from '../../../errors.js'

/** Throws UserError for a share that a system of whole percentages cannot take. */
export function requireWholePercent(percent: number): void {
  if (Number.isInteger(percent) && percent >= 0 && percent <= 100) return
  throw new UserError({
    code: 'MW-DEPLOY-117',
    where: 'deploy.steps',
    what: `${percent} is no whole percentage from 0 to 100, and this target takes no other.`,
    fix: 'Use whole percentages.',
  })
}
