import type { Counters } from '../domain/rollout/observation.js'
import type { Sample } from '../domain/rollout/quality.js'
import type { Backend } from './traffic.js'

/** Where it is known what users met: a metrics server, a log of predictions. */
export interface Signals {
  /** For messages. */
  readonly name: string
  /** How long after its end a stretch of time is whole: scrapes, exports and batches come late. Milliseconds. */
  readonly lagMs: number
  /** Where counts come by periods, such as minutes: stretches begin and end on multiples of it since 1970. Milliseconds. */
  readonly stepMs?: number | undefined
  /** Whether counts come from scrapes, which meet the two versions at different moments. Unless told: they do not. */
  readonly scraped?: boolean | undefined
  /** For what knows only totals, without a past: takes note of them, as the beginning of the next stretch. */
  mark?(versions: VersionNames): Promise<void>
  /**
   * What each version did in a stretch of time that is whole by now. Undefined where it cannot be known (no series, a
   * number that is none): such a stretch is dropped, never taken for zero. Throws ExternalError where it does not answer.
   */
  between(stretch: Stretch): Promise<Gained | undefined>
}

export interface VersionNames {
  /** The versions as the signals name them: `{name}`. */
  readonly stable: string
  readonly canary: string
  /** As people and the target name them, where that differs: `{version}`, and what versions write of themselves. */
  readonly versions?: NamedVersions | undefined
}

interface NamedVersions {
  readonly stable: Pick<Backend, 'version' | 'name'>
  readonly canary: Pick<Backend, 'version' | 'name'>
}

export interface Stretch extends VersionNames {
  /** Milliseconds since 1970; from (inclusive) to (exclusive). */
  readonly from: number
  readonly to: number
  /** Whether the canary answers no user in it: what it answers are copies, also where a log does not say so. */
  readonly copiesOnly?: boolean | undefined
}

export interface Gained {
  readonly counters: Counters
  /** Upper bounds of the latency buckets, milliseconds, ascending. */
  readonly latencyBounds: readonly number[]
  /** Answers to single requests, oldest first; none where only sums are known. */
  readonly samples: readonly Sample[]
  /** What the system remarked. */
  readonly warnings: readonly string[]
}
