/** A share as people read it: `12.5%`. */
export function percent(part: number): string {
  return `${Number((part * 100).toFixed(1))}%`
}

/** Three significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** `= 0.03` or `< 0.0001`, to follow a `p`. */
export function pText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : `= ${shortNumber(p)}`
}
