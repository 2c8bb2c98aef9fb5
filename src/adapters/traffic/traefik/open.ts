import type { TraefikTarget } from '../../../config/deploy/traefik.js'
import { createOwnFile } from '../own-file.js'
import type { System, SystemTools } from '../system.js'
import { createTraefikApi } from './api.js'
import { createTraefikSignals } from './signals.js'
import { createTraefikSplitter } from './splitter.js'

/** Traefik by a file of its file provider; it counts by itself what users meet. */
export async function openTraefik(
  settings: TraefikTarget,
  { now, sleep }: Pick<SystemTools, 'now' | 'sleep'>,
): Promise<System> {
  const { service, timeout: timeoutMs, 'copies-suffix': copiesSuffix } = settings
  const file = createOwnFile(settings.file, 'deploy.traefik.file')
  const api = createTraefikApi({ address: settings.api, metrics: settings.metrics })
  return {
    splitter: createTraefikSplitter({ file, service, copiesSuffix, api, timeoutMs, now, sleep }),
    signals: createTraefikSignals({ service, copiesSuffix, api }),
  }
}
