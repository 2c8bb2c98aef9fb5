import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface SparkSqlStart {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The program `spark-sql`, which reads statements and prints their answers until it is told to end. */
export interface SparkSqlProcess {
  /** Sends a statement and hears every line until `isLast`. Rejects when the program ends before. */
  say(text: string, isLast: (line: string) => boolean, signal: AbortSignal): Promise<void>
  /** The last lines that it printed as errors since this was last asked. */
  complaints(): readonly string[]
  readonly isRunning: () => boolean
  /** Asks it to end, which ends the job in the cluster too, and makes it when it does not. */
  end(): Promise<void>
}

/** It ended by itself, or never began. */
export class SparkSqlEnded extends Error {
  readonly isMissing: boolean

  constructor(message: string, isMissing = false) {
    super(message)
    this.isMissing = isMissing
  }
}

const MOST_COMPLAINTS = 200
const END_MS = 15_000

export function startSparkSql({ program, args, cwd, env }: SparkSqlStart): SparkSqlProcess {
  // A group of its own: the program is a script that starts another.
  const child = spawn(program, [...args], { cwd, env: { ...env }, detached: true })
  let complaints: string[] = []
  let failure: SparkSqlEnded | undefined
  let heard = (_line: string): void => undefined
  let failed = (_error: Error): void => undefined
  const ended = new Promise<void>((resolve) => {
    const finish = (error: SparkSqlEnded) => {
      failure ??= error
      failed(failure)
      resolve()
    }
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish(new SparkSqlEnded(error.message, error.code === 'ENOENT')),
    )
    child.on('close', (code, signal) =>
      finish(new SparkSqlEnded(`it ended with ${code ?? signal}`)),
    )
  })
  // A pipe whose reader is gone is told by the end of the program.
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', (line) => heard(line))
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaints = [...complaints.slice(1 - MOST_COMPLAINTS), line]
  })
  return {
    say: (text, isLast, signal) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        const stop = () => reject(signal.reason)
        signal.addEventListener('abort', stop, { once: true })
        failed = reject
        heard = (line) => {
          if (!isLast(line)) return
          signal.removeEventListener('abort', stop)
          resolve()
        }
        child.stdin.write(text)
      }),
    complaints: () => complaints.splice(0),
    isRunning: () => failure === undefined,
    end: () => endGroup(child, ended),
  }
}

async function endGroup(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<void>,
): Promise<void> {
  if (child.pid === undefined) return
  const stop = new AbortController()
  const late = sleep(END_MS, true, { signal: stop.signal }).catch(() => false)
  signalGroup(child.pid, 'SIGTERM')
  const isLate = await Promise.race([ended.then(() => false), late])
  stop.abort()
  if (isLate) signalGroup(child.pid, 'SIGKILL')
  await ended
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended already.
  }
}
