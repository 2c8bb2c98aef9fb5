/** What one look at an address found; `absent`: there is none to look at. */
export type Seen =
  | { readonly kind: 'answered' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly why: string }

export interface Glance {
  /** ISO 8601. */
  readonly at: string
  readonly canary: Seen
  readonly stable: Seen
  /** Where users send their requests. */
  readonly users: Seen
}

/** What was seen so far: plain JSON. */
export interface Availability {
  readonly looks: number
  /** Looks at which the canary did not answer although the stable version did. */
  readonly canaryFailures: number
  /** Looks at which the users' address did not answer although the stable version did. */
  readonly usersFailures: number
  /** Looks at which neither version answered: nothing is said of the canary by them. */
  readonly bothFailed: number
  /** Failures in a row, now. */
  readonly canaryStreak: number
  readonly usersStreak: number
  /** Why the rollout must end; the first reason stays. */
  readonly stop: { readonly at: string; readonly text: string } | undefined
}

export const NOTHING_SEEN: Availability = {
  looks: 0,
  canaryFailures: 0,
  usersFailures: 0,
  bothFailed: 0,
  canaryStreak: 0,
  usersStreak: 0,
  stop: undefined,
}

/**
 * Takes one more look into account. `limit` failures in a row end the rollout. A failure while the stable version fails too is
 * the network's or our own: it neither counts nor ends a streak.
 */
export function seeMore(before: Availability, glance: Glance, limit: number): Availability {
  const looks = before.looks + 1
  const stableFails = glance.stable.kind === 'failed'
  const canaryFails = glance.canary.kind === 'failed'
  if (stableFails && canaryFails) {
    return { ...before, looks, bothFailed: before.bothFailed + 1 }
  }
  const usersFail = glance.users.kind === 'failed' && !stableFails
  const after: Availability = {
    ...before,
    looks,
    canaryFailures: before.canaryFailures + Number(canaryFails),
    usersFailures: before.usersFailures + Number(usersFail),
    canaryStreak: canaryFails ? before.canaryStreak + 1 : 0,
    usersStreak: usersFail ? before.usersStreak + 1 : 0,
  }
  return { ...after, stop: before.stop ?? stopOf(after, glance, limit) }
}

function stopOf(
  seen: Availability,
  { at, canary, stable, users }: Glance,
  limit: number,
): Availability['stop'] {
  const besides = stable.kind === 'answered' ? ' The stable version answered.' : ''
  if (canary.kind === 'failed' && seen.canaryStreak >= limit) {
    const text = `The canary did not answer ${seen.canaryStreak} checks in a row: ${canary.why}${besides}`
    return { at, text }
  }
  if (users.kind === 'failed' && seen.usersStreak >= limit) {
    const text = `The users' address did not answer ${seen.usersStreak} checks in a row: ${users.why}${besides}`
    return { at, text }
  }
  return undefined
}
