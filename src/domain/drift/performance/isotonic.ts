import { sortOrder } from '../../stats/sort-order.js'

/** A non-decreasing step function with linear bridges between its steps, as scikit-learn's IsotonicRegression predicts. */
export interface Isotonic {
  /** First and last input of each step, and its value. */
  readonly starts: Float64Array
  readonly ends: Float64Array
  readonly values: Float64Array
}

/**
 * The non-decreasing function of `inputs` with the least squared distance to `outcomes` (pool adjacent violators; Ayer et al.
 * 1955, Ann. Math. Statist. 26:641-647; for probabilities Zadrozny & Elkan 2002). `order` are row numbers by rising input, of all
 * rows or of some; equal inputs share a value. No rows -> no steps.
 */
export function fitIsotonic(
  inputs: Float64Array,
  outcomes: ArrayLike<number>,
  order: ArrayLike<number> = sortOrder(inputs),
): Isotonic {
  const steps: Step[] = []
  for (let i = 0; i < order.length; ) {
    const input = inputs[order[i] ?? 0] ?? 0
    const step: Step = { start: input, end: input, sum: 0, count: 0 }
    for (; i < order.length && inputs[order[i] ?? 0] === input; i++) {
      step.sum += outcomes[order[i] ?? 0] ?? 0
      step.count++
    }
    pool(steps, step)
  }
  return {
    starts: Float64Array.from(steps, ({ start }) => start),
    ends: Float64Array.from(steps, ({ end }) => end),
    values: Float64Array.from(steps, ({ sum, count }) => sum / count),
  }
}

interface Step {
  start: number
  readonly end: number
  sum: number
  count: number
}

/** Adds a step; those that do not rise become one. */
function pool(steps: Step[], step: Step): void {
  for (;;) {
    const before = steps.at(-1)
    if (before === undefined || before.sum * step.count < step.sum * before.count) break
    step.sum += before.sum
    step.count += before.count
    step.start = before.start
    steps.pop()
  }
  steps.push(step)
}

/**
 * The function's values at inputs, into their rows: at the first or last step's beyond them, on the line between two steps. `order` are
 * row numbers by rising input, of all rows or of some: one walk along the steps does for all. NaN without steps.
 */
export function isotonicAt(
  { starts, ends, values }: Isotonic,
  rows: { readonly inputs: Float64Array; readonly order: ArrayLike<number> },
  into: Float64Array,
): void {
  const { inputs, order } = rows
  const last = starts.length - 1
  let step = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i] ?? 0
    const input = inputs[row] ?? 0
    while (step < last && (starts[step + 1] ?? 0) <= input) step++
    const value = values[step] ?? Number.NaN
    const end = ends[step] ?? 0
    if (input <= end || step === last) {
      into[row] = value
      continue
    }
    const share = (input - end) / ((starts[step + 1] ?? 0) - end)
    into[row] = value + share * ((values[step + 1] ?? value) - value)
  }
}
