import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import {
  createEmbeddedTarget,
  type EmbeddedOptions,
  type EmbeddedTarget,
} from '../../../../../src/adapters/traffic/embedded/index.js'
import type { Backend } from '../../../../../src/ports/traffic.js'

/** The router as one file, as dist/router/index.js will be. */
export async function bundleRouter(folder: string): Promise<string> {
  const outfile = join(folder, 'router.mjs')
  await build({
    entryPoints: ['src/adapters/traffic/embedded/router-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return outfile
}

export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), 'modelway-router-'))
}

export interface ModelOptions {
  readonly version: string
  /** What it predicts for a row number. */
  readonly predict?: (row: number) => number
  readonly delayMs?: (row: number) => number
  readonly status?: (row: number) => number
  readonly healthy?: () => boolean
  /** Takes requests and never answers. */
  readonly hangs?: boolean
}

export interface Model {
  readonly backend: Backend
  /** Requests that were not health checks. */
  readonly requests: { mirrored: boolean; headers: IncomingMessage['headers'] }[]
  close(): Promise<void>
}

/** A model server of the Open Inference Protocol, as small as it can be. */
export async function startModel(options: ModelOptions): Promise<Model> {
  const requests: Model['requests'] = []
  const server = createServer((request, response) => {
    if (request.url === '/v2/health/ready') {
      response.writeHead((options.healthy?.() ?? true) ? 200 : 503).end()
      return
    }
    requests.push({
      mirrored: request.headers['x-modelway-mirror'] !== undefined,
      headers: request.headers,
    })
    if (options.hangs !== true) void answer(options, request, response)
  })
  const port = await listen(server)
  return {
    backend: { version: options.version, url: `http://127.0.0.1:${port}` },
    requests,
    close: () => close(server),
  }
}

async function answer(options: ModelOptions, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const body = text === '' ? { id: '0' } : JSON.parse(text)
  const row = Number(body.id)
  const status = options.status?.(row) ?? 200
  const delay = options.delayMs?.(row) ?? 0
  const send = () => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-answered-by': options.version,
    })
    const data = [options.predict?.(row) ?? 0]
    const outputs = [{ name: 'prediction', datatype: 'FP64', shape: [1], data }]
    response.end(JSON.stringify({ id: body.id, model_name: 'm', outputs }))
  }
  if (delay > 0) setTimeout(send, delay)
  else send()
}

export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** A port that nobody listens on (a moment ago). */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}

export interface Answer {
  readonly status: number
  readonly version: string
  readonly body: { readonly id?: string; readonly error?: string; readonly outputs?: unknown }
}

/** Asks the model for one row, through the router. */
export async function infer(
  url: string,
  row: number,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v2/models/m/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ id: String(row), inputs: [] }),
  })
  const version = response.headers.get('x-modelway-version') ?? ''
  return { status: response.status, version, body: (await response.json()) as Answer['body'] }
}

/** Rows first..first+count-1, a few at a time. */
export async function inferMany(
  url: string,
  count: number,
  { first = 0, lanes = 8, headers = {} as Record<string, string> } = {},
): Promise<Answer[]> {
  const answers: Answer[] = []
  let next = first
  const lane = async () => {
    while (next < first + count) answers.push(await infer(url, next++, headers))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return answers
}

export interface RouterFileView {
  readonly pid: number | null
  readonly token: string
  readonly control: string
  readonly port: number
  readonly traffic: { readonly weight: number; readonly revision: number }
}

export function routerFile(stateDir: string): RouterFileView {
  return JSON.parse(readFileSync(join(stateDir, 'router.json'), 'utf8'))
}

/** Everything a test starts, ended in one call. */
export function createBench(routerPath: () => string) {
  const ends: (() => Promise<unknown> | unknown)[] = []
  return {
    async model(options: ModelOptions): Promise<Model> {
      const model = await startModel(options)
      ends.push(() => model.close())
      return model
    },
    target(
      stable: Backend,
      extra: Partial<EmbeddedOptions> = {},
    ): { target: EmbeddedTarget; stateDir: string } {
      const stateDir = extra.stateDir ?? tempFolder()
      const target = createEmbeddedTarget({
        routerPath: routerPath(),
        stateDir,
        listen: { host: '127.0.0.1', port: 0 },
        stable,
        ...extra,
        settings: { healthIntervalMs: 50, seed: 7, drainMs: 2000, ...extra.settings },
      })
      ends.push(async () => {
        const pid = pidOf(stateDir)
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
        rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 })
      })
      return { target, stateDir }
    },
    async end(): Promise<void> {
      for (const end of ends.splice(0).reverse()) await end()
    },
  }
}

function pidOf(stateDir: string): number | undefined {
  try {
    const pid = routerFile(stateDir).pid
    if (pid === null) return undefined
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** Waits for what a process beside us will do; fails after two seconds. */
export async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  const until = Date.now() + 5000
  while (!(await check())) {
    if (Date.now() > until) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
