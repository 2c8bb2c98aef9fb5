import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { createBranchStore } from '../../../../src/adapters/registry/files/branch-store.js'
import type { StoreChange } from '../../../../src/adapters/registry/files/store.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

const run = promisify(execFile)

describe('the branch store', () => {
  const folder = useTemporaryFolder()
  const open = (branch: string, env: Readonly<Record<string, string | undefined>> = process.env) =>
    createBranchStore({ repository: folder.path, branch, env })
  const change = (path: string, content: string) => async (): Promise<StoreChange<undefined>> => ({
    result: undefined,
    files: [{ path, content: Buffer.from(content) }],
    message: 'm',
  })

  it('says that git is not installed', async () => {
    await expect(open('models', { PATH: '' }).read('x')).rejects.toThrow(
      'MW-REGISTRY-014: registry.location: a registry on a branch needs git',
    )
    await expect(open('models', { PATH: '' }).update(change('a', 'b'))).rejects.toThrow(
      'MW-REGISTRY-014',
    )
  })

  it('says that there is no repository', async () => {
    await expect(open('models').read('x')).rejects.toThrow('MW-REGISTRY-015: registry.location')
  })

  it.each(['', '..', '-x y', 'a..b', 'a b', '@{-1}', 'x.lock', 'a\nb', 'refs/heads/../x'])(
    'refuses the branch %j',
    async (branch) => {
      await run('git', ['init', '-q', folder.path])
      await expect(open(branch).read('x')).rejects.toThrow('MW-REGISTRY-006')
      await expect(open(branch).update(change('a', 'b'))).rejects.toThrow('MW-REGISTRY-006')
    },
  )

  it('changes no file, index or branch that is checked out, and obeys no variable of git’s', async () => {
    await run('git', ['init', '-q', folder.path])
    folder.write('tracked.txt', 'x')
    await run('git', ['-C', folder.path, 'add', '.'])
    const env = { ...process.env, GIT_DIR: join(folder.path, 'elsewhere'), GIT_INDEX_FILE: '/x' }
    const store = open('models', env)
    await store.update(change('a/b', 'content'))
    expect(Buffer.from((await store.read('a/b')) ?? []).toString()).toBe('content')
    const { stdout } = await run('git', ['-C', folder.path, 'status', '--porcelain'])
    expect(stdout).toBe('A  tracked.txt\n')
    expect(folder.list().filter((name) => !name.startsWith('.git/'))).toEqual(['tracked.txt'])
  })

  it('does not make a repository with its whole history a shallow one', async () => {
    const origin = join(folder.path, 'origin.git')
    await run('git', ['init', '-q', '--bare', origin])
    const stores: ReturnType<typeof createBranchStore>[] = []
    for (const name of ['one', 'two']) {
      await run('git', ['clone', '-q', origin, join(folder.path, name)])
      stores.push(
        createBranchStore({ repository: join(folder.path, name), branch: 'm', env: process.env }),
      )
    }
    for (const store of stores) await store.update(change('a', 'b'))
    await stores[0]?.update(change('a', 'c'))
    expect(Buffer.from((await stores[1]?.read('a')) ?? []).toString()).toBe('c')
    const two = join(folder.path, 'two')
    const { stdout } = await run('git', ['-C', two, 'rev-parse', '--is-shallow-repository'])
    expect(stdout.trim()).toBe('false')
  })

  it('works from a shallow clone, as actions/checkout makes it', async () => {
    const origin = join(folder.path, 'origin.git')
    await run('git', ['init', '-q', '--bare', '-b', 'main', origin])
    const seed = createBranchStore({
      repository: await clone(origin, 'seed'),
      branch: 'main',
      env: process.env,
    })
    for (const content of ['1', '2', '3']) await seed.update(change('a', content))
    const shallow = join(folder.path, 'shallow')
    await run('git', ['clone', '-q', '--depth=1', `file://${origin}`, shallow])
    const store = createBranchStore({ repository: shallow, branch: 'models', env: process.env })
    await store.update(change('a', 'x'))
    await seed.update(change('a', '4'))
    await store.update(change('b', 'y'))
    expect(Buffer.from((await store.read('a')) ?? []).toString()).toBe('x')
  })

  it('reports a remote that cannot be reached as an outside failure', async () => {
    await run('git', ['init', '-q', folder.path])
    await run('git', ['-C', folder.path, 'remote', 'add', 'origin', join(folder.path, 'absent')])
    await expect(open('models').read('x')).rejects.toThrow('MW-REGISTRY-008: git: ')
  })

  async function clone(origin: string, name: string): Promise<string> {
    await run('git', ['clone', '-q', origin, join(folder.path, name)])
    return join(folder.path, name)
  }
})
