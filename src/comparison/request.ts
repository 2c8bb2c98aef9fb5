import type { DriftPolicy } from '../domain/drift/policy.js'
import type { Season } from '../tabular/data-set/seasons.js'
import type { TimeWindow } from '../tabular/data-set/windows.js'
import type { SourceFacts } from './source.js'

/** What is compared with what, as plain data that a thread can be given. */
export interface ComparisonRequest {
  readonly policy: DriftPolicy
  readonly reference: SourceFacts
  readonly current: SourceFacts
  /** The windows of the current data, one after the other; all of it as one where there is none. */
  readonly windows: readonly TimeWindow[] | undefined
  /** Compares a window with the reference's rows of the same season alone. */
  readonly season: Season | undefined
}

/** Whether a request is the same for all columns: no column comes with it. */
export function isReadFromFiles({ reference, current }: ComparisonRequest): boolean {
  return [reference, current].every(
    (source) => source.kind === 'files' && source.table === undefined,
  )
}
