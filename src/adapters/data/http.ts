import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, ExternalError, UserError } from '../../errors.js'
import { temporaryBeside } from '../../files/atomic.js'
import type { DataRequest, DataSource, FetchedData } from '../../ports/data-source.js'
import type { Log } from '../../ports/host.js'
import type { DataSourceContext } from './index.js'

const ATTEMPTS = 4
const FIRST_DELAY_MS = 250
const MOST_REDIRECTS = 10
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** One file by HTTPS (plain HTTP from this machine only). With a `sha256:` revision it is fetched once and checked always. */
export function createHttpSource(
  { log, workspace }: DataSourceContext,
  firstDelayMs = FIRST_DELAY_MS,
): DataSource {
  // A link of that name may lead anywhere.
  const targetOf = (url: URL, folder: string): string =>
    workspace.resolve(posix.join(workspace.relative(folder), fileName(url)), 'data.path')
  return {
    transfers: ({ source, target }) => [targetOf(parseUrl(source), target)],
    fetch: async (request) => {
      const url = parseUrl(request.source)
      const target = targetOf(url, request.target)
      const pinned = pinnedDigest(request.revision)
      if (pinned !== undefined && (await digestIfPresent(target)) === pinned) {
        return { files: [target], revision: `sha256:${pinned}`, cacheHit: true }
      }
      const { signal } = request
      try {
        return await retrying(() => download(url, target, { request, pinned }), {
          signal,
          log,
          firstDelayMs,
        })
      } catch (error) {
        throw signal.aborted
          ? new CancelledError('Fetching was cancelled.', { cause: error })
          : error
      }
    },
  }
}

interface Retrying {
  readonly signal: AbortSignal
  readonly log: Log
  readonly firstDelayMs: number
}

async function retrying(
  work: () => Promise<FetchedData>,
  { signal, log, firstDelayMs }: Retrying,
): Promise<FetchedData> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isRetryable(error) || attempt >= ATTEMPTS || signal.aborted) throw error
      log.warn(`${error.message} Trying again (${attempt} of ${ATTEMPTS - 1}).`)
      await sleep(firstDelayMs * 4 ** (attempt - 1), undefined, { signal })
    }
  }
}

function isRetryable(error: unknown): error is ExternalError {
  return error instanceof ExternalError && error.details.retryable
}

function parseUrl(source: string): URL {
  const url = URL.canParse(source) ? new URL(source) : undefined
  if (url !== undefined && `${url.username}${url.password}` !== '') throw hasCredentials(url)
  if (url !== undefined && isSafe(url, true)) return url
  throw new UserError({
    code: 'MW-DATA-103',
    where: 'data.source',
    what: `${JSON.stringify(source)} is not an https: URL.`,
    fix: 'Data fetched without TLS could be anything: use https:.',
  })
}

function isSafe(url: URL, loopback: boolean): boolean {
  return url.protocol === 'https:' || (loopback && isLoopback(url))
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && LOOPBACK.has(url.hostname)
}

/** The source is written into the statement, for everybody to read. */
function hasCredentials(url: URL): UserError {
  return new UserError({
    code: 'MW-DATA-114',
    where: 'data.source',
    what: `the URL of ${url.host} holds a user name or password, which the statement would publish.`,
    fix: 'Remove them, and fetch protected data in a step before this one.',
  })
}

/** The last part of the path, made safe for every file system. */
function fileName(url: URL): string {
  const last = posix
    .basename(decode(url.pathname))
    .replace(/[^\w.-]+/g, '_')
    .slice(-200)
  return last === '' || /^\.+$/.test(last) ? 'data' : last
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // Not percent-encoded after all: the name is taken as it is.
    return path
  }
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
  const temporary = temporaryBeside(target)
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
  let at = url
  let response = await ask(at, signal)
  for (let redirects = 0; isRedirect(response); redirects++) {
    await response.body?.cancel()
    if (redirects >= MOST_REDIRECTS) throw unreachable(url, new Error('too many redirects'))
    at = redirectTarget(at, response)
    response = await ask(at, signal)
  }
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

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    // The digest is of the file's own bytes, so nothing may be packed on the way.
    const headers = { 'accept-encoding': 'identity' }
    return await fetch(url, { signal, headers, redirect: 'manual' })
  } catch (error) {
    throw unreachable(url, error)
  }
}

function isRedirect({ status, headers }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has('location')
}

/** Checked before it is asked: a server may send us to another one, but not out of TLS, nor to this machine. */
function redirectTarget(from: URL, { headers }: Response): URL {
  const location = headers.get('location') ?? ''
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (to !== undefined && isSafe(to, isLoopback(from))) return to
  throw new UserError({
    code: 'MW-DATA-113',
    where: 'data.source',
    what: `${from.host} redirects to ${JSON.stringify(to?.origin ?? location)}, which is not an https: URL.`,
    fix: 'Data fetched without TLS could be anything: name a source that stays on https:.',
  })
}

async function writeBody(response: Response, path: string, url: URL): Promise<string> {
  const expected = Number(response.headers.get('content-length') ?? Number.NaN)
  const encoded = response.headers.has('content-encoding')
  const hash = createHash('sha256')
  const file = await open(path, 'wx')
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk)
      await file.appendFile(chunk)
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
