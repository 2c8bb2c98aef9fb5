import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, UserError } from '../../../errors.js'
import { isAlive } from '../../../files/process.js'
import { createRouterClient, type RouterClient } from './client.js'
import type { RouterFile } from './protocol.js'
import { readRouterFile } from './router-file.js'

/** Settings of the router as its configuration file takes them, without the files, which lie in the folder. */
export interface LaunchOptions {
  /** The built router (dist/router/index.js). */
  readonly routerPath: string
  /** Folder of the router's state, log and prediction log; one router a folder. */
  readonly stateDir: string
  readonly config: Readonly<Record<string, unknown>>
}

const START_MS = 15_000
const POLL_MS = 20

export function stateFileOf(stateDir: string): string {
  return join(stateDir, 'router.json')
}

/** The router of a folder, if one is running there. */
export async function findRouter(stateDir: string): Promise<RouterClient | undefined> {
  const file = readRouterFile(stateFileOf(stateDir))
  if (file === undefined || file.pid === null || !isAlive(file.pid)) return undefined
  return answering(file)
}

/** The process id may have gone to another program since: only an answer to our token is proof. */
async function answering(file: RouterFile): Promise<RouterClient | undefined> {
  const client = createRouterClient(file)
  try {
    await client.state()
    return client
  } catch {
    return undefined
  }
}

/**
 * Starts the router as a process of its own that outlives this one. Throws UserError MW-DEPLOY-001 where its port is
 * taken, MW-DEPLOY-002 where it does not start for another reason.
 */
export async function launchRouter(options: LaunchOptions): Promise<RouterClient> {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 })
  const logFile = join(options.stateDir, 'router.log')
  const child = spawnRouter(options, logFile)
  let ended = false
  child.on('exit', () => {
    ended = true
  })
  child.on('error', () => {
    ended = true
  })
  const until = Date.now() + START_MS
  while (!ended && Date.now() < until) {
    const file = readRouterFile(stateFileOf(options.stateDir))
    const client = file?.pid === child.pid && file !== undefined ? await answering(file) : undefined
    if (client !== undefined) return client
    await sleep(POLL_MS)
  }
  if (!ended) child.kill('SIGKILL')
  throw startError(options, logFile)
}

function spawnRouter(options: LaunchOptions, logFile: string) {
  const configFile = join(options.stateDir, 'router-config.json')
  const config = {
    ...options.config,
    stateFile: stateFileOf(options.stateDir),
    predictionLog: join(options.stateDir, 'predictions.jsonl'),
  }
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  // Begun anew at each start, so that it stays small and its last line is about this start.
  const log = openSync(logFile, 'w', 0o600)
  // No environment: the router needs none, it must not keep the job's secrets, and the runner ends at the close of
  // a job what carries its tracking variable.
  const child = spawn(process.execPath, [options.routerPath, '--config', configFile], {
    cwd: options.stateDir,
    detached: true,
    env: {},
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  return child
}

function startError(options: LaunchOptions, logFile: string): UserError {
  const text = readLog(logFile)
  const problems = reportedProblems(text)
  if (problems !== undefined) return new UserError(problems)
  return new UserError({
    code: 'MW-DEPLOY-002',
    where: options.routerPath,
    what: `the router did not start: ${text.trim().slice(-500) || 'it said nothing'}`,
    fix: `See ${logFile}.`,
  })
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function reportedProblems(text: string): readonly Problem[] | undefined {
  for (const line of text.trim().split('\n').reverse()) {
    try {
      const entry: unknown = JSON.parse(line)
      if (typeof entry !== 'object' || entry === null || !('problems' in entry)) continue
      return Array.isArray(entry.problems) ? entry.problems : undefined
    } catch {
      // Not one of the router's own lines: a stack, or a warning of Node.
    }
  }
  return undefined
}
