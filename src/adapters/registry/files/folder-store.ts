import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExternalError } from '../../../errors.js'
import { writeFileAtomically } from '../../../files/atomic.js'
import type { Store, StoreFile } from './store.js'

const LOCK = '.lock'
const WAIT_MS = 30_000
/** A holder that died leaves its lock: older than this it is taken over. */
const STALE_MS = 10 * 60_000

/** A store in a folder. Changes are serialised by a lock file; the file that is listed last makes them visible. */
export function createFolderStore(root: string): Store {
  const read: Store['read'] = async (path) => {
    try {
      return await readFile(join(root, path))
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }
  return {
    read,
    update: async (change) => {
      const release = await lock(root)
      try {
        const { result, files } = await change(read)
        await writeAll(root, files)
        return result
      } finally {
        release()
      }
    },
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  )
}

/** New files are complete before the last one, the index, takes the place of its predecessor. */
async function writeAll(root: string, files: readonly StoreFile[]): Promise<void> {
  for (const [position, { path, content }] of files.entries()) {
    const target = join(root, path)
    if (position === files.length - 1 && content instanceof Uint8Array)
      writeFileAtomically(target, content)
    else await writeOne(target, content)
  }
}

async function writeOne(target: string, content: StoreFile['content']): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const temporary = `${target}.${process.pid}.tmp`
  try {
    if (content instanceof Uint8Array) await writeFile(temporary, content)
    else await copyFile(content.file, temporary)
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function lock(root: string): Promise<() => void> {
  mkdirSync(root, { recursive: true })
  const path = join(root, LOCK)
  const deadline = performance.now() + WAIT_MS
  while (!tryLock(path)) {
    if (isStale(path)) rmSync(path, { force: true })
    else if (performance.now() > deadline) throw lockedOut(path)
    else await sleep(50)
  }
  return () => rmSync(path, { force: true })
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A lock of a process of this machine that is gone, or one that nobody can need any more. */
function isStale(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return true
    const holder = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(holder) && holder > 0 && !isAlive(holder)
  } catch {
    // It was released while we looked: try again.
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function lockedOut(path: string): ExternalError {
  return new ExternalError({
    code: 'MW-REGISTRY-005',
    service: 'model registry',
    what: `another run holds ${path} for over ${WAIT_MS / 1000} s.`,
    retryable: true,
  })
}
