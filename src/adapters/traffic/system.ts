import type { SignalsSection } from '../../config/deploy/signals.js'
import type { Registers } from '../../ports/forge.js'
import type { OpenRepository } from '../../ports/repository-writer.js'
import type { RolloutStore } from '../../ports/rollout-store.js'
import type { Signals } from '../../ports/signals.js'
import type { Splitter } from '../../ports/splitter.js'

/** What a system brings to a target of its kind. */
export interface System {
  readonly splitter: Splitter
  /** Where it can hold the rollout's record itself. */
  readonly store?: RolloutStore | undefined
  /** Where it counts itself what users meet; other signals that the settings name go first. */
  readonly signals?: Signals | undefined
  /** Where else its requests are counted, when the settings name no signals. */
  readonly countedBy?: SignalsSection | undefined
}

/** What opening a system takes from the process. */
export interface SystemTools {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** The weights that the rollout will ask for, where that is known. Percent. */
  readonly steps?: readonly number[] | undefined
  /** The forge's repositories, where there is a forge. */
  readonly openRepository?: OpenRepository | undefined
  /** The forge's registers and the name of ours among them, where there is a forge. */
  readonly register?: { readonly registers: Registers; readonly name: string } | undefined
}
