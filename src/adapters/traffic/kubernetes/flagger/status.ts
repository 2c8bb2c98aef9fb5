import type { Roles, SeenAs, Split } from '../../../../ports/splitter.js'
import { at, type Json, numberAt, objectsAt, textAt } from '../json.js'
import { canaryValue, otherVersion, templateValue } from '../template-version.js'
import { generationOf } from '../wait.js'
import { weightsOf } from './analysis.js'

/** A Canary of Flagger, the Deployment that people change, and the one that users meet. */
export interface Seen {
  readonly canary: Json
  readonly target: Json
  readonly value: string
  /** Undefined before Flagger has made it. */
  readonly primary: Json | undefined
  readonly primaryValue: string | undefined
}

/** Says whose `suspend` and `skipAnalysis` it is. */
export const HOLD_ANNOTATION = 'modelway.dev/hold'

export function holdOf(canary: Json): string | undefined {
  return textAt(canary, 'metadata', 'annotations', HOLD_ANNOTATION)
}

export function isSuspended(canary: Json): boolean {
  return at(canary, 'spec', 'suspend') === true
}

export function phaseOf(canary: Json): string {
  return textAt(canary, 'status', 'phase') ?? ''
}

export function isResting(canary: Json): boolean {
  return ['Initialized', 'Succeeded', 'Failed'].includes(phaseOf(canary))
}

/** Throws UserError where it serves something that is neither of the two. */
export function splitOf(seen: Seen, roles: Roles, where: string): Split {
  const { value, primaryValue, canary } = seen
  const name = canaryValue(roles.canary)
  if (value !== templateValue(roles.stable) && value !== name) throw otherVersion(where, value)
  const isCanary = value === name
  // Going back from what was promoted: the primary is the last to be restored.
  const left = name !== undefined && primaryValue === name ? 100 : 0
  const weight = isCanary ? weightOf(seen) : left
  return {
    weight,
    mirror: 0,
    revision: revisionOf(value, isCanary ? { isHeld: isSuspended(canary), weight } : undefined),
    url: undefined,
    ejected: isCanary ? failureOf(seen) : undefined,
    seenAs: workloadsOf(seen, name),
  }
}

/**
 * The Deployments at which the versions are met. These are places and no versions: what is promoted is met at the primary from then on,
 * and nothing of the version before is left but what still goes to the target.
 */
function workloadsOf({ canary, primaryValue }: Seen, name: string | undefined): SeenAs {
  const target = textAt(canary, 'spec', 'targetRef', 'name') ?? ''
  const primary = `${target}-primary`
  const isPrimary = name !== undefined && primaryValue === name
  return isPrimary ? { stable: target, canary: primary } : { stable: primary, canary: target }
}

interface Place {
  readonly isHeld: boolean
  readonly weight: number
}

export function revisionOf(value: string, place: Place | undefined): string {
  return JSON.stringify([value, place ?? null])
}

export function isPromoted({ canary, value, primaryValue }: Seen): boolean {
  return value === primaryValue && (isResting(canary) || phaseOf(canary) === 'Finalising')
}

/** Percent of users who meet what the target says. */
export function weightOf(seen: Seen): number {
  if (isPromoted(seen)) return 100
  const { canary } = seen
  switch (phaseOf(canary)) {
    case 'Progressing':
      return numberAt(canary, 'status', 'canaryWeight') ?? 0
    // Its status says 0 by then, and its routes do not.
    case 'WaitingPromotion':
    case 'Promoting':
      return weightsOf(canary).at(-1) ?? 100
    default:
      return 0
  }
}

/** Flagger's own word that the version is out. What is held has not begun: the failure is of the version before. */
export function failureOf({ canary, value, primaryValue }: Seen): string | undefined {
  if (phaseOf(canary) !== 'Failed' || isSuspended(canary) || value === primaryValue) {
    return undefined
  }
  return wordsOf(canary) ?? 'Flagger has taken it back'
}

export function wordsOf(canary: Json): string | undefined {
  const promoted = objectsAt(canary, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'Promoted',
  )
  return textAt(promoted, 'message')
}

/** Whether all pods of a Deployment are of its template, and there. */
export function isRolledOut(deployment: Json): boolean {
  const observed = numberAt(deployment, 'status', 'observedGeneration') ?? 0
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1
  const counts = ['replicas', 'updatedReplicas', 'availableReplicas'].map(
    (key) => numberAt(deployment, 'status', key) ?? 0,
  )
  return observed >= generationOf(deployment) && counts.every((count) => count === wanted)
}
