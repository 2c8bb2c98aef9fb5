import { UserError } from '../../../errors.js'
import type { Signals } from '../../../ports/signals.js'
import { createTotalsSignals } from '../counted/totals.js'
import { createAccessLog } from './access-log.js'

export interface NginxSignalsOptions {
  /** The path of the log that the location of users writes. */
  readonly accessLog: string | undefined
  /** Upper bounds of latencies, milliseconds, ascending. */
  readonly bounds: readonly number[]
}

/** What users met, by the access log: nginx does not log copies. */
export function createNginxSignals({ accessLog, bounds }: NginxSignalsOptions): Signals {
  const log = accessLog === undefined ? undefined : createAccessLog(accessLog, bounds)
  return createTotalsSignals({
    name: 'nginx',
    look: async (versions) => {
      if (log === undefined) throw uncounted()
      return log.look(versions)
    },
  })
}

function uncounted(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-179',
    where: 'deploy.nginx.access-log',
    what: 'nginx counts nothing by version, and it is not said where it logs.',
    fix: 'Set deploy.nginx.access-log, or deploy.signals.',
  })
}
