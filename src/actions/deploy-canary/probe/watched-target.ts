import type { Backend, Observation, TrafficTarget } from '../../../ports/traffic.js'

export interface Watching {
  /** Called with the canary whenever there is one under way; again is no harm. */
  readonly start: (canary: Backend) => void
  /** Called when the canary has left the traffic: what becomes of it shows nothing any more. */
  readonly end: () => Promise<void>
  /** Why the rollout must end, once it must. */
  readonly stopped: () => string | undefined
}

/**
 * A target whose canary is watched from its preparation on, or from when a later run finds it. Once the watch has seen enough
 * failures, every observation says that the canary cannot be reached, which ends the rollout at once.
 */
export function watchedTarget(target: TrafficTarget, watching: Watching): TrafficTarget {
  return {
    ...target,
    prepare: async (rollout, canary) => {
      const state = await target.prepare(rollout, canary)
      watching.start(canary)
      return state
    },
    set: async (traffic) => {
      const state = await target.set(traffic)
      if (state.canary !== undefined) watching.start(state.canary)
      return state
    },
    rollback: async (how) => {
      const state = await target.rollback(how)
      await watching.end()
      return state
    },
    observe: async (cursor) => {
      const observation = await target.observe(cursor)
      const { canary, rollout } = observation.state
      // A run that goes on with an earlier one may have nothing to set.
      if (canary !== undefined && rollout !== undefined) watching.start(canary)
      return withStop(observation, watching.stopped())
    },
  }
}

function withStop(observation: Observation, stop: string | undefined): Observation {
  if (stop === undefined) return observation
  const { state, reading } = observation
  return {
    ...observation,
    state: { ...state, ejected: state.ejected ?? stop },
    reading: { ...reading, canaryReachable: false },
  }
}
