import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Starts a program whose output goes to a file. */
export function startProgram(program: string, args: readonly string[], log: string): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const file = createWriteStream(log)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  child.once('close', () => file.end())
  return child
}

export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

/** Asks until the answer is yes; throws after so many milliseconds. */
export async function until(
  what: string,
  ask: () => Promise<boolean>,
  limitMs = 90_000,
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await ask().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`)
    await sleep(50)
  }
}

/** Below the ephemeral range, where another process's outgoing connection could take them. */
export async function freePorts(count: number): Promise<number[]> {
  const free: number[] = []
  for (let port = 24_900; port < 24_999 && free.length < count; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) free.push(port)
  }
  if (free.length < count) throw new Error('Too few ports are free.')
  return free
}
