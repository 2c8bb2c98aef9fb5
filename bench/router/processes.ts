import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LoadOrder, LoadResult } from './load.js'

const children: ChildProcess[] = []

function start(file: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, args, { execArgv: ['--import', 'tsx'] })
  children.push(child)
  return child
}

/** The port of a version that runs in a process of its own. */
export async function startVersion(behaviour: 'answers' | 'hangs'): Promise<number> {
  const [port] = await once(start('./version.ts', behaviour), 'message')
  return Number(port)
}

/** A proxy of a few lines of node:http before a version. */
export async function startBareProxy(version: number): Promise<{ port: number; pid: number }> {
  const child = start('./bare.ts', String(version))
  const [port] = await once(child, 'message')
  if (child.pid === undefined) throw new Error('the bare proxy did not start')
  return { port: Number(port), pid: child.pid }
}

export interface Users {
  /** What users met while the work was done. */
  during(order: LoadOrder, work: () => Promise<unknown>): Promise<LoadResult>
}

export function startUsers(): Users {
  const child = start('./load.ts')
  return {
    async during(order, work) {
      child.send(order)
      const result = once(child, 'message')
      await work()
      child.send('stop')
      const [tally] = await result
      return tally as LoadResult
    },
  }
}

export function endAll(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** User and system time of a process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program, in parentheses, may hold blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('no port is free')
}

/** Waits until somebody takes connections and answers. */
export async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answers = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer()
        return true
      },
      () => false,
    )
    if (answers) return
    await sleep(50)
  }
  throw new Error(`${url} does not answer`)
}
