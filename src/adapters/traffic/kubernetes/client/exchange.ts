import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plain,
} from 'node:http'
import { Agent, request as secure } from 'node:https'
import { isIP } from 'node:net'
import { ExternalError, UserError } from '../../../../errors.js'
import { errorCode } from '../../../../files/errno.js'
import type { KubeAccess } from './kubeconfig.js'
import { type Identity, pem } from './sign-in.js'

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the server, with its query. */
  readonly path: string
  readonly contentType?: string | undefined
  readonly body?: string | undefined
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** One request to the API server and its answer, whatever its status. */
export type Exchange = (asked: Asked, identity: Identity) => Promise<Answered>

const ANSWER_MS = 30_000
/** A single object; etcd takes 1.5 MB. */
const MOST_BYTES = 16 * 1024 * 1024

/** Speaks with one API server over connections that are kept, verifying it by the kubeconfig's authority. */
export async function createExchange(
  access: KubeAccess,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Exchange> {
  const { server } = access
  const ca = await pem(access.caData, access.caFile)
  let agent: Agent | undefined
  let agentFor: string | undefined
  const proxyEnv =
    access.proxyUrl === undefined
      ? { ...env }
      : { http_proxy: access.proxyUrl, https_proxy: access.proxyUrl }
  const plainAgent = new PlainAgent({ keepAlive: true, proxyEnv })
  const secureAgent = (identity: Identity): Agent => {
    const key = `${identity.certificate ?? ''}\n${identity.key ?? ''}`
    if (agent !== undefined && agentFor === key) return agent
    agentFor = key
    agent = new Agent({
      keepAlive: true,
      proxyEnv,
      // Only ever false where the kubeconfig itself says insecure-skip-tls-verify.
      rejectUnauthorized: !access.isInsecure,
      ...(ca === undefined ? {} : { ca }),
      ...(identity.certificate === undefined ? {} : { cert: identity.certificate }),
      ...(identity.key === undefined ? {} : { key: identity.key }),
      ...serverName(access),
    })
    return agent
  }
  return async (asked, identity) => {
    const isSecure = server.protocol === 'https:'
    if (!isSecure) refuseInTheClear(access, identity)
    const url = new URL(server.href.replace(/\/+$/, '') + asked.path)
    const headers = headersOf(asked, identity)
    const options = { method: asked.method, headers, timeout: ANSWER_MS }
    return await new Promise<Answered>((resolve, reject) => {
      const fail = (error: unknown) => reject(asError(error, server))
      const take = (response: IncomingMessage) => {
        collect(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          fail,
        )
      }
      const outgoing = isSecure
        ? secure(url, { ...options, agent: secureAgent(identity) }, take)
        : plain(url, { ...options, agent: plainAgent }, take)
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${ANSWER_MS} ms`)))
      outgoing.on('error', fail)
      outgoing.end(asked.body)
    })
  }
}

function headersOf({ contentType }: Asked, { token }: Identity): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'modelway',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

/** An address has no server name, and an empty one turns SNI off. */
function serverName({ serverName: given, server }: KubeAccess): { servername?: string } {
  if (given !== undefined) return { servername: given }
  return isIP(server.hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: server.hostname } : {}
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

function refuseInTheClear({ server, source }: KubeAccess, identity: Identity): void {
  if (identity.token === undefined || LOOPBACK.test(server.hostname)) return
  throw new UserError({
    code: 'MW-DEPLOY-124',
    where: source,
    what: `the server ${server.host} is http, and a token would go over the network in the clear.`,
    fix: 'Give its https address.',
  })
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) {
      response.destroy()
      throw new Error(`the answer is over ${MOST_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Of OpenSSL and of Node's check of the name. */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_|ERR_OSSL_)/

function asError(error: unknown, server: URL): Error {
  const code = errorCode(error) ?? 'unknown'
  if (UNTRUSTED.test(code)) {
    return new UserError({
      code: 'MW-DEPLOY-110',
      where: `Kubernetes at ${server.host}`,
      what: `a secure connection is not possible (${code}).`,
      fix: "See certificate-authority, tls-server-name and the user's certificate and key in the kubeconfig.",
    })
  }
  return new ExternalError(
    {
      code: 'MW-DEPLOY-109',
      service: `Kubernetes at ${server.host}`,
      what: `no answer (${code}).`,
      retryable: true,
    },
    { cause: error },
  )
}
