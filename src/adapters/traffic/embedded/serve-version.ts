import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../../errors.js'
import type { Backend } from '../../../ports/traffic.js'
import { isReady } from './health.js'
import { isAlive } from './process.js'

export interface ServeOptions {
  readonly version: string
  /** The program and its arguments; `{port}`, `{model}` and `{version}` are filled in. */
  readonly command: readonly string[]
  readonly model: string | undefined
  /** 0: a free one. */
  readonly port: number
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Empty: ready as soon as something listens. */
  readonly healthPath: string
  readonly timeoutMs: number
  /** Folder for its log. */
  readonly logDir: string
  readonly signal?: AbortSignal | undefined
}

const POLL_MS = 50

/**
 * Starts the server of a version, without a shell, as a process that outlives this one, and waits until it is
 * ready. Throws UserError MW-DEPLOY-013, with the end of its log, where it ends or does not get ready in time.
 */
export async function serveVersion(options: ServeOptions): Promise<Backend> {
  const port = await claimPort(options)
  mkdirSync(options.logDir, { recursive: true, mode: 0o700 })
  const logFile = join(options.logDir, `version-${port}.log`)
  const started = start(options, port, logFile)
  const backend = { version: options.version, url: `http://127.0.0.1:${port}`, pid: started.pid }
  const until = Date.now() + options.timeoutMs
  while (!started.ended() && Date.now() < until && options.signal?.aborted !== true) {
    if (await isUp(backend, options.healthPath)) return backend
    await sleep(POLL_MS)
  }
  const why = started.ended() ?? `is not ready after ${Math.round(options.timeoutMs / 1000)} s`
  await stopVersion({ ...backend, pid: started.pid })
  throw serveError(options, why, logFile)
}

function start(options: ServeOptions, port: number, logFile: string) {
  const fill = (text: string) =>
    text
      .replaceAll('{port}', String(port))
      .replaceAll('{model}', options.model ?? '{model}')
      .replaceAll('{version}', options.version)
  const [program = '', ...args] = options.command.map(fill)
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let end: string | undefined
  child.on('error', (error) => {
    end = `could not be started: ${error.message}`
  })
  child.on('exit', (code, signal) => {
    end ??= `ended with ${signal ?? `exit code ${code}`}`
  })
  return { pid: child.pid, ended: () => end }
}

async function isUp(backend: Backend, healthPath: string): Promise<boolean> {
  // Without a health check any answer will do, and even a 404 is one.
  if (healthPath !== '') return isReady(backend, healthPath)
  try {
    await fetch(backend.url, { signal: AbortSignal.timeout(1000) })
    return true
  } catch {
    return false
  }
}

function serveError({ command, version }: ServeOptions, why: string, logFile: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-013',
    where: 'deploy.backends',
    what: `the server of version "${version}" (${command[0] ?? ''}) ${why}. Its log ends: ${endOf(logFile)}`,
    fix: 'Run the command by hand with a port of your own, and mend what it says.',
  })
}

function endOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trim().slice(-500) || '(nothing)'
  } catch {
    return '(no log)'
  }
}

const STOP_MS = 5000

/** Ends the process of a version that we started, and those that it started; does nothing where there is none. */
export async function stopVersion(backend: Backend): Promise<void> {
  const { pid } = backend
  if (pid === undefined || !isAlive(pid)) return
  signalGroup(pid, 'SIGTERM')
  const until = Date.now() + STOP_MS
  while (isAlive(pid) && Date.now() < until) await sleep(POLL_MS)
  if (isAlive(pid)) signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended meanwhile, which is what was wanted.
  }
}

/** The port, once it is known that nothing else listens there: else its answers would be taken for ours. */
function claimPort({ port, version }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', (cause) => reject(portTaken(version, port, cause)))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}

function portTaken(version: string, port: number, cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DEPLOY-014',
      where: 'deploy.backends',
      what: `port ${port}, for version "${version}", is taken by another program`,
      fix: 'Stop that program, name another port, or leave the port out to take a free one.',
    },
    { cause },
  )
}
