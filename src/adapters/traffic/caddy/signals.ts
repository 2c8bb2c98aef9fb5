import { UserError } from '../../../errors.js'
import type { Signals } from '../../../ports/signals.js'
import { totalsByCode } from '../counted/by-code.js'
import { createTotalsSignals } from '../counted/totals.js'
import type { CaddyApi } from './api.js'
import type { Wiring } from './wiring.js'

/** Each counts a request once where routes of a server are its only handlers of that kind. */
const HANDLERS = new Set(['reverse_proxy', 'subroute'])

/** What users met, by the metrics of the servers of Caddy that stand before the versions: those by upstream do not exist. */
export function createCaddySignals(api: CaddyApi): Signals {
  return createTotalsSignals({
    name: 'Caddy',
    look: async (versions) => {
      const wiring = await api.wiring()
      const servers = new Map(versions.map((version) => [version, counterOf(wiring, version)]))
      const isOf = (labels: ReadonlyMap<string, string>, version: string) =>
        labels.get('server') === servers.get(version) && HANDLERS.has(labels.get('handler') ?? '')
      const byCode = { histogram: 'caddy_http_request_duration_seconds', isOf }
      return totalsByCode(await api.metrics(), byCode, versions)
    },
  })
}

function counterOf({ isCounting, serverOf }: Wiring, version: string): string {
  const server = isCounting ? serverOf(version) : undefined
  if (server !== undefined) return server
  throw new UserError({
    code: 'MW-DEPLOY-183',
    where: 'deploy.signals',
    what: isCounting
      ? `Caddy counts by its servers, and none of them stands before ${JSON.stringify(version)} alone.`
      : 'Caddy counts nothing: its global option `metrics` is not set.',
    fix: 'Set deploy.signals; or let Caddy count: `metrics`, and for each version a server of its own on a socket that the route of users sends to (docs/targets.md).',
  })
}
