import type { SeenAs } from './splitter.js'
import type { Backend, RolloutRecord } from './traffic.js'

/** Where a rollout's state lives when the runner is gone: in the target itself, in the forge, or in a folder. */
export interface RolloutStore {
  /** For messages. */
  readonly name: string
  /** Undefined before the first rollout. Throws UserError on what cannot be understood. */
  read(): Promise<KeptRollout | undefined>
  /**
   * Replaces what `read` or `write` gave last, or refuses (UserError MW-DEPLOY-050) where another hand has written
   * since; with `force` in any case.
   */
  write(kept: KeptRollout, how?: { readonly force?: boolean | undefined }): Promise<void>
}

/** All that the next run has to know. Plain JSON. */
export interface KeptRollout {
  readonly stable: Backend
  readonly canary?: Backend | undefined
  /** The stable version before the last promotion. */
  readonly previous?: Backend | undefined
  readonly rollout?: RolloutRecord | undefined
  /** What signals called the two versions, for a run that finds the system moved on. */
  readonly seenAs?: SeenAs | undefined
}
