import * as z from 'zod'
import { ExternalError, UserError } from '../../../errors.js'
import { ask, jsonIn } from '../ask.js'

/** A service as Traefik shows that it is now. */
export interface ShownService {
  readonly isEnabled: boolean
  readonly weighted: readonly { readonly name: string; readonly weight: number }[] | undefined
  readonly mirroring:
    | {
        readonly service: string
        readonly mirrors: readonly { readonly name: string; readonly percent: number }[]
      }
    | undefined
  /** The state of each server by its address, where it has servers of its own. */
  readonly servers: readonly string[]
}

export interface TraefikApi {
  /** undefined where there is no such service. Throws ExternalError MW-DEPLOY-162 where Traefik does not answer. */
  service(name: string): Promise<ShownService | undefined>
  /** The text of its metrics. Throws UserError MW-DEPLOY-175 where it has none. */
  metrics(): Promise<string>
}

export interface TraefikApiOptions {
  readonly address: string
  readonly metrics: string | undefined
}

/** How long one answer may take: Traefik answers from memory. */
const TIMEOUT_MS = 5000

const Shown = z.object({
  status: z.string(),
  weighted: z
    .object({
      services: z.array(z.object({ name: z.string(), weight: z.number().default(0) })).default([]),
    })
    .optional(),
  mirroring: z
    .object({
      service: z.string(),
      mirrors: z.array(z.object({ name: z.string(), percent: z.number().default(0) })).default([]),
    })
    .optional(),
  serverStatus: z.record(z.string(), z.string()).default({}),
})

export function createTraefikApi({ address, metrics }: TraefikApiOptions): TraefikApi {
  const service = `Traefik at ${new URL(address).origin}`
  const base = address.replace(/\/+$/, '')
  return {
    service: async (name) => {
      const url = new URL(`${base}/api/http/services/${encodeURIComponent(provided(name))}`)
      const { status, text } = await ask(url, { service, timeoutMs: TIMEOUT_MS })
      if (status === 404) return undefined
      const parsed = Shown.safeParse(status === 200 ? jsonIn(text, service) : undefined)
      if (!parsed.success) throw refused(service, status)
      const { weighted, mirroring, serverStatus } = parsed.data
      return {
        isEnabled: parsed.data.status === 'enabled',
        weighted: weighted?.services,
        mirroring,
        servers: Object.values(serverStatus),
      }
    },
    metrics: async () => {
      const url = new URL(metrics ?? `${base}/metrics`)
      const { status, text } = await ask(url, { service, timeoutMs: TIMEOUT_MS })
      if (status !== 200) throw noMetrics(url, status)
      return text
    },
  }
}

/** Services of a file are called by their provider where others could be meant. */
export function provided(name: string): string {
  return name.includes('@') ? name : `${name}@file`
}

function refused(service: string, status: number): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-163',
    service,
    status,
    what: 'its API answers with what is not understood: is it the address of `api`, with `insecure` or a router of its own?',
    retryable: status >= 500,
  })
}

function noMetrics(url: URL, status: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-175',
    where: 'deploy.traefik.metrics',
    what: `${url.origin}${url.pathname} answers ${status}: Traefik does not count there.`,
    fix: 'Turn on `metrics.prometheus` in its static configuration, name the address with deploy.traefik.metrics, or set deploy.signals.',
  })
}
