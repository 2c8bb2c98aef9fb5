import type { SeenAs } from '../../../ports/splitter.js'
import { type Json, numberAt, objectsAt, textAt } from './json.js'
import { IN_FORCE, type Progress } from './wait.js'

const PREDICTOR = ['status', 'components', 'predictor'] as const

interface Revisions {
  readonly created: string | undefined
  readonly ready: string | undefined
  readonly rolledOut: string | undefined
  /** The one that was rolled out before that. */
  readonly previous: string | undefined
}

export function revisionsOf(object: Json): Revisions {
  return {
    created: textAt(object, ...PREDICTOR, 'latestCreatedRevision'),
    ready: textAt(object, ...PREDICTOR, 'latestReadyRevision'),
    rolledOut: textAt(object, ...PREDICTOR, 'latestRolledoutRevision'),
    previous: textAt(object, ...PREDICTOR, 'previousRolledoutRevision'),
  }
}

/** Percent of users whose requests go to the newest revision that is ready. */
export function shareOfLatest(object: Json): number {
  const { created } = revisionsOf(object)
  return objectsAt(object, ...PREDICTOR, 'traffic')
    .filter((target) => textAt(target, 'revisionName') === created)
    .reduce((sum, target) => sum + (numberAt(target, 'percent') ?? 0), 0)
}

export function failureOf(object: Json): string | undefined {
  if (textAt(object, 'status', 'modelStatus', 'transitionStatus') !== 'BlockedByFailedLoad') {
    return undefined
  }
  return (
    textAt(object, 'status', 'modelStatus', 'lastFailureInfo', 'message') ??
    'its model cannot be loaded'
  )
}

/**
 * The revisions of the two models, by which Knative's and the mesh's metrics know them; `canary` where the canary's model is the one
 * that is named, with the share that was asked for.
 */
export function revisionsSeen(
  object: Json,
  canary: { readonly percent: number | undefined } | undefined,
): SeenAs {
  const { created, rolledOut, previous } = revisionsOf(object)
  if (canary === undefined) return named({ stable: rolledOut ?? created })
  if (rolledOut !== created) return named({ stable: rolledOut, canary: created })
  // At all users the canary counts as rolled out; below, its revision is not there yet, or KServe is on its way back.
  return (canary.percent ?? 100) < 100 ? {} : named({ stable: previous, canary: created })
}

/** A revision that is not known is not said: what was known before holds. */
function named({ stable, canary }: SeenAs): SeenAs {
  const isName = (name: string | undefined) => name !== undefined && name !== ''
  return { ...(isName(stable) && { stable }), ...(isName(canary) && { canary }) }
}

interface SharedAs {
  readonly percent: number
  /** A revision that is not the one waited for. */
  readonly not: string | undefined
}

/**
 * The status itself names revisions and shares. Its observedGeneration is that of the Knative Service below, and says nothing
 * about ours.
 */
export function sharedProgress(object: Json, { percent, not }: SharedAs): Progress {
  const { created, ready } = revisionsOf(object)
  if (created === undefined || created === not) {
    return { is: 'waiting', on: 'there is no new revision' }
  }
  const failure = ready === created ? undefined : failureOf(object)
  if (failure !== undefined) return { is: 'refused', because: failure }
  if (ready !== created) return { is: 'waiting', on: `revision ${created} is not ready` }
  const seen = shareOfLatest(object)
  if (seen === percent) return IN_FORCE
  return { is: 'waiting', on: `revision ${created} gets ${seen} %, not ${percent} %` }
}

export function awayFrom(object: Json, revision: string | undefined): Progress {
  const seen = objectsAt(object, ...PREDICTOR, 'traffic')
    .filter((target) => textAt(target, 'revisionName') === revision)
    .reduce((sum, target) => sum + (numberAt(target, 'percent') ?? 0), 0)
  if (seen === 0) return IN_FORCE
  return { is: 'waiting', on: `revision ${revision ?? '?'} still gets ${seen} %` }
}
