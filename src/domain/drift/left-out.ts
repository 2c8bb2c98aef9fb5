import { NO_CHANGES } from './categories.js'
import type { ColumnComparison, Judged } from './decide.js'
import type { ColumnMeasurement } from './measure.js'
import type { ColumnPlan } from './plan.js'
import { comparedByName, type DriftPolicy } from './policy.js'
import type { DriftFinding } from './predicate.js'

/** Why the values of a column are not compared: they only tell rows apart, are times, which always move on, or are too many to be sent. */
type LeftOut = 'identifier' | 'time' | 'uncounted'

/** What always differs says nothing by its values, unless the user names it. What goes missing of it is judged as of every column. */
export function leftOutOf(
  policy: DriftPolicy,
): (comparison: ColumnComparison) => LeftOut | undefined {
  const named = comparedByName(policy)
  return ({ plan, measured }) => {
    if (plan.isSkippedTime === true) return 'time'
    if (plan.uncounted !== undefined) return 'uncounted'
    const isIdentifier = measured?.looksLikeIdentifier === true && !named.has(plan.name)
    return isIdentifier ? 'identifier' : undefined
  }
}

/** A column without its values: what is left of it is how many are missing. */
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
  return { column: { ...column, test: null, distance: null, valuesLeftOut: true }, findings }
}

/** That a column's values were not compared, where nothing else is to be said of it. */
export function leftOutFinding(why: LeftOut, plan: ColumnPlan | undefined): DriftFinding {
  const column = plan?.name ?? ''
  if (why === 'uncounted') return { kind: 'not-compared', column, detail: plan?.uncounted ?? '' }
  if (why === 'time') return { kind: 'not-compared', column, detail: TIME }
  return { kind: 'identifier', column, detail: IDENTIFIER }
}

const IDENTIFIER =
  'more than half of its values differ: an identifier, which is not compared unless columns or tests name it'
const TIME =
  'a timestamp, which always moves on: only what is missing of it is compared; name it in columns.datetime to compare it'
