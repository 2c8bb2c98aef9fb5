import type { NginxTarget } from '../../../config/deploy/nginx.js'
import { createOwnFile } from '../own-file.js'
import type { System, SystemTools } from '../system.js'
import { createNginxApi } from './api.js'
import { createNginxSignals } from './signals.js'
import { createNginxSplitter } from './splitter.js'

/** nginx by a file that it includes; its access log tells what users met. */
export async function openNginx(
  settings: NginxTarget,
  { env, now, sleep }: Pick<SystemTools, 'env' | 'now' | 'sleep'>,
): Promise<System> {
  const { program, configuration, status, prefix, key, idle: idleMs, timeout: timeoutMs } = settings
  const accessLog = settings['access-log']
  const api = createNginxApi({ program, configuration, status, prefix, path: env['PATH'] })
  const file = createOwnFile(settings.file, 'deploy.nginx.file')
  return {
    splitter: createNginxSplitter({ api, file, prefix, key, idleMs, timeoutMs, now, sleep }),
    // Without it others count: a log of predictions alone, where nothing else does.
    signals:
      accessLog === undefined
        ? undefined
        : createNginxSignals({ accessLog, bounds: settings['latency-bounds'] }),
  }
}
