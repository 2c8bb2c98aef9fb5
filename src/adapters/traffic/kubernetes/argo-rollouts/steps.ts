import { at, type Json, numberAt, objectsAt } from '../json.js'

/** A weight at which a Rollout waits until somebody lets it go on. */
export interface Stop {
  /** Percent. */
  readonly weight: number
  /** The step after the stop before: what is to be run on the way here begins with it. */
  readonly first: number
  /** The step that pauses without an end. */
  readonly pause: number
}

const STEPS = ['spec', 'strategy', 'canary', 'steps'] as const

/** The stops of a Rollout's own steps, in their order. */
export function stopsOf(rollout: Json): readonly Stop[] {
  const stops: Stop[] = []
  let parts = 0
  let first = 0
  for (const [index, step] of objectsAt(rollout, ...STEPS).entries()) {
    parts = numberAt(step, 'setWeight') ?? parts
    if (!pausesForEver(step)) continue
    stops.push({ weight: percentOf(rollout, parts), first, pause: index })
    first = index + 1
  }
  return stops
}

function pausesForEver(step: Json): boolean {
  return at(step, 'pause') !== undefined && at(step, 'pause', 'duration') === undefined
}

/** Weights are parts of a hundred unless the traffic router counts finer. */
export function percentOf(rollout: Json, parts: number): number {
  const all = numberAt(rollout, 'spec', 'strategy', 'canary', 'trafficRouting', 'maxTrafficWeight')
  return (100 * parts) / (all ?? 100)
}

/** Where a Rollout is, or is on its way to; undefined when it goes on to the end. */
export function stopAt(rollout: Json): Stop | undefined {
  const index = numberAt(rollout, 'status', 'currentStepIndex') ?? 0
  return stopsOf(rollout).find(({ pause }) => index <= pause)
}
