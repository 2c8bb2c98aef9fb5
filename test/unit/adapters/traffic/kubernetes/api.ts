import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  type KubernetesClient,
  openCluster,
} from '../../../../../src/adapters/traffic/kubernetes/client/index.js'

export interface Heard {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface Scripted {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The connection is cut instead of an answer. */
  readonly cut?: boolean
}

/** A server that gives the answers of a script, one a request, for the faults that a genuine API server does not make. */
export interface FaultyApi {
  readonly url: string
  readonly heard: readonly Heard[]
  /** Pauses that the client made instead of waiting. */
  readonly pauses: readonly number[]
  readonly folder: string
  open(user?: object, env?: Record<string, string>): Promise<KubernetesClient>
  close(): Promise<void>
}

export async function startFaultyApi(script: readonly Scripted[]): Promise<FaultyApi> {
  const heard: Heard[] = []
  const pauses: number[] = []
  const folder = await mkdtemp(join(tmpdir(), 'modelway-kube-'))
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse, body: string) => {
    const { method = '', url = '', headers } = incoming
    const next = script[heard.length]
    heard.push({ method, url, authorization: headers.authorization, body })
    if (next === undefined || next.cut === true) {
      incoming.socket.destroy()
      return
    }
    outgoing.writeHead(next.status, { 'content-type': 'application/json', ...next.headers })
    outgoing.end(typeof next.body === 'string' ? next.body : JSON.stringify(next.body ?? {}))
  }
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    incoming.on('end', () => answer(incoming, outgoing, body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let now = 1_000_000
  return {
    url,
    heard,
    pauses,
    folder,
    open: async (user = { token: 'secret-token' }, env = {}) => {
      const path = join(folder, 'config')
      await writeFile(path, kubeconfig({ server: url, user }))
      return openCluster({
        kubeconfig: path,
        env,
        home: folder,
        now: () => now,
        sleep: async (ms) => {
          pauses.push(ms)
          now += ms
        },
      })
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function kubeconfig(given: {
  server: string
  user: object
  cluster?: object
  name?: string
}): string {
  const name = given.name ?? 'test'
  return stringify({
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: given.server, ...given.cluster } }],
    users: [{ name, user: given.user }],
  })
}
