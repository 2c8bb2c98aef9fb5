import { ExternalError } from '../../../errors.js'
import type { TrafficState } from '../../../ports/traffic.js'
import { headerSafe } from './exchange.js'
import { PROBE_HEADER } from './prediction.js'

const PROBES = 3

/** Asks through the data port, as users do, who answers: the state alone is only the router's word. */
export async function verifyTraffic(state: TrafficState, path: string): Promise<void> {
  const expected = headerSafe(state.stable.version)
  for (let probe = 0; probe < PROBES; probe++) {
    const seen = await whoAnswers(state.url + (path === '' ? '/' : path))
    if (seen === expected) continue
    throw new ExternalError({
      code: 'MW-DEPLOY-010',
      service: 'embedded router',
      what: `version "${seen}" answers users where "${expected}" should`,
      retryable: true,
    })
  }
}

async function whoAnswers(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { [PROBE_HEADER]: 'true' },
      signal: AbortSignal.timeout(10_000),
    })
    await response.arrayBuffer()
    return response.headers.get('x-modelway-version') ?? 'unknown'
  } catch {
    return 'none'
  }
}
