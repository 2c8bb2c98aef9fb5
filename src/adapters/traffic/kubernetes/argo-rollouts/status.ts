import type { Roles, SeenAs, Split } from '../../../../ports/splitter.js'
import { at, type Json, numberAt, textAt } from '../json.js'
import { canaryValue, otherVersion, templateValue } from '../template-version.js'
import { generationOf, IN_FORCE, type Progress } from '../wait.js'
import { percentOf, type Stop, stopAt } from './steps.js'

/** A Rollout, what its template says of the version, and what that of its newest ReplicaSet says. */
export interface Seen {
  readonly rollout: Json
  readonly value: string
  /** Undefined where there is none yet. */
  readonly newest: string | undefined
}

const ROUTING = ['spec', 'strategy', 'canary', 'trafficRouting'] as const

/** Throws UserError where it serves something that is neither of the two. */
export function splitOf(seen: Seen, roles: Roles, where: string): Split {
  const { value } = seen
  const canary = canaryValue(roles.canary)
  if (value !== templateValue(roles.stable) && value !== canary) throw otherVersion(where, value)
  const isCanary = value === canary
  return {
    weight: isCanary ? weightOf(seen) : 0,
    mirror: 0,
    revision: revisionOf(value, isCanary ? placeOf(seen) : null),
    url: undefined,
    ejected: isCanary ? failureOf(seen) : undefined,
    seenAs: hashesOf(seen, roles),
  }
}

/**
 * The hashes of the pod templates, which pods have as the label rollouts-pod-template-hash. What the status says of another
 * template than the one that is there is said of neither.
 */
export function hashesOf(seen: Seen, roles: Roles): SeenAs {
  const { rollout, value } = seen
  const current = textAt(rollout, 'status', 'currentPodHash')
  const promoted = textAt(rollout, 'status', 'stableRS')
  if (!isObserved(seen) || current === undefined || current === '') return {}
  if (value !== canaryValue(roles.canary)) return { stable: current }
  const isOther = promoted !== undefined && promoted !== '' && promoted !== current
  return { canary: current, ...(isOther && { stable: promoted }) }
}

export function revisionOf(value: string, place: unknown): string {
  return JSON.stringify([value, place])
}

/** Where in its steps it is, and what a hand has said: changes with each promotion, abort and retry. */
function placeOf(seen: Seen): unknown {
  if (isPromoted(seen)) return 'promoted'
  if (isAborted(seen)) return 'aborted'
  // Before its controller has looked, it is where a new template begins.
  return isObserved(seen) ? (stopAt(seen.rollout)?.weight ?? 'going to the end') : 0
}

/**
 * Whether the status is of the template that is there. The generation alone does not say so: the controller notes it while the hash
 * is still that of the template before.
 */
export function isObserved({ rollout, value, newest }: Seen): boolean {
  const observed = Number(textAt(rollout, 'status', 'observedGeneration') ?? 0)
  return observed >= generationOf(rollout) && newest === value
}

/** Whether all users meet what the template says. */
export function isPromoted(seen: Seen): boolean {
  const stable = textAt(seen.rollout, 'status', 'stableRS')
  return isObserved(seen) && stable === textAt(seen.rollout, 'status', 'currentPodHash')
}

export function isAborted(seen: Seen): boolean {
  return at(seen.rollout, 'status', 'abort') === true && isObserved(seen) && !isPromoted(seen)
}

/** Percent of users who meet what the template says. */
function weightOf(seen: Seen): number {
  const { rollout } = seen
  if (isPromoted(seen)) return 100
  if (!isObserved(seen)) return 0
  if (at(rollout, ...ROUTING) === undefined) return shareOfPods(rollout)
  const weights = ['status', 'canary', 'weights', 'canary'] as const
  const isNew =
    textAt(rollout, ...weights, 'podTemplateHash') === textAt(rollout, 'status', 'currentPodHash')
  return isNew ? percentOf(rollout, numberAt(rollout, ...weights, 'weight') ?? 0) : 0
}

/** Without a traffic router a share is a share of pods. */
function shareOfPods(rollout: Json): number {
  const all = numberAt(rollout, 'status', 'replicas') ?? 0
  const updated = numberAt(rollout, 'status', 'updatedReplicas') ?? 0
  return all === 0 ? 0 : (100 * updated) / all
}

/** The Rollout's own word that the new version is out: its analysis, a hand, or pods that do not come up. */
export function failureOf(seen: Seen): string | undefined {
  const { rollout } = seen
  if (!isObserved(seen) || isPromoted(seen)) return undefined
  if (!isAborted(seen) && textAt(rollout, 'status', 'phase') !== 'Degraded') return undefined
  const message = textAt(rollout, 'status', 'message')
  return message === undefined || message === '' ? 'the Rollout is aborted' : message
}

/** Whether it waits at the stop, with all that belongs to its weight in force. */
export function stoppedProgress(seen: Seen, stop: Stop): Progress {
  const failure = failureOf(seen)
  if (failure !== undefined) return { is: 'refused', because: failure }
  const on = isObserved(seen) ? missingAt(seen, stop) : NOT_LOOKED
  return on === undefined ? IN_FORCE : { is: 'waiting', on }
}

const NOT_LOOKED = 'its controller has not looked at it yet'

function missingAt(seen: Seen, stop: Stop): string | undefined {
  const { rollout } = seen
  const index = numberAt(rollout, 'status', 'currentStepIndex')
  const pauses = at(rollout, 'status', 'pauseConditions')
  const isPaused = Array.isArray(pauses) && pauses.length > 0
  if (index !== stop.pause || !isPaused || textAt(rollout, 'status', 'phase') !== 'Paused') {
    return `it is at step ${index ?? 0}, and is to wait at ${stop.pause} (${wordsOf(rollout)})`
  }
  if (at(rollout, ...ROUTING) === undefined) return missingPods(rollout)
  if (at(rollout, 'status', 'canary', 'weights', 'verified') === false) {
    return 'the traffic router has not taken the weight yet'
  }
  const weight = weightOf(seen)
  return weight === stop.weight ? undefined : `its weight is ${weight} %`
}

function missingPods(rollout: Json): string | undefined {
  const all = numberAt(rollout, 'status', 'replicas') ?? 0
  const available = numberAt(rollout, 'status', 'availableReplicas') ?? 0
  const wanted = numberAt(rollout, 'spec', 'replicas') ?? 1
  return all === wanted && available === wanted
    ? undefined
    : `${available} of ${wanted} pods are available, and ${all} are there`
}

export function observedProgress(seen: Seen): Progress {
  return isObserved(seen) ? IN_FORCE : { is: 'waiting', on: NOT_LOOKED }
}

/** Whether everything has come to rest with the template for all users. */
export function promotedProgress(seen: Seen): Progress {
  const isHealthy = textAt(seen.rollout, 'status', 'phase') === 'Healthy'
  if (isPromoted(seen) && isHealthy) return IN_FORCE
  return { is: 'waiting', on: wordsOf(seen.rollout) }
}

function wordsOf(rollout: Json): string {
  const said = ['phase', 'message'].map((key) => textAt(rollout, 'status', key) ?? '')
  return said.filter((each) => each !== '').join(': ')
}
