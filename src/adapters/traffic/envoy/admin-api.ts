import { ExternalError } from '../../../errors.js'
import { ask, jsonIn, shown } from '../ask.js'

export interface AdminApi {
  /** The answer's JSON. */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>
  post(path: string, query: Readonly<Record<string, string>>): Promise<void>
}

export interface AdminApiOptions {
  readonly address: string
  readonly timeoutMs: number
}

/** Envoy's admin API. Throws ExternalError MW-DEPLOY-162 where it cannot be reached and MW-DEPLOY-163 where it refuses. */
export function createAdminApi({ address, timeoutMs }: AdminApiOptions): AdminApi {
  const service = `Envoy at ${new URL(address).origin}`
  const textOf = async (
    method: 'GET' | 'POST',
    path: string,
    query: Readonly<Record<string, string>>,
  ) => {
    const url = new URL(`${address.replace(/\/+$/, '')}/${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const { status, text } = await ask(url, { method, service, timeoutMs })
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
    get: async (path, query) =>
      jsonIn(await textOf('GET', path, { ...query, format: 'json' }), service),
    post: async (path, query) => void (await textOf('POST', path, query)),
  }
}
