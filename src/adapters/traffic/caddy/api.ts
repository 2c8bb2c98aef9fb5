import { ExternalError } from '../../../errors.js'
import { ask, jsonIn, shown } from '../ask.js'
import { type Wiring, wiringOf } from './wiring.js'

export interface CaddyApi {
  /** What is in force. Throws ExternalError where Caddy does not tell. */
  wiring(): Promise<Wiring>
  /** The text of its metrics. */
  metrics(): Promise<string>
}

export interface CaddyApiOptions {
  readonly address: string
  readonly file: string
  readonly timeoutMs: number
}

/** Caddy's admin API, which is only read. */
export function createCaddyApi({ address, file, timeoutMs }: CaddyApiOptions): CaddyApi {
  const service = `Caddy at ${new URL(address).origin}`
  const get = async (path: string) => {
    const url = new URL(`${address.replace(/\/+$/, '')}/${path}`)
    const { status, text } = await ask(url, { service, timeoutMs })
    if (status === 200) return text
    throw new ExternalError({
      code: 'MW-DEPLOY-163',
      service,
      status,
      what: `refuses ${path}: ${shown(text)}`,
      retryable: status >= 500,
    })
  }
  return {
    wiring: async () => wiringOf(jsonIn(await get('config/'), service), file),
    metrics: () => get('metrics'),
  }
}
