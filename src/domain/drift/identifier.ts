import { NO_CHANGES } from './categories.js'
import type { ColumnComparison, Judged } from './decide.js'
import type { ColumnMeasurement } from './measure.js'

/** An identifier as a column without values: what is left of it is how many are missing. */
export function withoutValues({ plan, measured }: ColumnComparison): ColumnComparison {
  return { plan, measured: measured && { ...measured, ...NO_VALUES } }
}

const NO_VALUES = {
  outcome: undefined,
  significance: undefined,
  resolution: undefined,
  histogram: null,
  details: [],
  psi: undefined,
  js: undefined,
  changes: NO_CHANGES,
  newShare: 0,
  newPValue: undefined,
} as const satisfies Partial<ColumnMeasurement>

/** Its verdict says nothing of values. */
export function withoutTest({ column, findings }: Judged): Judged {
  return { column: { ...column, test: null, distance: null }, findings }
}

export const IDENTIFIER =
  'no value occurs twice: an identifier, which is not compared unless columns or tests name it'
