import type { ModelServers } from '../../ports/model-server.js'
import type { OpenEndpoint } from '../../ports/probe.js'
import type { Backend, OpenTarget, TrafficTarget } from '../../ports/traffic.js'
import type { OpenRegistry } from './registered.js'

export interface DeployPorts {
  readonly servers: ModelServers
  readonly openRegistry: OpenRegistry
  /** Opens a server for the probe of deploy.probe; absent where nobody probes. */
  readonly openEndpoint?: OpenEndpoint | undefined
  /** The stable version that the target knows already; undefined before its first deployment. */
  readonly knownStable: (stateDir: string) => Promise<Backend | undefined>
  readonly openTarget: (options: OpenTarget) => Promise<TrafficTarget>
  /** This process, and whether another one of this machine is alive. */
  readonly self: { readonly host: string; readonly pid: number }
  readonly isAlive: (pid: number) => boolean
  /** Waits; ends early, without an error, when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}
