import type { GateSection } from '../../../config/gate.js'
import type { Points } from '../../../domain/gate/points/point-values.js'
import type { JobContext } from '../../../runtime/job.js'
import type { Change } from '../change.js'
import type { GatePorts } from '../ports.js'
import type { Predictions } from '../predictions.js'

/** What the candidate is compared with, and who it is. */
export interface Baseline {
  /** Undefined where there are point values alone. */
  readonly predictions: Predictions | undefined
  /** Its numbers for rules on `metrics:`; undefined where none are known. */
  readonly points: Points | undefined
  /** As the verdict tells it: what was asked for, and what that was. */
  readonly source: string
  readonly digest: string
  /** When it was made; undefined where nobody knows. */
  readonly madeAt: Date | undefined
}

/** There is none yet: this run keeps the first one. */
export const FIRST = 'first'

export interface BaselineRequest {
  readonly context: JobContext<GateSection>
  readonly ports: GatePorts
  readonly change: Change
  /** What follows the colon of `gate.baseline`. */
  readonly name: string
}
