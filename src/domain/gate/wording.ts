import { type Bound, endsOf, neutralOf } from './bound.js'
import type { MetricFace } from './points/point-name.js'
import type { CheckInterval } from './verdict.js'

/** A metric's value for people: four digits after the point for shares, else four significant digits. */
export function valueText(metric: MetricFace, value: number): string {
  return isShare(metric) ? trimmed(value, 4) : significant(value)
}

/** A difference for people, without its sign: in points (hundredths) for shares, else in the metric's unit. */
export function amountText(metric: MetricFace, difference: number): string {
  const size = Math.abs(difference)
  if (!isShare(metric)) return significant(size)
  const points = size > 0 && size < 0.0005 ? significant(size * 100) : trimmed(size * 100, 2)
  return `${points} ${points === '1' ? 'point' : 'points'}`
}

/** The ends of an interval, with their signs where it is of a difference. */
export function rangeText(metric: MetricFace, interval: CheckInterval): string {
  if (interval.of === 'ratio') {
    const percent = (end: number) => `${withSign((end - 1) * 100, (size) => trimmed(size, 2))}%`
    return `${percent(interval.low)} to ${percent(interval.high)}`
  }
  const share = isShare(metric)
  if (interval.of === 'candidate') {
    return `${valueText(metric, interval.low)} to ${valueText(metric, interval.high)}`
  }
  const scale = share ? 100 : 1
  const fine = share && Math.max(Math.abs(interval.low), Math.abs(interval.high)) < 0.001
  const text = (end: number) =>
    withSign(end * scale, (size) => (share ? trimmed(size, fine ? 4 : 2) : significant(size)))
  return `${text(interval.low)} to ${text(interval.high)}${share ? ' points' : ''}`
}

/** `95%`. */
export function levelText(level: number): string {
  return `${trimmed(level * 100, 2)}%`
}

/** What the rule asks, as a clause. */
export function boundText(metric: MetricFace, bound: Bound): string {
  const end = endsOf(bound)[0] ?? 0
  switch (bound.comparator) {
    case 'at-least':
      return `the rule asks for at least ${valueText(metric, end)}`
    case 'at-most':
      return `the rule asks for at most ${valueText(metric, end)}`
    case 'no-worse-than':
      return end === neutralOf(bound)
        ? 'the rule allows it to be no worse'
        : `the rule allows it to be at most ${boundAmount(metric, bound)} worse`
    case 'better-than':
      return bound.strict
        ? 'the rule asks it to be better'
        : `the rule asks it to be at least ${boundAmount(metric, bound)} better`
    case 'equivalent-to':
      return `the rule allows it to be at most ${boundAmount(metric, bound)} apart either way`
  }
}

function boundAmount(metric: MetricFace, bound: Bound): string {
  const size = (endsOf(bound)[0] ?? 0) - neutralOf(bound)
  return bound.of === 'ratio'
    ? `${shareText(size)} of the baseline's value`
    : amountText(metric, size)
}

/** `2.1%`: a change as a share of the baseline's value, without its sign. */
export function shareText(share: number): string {
  return `${trimmed(Math.abs(share) * 100, 2)}%`
}

/** A count with its thousands set apart. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A probability, never shown as a flat zero. */
export function pText(p: number): string {
  return p < 0.0001 ? 'below 0.0001' : trimmed(p, 4)
}

function isShare(metric: MetricFace): boolean {
  return Number.isFinite(metric.range[0]) && metric.range[1] === 1
}

function withSign(value: number, text: (size: number) => string): string {
  const size = text(Math.abs(value))
  if (Number(size) === 0) return '0'
  return value < 0 ? `−${size}` : `+${size}`
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

function significant(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e7) return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)))
  return value.toExponential(3)
}
