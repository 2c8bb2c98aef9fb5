import type { RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'
import type { Tally } from './tally.js'

/** From here on, failing every request is no accident. */
const ALL_FAILED_REQUESTS = 20

/** What ends a rollout at once, outside the statistics. None -> undefined. */
export function hardStop(policy: RolloutPolicy, tally: Tally): Reason | undefined {
  if (!tally.canaryReachable) {
    const text = tally.ejected ?? 'The canary does not answer its health check.'
    return { code: 'canary-unreachable', text: `${text.replace(/[.\s]*$/, '')}.` }
  }
  const requests = tally.requests.canary
  if (requests >= ALL_FAILED_REQUESTS && tally.canaryErrors === requests) {
    return { code: 'all-failed', text: `The canary failed all of its ${requests} requests.` }
  }
  const refused = allRejected(tally)
  if (refused !== undefined) return refused
  // What a shadow fails are copies.
  return policy.mode === 'shadow' ? undefined : overBudget(policy.maxBadEvents, tally.badEvents)
}

/**
 * A canary that takes no request which stable takes has another contract: its answers are no errors to a gateway, and of no use. With
 * all users it has no stable beside it, so what stable did before counts.
 */
function allRejected({ requests, rejected, stableBefore }: Tally): Reason | undefined {
  const isAll = requests.canary >= ALL_FAILED_REQUESTS && rejected.canary === requests.canary
  const stable = {
    requests: requests.stable + (stableBefore?.requests ?? 0),
    rejected: rejected.stable + (stableBefore?.rejected ?? 0),
  }
  if (!isAll || stable.requests === 0 || 2 * stable.rejected >= stable.requests) return undefined
  const text = `The canary rejected all of its ${requests.canary} requests (4xx); stable rejected ${stable.rejected} of ${stable.requests}.`
  return { code: 'all-rejected', text }
}

function overBudget(budget: number | undefined, badEvents: number): Reason | undefined {
  if (budget === undefined || badEvents <= budget) return undefined
  const text = `The canary failed ${badEvents} requests of users; the budget is ${budget}.`
  return { code: 'budget-spent', text }
}
