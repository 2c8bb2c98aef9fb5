import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError, UserError } from '../../../errors.js'
import type { TrainingRequest } from '../../../ports/compute.js'

/** How long a command may take to end by itself after it was asked to. */
const GRACE_MS = 8000
/** How often to look whether all processes of a command have ended. */
const POLL_MS = 20

export interface RunningCommand {
  readonly pid: number | undefined
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly timedOut: boolean }>
}

/** Starts the command in a process group of its own, so that stopping it stops all that it started. */
export function runCommand(request: TrainingRequest, graceMs = GRACE_MS): RunningCommand {
  const child = start(request)
  return { pid: child.pid, ended: follow(child, request, graceMs) }
}

function start({ command, cwd, env }: TrainingRequest): ChildProcess {
  const options = {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  }
  try {
    if (typeof command === 'string') return spawn(command, { ...options, shell: true })
    const [program = '', ...rest] = command
    // `node` is the one that runs us: nothing else need be installed.
    return spawn(program === 'node' ? process.execPath : program, rest, options)
  } catch (error) {
    // An empty name, a NUL byte, or more arguments and variables than the system takes.
    throw cannotStart(command, error)
  }
}

async function follow(
  child: ChildProcess,
  request: TrainingRequest,
  graceMs: number,
): Promise<{ readonly exitCode: number | undefined; readonly timedOut: boolean }> {
  const stopper = createStopper(child, graceMs)
  let timedOut = false
  const timer = setTimeout(
    () => {
      timedOut = true
      stopper.stop()
    },
    Math.min(request.timeoutMs, 2 ** 31 - 1),
  )
  request.signal.addEventListener('abort', stopper.stop)
  if (request.signal.aborted) stopper.stop()
  try {
    const lines = [child.stdout, child.stderr].map((stream) => forward(stream, request.onLine))
    const [exitCode] = await Promise.all([exit(child, request, graceMs), ...lines])
    await stopper.finish()
    if (request.signal.aborted && !timedOut)
      throw new CancelledError('Cancelled: the training command was stopped.')
    return { exitCode, timedOut }
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', stopper.stop)
    stopper.dispose()
  }
}

function exit(
  child: ChildProcess,
  { command }: TrainingRequest,
  graceMs: number,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let patience: NodeJS.Timeout | undefined
    child.once('error', (error) => reject(cannotStart(command, error)))
    child.once('exit', () => {
      // A process that it left in the background may hold its output open for ever.
      patience = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, graceMs)
    })
    child.once('close', (code) => {
      clearTimeout(patience)
      resolve(code ?? undefined)
    })
  })
}

function cannotStart(command: string | readonly string[], cause: unknown): UserError {
  const program = typeof command === 'string' ? command : (command[0] ?? '')
  return new UserError(
    {
      code: 'MW-TRAIN-001',
      where: 'train.run',
      what: `${JSON.stringify(program)} cannot be started: ${cause instanceof Error ? cause.message : String(cause)}.`,
      fix: 'Check that the program is installed on the runner and on its PATH.',
    },
    { cause },
  )
}

async function forward(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  // A stream that is destroyed has no end that would end the lines.
  stream.once('close', () => lines.close())
  for await (const line of lines) onLine(line)
}

interface Stopper {
  /** Asks the whole process group to end, and ends it by force when it does not. */
  stop(): void
  /** After a stop, waits until nothing of the group is left; the command itself may end before what it started. */
  finish(): Promise<void>
  dispose(): void
}

function createStopper(child: ChildProcess, graceMs: number): Stopper {
  let force: NodeJS.Timeout | undefined
  let deadline = 0
  return {
    stop: () => {
      if (force !== undefined) return
      deadline = performance.now() + graceMs
      signalGroup(child, 'SIGTERM')
      force = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
    },
    finish: async () => {
      if (force === undefined) return
      while (performance.now() < deadline && signalGroup(child, 0)) await sleep(POLL_MS)
      signalGroup(child, 'SIGKILL')
    },
    dispose: () => clearTimeout(force),
  }
}

/** False when there is no such group (any more). */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  try {
    if (process.platform !== 'win32') return process.kill(-child.pid, signal)
    if (signal !== 0) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'])
    return false
  } catch {
    // It has ended in the meantime.
    return false
  }
}
