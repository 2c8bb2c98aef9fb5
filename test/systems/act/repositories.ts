import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../../../tools/install/command.js'
import { bundleAction } from './bundle-action.js'

const standInFolder = fileURLToPath(new URL('./stand-ins/', import.meta.url))

/** What is committed in this repository, for `uses: modelway-ml/modelway/…`; act copies the whole folder, so no node_modules. */
export async function cloneClean(target: string): Promise<string> {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  await command('git', [
    'clone',
    '--quiet',
    '--no-hardlinks',
    '--depth',
    '1',
    `file://${root}`,
    target,
  ])
  return target
}

/** A copy of a folder as a repository of its own with one commit, as a user's would be. */
export async function makeRepository(source: string, target: string): Promise<string> {
  await mkdir(target, { recursive: true })
  await cp(source, target, { recursive: true })
  const git = (...args: readonly string[]) => command('git', args, { cwd: target })
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git(...identity, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', 'Start')
  return target
}

/**
 * The actions of GitHub that workflows of users name, for `localRepositories`. Checkout is act's own, unless `checkout` is
 * asked for: a workflow that names a `ref` needs it.
 */
export async function bundleStandIns(
  target: string,
  { checkout = false }: { readonly checkout?: boolean } = {},
): Promise<Readonly<Record<string, string>>> {
  const repositories: Record<string, string> = {}
  const names = ['upload-artifact', 'download-artifact', ...(checkout ? ['checkout'] : [])]
  for (const name of names) {
    await bundleAction(join(standInFolder, name), join(target, name))
    repositories[`actions/${name}@v4`] = join(target, name)
  }
  return repositories
}
