import type { Signals } from '../../../ports/signals.js'
import { totalsByCode } from '../counted/by-code.js'
import { createTotalsSignals } from '../counted/totals.js'
import { provided, type TraefikApi } from './api.js'

export interface TraefikSignalsOptions {
  readonly api: TraefikApi
  readonly service: string
  readonly copiesSuffix: string | undefined
}

const BY_CODE = {
  histogram: 'traefik_service_request_duration_seconds',
  isOf: (labels: ReadonlyMap<string, string>, version: string) =>
    labels.get('service') === provided(version),
}

/** What users met, by the metrics of the services; not known while copies go to a service that users meet too. */
export function createTraefikSignals(options: TraefikSignalsOptions): Signals {
  const { api, service, copiesSuffix } = options
  return createTotalsSignals({
    name: 'Traefik',
    look: async (versions) => {
      if (copiesSuffix === undefined) {
        const mirrors = (await api.service(service))?.mirroring?.mirrors ?? []
        if (mirrors.some(({ percent }) => percent > 0)) return undefined
      }
      return totalsByCode(await api.metrics(), BY_CODE, versions)
    },
  })
}
