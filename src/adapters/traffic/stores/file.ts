import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../../files/errno.js'
import type { KeptRollout, RolloutStore } from '../../../ports/rollout-store.js'
import { keptText, overtaken, parseKept } from './kept-text.js'

const NAME = /^rollout-(\d{8})\.json$/
/** Earlier records that are left for people to look at. */
const KEEP = 5

/**
 * The record in a folder that outlives the run. Each write is a new file with the next number, made by a link that fails where
 * the number is taken: of two writers one is refused, and none ever sees half a record.
 */
export function createFileRolloutStore(folder: string): RolloutStore {
  let last: number | undefined
  return {
    name: folder,
    read: async () => {
      const newest = (await numbers(folder)).at(-1)
      last = newest ?? 0
      if (newest === undefined) return undefined
      const path = join(folder, fileName(newest))
      return parseKept(await readFile(path, 'utf8'), path)
    },
    write: async (kept, how) => {
      await mkdir(folder, { recursive: true })
      for (;;) {
        const newest = (await numbers(folder)).at(-1) ?? 0
        if (how?.force !== true && last !== undefined && newest !== last) throw overtaken(folder)
        if (await create(folder, newest + 1, kept)) {
          last = newest + 1
          break
        }
        if (how?.force !== true) throw overtaken(folder)
      }
      await prune(folder)
    },
  }
}

function fileName(number: number): string {
  return `rollout-${String(number).padStart(8, '0')}.json`
}

/** Ascending. */
async function numbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  return names
    .flatMap((name) => Number(NAME.exec(name)?.[1] ?? Number.NaN))
    .filter(Number.isInteger)
    .sort((a, b) => a - b)
}

/** Whether the number was still free. */
async function create(folder: string, number: number, kept: KeptRollout): Promise<boolean> {
  const draft = join(folder, `.${randomUUID()}.tmp`)
  try {
    await writeFile(draft, keptText(kept), { flush: true, mode: 0o600 })
    await place(draft, join(folder, fileName(number)))
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Throws EEXIST where the target is there. */
async function place(draft: string, target: string): Promise<void> {
  try {
    await link(draft, target)
  } catch (error) {
    // Not every file system has hard links.
    const without = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) =>
      hasCode(error, code),
    )
    if (!without) throw error
    await copyFile(draft, target, constants.COPYFILE_EXCL)
  }
}

async function prune(folder: string): Promise<void> {
  const old = (await numbers(folder)).slice(0, -KEEP)
  await Promise.all(old.map((number) => rm(join(folder, fileName(number)), { force: true })))
}
