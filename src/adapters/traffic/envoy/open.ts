import type { EnvoyTarget } from '../../../config/deploy/envoy.js'
import type { System } from '../system.js'
import { createAdminApi } from './admin-api.js'
import { createEnvoySignals } from './signals.js'
import { createEnvoySplitter } from './splitter.js'

/** Envoy, which counts by itself what users meet. */
export async function openEnvoy(settings: EnvoyTarget): Promise<System> {
  const { admin: address, timeout: timeoutMs, origin } = settings
  const api = createAdminApi({ address, timeoutMs })
  const mirror = settings.mirror && {
    key: settings.mirror['runtime-key'],
    cluster: settings.mirror.cluster,
  }
  return {
    splitter: createEnvoySplitter({ api, prefix: settings['runtime-key-prefix'], mirror }),
    signals: createEnvoySignals({ api, origin, mirror }),
  }
}
