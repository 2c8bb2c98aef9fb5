import type { Interval } from './observation.js'
import type { RolloutPolicy } from './policy.js'
import type { Reason } from './reason.js'

/** From here on, failing every request is no accident. */
const ALL_FAILED_REQUESTS = 20

/** What ends a rollout at once, outside the statistics. None -> undefined. */
export function hardStop(policy: RolloutPolicy, history: readonly Interval[]): Reason | undefined {
  const last = history.at(-1)
  if (last === undefined) return undefined
  if (!last.canaryReachable) {
    return { code: 'canary-unreachable', text: 'The canary does not answer its health check.' }
  }
  let requests = 0
  let errors = 0
  let badEvents = 0
  for (const { step, canary } of history) {
    badEvents += canary.errors
    if (step !== last.step) continue
    requests += canary.requests
    errors += canary.errors
  }
  if (requests >= ALL_FAILED_REQUESTS && errors === requests) {
    return { code: 'all-failed', text: `The canary failed all of its ${requests} requests.` }
  }
  return overBudget(policy.maxBadEvents, badEvents)
}

function overBudget(budget: number | undefined, badEvents: number): Reason | undefined {
  if (budget === undefined || badEvents <= budget) return undefined
  const text = `The canary failed ${badEvents} requests of users; the budget is ${budget}.`
  return { code: 'budget-spent', text }
}
