import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { openRegistry } from '../../src/adapters/registry/index.js'
import { createWorkspace } from '../../src/files/workspace.js'
import type { ModelRegistry } from '../../src/ports/registry.js'
import { type RegistryUnderTest, registryContract } from './registry.contract.js'

const run = promisify(execFile)
const IDENTITY = ['-c', 'user.name=t', '-c', 'user.email=t@example.com']

function temporary(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'modelway-registry-')))
}

async function open(root: string, location: string): Promise<ModelRegistry> {
  const workspace = createWorkspace(root)
  return openRegistry('files', { workspace, location, now: () => new Date(0), env: process.env })
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

// @evidence File system, as a registry: live
registryContract('the folder store', async (): Promise<RegistryUnderTest> => {
  const root = temporary()
  const registry = await open(root, 'model-registry')
  const another = await open(root, 'model-registry')
  return {
    registry,
    open: () => another,
    tamper: async (path, content) => write(join(root, 'model-registry', path), content),
    close: async () => rmSync(root, { recursive: true, force: true }),
  }
})

/** Clones of one bare repository; the working directory is a folder inside a clone. */
// @evidence git, as a registry: live (the git of the machine, with a bare repository as remote)
registryContract('the branch store with a remote', async (): Promise<RegistryUnderTest> => {
  const root = temporary()
  const origin = join(root, 'origin.git')
  await run('git', ['init', '-q', '--bare', origin])
  const clone = async (name: string): Promise<string> => {
    await run('git', ['clone', '-q', origin, join(root, name)])
    mkdirSync(join(root, name, 'sub'))
    return join(root, name)
  }
  const first = await clone('first')
  const second = await clone('second')
  const tampering = join(root, 'tampering')
  const registry = await open(join(first, 'sub'), 'branch:models')
  const another = await open(second, 'branch:models')
  return {
    registry,
    open: () => another,
    tamper: async (path, content) => {
      await run('git', ['clone', '-q', '--branch', 'models', origin, tampering])
      write(join(tampering, path), content)
      await run('git', ['-C', tampering, ...IDENTITY, 'commit', '-qam', 'tamper'])
      await run('git', ['-C', tampering, 'push', '-q'])
      rmSync(tampering, { recursive: true })
    },
    close: async () => rmSync(root, { recursive: true, force: true }),
  }
})

registryContract('the branch store without a remote', async (): Promise<RegistryUnderTest> => {
  const root = temporary()
  await run('git', ['init', '-q', root])
  const registry = await open(root, 'branch:models/census')
  const another = await open(root, 'branch:models/census')
  const tree = join(root, 'tree')
  return {
    registry,
    open: () => another,
    tamper: async (path, content) => {
      await run('git', ['-C', root, 'worktree', 'add', '-q', tree, 'models/census'])
      write(join(tree, path), content)
      await run('git', ['-C', tree, ...IDENTITY, 'commit', '-qam', 'tamper'])
      await run('git', ['-C', root, 'worktree', 'remove', '--force', tree])
    },
    close: async () => rmSync(root, { recursive: true, force: true }),
  }
})
