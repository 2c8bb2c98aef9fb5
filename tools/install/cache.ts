import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What a tool needs in order to be kept: its name and version, and how to put it into an empty folder. */
export interface CachedTool {
  readonly name: string
  readonly version: string
  /** Fills an empty folder, which is moved to its place afterwards: nothing in it may hold its own absolute path. */
  readonly fill: (folder: string) => Promise<void>
}

/** The folder of everything that the tests install: `${XDG_CACHE_HOME:-~/.cache}/modelway`. */
export function cacheRoot(): string {
  const xdg = process.env['XDG_CACHE_HOME']
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'modelway')
}

/** The folder of a tool at a version; filled once. Two at once both fill, and the first to end wins. */
export async function ensureCached(tool: CachedTool): Promise<string> {
  const place = join(cacheRoot(), `${tool.name}-${tool.version}`)
  if (existsSync(place)) return place
  const started = Date.now()
  const temporary = `${place}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  await mkdir(temporary, { recursive: true })
  try {
    await tool.fill(temporary)
    await moveUnlessThere(temporary, place)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stderr.write(`installed ${tool.name} ${tool.version} in ${seconds} s\n`)
  return place
}

async function moveUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    // A folder with files is never replaced by rename: somebody else was faster, and theirs is as good.
    // (In jest an error of node:fs is of another realm, so `instanceof Error` would not know it.)
    const code = typeof error === 'object' && error !== null && 'code' in error && error.code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}
