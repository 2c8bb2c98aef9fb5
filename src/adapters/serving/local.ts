import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, UserError } from '../../errors.js'
import type { ModelServers, RunningServer, ServerRequest } from '../../ports/model-server.js'

const POLL_MS = 25
const STOP_GRACE_MS = 8000

/** Model servers as processes of this machine. */
export function createLocalServers(): ModelServers {
  return { start, stop, answers: (url, path) => isReady(url.replace(/\/$/, ''), path) }
}

async function start(request: ServerRequest): Promise<RunningServer> {
  const port = await claimPort(request)
  const child = launch(request, port)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`))
  })
  const url = `http://127.0.0.1:${port}`
  const waiting = new AbortController()
  const either = AbortSignal.any([waiting.signal, request.signal])
  const problem = await Promise.race([ended, untilReady(url, request, either)])
  waiting.abort()
  if (problem === undefined && child.pid !== undefined) {
    return { version: request.version, url, pid: child.pid }
  }
  if (child.pid !== undefined) await stop(child.pid)
  if (request.signal.aborted)
    throw new CancelledError('Cancelled while the model server was starting.')
  throw notReady(request, problem ?? 'it has no process')
}

/** The port, once it is known that nothing else listens there: else its answers would be taken for ours. */
function claimPort({ port, version }: ServerRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause) => reject(portTaken(version, port, cause)))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : port),
      )
    })
  })
}

function portTaken(version: string, port: number, cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DEPLOY-014',
      where: 'deploy.backends',
      what: `port ${port}, for version ${JSON.stringify(version)}, is taken by another program.`,
      fix: 'Stop that program, name another port, or leave the port out to take a free one.',
    },
    { cause },
  )
}

function launch(
  { command, model, version, cwd, env, logFile }: ServerRequest,
  port: number,
): ChildProcess {
  const values: Readonly<Record<string, string>> = { port: String(port), model, version }
  const [program = '', ...args] = command.map((part) =>
    part.replace(/\{(port|model|version)\}/g, (whole, name: string) => values[name] ?? whole),
  )
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
  const log = openSync(logFile, 'w', 0o600)
  try {
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd,
      env: withoutRunner(env),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** The job's secrets are none of the server's, and the runner ends what carries its tracking variable. */
function withoutRunner(env: ServerRequest['env']): Record<string, string | undefined> {
  const entries = Object.entries(env)
  return Object.fromEntries(
    entries.filter(
      ([name]) => !/^(INPUT_|ACTIONS_|STATE_|RUNNER_TRACKING_ID$|GITHUB_TOKEN$)/i.test(name),
    ),
  )
}

/** Undefined when it is ready, else what is wrong. */
async function untilReady(
  url: string,
  request: ServerRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const until = performance.now() + request.startTimeoutMs
  while (performance.now() < until) {
    if (signal.aborted) return 'the run was cancelled'
    if (await isReady(url, request.healthPath)) return undefined
    await sleep(POLL_MS)
  }
  return `it was not ready after ${request.startTimeoutMs / 1000} s`
}

async function isReady(url: string, healthPath: string): Promise<boolean> {
  if (healthPath === '') return takesConnections(url)
  try {
    const response = await fetch(url + healthPath, { signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Not listening yet, or not answering yet.
    return false
  }
}

function takesConnections(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 80 : Number(port),
    })
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

function notReady({ version, command, logFile }: ServerRequest, what: string): UserError {
  const log = tail(logFile)
  return new UserError({
    code: 'MW-DEPLOY-013',
    where: command.join(' '),
    what: `the server of version ${JSON.stringify(version)} is not ready: ${what}.${log === '' ? '' : ` Its last words: ${log}`}`,
    fix: 'Traffic is unchanged. Check the command, deploy.health-path and deploy.start-timeout.',
  })
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().slice(-500)
  } catch {
    return ''
  }
}

async function stop(pid: number): Promise<void> {
  const until = performance.now() + STOP_GRACE_MS
  if (!signal(pid, 'SIGTERM')) return
  while (performance.now() < until) {
    await sleep(POLL_MS)
    if (!signal(pid, 0)) return
  }
  signal(pid, 'SIGKILL')
}

/** The whole process group where there is one; false when there is nothing left to signal. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, name)
      return true
    } catch {
      // No such group, or no such process: try the next.
    }
  }
  return false
}
