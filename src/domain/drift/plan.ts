import { DATETIME_TEST } from './kinds/datetime-column.js'
import { TEXT_TEST } from './kinds/text-column.js'
import { comparedByName, type DriftKind, type DriftPolicy, testNameFor } from './policy.js'
import type { Sides } from './predicate.js'
import type { ColumnSample } from './samples.js'
import { hasFewValues, isBlank } from './samples.js'
import { looksLikeText } from './text/looks-like.js'

/** Integers with at most this many distinct values are codes rather than quantities. */
const MOST_CODES = 20

/** What is done with one column of the reference. */
export interface ColumnPlan {
  readonly name: string
  readonly kind: DriftKind
  readonly critical: boolean
  readonly testName: string
  /** The column's type in the reference. */
  readonly type: ColumnSample['type']
  /** Whether the current data has the column. */
  readonly present: boolean
  /** Why the two cannot be compared, in words. */
  readonly mismatch: string | undefined
  /** Why measuring the two failed, in words: a fault of the program. */
  readonly failure?: string | undefined
  /** Whether these are times that nobody named: what is missing of them is all that is compared. */
  readonly isSkippedTime?: boolean | undefined
  /** Of texts that were read as numbers, how many cells are none; they are among the missing. */
  readonly unusable?: Sides | undefined
  /** Why an engine does not count the values, in words: what is missing of them is all that is compared. */
  readonly uncounted?: string | undefined
  /** A text of the reference where the policy calls the column numeric. */
  readonly textual: string | undefined
}

/** How one column is compared, from what it holds in both samples. */
export function planColumn(
  policy: DriftPolicy,
  reference: ColumnSample,
  current: ColumnSample | undefined,
): ColumnPlan {
  const { name, type } = reference
  const isSkipped = isSkippedTime(policy, reference, current)
  const kind = isSkipped ? 'datetime' : columnKind(policy, reference, current)
  return {
    name,
    kind,
    critical: policy.columns.critical.includes(name),
    testName: testOf(policy, name, kind),
    type,
    present: current !== undefined,
    mismatch: mismatchOf(policy, reference, current),
    isSkippedTime: isSkipped,
    textual:
      kind === 'numeric' && reference.kind === 'categorical' ? reference.categories[0] : undefined,
  }
}

function testOf(policy: DriftPolicy, name: string, kind: DriftKind): string {
  if (kind === 'numeric' || kind === 'categorical') return testNameFor(policy, name, kind)
  return kind === 'text' ? TEXT_TEST : DATETIME_TEST
}

/** As named by the user; else by the reference, or by the current data where the reference has no values. */
function columnKind(
  policy: DriftPolicy,
  reference: ColumnSample,
  current: ColumnSample | undefined,
): DriftKind {
  const named = (['numeric', 'categorical', 'text', 'datetime'] as const).find((kind) =>
    policy.columns[kind].includes(reference.name),
  )
  if (named !== undefined) return named
  if (isNamedTime(policy, reference, current)) return 'datetime'
  return inferKind(isBlank(reference) && current !== undefined ? current : reference)
}

/** Of a timestamp that is asked for without saying how, the cycles are compared; by a test of its own it is a number. */
function isNamedTime(policy: DriftPolicy, reference: Typed, current: Typed | undefined): boolean {
  if (Object.hasOwn(policy.tests, reference.name)) return false
  return areTimes(reference, current) && comparedByName(policy).has(reference.name)
}

function areTimes(reference: Typed, current: Typed | undefined): boolean {
  return reference.type === 'timestamp' && (current === undefined || current.type === 'timestamp')
}

function inferKind(sample: ColumnSample): DriftKind {
  if (sample.kind === 'categorical') {
    return looksLikeText(sample.categories, sample.counts) ? 'text' : 'categorical'
  }
  return sample.type === 'integer' && hasFewValues(sample, MOST_CODES) ? 'categorical' : 'numeric'
}

interface Typed {
  readonly name: string
  readonly type: ColumnSample['type']
}

/** Time always moves on: the values of timestamps are compared only when the user names them. */
function isSkippedTime(policy: DriftPolicy, reference: Typed, current: Typed | undefined): boolean {
  if (comparedByName(policy).has(reference.name)) return false
  return areTimes(reference, current)
}

/**
 * Categories, numbers and times are not compared with each other, unless the user names the column categorical; a
 * side without any value may have been read as anything.
 */
function mismatchOf(
  policy: DriftPolicy,
  reference: ColumnSample,
  current: ColumnSample | undefined,
): string | undefined {
  if (current === undefined) return 'not in the current data'
  const { categorical, text, datetime } = policy.columns
  if (categorical.includes(reference.name)) return undefined
  const isTime = reference.type === 'timestamp' && current.type === 'timestamp'
  if (datetime.includes(reference.name) && !isTime) return 'not a timestamp in both samples'
  const isText = reference.kind === 'categorical' && current.kind === 'categorical'
  if (text.includes(reference.name) && !isText) return 'not text in both samples'
  if (family(reference) === family(current) || isBlank(reference) || isBlank(current)) {
    return undefined
  }
  const change = `was ${nature(reference)} in the reference, is ${nature(current)} in the current data`
  return `${change}; name it in columns.categorical to compare its text`
}

function family(sample: ColumnSample): 'categories' | 'time' | 'numbers' {
  if (sample.kind === 'categorical') return 'categories'
  return sample.type === 'timestamp' ? 'time' : 'numbers'
}

function nature(sample: ColumnSample): string {
  if (sample.type === 'string') return 'text'
  if (sample.type === 'boolean') return 'true or false'
  return sample.type === 'timestamp' ? 'a timestamp' : 'a number'
}
