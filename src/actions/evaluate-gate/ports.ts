import type { RegistrySection } from '../../config/registry.js'
import type { ModelRegistry } from '../../ports/registry.js'
import type { History } from '../../ports/source-code.js'
import type { Tracker } from '../../ports/tracker.js'

export type OpenRegistry = (
  settings: Pick<RegistrySection, 'registry' | 'location'>,
) => Promise<ModelRegistry>

export type OpenTracker = (name: string, signal: AbortSignal) => Promise<Tracker | undefined>

/** Where a baseline can come from, beside files. */
export interface GatePorts {
  readonly openRegistry: OpenRegistry
  readonly openTracker: OpenTracker
  readonly history: History
}
