import type { Signals } from '../../../ports/signals.js'
import { createTotalsSignals } from '../counted/totals.js'
import { createAccessLog } from './access-log.js'

export interface NginxSignalsOptions {
  /** The path of the log that the location of users writes. */
  readonly accessLog: string
  /** Upper bounds of latencies, milliseconds, ascending. */
  readonly bounds: readonly number[]
}

/** What users met, by the access log: nginx does not log copies. */
export function createNginxSignals({ accessLog, bounds }: NginxSignalsOptions): Signals {
  const log = createAccessLog(accessLog, bounds)
  return createTotalsSignals({
    name: 'nginx',
    look: async (versions) => log.look(versions),
  })
}
