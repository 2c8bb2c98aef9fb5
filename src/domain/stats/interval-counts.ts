/** How many requests one arm had in one interval, and in how many of them the event happened. */
export interface ArmCounts {
  readonly n: number
  readonly events: number
}

/** The two arms over the same interval of time. */
export interface IntervalCounts {
  readonly canary: ArmCounts
  readonly stable: ArmCounts
}

/** Throws RangeError on counts that cannot be: not whole, negative, or more events than requests. */
export function assertCounts(counts: ArmCounts): void {
  const whole = Number.isSafeInteger(counts.n) && Number.isSafeInteger(counts.events)
  if (whole && counts.events >= 0 && counts.n >= counts.events) return
  throw new RangeError(`impossible counts: ${counts.events} events in ${counts.n} requests`)
}
