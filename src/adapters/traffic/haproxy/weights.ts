import { UserError } from '../../../errors.js'

export interface Weights {
  readonly stable: number
  readonly canary: number
}

/** The most that HAProxy takes for one server. */
const MOST = 256

/**
 * Whole weights that divide exactly by a share, percent: of 100 where that goes, else of the next number that does (0.5: 199 and
 * 1; 12.5: 91 and 13). Throws UserError MW-DEPLOY-155 where none up to 256 is exact.
 */
export function weightsFor(share: number): Weights {
  if (share >= 0 && share <= 100) {
    for (let total = 100; total <= MOST; total++) {
      const canary = (share * total) / 100
      const whole = Math.round(canary)
      if (Math.abs(canary - whole) < 1e-9) return { stable: total - whole, canary: whole }
    }
  }
  throw new UserError({
    code: 'MW-DEPLOY-155',
    where: 'deploy.steps',
    what: `HAProxy cannot give exactly ${share} % to a server: weights are whole numbers up to ${MOST}.`,
    fix: 'Use whole percentages, or parts such as 0.5 and 12.5.',
  })
}
