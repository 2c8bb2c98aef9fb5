import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExternalError, UserError } from '../../errors.js'
import type { DataRequest, DataSource, FetchedData } from '../../ports/data-source.js'
import type { Log } from '../../ports/host.js'
import type { DataSourceContext } from './index.js'

const ATTEMPTS = 4
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** One file by HTTPS (plain HTTP from this machine only). With a `sha256:` revision it is fetched once and checked always. */
export function createHttpSource({ log }: DataSourceContext): DataSource {
  return {
    fetch: async (request) => {
      const url = parseUrl(request.source)
      const target = join(request.target, fileName(url))
      const pinned = pinnedDigest(request.revision)
      if (pinned !== undefined && (await digestIfPresent(target)) === pinned) {
        return { files: [target], revision: `sha256:${pinned}`, cacheHit: true }
      }
      return retrying(() => download(url, target, { request, pinned }), request.signal, log)
    },
  }
}

async function retrying(
  work: () => Promise<FetchedData>,
  signal: AbortSignal,
  log: Log,
): Promise<FetchedData> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isRetryable(error) || attempt >= ATTEMPTS || signal.aborted) throw error
      log.warn(`${error.message} Trying again (${attempt} of ${ATTEMPTS - 1}).`)
      await sleep(250 * 4 ** (attempt - 1), undefined, { signal })
    }
  }
}

function isRetryable(error: unknown): error is ExternalError {
  return error instanceof ExternalError && error.details.retryable
}

function parseUrl(source: string): URL {
  const url = URL.canParse(source) ? new URL(source) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)))
    return url
  throw new UserError({
    code: 'MW-DATA-103',
    where: 'data.source',
    what: `${JSON.stringify(source)} is not an https: URL.`,
    fix: 'Data fetched without TLS could be anything: use https:.',
  })
}

/** The last part of the path, made safe for every file system. */
function fileName(url: URL): string {
  const last = basename(decodeURIComponent(url.pathname)).replace(/[^\w.-]+/g, '_')
  return last === '' || /^\.+$/.test(last) ? 'data' : last
}

function pinnedDigest(revision: string | undefined): string | undefined {
  if (revision === undefined) return undefined
  const digest = /^sha256:([0-9a-f]{64})$/.exec(revision)?.[1]
  if (digest !== undefined) return digest
  throw new UserError({
    code: 'MW-DATA-104',
    where: 'data.revision',
    what: `${JSON.stringify(revision)} is not a revision that an https: source can check.`,
    fix: 'Write sha256: and the 64 hexadecimal digits of the file, or leave revision out.',
  })
}

async function digestIfPresent(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined))?.isFile() !== true) return undefined
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

interface Download {
  readonly request: DataRequest
  readonly pinned: string | undefined
}

/** Streams to a temporary file, which takes the target's place only when it is whole and is the right one. */
async function download(
  url: URL,
  target: string,
  { request, pinned }: Download,
): Promise<FetchedData> {
  const response = await connect(url, request.signal)
  await mkdir(request.target, { recursive: true })
  const temporary = `${target}.${process.pid}.tmp`
  try {
    const sha256 = await writeBody(response, temporary, url)
    if (pinned !== undefined && sha256 !== pinned) throw wrongDigest(url, pinned, sha256)
    await rename(temporary, target)
    return { files: [target], revision: `sha256:${sha256}`, cacheHit: false }
  } finally {
    await rm(temporary, { force: true })
  }
}

async function connect(url: URL, signal: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { signal, redirect: 'follow' })
  } catch (error) {
    throw unreachable(url, error)
  }
  if (response.url !== '') parseUrl(response.url)
  if (response.ok) return response
  await response.body?.cancel()
  const retryable = response.status >= 500 || response.status === 429 || response.status === 408
  throw new ExternalError({
    code: 'MW-DATA-105',
    service: url.host,
    status: response.status,
    what: `could not deliver ${url.pathname}.`,
    retryable,
  })
}

async function writeBody(response: Response, path: string, url: URL): Promise<string> {
  const expected = Number(response.headers.get('content-length') ?? Number.NaN)
  const encoded = response.headers.has('content-encoding')
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk)
      await file.write(chunk)
      size += chunk.length
    }
    await file.sync()
  } catch (error) {
    throw unreachable(url, error)
  } finally {
    await file.close()
  }
  if (!encoded && Number.isFinite(expected) && size !== expected) {
    throw unreachable(url, new Error(`${size} of ${expected} bytes arrived`))
  }
  return hash.digest('hex')
}

function unreachable(url: URL, cause: unknown): ExternalError {
  const reason = cause instanceof Error ? describeCause(cause) : String(cause)
  return new ExternalError(
    {
      code: 'MW-DATA-106',
      service: url.host,
      what: `the transfer failed: ${reason}.`,
      retryable: true,
    },
    { cause },
  )
}

/** fetch hides the reason in the cause. */
function describeCause(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

function wrongDigest(url: URL, expected: string, observed: string): UserError {
  return new UserError({
    code: 'MW-DATA-107',
    where: url.href,
    what: `the file is sha256:${observed}, not the revision asked for, sha256:${expected}.`,
    fix: 'The file was replaced at its source: check it, then set data.revision to what it is now.',
  })
}
