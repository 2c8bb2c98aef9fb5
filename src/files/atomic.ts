import { randomUUID } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

export interface FileContent {
  readonly path: string
  readonly content: string | Uint8Array
}

interface Staged {
  readonly target: string
  readonly temporary: string
  /** What the target was before, kept until all are in place; undefined where there was nothing. */
  backup?: string
  placed: boolean
}

/**
 * Writes files so that a reader sees each of them old or new, never half: all are written beside their
 * targets and flushed first, then renamed in one synchronous stretch that no signal handler interrupts.
 * When one cannot be put in place, those before it are put back as they were.
 */
export function writeFilesAtomically(files: readonly FileContent[], mode = 0o644): void {
  const staged: Staged[] = []
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(path), { recursive: true })
      const temporary = temporaryBeside(path)
      staged.push({ temporary, target: path, placed: false })
      writeAndFlush(temporary, content, mode)
    }
    place(staged)
  } finally {
    for (const { temporary, backup } of staged) {
      rmSync(temporary, { force: true })
      if (backup !== undefined) rmSync(backup, { force: true })
    }
  }
}

/** One file; see `writeFilesAtomically`. */
export function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): void {
  writeFilesAtomically([{ path, content }], mode)
}

/** A name in the same folder that nothing else has, short whatever the target is called. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.modelway-${randomUUID()}.tmp`)
}

function place(staged: readonly Staged[]): void {
  try {
    // A single file needs no way back.
    if (staged.length > 1) for (const one of staged) keepOld(one)
    for (const one of staged) {
      renameSync(one.temporary, one.target)
      one.placed = true
    }
  } catch (error) {
    for (const one of staged) putBack(one)
    throw error
  }
}

function keepOld(staged: Staged): void {
  if (lstatSync(staged.target, { throwIfNoEntry: false })?.isFile() !== true) return
  const backup = temporaryBeside(staged.target)
  try {
    linkSync(staged.target, backup)
  } catch {
    // Not every file system has hard links.
    copyFileSync(staged.target, backup)
  }
  staged.backup = backup
}

function putBack({ placed, backup, target }: Staged): void {
  if (!placed) return
  if (backup === undefined) rmSync(target, { force: true })
  else renameSync(backup, target)
}

function writeAndFlush(path: string, content: string | Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    let rest = typeof content === 'string' ? Buffer.from(content) : content
    while (rest.length > 0) rest = rest.subarray(writeSync(file, rest))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
