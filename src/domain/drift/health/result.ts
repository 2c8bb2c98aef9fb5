import { labelOf } from '../label.js'

/** `inconclusive`: there is too little to say whether the check holds. */
export type HealthCheckStatus = 'pass' | 'warn' | 'fail' | 'inconclusive'

/** One thing that was looked at: a check as data contracts have, with words. */
export interface HealthCheck {
  /** `ranges.age`, `freshness.age`: stable, so that a history can be kept. */
  readonly id: string
  readonly column: string | null
  readonly status: HealthCheckStatus
  readonly observed: string | number
  readonly expected: string | number
  /** Exact, except where rows were drawn: the detail says so. */
  readonly failedRows: number
  /** In words, without the column's name. */
  readonly detail: string
}

export interface HealthResult {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly reason: string
  readonly checks: readonly HealthCheck[]
}

/** Texts from the data are cut: a statement is no place for a megabyte from one cell. */
export function healthCheck(check: HealthCheck): HealthCheck {
  const cut = (value: string | number) => (typeof value === 'string' ? labelOf(value) : value)
  return {
    ...check,
    id: labelOf(check.id),
    column: check.column === null ? null : labelOf(check.column),
    observed: cut(check.observed),
    expected: cut(check.expected),
  }
}

/** JSON has no infinities. */
export function numberText(value: number): string | number {
  return Number.isFinite(value) ? value : String(value)
}
