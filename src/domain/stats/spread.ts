/** Sums of values around a point, in a unit in which their squares are doubles. */
interface Spread {
  readonly count: number
  /** The mean of (value - origin) * scale. */
  readonly mean: number
  /** The sum of squares around that mean. */
  readonly squares: number
}

/** Where values are taken from, and a power of two that they are multiplied by. */
export interface Frame {
  readonly origin: number
  readonly scale: number
}

/** Beyond these, squares of the values would overflow or vanish. */
const LARGE = 1e140
const SMALL = 1e-140
const EXPONENT = 1000

/**
 * A frame for sorted samples: a value from the middle of the first, so that values far from zero keep what tells them apart (Chan, Golub
 * & LeVeque 1983, The American Statistician 37:242-247), and a scale where the values are so large or so small that their squares are no
 * doubles.
 */
export function frameOf(...samples: readonly Float64Array[]): Frame {
  const [first] = samples
  const origin = first?.[first.length >>> 1] ?? 0
  const ends = samples.flatMap((one) => [one[0] ?? origin, one[one.length - 1] ?? origin])
  const largest = Math.max(...ends.map((end) => Math.abs(end / 2 - origin / 2)))
  if (largest === 0 || (largest > SMALL && largest < LARGE)) return { origin, scale: 1 }
  const exponent = Math.max(-EXPONENT, Math.min(EXPONENT, -Math.round(Math.log2(largest))))
  return { origin, scale: 2 ** exponent }
}

/** In two passes, corrected for what the first has lost. No values: the mean is NaN. */
export function spreadOf(values: Float64Array, { origin, scale }: Frame): Spread {
  const count = values.length
  const start = origin * scale
  // Without an iterator: these loops see every value of every column.
  let sum = 0
  for (let i = 0; i < count; i++) sum += (values[i] ?? 0) * scale - start
  const first = sum / count
  let rest = 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const difference = (values[i] ?? 0) * scale - start - first
    rest += difference
    squares += difference * difference
  }
  return {
    count,
    mean: first + rest / count,
    squares: Math.max(0, squares - (rest * rest) / count),
  }
}
