import type { ProbeSection } from '../../config/deploy/probe.js'
import type { ModelEndpoint, OpenEndpoint } from '../../ports/probe.js'
import { createJson, createV1 } from './json.js'
import { type Peer, peerAt } from './peer.js'
import { createV2Grpc } from './v2-grpc.js'
import { createV2Rest } from './v2-rest.js'

interface ProbeContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** deploy.health-path, for servers whose protocol names none. */
  readonly healthPath: string
}

/** Opens servers by the protocol of the settings. */
export function createEndpoints(settings: ProbeSection, context: ProbeContext): OpenEndpoint {
  const { env, healthPath } = context
  const open: Readonly<Record<ProbeSection['protocol'], (peer: Peer) => ModelEndpoint>> = {
    v2: (peer) => createV2Rest(peer, settings),
    'v2-grpc': (peer) => createV2Grpc(peer, settings),
    v1: (peer) => createV1(peer, settings),
    json: (peer) => createJson(peer, settings, healthPath),
  }
  return (url) => open[settings.protocol](peerAt({ url, env, timeoutMs: settings.timeout }))
}
