export interface ExactCramerVonMises {
  readonly n: number
  readonly m: number
  /** n m (n + m) times the statistic. */
  readonly sum: number
}

interface Lattice {
  readonly n: number
  readonly m: number
  /** The steps of the gap: `up` for a value of the first sample, `down` for one of the second. */
  readonly up: number
  readonly down: number
  /** What a path's sum of squared gaps must reach. */
  readonly target: number
}

/** How many of the paths to a point have each sum, and how many already have the target. */
interface Arrivals {
  readonly counts: Map<number, number>
  readonly reached: number
}

/**
 * P(T >= statistic) over all orders of n and m different values, each as likely (Xiao, Gordon & Yakovlev 2006, J. Statist.
 * Softw. 17(8)): the sums of squared gaps along the lattice paths from (0, 0) to (n, m), point by point. Made for samples of
 * up to about 20.
 */
export function exactCramerVonMises({ n, m, sum }: ExactCramerVonMises): number {
  const divisor = gcd(n, m)
  // Gaps m i - n j come in steps of the divisor; without it the sums are whole numbers.
  const target = Math.floor((sum * (n + m)) / (divisor * divisor) + 1e-6)
  const lattice = { n, m, up: m / divisor, down: n / divisor, target }
  let column: Arrivals[] = []
  for (let i = 0; i <= n; i++) column = nextColumn(lattice, column, i)
  const last = column[m]
  if (last === undefined) return Number.NaN
  let below = 0
  for (const count of last.counts.values()) below += count
  return last.reached / (last.reached + below)
}

function nextColumn(lattice: Lattice, before: readonly Arrivals[], i: number): Arrivals[] {
  const column: Arrivals[] = []
  for (let j = 0; j <= lattice.m; j++) {
    const gap = lattice.up * i - lattice.down * j
    column.push(arrive({ lattice, square: gap * gap, from: [before[j], column[j - 1]] }))
  }
  return column
}

interface Arriving {
  readonly lattice: Lattice
  readonly square: number
  readonly from: readonly (Arrivals | undefined)[]
}

function arrive({ lattice, square, from }: Arriving): Arrivals {
  const ways = from.filter((one) => one !== undefined)
  const start = { counts: new Map([[0, 1]]), reached: 0 }
  if (ways.length === 0) return lattice.target <= 0 ? { counts: new Map(), reached: 1 } : start
  const counts = new Map<number, number>()
  let reached = 0
  for (const way of ways) {
    reached += way.reached
    for (const [value, count] of way.counts) {
      const sum = value + square
      if (sum >= lattice.target) reached += count
      else counts.set(sum, (counts.get(sum) ?? 0) + count)
    }
  }
  return { counts, reached }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
