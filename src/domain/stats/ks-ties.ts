import { exactEqualSizes } from './ks-exact.js'
import type { TiedRun } from './tied-runs.js'

interface TiedGap {
  readonly n: number
  readonly m: number
  /** The largest difference of the distribution functions times n m. */
  readonly steps: number
  /** Ascending. */
  readonly ties: readonly TiedRun[]
}

/** Paths are counted where that takes no more steps; of larger samples a likeness of so many values each is taken. */
const MOST_STEPS = 3_000_000
const LIKENESS = 2000
/** Under this the correction for ties decides nothing. */
const LEAST = 1e-12

/**
 * The p-value of the largest difference of two distribution functions given which values are equal: where the n + m values are dealt out
 * at random to both samples, how often the difference at the end of some run of equal values is as large (Schröer & Trenkler 1995,
 * Computational Statistics & Data Analysis 20:185-202). Within a run no difference can be seen, so that `usual`, the p-value for continuous
 * values, is too careful. Exact up to some thousand values; beyond, `usual` times what the ties make of the p-value in samples of 2000
 * values with runs of the same shares. Never above `usual`.
 */
export function tiedPValue(gap: TiedGap, usual: number): number {
  const { n, m, steps, ties } = gap
  if (ties.length === 0 || usual < LEAST || steps === 0) return usual
  if (pathSteps(n, m) <= MOST_STEPS) return Math.min(usual, shareOutside(gap))
  const shrink = (2 * LIKENESS) / (n + m)
  const alike = ties.map(({ from, to }) => ({
    from: Math.round(from * shrink),
    to: Math.round(to * shrink),
  }))
  const ratio = (height: number): number => {
    if (height === 0) return 1
    const steps = height * LIKENESS
    const found = shareOutside({ n: LIKENESS, m: LIKENESS, steps, ties: alike })
    return Math.min(1, found / exactEqualSizes(LIKENESS, height))
  }
  const height = (steps / n / m) * Math.sqrt(((n * m) / (n + m)) * 2 * LIKENESS)
  const below = Math.min(LIKENESS - 1, Math.floor(height))
  const part = Math.min(1, height - below)
  return usual * (ratio(below) * (1 - part) + ratio(below + 1) * part)
}

/** Paths farther from their middle than so many standard deviations are too rare to be followed. */
const SPREAD = 10

/** One for each value and each place that a path may be at. */
function pathSteps(n: number, m: number): number {
  return (n + m) * Math.min(n, m, 2 * SPREAD * Math.sqrt((n * m) / (n + m) / 4))
}

/** The share of all orders of the values in which the difference is that large at the end of a run, or at a value by itself. */
function shareOutside({ n, m, steps, ties }: TiedGap): number {
  const paths = new Paths(n, m)
  let outside = 0
  let drawn = 0
  for (const { from, to } of [...ties, { from: n + m, to: n + m }]) {
    while (drawn < from) {
      paths.draw(++drawn)
      outside += paths.leave(drawn, steps)
    }
    while (drawn < to) paths.draw(++drawn)
    outside += paths.leave(drawn, steps)
  }
  return outside
}

const NEGLIGIBLE = 1e-30

/** The values are drawn in ascending order, without replacement, each from one of the samples: `weight[i]` of all orders took i from the first. */
class Paths {
  readonly #n: number
  readonly #m: number
  readonly #weight: Float64Array
  #low = 0
  #high = 0

  constructor(n: number, m: number) {
    this.#n = n
    this.#m = m
    this.#weight = new Float64Array(n + 2)
    this.#weight[0] = 1
  }

  /** The next value, the `drawn`-th. */
  draw(drawn: number): void {
    const weight = this.#weight
    const left = this.#n + this.#m - drawn + 1
    const leftOfSecond = this.#m - drawn + 1
    const top = Math.min(this.#n, this.#high + 1)
    for (let i = top; i >= this.#low; i--) {
      const stays = ((weight[i] ?? 0) * (leftOfSecond + i)) / left
      const comes = i > this.#low ? ((weight[i - 1] ?? 0) * (this.#n - i + 1)) / left : 0
      weight[i] = stays + comes
    }
    this.#high = top
    this.#trim()
  }

  /** Takes out, and returns, those that are outside after `drawn` values. */
  leave(drawn: number, steps: number): number {
    const size = this.#n + this.#m
    const lowest = Math.floor((drawn * this.#n - steps) / size)
    const highest = Math.ceil((drawn * this.#n + steps) / size)
    let gone = 0
    while (this.#low <= Math.min(this.#high, lowest)) gone += this.#take(this.#low++)
    while (this.#high >= Math.max(this.#low, highest)) gone += this.#take(this.#high--)
    return gone
  }

  #trim(): void {
    while (this.#low < this.#high && (this.#weight[this.#low] ?? 0) < NEGLIGIBLE) {
      this.#take(this.#low++)
    }
    while (this.#low < this.#high && (this.#weight[this.#high] ?? 0) < NEGLIGIBLE) {
      this.#take(this.#high--)
    }
  }

  #take(at: number): number {
    const taken = this.#weight[at] ?? 0
    this.#weight[at] = 0
    return taken
  }
}
