import type { Traffic } from './protocol.js'

/** The traffic as it is set now, and its only writer. Each change is on disk before it takes effect. */
export interface TrafficHolder {
  readonly current: Traffic
  /** Applies a change made on `revision`; `any` skips that check. */
  change(revision: number | 'any', patch: TrafficPatch): ChangeResult
}

export type TrafficPatch = Partial<Omit<Traffic, 'revision'>>

export type ChangeResult =
  | { readonly kind: 'changed'; readonly traffic: Traffic }
  | { readonly kind: 'conflict'; readonly traffic: Traffic }
  | { readonly kind: 'refused'; readonly why: string }

/** `persist` must have written when it returns; where it throws, nothing has changed. */
export function createTrafficHolder(
  initial: Traffic,
  persist: (traffic: Traffic) => void,
): TrafficHolder {
  let current = initial
  return {
    get current() {
      return current
    },
    change(revision, patch) {
      if (revision !== 'any' && revision !== current.revision) {
        return { kind: 'conflict', traffic: current }
      }
      const next = patched(current, patch)
      const why = whyImpossible(next)
      if (why !== undefined) return { kind: 'refused', why }
      if (isSame(current, next)) return { kind: 'changed', traffic: current }
      const written = { ...next, revision: current.revision + 1 }
      persist(written)
      current = written
      return { kind: 'changed', traffic: current }
    },
  }
}

function patched(current: Traffic, patch: TrafficPatch): Traffic {
  const next = { ...current, ...patch }
  const canaryChanged =
    next.canary?.url !== current.canary?.url || next.canary?.version !== current.canary?.version
  if (!canaryChanged) return next
  // Another canary starts with no users and no history of failed checks.
  return {
    ...next,
    weight: patch.weight ?? 0,
    mirror: patch.mirror ?? 0,
    ejected: patch.ejected ?? null,
  }
}

function whyImpossible(traffic: Traffic): string | undefined {
  if (traffic.canary === null && (traffic.weight > 0 || traffic.mirror > 0)) {
    return 'there is no canary to send requests to'
  }
  if (traffic.canary?.version === traffic.stable.version) {
    return `stable and canary are both named "${traffic.stable.version}"`
  }
  if (traffic.ejected !== null && traffic.weight > 0) {
    return `the canary was taken out of service: ${traffic.ejected}`
  }
  return undefined
}

function isSame(a: Traffic, b: Traffic): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
