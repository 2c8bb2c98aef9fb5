import type { ModelServers } from '../../ports/model-server.js'
import type { Backend, TrafficTarget } from '../../ports/traffic.js'
import type { OpenRegistry } from './registered.js'

/** What a target is opened with, but for what the wiring knows. */
export interface OpenTarget {
  readonly stateDir: string
  readonly listen: { readonly host: string; readonly port: number }
  readonly stable: Backend
  readonly healthPath: string
  readonly output?: string | undefined
  readonly settings: {
    readonly requestTimeoutMs: number
    readonly stickyHeader?: string | undefined
    readonly seed?: number | undefined
  }
}

export interface DeployPorts {
  readonly servers: ModelServers
  readonly openRegistry: OpenRegistry
  /** The stable version that the target knows already; undefined before its first deployment. */
  readonly knownStable: (stateDir: string) => Promise<Backend | undefined>
  readonly openTarget: (options: OpenTarget) => Promise<TrafficTarget>
  /** Waits; ends early, without an error, when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}
