import type { ProbeSection } from '../../../config/deploy/probe.js'
import type { ModelEndpoint, OpenEndpoint } from '../../../ports/probe.js'
import type { Backend } from '../../../ports/traffic.js'
import { addressOf } from './address.js'
import { noAddress } from './refusal.js'

/** The servers that a probe asks, opened as they are needed. */
export interface Peers {
  /** Says what users are on. */
  use(stable: Backend): void
  canary(canary: Backend): ModelEndpoint
  /** The version in use; undefined where it has no address of its own, or is the canary itself. */
  stable(canary: Backend): ModelEndpoint | undefined
  /** Where users send their requests, if that is to be asked. */
  users(): ModelEndpoint | undefined
  close(): void
}

export function createPeers(settings: ProbeSection, openEndpoint: OpenEndpoint): Peers {
  const opened: ModelEndpoint[] = []
  let inUse: Backend | undefined
  const open = (url: string | undefined): ModelEndpoint | undefined => {
    if (url === undefined) return undefined
    const endpoint = openEndpoint(url)
    opened.push(endpoint)
    return endpoint
  }
  return {
    use: (stable) => {
      inUse = stable
    },
    canary: (canary) => {
      const endpoint = open(addressOf('url', settings.url, canary))
      if (endpoint === undefined) throw noAddress('canary', 'url')
      return endpoint
    },
    stable: (canary) => {
      if (inUse === undefined || inUse.version === canary.version) return undefined
      return open(addressOf('stable-url', settings['stable-url'], inUse))
    },
    users: () => open(settings.watch?.['users-url']),
    close: () => {
      for (const endpoint of opened.splice(0)) endpoint.close()
    },
  }
}
