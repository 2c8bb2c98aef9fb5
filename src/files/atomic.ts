import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface FileContent {
  readonly path: string
  readonly content: string | Uint8Array
}

/**
 * Writes files so that a reader sees each of them old or new, never half: all are written beside their
 * targets and flushed first, then renamed in one synchronous stretch that no signal handler interrupts.
 */
export function writeFilesAtomically(files: readonly FileContent[], mode = 0o644): void {
  const staged: { readonly temporary: string; readonly target: string }[] = []
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(path), { recursive: true })
      const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
      staged.push({ temporary, target: path })
      writeAndFlush(temporary, content, mode)
    }
    for (const { temporary, target } of staged) renameSync(temporary, target)
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true })
    throw error
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
