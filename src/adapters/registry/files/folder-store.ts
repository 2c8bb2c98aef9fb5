import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { temporaryBeside, writeFileAtomically } from '../../../files/atomic.js'
import { hasCode } from '../../../files/errno.js'
import { type LockTimes, lockFolder } from './folder-lock.js'
import { type CopiedFile, changedOnTheWay, type Store, type StoreChange } from './store.js'

/** A store in a folder. Changes are serialised by a lock file; the file that is listed last makes them visible. */
export function createFolderStore(root: string, times?: LockTimes): Store {
  const read: Store['read'] = async (path) => {
    try {
      return await readFile(join(root, path))
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
      throw error
    }
  }
  return {
    read,
    update: async (change) => {
      const release = await lockFolder(root, times)
      try {
        const decided = await change(read)
        await writeAll(root, decided)
        return decided.result
      } finally {
        release()
      }
    },
  }
}

/** New files are complete before the last one, the index, takes the place of its predecessor. */
async function writeAll(root: string, { files, newFolder }: StoreChange<unknown>): Promise<void> {
  if (newFolder !== undefined) await rm(join(root, newFolder), { recursive: true, force: true })
  for (const { path, content } of files) {
    const target = join(root, path)
    if (content instanceof Uint8Array) writeFileAtomically(target, content)
    else await copyVerified(target, content)
  }
}

async function copyVerified(target: string, source: CopiedFile): Promise<void> {
  // Opened first: a stream that fails while the other opens would leave that one's file behind.
  const from = await open(source.file)
  await mkdir(dirname(target), { recursive: true })
  const temporary = temporaryBeside(target)
  const hash = createHash('sha256')
  try {
    await pipeline(
      from.createReadStream(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(temporary, { flags: 'wx', flush: true }),
    )
    const found = hash.digest('hex')
    if (found !== source.sha256) throw changedOnTheWay(source, found)
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}
