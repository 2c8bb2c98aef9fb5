/** How much of its width a range grows on each side. */
const SLACK = 0.1

interface Range {
  readonly min: number
  readonly max: number
}

/**
 * A range with a tenth of its width on each side (of a single value: a tenth of that), rounded outwards to two digits
 * of what was added. Where no value is on the other side of 0 the range does not cross it: prices do not become
 * negative. `whole` gives whole numbers.
 */
export function withSlack({ min, max, whole }: Range & { readonly whole: boolean }): Range {
  const slack = SLACK * (max > min ? max - min : Math.abs(max))
  if (!(slack > 0 && Number.isFinite(slack))) return { min, max }
  const unit = whole ? 1 : 10 ** (Math.floor(Math.log10(slack)) - 1)
  const low = -roundUp(slack - min, unit)
  const high = roundUp(max + slack, unit)
  return {
    // Plus 0, so that no bound is -0.
    min: (min >= 0 ? Math.max(0, low) : Math.min(min, low)) + 0,
    max: (max <= 0 ? Math.min(0, high) : Math.max(max, high)) + 0,
  }
}

/** What decimal fractions leave behind, such as 0.30000000000000004, is cut. */
function roundUp(value: number, unit: number): number {
  const steps = Math.ceil(value / unit)
  // Far from 0 the unit may be too small to be seen in the value.
  if (!Number.isFinite(steps) || Math.abs(steps) > Number.MAX_SAFE_INTEGER) return value
  return unit >= 1 ? steps * unit : Number((steps * unit).toPrecision(15))
}
