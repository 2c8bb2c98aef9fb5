import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command, tryCommand } from './command.js'

/** Installs exact versions of npm packages into `folder/node_modules`; no install script of theirs is run. */
export async function npmInstall(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<void> {
  const manifest = { name: 'modelway-test-tool', private: true, dependencies }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--omit=dev']
  await command('npm', ['install', ...flags], { cwd: folder })
}

/** Installs wheels into `folder` (their programs into `folder/bin`): those named, or with all that they depend on. */
export async function pipInstall(
  folder: string,
  requirement: string | readonly string[],
  { dependencies = false }: { readonly dependencies?: boolean } = {},
): Promise<void> {
  const alone = dependencies ? [] : ['--no-deps']
  const flags = ['--quiet', '--disable-pip-version-check', ...alone, '--only-binary', ':all:']
  const target = ['install', ...flags, '--target', folder].concat(requirement)
  if ((await tryCommand('python3', ['-m', 'pip', '--version'])).code === 0) {
    await command('python3', ['-m', 'pip', ...target])
    return
  }
  // A Python without pip may still make a virtual environment that has one.
  const environment = join(folder, '.venv')
  await command('python3', ['-m', 'venv', environment])
  await command(join(environment, 'bin', 'python'), ['-m', 'pip', ...target])
  await rm(environment, { recursive: true, force: true })
}

/** Builds one Go program into `folder`. */
export async function goInstall(folder: string, packageAtVersion: string): Promise<void> {
  await command('go', ['install', packageAtVersion], {
    cwd: folder,
    env: { ...process.env, GOBIN: folder, GOFLAGS: '', CGO_ENABLED: '0' },
  })
}
