import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Artifacts, type StoredArtifact } from './artifacts.js'
import { startAzurite } from './azurite.js'
import { type BlobStore, openBlobStore } from './blob-store.js'
import { Caches, type StoredCache } from './caches.js'
import { type Message, type Service, TwirpError } from './twirp.js'

export interface Results {
  /** With a slash at the end: for ACTIONS_RESULTS_URL, or for `act` in ACTIONS_RUNTIME_URL. */
  readonly url: string
  readonly artifacts: readonly StoredArtifact[]
  readonly caches: readonly StoredCache[]
  /** Each call, as `CreateArtifact 200`. */
  readonly journal: readonly string[]
  close(): Promise<void>
}

export interface ResultsOptions {
  /** What tools/install/azurite.ts gives. */
  readonly azuriteDir: string
  readonly port?: number | undefined
}

const packageName = 'github.actions.results.api.v1'

/** A token as the runner gives it to a job; the toolkit reads the run and the job from it. */
export function runtimeToken(runId: string, jobId = '1'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ scp: `Actions.Results:${runId}:${jobId}` })}.none`
}

/** GitHub's service for artifacts and caches, on loopback, with Azurite as the store of its blobs. */
export async function startResults(options: ResultsOptions): Promise<Results> {
  const azurite = await startAzurite(options.azuriteDir)
  try {
    const blobs = await openBlobStore(options.azuriteDir, azurite.url)
    return await serveResults({ blobs, port: options.port ?? 0, stop: azurite.close })
  } catch (error) {
    await azurite.close()
    throw error
  }
}

async function serveResults(parts: {
  readonly blobs: BlobStore
  readonly port: number
  readonly stop: () => Promise<void>
}): Promise<Results> {
  const { blobs, port, stop } = parts
  const artifacts = new Artifacts(blobs)
  const caches = new Caches(blobs)
  const services: Readonly<Record<string, Service>> = {
    ArtifactService: artifacts.service(),
    CacheService: caches.service(),
  }
  const journal: string[] = []
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(services, request)
    journal.push(`${request.url?.split('/').at(-1)} ${status}`)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await stop()
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, artifacts: artifacts.stored, caches: caches.stored, journal, close }
}

async function answer(
  services: Readonly<Record<string, Service>>,
  request: IncomingMessage,
): Promise<{ status: number; body: Message }> {
  try {
    const body = await serve(services, request)
    return { status: 200, body }
  } catch (error) {
    const known = error instanceof TwirpError ? error : new TwirpError('internal', String(error))
    return { status: known.status, body: { code: known.code, msg: known.message } }
  }
}

async function serve(
  services: Readonly<Record<string, Service>>,
  request: IncomingMessage,
): Promise<Message> {
  const message: Message = JSON.parse(await textOf(request))
  const [, twirp, service = '', method = ''] = (request.url ?? '').split('/')
  const run = authorizedRun(request.headers.authorization)
  const handler = services[service.replace(`${packageName}.`, '')]?.[method]
  if (twirp !== 'twirp' || request.method !== 'POST' || handler === undefined) {
    throw new TwirpError('not_found', `no method ${request.url}`)
  }
  const asked = message['workflow_run_backend_id']
  if (asked !== undefined && asked !== run) {
    throw new TwirpError('permission_denied', `the token is for run ${run}, not ${asked}`)
  }
  return handler(message)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function authorizedRun(header: string | undefined): string {
  const payload = /^Bearer [^.]+\.([^.]+)\./.exec(header ?? '')?.[1] ?? ''
  const found = /Actions\.Results:([^:"]+):/.exec(Buffer.from(payload, 'base64url').toString())
  if (found?.[1] === undefined) throw new TwirpError('unauthenticated', 'no token of a job')
  return found[1]
}
