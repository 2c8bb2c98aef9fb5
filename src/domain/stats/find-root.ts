/**
 * The point between `low` and `high` where a function that changes sign once does so, by bisection down to
 * neighbouring doubles. The sign at `low` is taken as given, so an undefined value at the ends does no harm.
 */
export function signChange(isBefore: (x: number) => boolean, low: number, high: number): number {
  let before = low
  let after = high
  for (let iteration = 0; iteration < 1100; iteration++) {
    const middle = before + (after - before) / 2
    if (middle === before || middle === after) break
    if (isBefore(middle)) before = middle
    else after = middle
    if (Math.abs(after - before) < 1e-16) break
  }
  return before + (after - before) / 2
}
