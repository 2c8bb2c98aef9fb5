import type { RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'
import type { Tally } from './tally.js'

/** From here on, failing every request is no accident. */
const ALL_FAILED_REQUESTS = 20

/** What ends a rollout at once, outside the statistics. None -> undefined. */
export function hardStop(policy: RolloutPolicy, tally: Tally): Reason | undefined {
  if (!tally.canaryReachable) {
    return { code: 'canary-unreachable', text: 'The canary does not answer its health check.' }
  }
  const requests = tally.requests.canary
  if (requests >= ALL_FAILED_REQUESTS && tally.canaryErrors === requests) {
    return { code: 'all-failed', text: `The canary failed all of its ${requests} requests.` }
  }
  return overBudget(policy.maxBadEvents, tally.badEvents)
}

function overBudget(budget: number | undefined, badEvents: number): Reason | undefined {
  if (budget === undefined || badEvents <= budget) return undefined
  const text = `The canary failed ${badEvents} requests of users; the budget is ${budget}.`
  return { code: 'budget-spent', text }
}
