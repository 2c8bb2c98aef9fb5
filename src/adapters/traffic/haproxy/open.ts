import type { HaproxyTarget } from '../../../config/deploy/haproxy.js'
import type { System } from '../system.js'
import { createRuntimeApi } from './runtime-api.js'
import { createHaproxySignals } from './signals.js'
import { createHaproxySplitter } from './splitter.js'

/** HAProxy, which counts by itself what users meet. */
export async function openHaproxy(settings: HaproxyTarget): Promise<System> {
  const { socket, backend, 'state-file': stateFile, timeout: timeoutMs } = settings
  const api = createRuntimeApi({ socket, timeoutMs })
  return {
    splitter: createHaproxySplitter({ api, backend, stateFile }),
    signals: createHaproxySignals({ api, backend }),
  }
}
