import type { CaddyTarget } from '../../../config/deploy/caddy.js'
import { createOwnFile } from '../own-file.js'
import type { System } from '../system.js'
import { createCaddyApi } from './api.js'
import { createCaddySignals } from './signals.js'
import { createCaddySplitter } from './splitter.js'

/** Caddy by a file that it reads at each request; it counts by itself where versions have servers of their own. */
export async function openCaddy(settings: CaddyTarget): Promise<System> {
  const { admin: address, file, timeout: timeoutMs } = settings
  const api = createCaddyApi({ address, file, timeoutMs })
  return {
    splitter: createCaddySplitter({ api, file: createOwnFile(file, 'deploy.caddy.file') }),
    signals: createCaddySignals(api),
  }
}
