import type { Reading } from '../domain/rollout/observation.js'
import type { Sample } from '../domain/rollout/quality.js'

/** What splits users' requests between two versions of a model: a router, a gateway, a managed endpoint. */

/** One version, and where it answers or what the target calls it. */
export interface Backend {
  /** Name of the version; differs between stable and canary. */
  readonly version: string
  /** Where it answers by itself; undefined where only the target knows. */
  readonly url?: string | undefined
  /** The target's own name for it: a Service, a server of a backend, a variant, a revision. */
  readonly name?: string | undefined
  /** The process that we started for it, if we did, so that a later run can stop it. */
  readonly pid?: number | undefined
  /** Which registered model it is, for a run that has no record of it: plain JSON of who deployed it. */
  readonly model?: unknown
}

/** The rollout that has changed, or is about to change, the traffic; kept in the target itself. */
export interface RolloutRecord {
  readonly id: string
  /** Who drives it, in words for people: a run's URL, a login. */
  readonly owner: string
  /** Whatever the driver needs to go on: plain JSON. */
  readonly state: unknown
  /** The forge's record of the deployment. */
  readonly deployment?: string | undefined
  /** The process that drives it; absent where nobody says so. */
  readonly driver?: Driver | undefined
}

/** A process that drives a rollout, and until when it is to be taken for alive: it says so again before. */
export interface Driver {
  readonly host: string
  readonly pid: number
  /** ISO 8601. */
  readonly until: string
}

export interface TrafficState {
  readonly stable: Backend
  readonly canary: Backend | undefined
  /** The stable version before the last promotion. */
  readonly previous: Backend | undefined
  /** Share of users' requests that the canary gets, percent. */
  readonly weight: number
  /** Share of requests that the other version gets a copy of, percent. */
  readonly mirror: number
  /** Set while a rollout is under way, also when its driver is long gone. */
  readonly rollout: RolloutRecord | undefined
  /** Why the target itself has taken the canary out of service. */
  readonly ejected: string | undefined
  /** Where users send their requests. */
  readonly url: string
}

export interface TrafficCapabilities {
  readonly mirror: boolean
  /** Compares mirrored answers. */
  readonly compare: boolean
  /** Whether each request meets a version as the weights say: replicas and controllers divide roughly. Unless told: it does. */
  readonly exactSplit?: boolean | undefined
  /** Whether counts come from scrapes, which meet the two versions at different moments. */
  readonly scrapedCounts?: boolean | undefined
  /** Keeps predictions, for quality. */
  readonly samples: boolean
}

export interface Observation {
  readonly state: TrafficState
  readonly reading: Reading
  /** Answers since `cursor`, oldest first, as far as they are kept. */
  readonly samples: readonly Sample[]
  readonly cursor: string
  /** What the system, or who counts, remarked. */
  readonly warnings?: readonly string[] | undefined
  /** Answers since the cursor that are no longer kept. */
  readonly samplesLost: number
}

export interface TrafficSetting {
  /** Percent, 0 to 100. */
  readonly weight: number
  /** Percent, 0 to 100. */
  readonly mirror: number
}

/**
 * Every write is idempotent and checked by reading back. Writes fail with UserError when another rollout or another
 * hand has changed the traffic meanwhile; `rollback` alone always goes through.
 */
export interface TrafficTarget {
  readonly kind: string
  readonly capabilities: TrafficCapabilities
  /** Brings the canary in at weight 0 and enters the rollout; the canary must be ready. */
  prepare(rollout: RolloutRecord, canary: Backend): Promise<TrafficState>
  set(traffic: TrafficSetting): Promise<TrafficState>
  observe(cursor?: string): Promise<Observation>
  /** Keeps the driver's state in the target. */
  record(rollout: RolloutRecord): Promise<void>
  /** All traffic to the canary, which becomes the stable version; closes the rollout. */
  promote(): Promise<TrafficState>
  /**
   * All traffic away from the canary, in one write, whatever else is going on; closes the rollout. With no
   * rollout under way `to: 'previous'` brings the version before the last promotion back.
   */
  rollback(how: {
    readonly reason: string
    readonly to: 'stable' | 'previous'
  }): Promise<TrafficState>
}

/** What a target is opened with, by everybody who opens one. */
export interface OpenTarget {
  /** The folder that outlives the run. */
  readonly stateDir: string
  readonly listen: { readonly host: string; readonly port: number }
  /** What answers users before the first rollout; afterwards the target knows. */
  readonly stable: Backend
  /** Empty: versions have no health check. */
  readonly healthPath: string
  /** Which output is the prediction; undefined: `prediction`, else the first. */
  readonly output?: string | undefined
  readonly settings: {
    readonly requestTimeoutMs: number
    readonly stickyHeader?: string | undefined
    readonly seed?: number | undefined
    /** How far predicted numbers may differ and still agree, relative to the larger. */
    readonly tolerance?: number | undefined
    /** The time above which an answer is slow, where copies are compared. Milliseconds. */
    readonly slowMs?: number | undefined
  }
}
