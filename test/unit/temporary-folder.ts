import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'

export interface TemporaryFolder {
  /** The absolute path, with links resolved. */
  readonly path: string
  /** Writes a file below it; gives its absolute path. */
  write(name: string, content: string | Uint8Array): string
  /** All files below it, sorted, relative. */
  list(): readonly string[]
}

/** An empty folder for each test of the file, removed after it. */
export function useTemporaryFolder(): TemporaryFolder {
  let path = ''
  beforeEach(() => {
    path = realpathSync(mkdtempSync(join(tmpdir(), 'modelway-test-')))
  })
  afterEach(() => rmSync(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
    write: (name, content) => {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    list: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .sort(),
  }
}

/** What a promise or call throws, for several assertions on it. */
export async function errorOf(work: () => unknown): Promise<Error> {
  try {
    await work()
  } catch (error) {
    // By its shape: an error of Node's comes from another realm than the test.
    if (typeof error === 'object' && error !== null && 'message' in error) return error as Error
    throw error
  }
  throw new Error('Nothing was thrown.')
}
