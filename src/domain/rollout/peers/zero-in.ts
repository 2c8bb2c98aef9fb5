/** An end of the bracket, with the function's value there. */
interface Point {
  readonly x: number
  readonly f: number
}

const TOLERANCE = 1e-4
const STEPS = 1000

/**
 * Root of a function whose signs at both ends differ, by Brent's method (1973) as R's uniroot does it, with its tolerance of 1e-4: Kayenta
 * finds its intervals so, and on metrics as small as an error rate that tolerance is part of what it says.
 */
export function zeroIn(f: (x: number) => number, first: Point, last: Point): number {
  let before = first
  let best = last
  let other = first
  for (let step = 0; step < STEPS; step++) {
    const previous = best.x - before.x
    if (Math.abs(other.f) < Math.abs(best.f)) {
      before = best
      best = other
      other = before
    }
    const least = 2 * Number.EPSILON * Math.abs(best.x) + TOLERANCE / 2
    const half = (other.x - best.x) / 2
    if (Math.abs(half) <= least || best.f === 0) return best.x
    const move = interpolated({ before, best, other, previous, least }) ?? half
    before = best
    const x = best.x + (Math.abs(move) < least ? (move > 0 ? least : -least) : move)
    best = { x, f: f(x) }
    if (best.f > 0 === other.f > 0 && best.f !== 0) other = before
  }
  return best.x
}

interface Bracket {
  readonly before: Point
  readonly best: Point
  readonly other: Point
  readonly previous: number
  readonly least: number
}

/** The step of a secant or an inverse parabola; undefined where halving is safer. */
function interpolated({ before, best, other, previous, least }: Bracket): number | undefined {
  if (Math.abs(previous) < least || Math.abs(before.f) <= Math.abs(best.f)) return undefined
  const width = other.x - best.x
  const ratio = best.f / before.f
  let p = width * ratio
  let q = 1 - ratio
  if (before.x !== other.x) {
    const outer = before.f / other.f
    const inner = best.f / other.f
    p = ratio * (width * outer * (outer - inner) - (best.x - before.x) * (inner - 1))
    q = (outer - 1) * (inner - 1) * (ratio - 1)
  }
  if (p > 0) q = -q
  else p = -p
  const inside = p < 0.75 * width * q - Math.abs(least * q) / 2 && p < Math.abs(previous * q) / 2
  return inside ? p / q : undefined
}
