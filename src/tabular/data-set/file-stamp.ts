import { stat } from 'node:fs/promises'
import { UserError } from '../../errors.js'
import type { FileStamp } from './data-set-options.js'

export interface StampedFile {
  readonly path: string
  readonly name: string
  readonly stamp: FileStamp
}

/** Size, time of the last change and inode; undefined where there is no file. */
export async function stampOf(path: string): Promise<FileStamp | undefined> {
  const info = await stat(path, { bigint: true }).catch(() => undefined)
  if (info === undefined) return undefined
  return { size: Number(info.size), modified: String(info.mtimeNs), inode: String(info.ino) }
}

/**
 * Runs `use`, which reads the file, and throws MW-DATA-302 where the file is not what it was when the data set was opened: what was
 * read then is of no moment, and an error of the reader is its result.
 */
export async function whileUnchanged<T>(file: StampedFile, use: () => Promise<T>): Promise<T> {
  let result: T
  try {
    result = await use()
  } catch (cause) {
    if (cause instanceof UserError) await refuseChanged(file, cause)
    throw cause
  }
  await refuseChanged(file)
  return result
}

/** Throws MW-DATA-302 where the file has changed since its stamp was taken. */
export async function refuseChanged(file: StampedFile, cause?: unknown): Promise<void> {
  const now = await stampOf(file.path)
  const what = changeOf(file.stamp, now)
  if (what === undefined) return
  throw new UserError(
    {
      code: 'MW-DATA-302',
      where: file.name,
      what,
      fix: 'Write data to another name and move it into place when it is complete, or read it later.',
    },
    { cause },
  )
}

function changeOf(before: FileStamp, now: FileStamp | undefined): string | undefined {
  if (now === undefined) return 'the file was removed while it was read.'
  const { size } = now
  if (before.inode !== now.inode) return 'the file was replaced by another while it was read.'
  if (size > before.size) {
    return `the file changed while it was read: it grew from ${before.size} to ${size} bytes, so something is still writing it.`
  }
  if (size < before.size) {
    return `the file changed while it was read: it shrank from ${before.size} to ${size} bytes.`
  }
  return before.modified === now.modified ? undefined : 'the file changed while it was read.'
}
