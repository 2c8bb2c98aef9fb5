/**
 * P(D >= h / n) for two samples of n values each: the alternating sum over reflected paths (Gnedenko & Korolyuk
 * 1951), nested so that nothing cancels. 1 <= h <= n.
 */
export function exactEqualSizes(n: number, h: number): number {
  let probability = 0
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1
    for (let j = 0; j < h; j++) ratio = ((n - k * h - j) * ratio) / (n + k * h + j + 1)
    probability = ratio * (1 - probability)
  }
  return 2 * probability
}

export interface LatticePaths {
  readonly n: number
  readonly m: number
  /** Greatest common divisor of n and m. */
  readonly divisor: number
  /** The statistic times the least common multiple of n and m. */
  readonly h: number
}

/** exp(-750) is 0 in double precision. */
const VANISHING = 750

/**
 * P(D >= h / lcm(n, m)) for samples of different sizes: the share of lattice paths from (0, 0) to (n, m) that
 * leave the band around the diagonal (Hodges 1958), column by column with shares instead of counts, so that
 * nothing overflows and small probabilities keep their digits. Costs up to n m steps.
 */
export function exactDifferentSizes({ n, m, divisor, h }: LatticePaths): number {
  const distance = h / ((n / divisor) * m)
  // The two-sample Dvoretzky-Kiefer-Wolfowitz bound (Wei & Dudley 2012): below the smallest number, so zero.
  if (((2 * n * m) / (n + m)) * distance * distance > VANISHING) return 0
  const long = Math.max(n, m)
  const short = Math.min(n, m)
  const slope = { long, short, longStep: long / divisor, shortStep: short / divisor, h }
  return shareOutside(slope)
}

interface Band {
  readonly long: number
  readonly short: number
  readonly longStep: number
  readonly shortStep: number
  readonly h: number
}

/** outside[k] is the share of paths to (i, first + k) that have left the band. */
function shareOutside({ long, short, longStep, shortStep, h }: Band): number {
  const inverses = reciprocals(long + short)
  let first = 0
  let end = Math.min(Math.ceil(h / longStep), short + 1)
  const outside = new Float64Array(Math.min(2 * end + 2, short + 1)).fill(1)
  outside.fill(0, 0, end)
  for (let i = 1; i <= long; i++) {
    const lastFirst = first
    const lastLength = end - first
    first = Math.min(Math.max(Math.floor((shortStep * i - h) / longStep) + 1, 0), short)
    end = Math.min(Math.ceil((shortStep * i + h) / longStep), short + 1)
    if (end <= first) return 1
    nextColumn({ outside, inverses, i, first, end, shift: first - lastFirst })
    const length = end - first
    if (lastLength > length) outside.fill(1, length, lastLength)
  }
  return outside[end - first - 1] ?? Number.NaN
}

interface Column {
  readonly outside: Float64Array
  readonly inverses: Float64Array
  readonly i: number
  readonly first: number
  readonly end: number
  readonly shift: number
}

/** A path to (i, j) comes from (i - 1, j) with chance i / (i + j), else from (i, j - 1). */
function nextColumn({ outside, inverses, i, first, end, shift }: Column): void {
  let value = first === 0 ? 0 : 1
  for (let j = first; j < end; j++) {
    const inverse = inverses[i + j] ?? 0
    const left = outside[j - first + shift] ?? 1
    value = left * (i * inverse) + value * (j * inverse)
    outside[j - first] = value
  }
}

/** Multiplying by them is several times faster than dividing in the inner loop. */
function reciprocals(last: number): Float64Array {
  const inverses = new Float64Array(last + 1)
  for (let k = 1; k <= last; k++) inverses[k] = 1 / k
  return inverses
}
