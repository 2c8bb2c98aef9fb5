import { randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { ExternalError } from '../../../errors.js'
import { hasCode } from '../../../files/errno.js'
import { isAlive } from '../../../files/process.js'

export interface LockTimes {
  /** How long to wait for another holder. */
  readonly waitMs: number
  /** A holder that died leaves its lock: untouched for so long it is taken over. Holders touch theirs meanwhile. */
  readonly staleMs: number
}

const DEFAULTS: LockTimes = { waitMs: 60_000, staleMs: 10 * 60_000 }

const LOCK = '.lock'
/** Held while a stale lock is replaced, so that only one process ever removes a lock that is not its own. */
const TAKEOVER = '.lock.takeover'

const Holder = z.object({ pid: z.int().positive(), host: z.string(), token: z.string() })
type Holder = z.output<typeof Holder>

/** Waits for the folder's lock and takes it; call the answer to release it. */
export async function lockFolder(
  root: string,
  { waitMs, staleMs }: LockTimes = DEFAULTS,
): Promise<() => void> {
  mkdirSync(root, { recursive: true })
  const path = join(root, LOCK)
  const own: Holder = { pid: process.pid, host: hostname(), token: randomUUID() }
  const deadline = performance.now() + waitMs
  while (!(tryCreate(path, own) || takeOver(root, own, staleMs))) {
    if (performance.now() > deadline) throw lockedOut(path, waitMs)
    await sleep(10 + Math.random() * 40)
  }
  const touching = setInterval(() => touch(path, own), staleMs / 10)
  touching.unref()
  return () => {
    clearInterval(touching)
    if (readHolder(path)?.token === own.token) rmSync(path, { force: true })
  }
}

function tryCreate(path: string, holder: Holder): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    writeSync(file, JSON.stringify(holder))
  } finally {
    closeSync(file)
  }
  return true
}

/** Replaces a stale lock in one synchronous stretch, judged again by the only one who may. */
function takeOver(root: string, own: Holder, staleMs: number): boolean {
  const path = join(root, LOCK)
  if (!isStale(path, staleMs)) return false
  const takeover = join(root, TAKEOVER)
  // Its holder needs microseconds; an old one was killed in them.
  if (age(takeover) > staleMs) rmSync(takeover, { force: true })
  if (!tryCreate(takeover, own)) return false
  try {
    if (!isStale(path, staleMs)) return false
    rmSync(path, { force: true })
    return tryCreate(path, own)
  } finally {
    rmSync(takeover, { force: true })
  }
}

/** A lock of a process of this machine that is gone, or one that nobody has touched for long. */
function isStale(path: string, staleMs: number): boolean {
  if (age(path) > staleMs) return true
  const holder = readHolder(path)
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid)
}

/** Milliseconds since the file was touched; negative when there is none. */
function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    // It was released while we looked.
    return -1
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Released, or created and not yet written.
    return undefined
  }
}

function touch(path: string, own: Holder): void {
  if (readHolder(path)?.token !== own.token) return
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Then it grows old, which is what its age is for.
  }
}

function lockedOut(path: string, waitMs: number): ExternalError {
  return new ExternalError({
    code: 'MW-REGISTRY-005',
    service: 'model registry',
    what: `another run holds ${path} for over ${waitMs / 1000} s.`,
    retryable: true,
  })
}
