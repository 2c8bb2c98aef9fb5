import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv } from 'ajv'

/** A stand-in for one Application of Argo CD: it compares when it is asked to, and applies by and by. */

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      { readonly get: { readonly parameters: readonly { in: string; name: string }[] } }
    >
  >
}

const file = new URL('./swagger-subset.generated.json', import.meta.url)
const description = JSON.parse(readFileSync(file, 'utf8')) as Description
const ajv = new Ajv({
  strict: false,
  validateSchema: false,
  formats: { byte: true, int64: true, int32: true, 'date-time': true },
})
ajv.addSchema({ $id: 'argo', ...description })
const isApplication = ajv.compile({ $ref: 'argo#/definitions/v1alpha1Application' })
const isError = ajv.compile({ $ref: 'argo#/definitions/runtimeError' })
const [operation] = Object.values(description.paths)

export const ARGO_TOKEN = 'argo-cd-token-of-the-tests'

export interface ArgoCdFake {
  readonly url: string
  /** What is in force: what users meet. */
  live: string
  /** Looks that each step of applying takes. */
  looks: number
  /** Why a commit is not applied at all. */
  refuses: (commit: string) => string | undefined
  /** The health once a commit is applied, instead of Healthy. */
  healthOf: (commit: string) => string
  /** Statuses that the next requests get. */
  readonly faults: number[]
  readonly heard: string[]
  readonly violations: string[]
  /** Called before each look is answered. */
  onLook: () => void
  close(): Promise<void>
}

interface Under {
  revision: string
  left: number
  phase: 'Running' | 'Succeeded' | 'Failed'
  message: string
}

export async function startArgoCd(head: () => string): Promise<ArgoCdFake> {
  const under: Under = { revision: head(), left: 0, phase: 'Succeeded', message: 'ok' }
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: ArgoCdFake = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    live: head(),
    looks: 1,
    refuses: () => undefined,
    healthOf: () => 'Healthy',
    faults: [],
    heard: [],
    violations: [],
    onLook: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', fake.url)
    fake.heard.push(`${request.method} ${url.pathname}${url.search}`)
    fake.onLook()
    const send = (status: number, body: object) => {
      const isFit = status === 200 ? isApplication : isError
      if (!isFit(body)) fake.violations.push(JSON.stringify(isFit.errors))
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (status: number, code: number, message: string) =>
      send(status, { code, error: message, message })
    const fault = fake.faults.shift()
    if (fault !== undefined) {
      refuse(fault, 13, 'an ordered fault')
      return
    }
    for (const name of url.searchParams.keys()) {
      const known = operation?.get.parameters.some((one) => one.in === 'query' && one.name === name)
      if (known !== true) fake.violations.push(`query parameter ${name} is not documented`)
    }
    if (request.headers.authorization !== `Bearer ${ARGO_TOKEN}`) {
      refuse(401, 16, 'invalid session: token signature is invalid')
    } else if (url.pathname !== '/api/v1/applications/churn') {
      refuse(403, 7, 'permission denied')
    } else {
      if (url.searchParams.get('refresh') !== null) compare()
      else proceed()
      send(200, application())
    }
  }

  function compare(): void {
    const revision = head()
    if (revision === under.revision) return
    Object.assign(under, { revision, left: fake.looks, phase: 'Running', message: 'applying' })
  }

  function proceed(): void {
    if (under.phase !== 'Running') return
    under.left -= 1
    if (under.left > 0) return
    const why = fake.refuses(under.revision)
    under.phase = why === undefined ? 'Succeeded' : 'Failed'
    under.message = why ?? 'successfully synced'
    if (why === undefined) fake.live = under.revision
  }

  function application(): object {
    const { revision, phase, message } = under
    const time = '2026-01-01T00:00:00Z'
    const sync = { revision }
    return {
      metadata: { name: 'churn', namespace: 'argocd' },
      spec: { project: 'default', destination: {}, source: { repoURL: 'https://example.com/x' } },
      status: {
        sync: { status: fake.live === revision ? 'Synced' : 'OutOfSync', revision },
        health: { status: fake.live === revision ? fake.healthOf(revision) : 'Healthy' },
        operationState: {
          ...{ phase, message, startedAt: time, operation: { sync } },
          ...(phase === 'Running' ? {} : { finishedAt: time, syncResult: { revision } }),
        },
      },
    }
  }

  return fake
}
