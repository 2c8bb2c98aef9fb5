import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheRoot } from './cache.js'
import { command, tryCommand } from './command.js'

let options: Promise<readonly string[]> | undefined

/**
 * Runs apt-get or apt-cache, with the machine's own lists of packages, or, on a fresh machine that has none, with lists of
 * ours, which need no rights of an administrator.
 */
export async function apt(
  program: 'apt-get' | 'apt-cache',
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  options ??= listOptions()
  return command(program, [...(await options), ...args], { cwd })
}

async function listOptions(): Promise<readonly string[]> {
  const { stdout } = await tryCommand('apt-cache', ['policy', 'prometheus'])
  if (/Candidate: (?!\(none\))/.test(stdout)) return []
  const folder = join(cacheRoot(), 'apt-lists')
  await mkdir(join(folder, 'partial'), { recursive: true })
  const own = [
    '-o',
    `Dir::State::lists=${folder}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
  ]
  await command('apt-get', [...own, '-q', 'update'])
  return own
}
