import { ExternalError } from '../../../errors.js'
import { excerptOf } from '../../../secrets.js'

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
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    query: Readonly<Record<string, string>>,
  ) => {
    const url = new URL(`${address.replace(/\/+$/, '')}/${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const { status, text } = await exchange(url, { method, service, timeoutMs })
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
      parse(await ask('GET', path, { ...query, format: 'json' }), service),
    post: async (path, query) => void (await ask('POST', path, query)),
  }
}

interface How {
  readonly method: 'GET' | 'POST'
  readonly service: string
  readonly timeoutMs: number
}

async function exchange(
  url: URL,
  { method, service, timeoutMs }: How,
): Promise<{ status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method, signal, redirect: 'manual' })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-162',
        service,
        what: `its admin API cannot be used: it does not answer, or not within ${timeoutMs} ms.`,
        retryable: true,
      },
      { cause: error },
    )
  }
}

function parse(text: string, service: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-163',
        service,
        what: `answers with what is no JSON: ${shown(text)}`,
        retryable: false,
      },
      { cause: error },
    )
  }
}

function shown(text: string): string {
  return excerptOf(text, (same) => same)
}
