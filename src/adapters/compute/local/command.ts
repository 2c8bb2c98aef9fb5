import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { CancelledError, UserError } from '../../../errors.js'
import type { TrainingRequest } from '../../../ports/compute.js'

/** How long a command may take to end by itself after it was asked to. */
const GRACE_MS = 8000

export interface RunningCommand {
  readonly pid: number | undefined
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly timedOut: boolean }>
}

/** Starts the command in a process group of its own, so that stopping it stops all that it started. */
export function runCommand(request: TrainingRequest): RunningCommand {
  const child = start(request)
  return { pid: child.pid, ended: follow(child, request) }
}

function start({ command, cwd, env }: TrainingRequest): ChildProcess {
  const options = {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  }
  if (typeof command === 'string') return spawn(command, { ...options, shell: true })
  const [program = '', ...rest] = command
  // `node` is the one that runs us: nothing else need be installed.
  return spawn(program === 'node' ? process.execPath : program, rest, options)
}

async function follow(
  child: ChildProcess,
  request: TrainingRequest,
): Promise<{ readonly exitCode: number | undefined; readonly timedOut: boolean }> {
  const stopper = createStopper(child)
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
    const exitCode = await exit(child, request)
    await Promise.all(lines)
    if (request.signal.aborted && !timedOut)
      throw new CancelledError('Cancelled: the training command was stopped.')
    return { exitCode, timedOut }
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', stopper.stop)
    stopper.dispose()
  }
}

function exit(child: ChildProcess, { command }: TrainingRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(command, error)))
    child.once('close', (code) => resolve(code ?? undefined))
  })
}

function cannotStart(command: string | readonly string[], cause: Error): UserError {
  const program = typeof command === 'string' ? command : (command[0] ?? '')
  return new UserError(
    {
      code: 'MW-TRAIN-001',
      where: 'train.run',
      what: `${JSON.stringify(program)} cannot be started: ${cause.message}.`,
      fix: 'Check that the program is installed on the runner and on its PATH.',
    },
    { cause },
  )
}

async function forward(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    onLine(line)
}

/** Asks the whole process group to end, and ends it by force when it does not. */
function createStopper(child: ChildProcess): {
  readonly stop: () => void
  readonly dispose: () => void
} {
  let force: NodeJS.Timeout | undefined
  const stop = (): void => {
    if (force !== undefined) return
    signalGroup(child, 'SIGTERM')
    force = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
  }
  return { stop, dispose: () => clearTimeout(force) }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'])
    else process.kill(-child.pid, signal)
  } catch {
    // It has ended in the meantime.
  }
}
