/** A counter of one series as a metrics server has it, oldest first: [milliseconds since 1970, value]. */
export type CounterSamples = readonly (readonly [number, number])[]

/**
 * How much a counter that only grows, but begins anew when its process does, has grown in (from, to]: exact, so that
 * stretches that follow each other add up to the whole, where rate functions extrapolate. `before` is its last value at
 * or before `from`; a series without one was born in the stretch and counts from 0. A value below the one before says
 * that it began anew. undefined where a value is no count.
 */
export function counterIncrease(
  samples: CounterSamples,
  {
    before,
    from,
    to,
  }: { readonly before: number | undefined; readonly from: number; readonly to: number },
): number | undefined {
  let last = before ?? 0
  let gained = 0
  if (!isCount(last)) return undefined
  for (const [time, value] of samples) {
    if (time <= from || time > to) continue
    if (!isCount(value)) return undefined
    gained += value < last ? value : value - last
    last = value
  }
  return Math.round(gained)
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}
