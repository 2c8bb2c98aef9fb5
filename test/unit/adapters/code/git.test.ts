import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createGitCode } from '../../../../src/adapters/code/git.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

describe('git as source code', () => {
  const folder = useTemporaryFolder()
  const code = createGitCode()

  it('knows the files below a folder that are tracked, or new and not ignored, whatever they are called', async () => {
    execFileSync('git', ['init', '-q', folder.path])
    for (const name of ['a.js', 'sub/na\nïve.js', 'sub/new.js', 'sub/a.log'])
      folder.write(name, 'x')
    folder.write('.gitignore', '*.log\n')
    execFileSync('git', ['-C', folder.path, 'add', 'a.js', 'sub/na\nïve.js'])
    expect(await code.trackedFiles(join(folder.path, 'sub'))).toEqual([
      join(folder.path, 'sub/na\nïve.js'),
      join(folder.path, 'sub/new.js'),
    ])
    expect(await code.commit(folder.path)).toBeUndefined()
  })

  it('takes a folder that the repository around it ignores for one under no version control', async () => {
    expect(await code.trackedFiles(folder.path)).toBeUndefined()
    execFileSync('git', ['init', '-q', folder.path])
    folder.write('.gitignore', 'ignored/\n')
    folder.write('ignored/a.js', 'x')
    expect(await code.trackedFiles(join(folder.path, 'ignored'))).toBeUndefined()
  })
})

describe('git as history', () => {
  const folder = useTemporaryFolder()
  const code = createGitCode()
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder.path, '-c', 'user.name=n', '-c', 'user.email=e', ...args], {
      encoding: 'utf8',
    }).trim()
  const commit = (name: string, content: string): string => {
    folder.write(name, content)
    git('add', '.')
    git('commit', '-q', '-m', name)
    return git('rev-parse', 'HEAD')
  }

  it('finds the merge base of two branches, and files as they were there', async () => {
    git('init', '-q', '-b', 'main')
    const base = commit('sub/naïve p.csv', 'id\n1\n')
    git('checkout', '-q', '-b', 'change')
    const head = commit('sub/naïve p.csv', 'id\n2\n')
    git('checkout', '-q', 'main')
    const main = commit('other', 'x')
    expect(await code.resolve(folder.path, 'main')).toBe(main)
    expect(await code.mergeBase(folder.path, head, main)).toBe(base)
    const sub = join(folder.path, 'sub')
    const read = async (at: string) =>
      Buffer.from((await code.fileAt(sub, at, 'naïve p.csv')) ?? []).toString()
    expect(await read(base)).toBe('id\n1\n')
    expect(await read(head)).toBe('id\n2\n')
    const atTop = await code.fileAtTop(sub, base, 'sub/naïve p.csv')
    expect(Buffer.from(atTop ?? []).toString()).toBe('id\n1\n')
    const age = Date.now() - ((await code.committedAt(folder.path, base))?.getTime() ?? 0)
    expect(Math.abs(age)).toBeLessThan(60_000)
  })

  it('prefers the branch of the remote to a stale one of the same name here', async () => {
    git('init', '-q', '-b', 'main')
    const old = commit('a', '1')
    const fresh = commit('a', '2')
    git('update-ref', 'refs/remotes/origin/main', fresh)
    git('reset', '-q', '--hard', old)
    expect(await code.resolve(folder.path, 'main')).toBe(fresh)
  })

  it('knows nothing of commits, files and references that are not here, nor takes them for options', async () => {
    git('init', '-q', '-b', 'main')
    const only = commit('a', '1')
    expect(await code.resolve(folder.path, '--all')).toBeUndefined()
    expect(await code.resolve(folder.path, 'none')).toBeUndefined()
    expect(await code.mergeBase(folder.path, only, 'f'.repeat(40))).toBeUndefined()
    expect(await code.mergeBase(folder.path, '--all', only)).toBeUndefined()
    expect(await code.fileAt(folder.path, only, 'none.csv')).toBeUndefined()
    expect(await code.fileAt(folder.path, '--output=x', 'a')).toBeUndefined()
    expect(await code.committedAt(folder.path, 'f'.repeat(40))).toBeUndefined()
  })

  it('takes HEAD for what is checked out, not for the default branch of the remote', async () => {
    git('init', '-q', '-b', 'main')
    const main = commit('a', '1')
    git('update-ref', 'refs/remotes/origin/main', main)
    git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    const change = commit('a', '2')
    expect(await code.resolve(folder.path, 'HEAD')).toBe(change)
  })

  it('believes no repository that a change wrote into a folder, nor a commit in place of another', async () => {
    git('init', '-q', '-b', 'main')
    const honest = commit('sub/modelway.yml', 'honest')
    const planted = join(folder.path, 'sub')
    execFileSync('git', ['clone', '-q', '--bare', folder.path, join(folder.path, 'bare')])
    cpSync(join(folder.path, 'bare'), planted, { recursive: true })
    const forged = execFileSync(
      'git',
      [
        ...['--git-dir', planted, '-c', 'user.name=n', '-c', 'user.email=e'],
        ...['commit-tree', '-m', 'forged', `${honest}^{tree}`],
      ],
      { encoding: 'utf8' },
    ).trim()
    execFileSync('git', ['--git-dir', planted, 'update-ref', 'refs/heads/main', forged])
    expect(await code.resolve(planted, 'main')).toBeUndefined()
    expect(await code.resolve(planted, forged)).toBeUndefined()

    const other = commit('sub/modelway.yml', 'forged')
    git('replace', honest, other)
    const read = await code.fileAtTop(folder.path, honest, 'sub/modelway.yml')
    expect(Buffer.from(read ?? []).toString()).toBe('honest')
  })

  it('starts no program that the repository’s configuration names', async () => {
    git('init', '-q', '-b', 'main')
    const only = commit('a', '1')
    const trace = join(folder.path, 'started')
    const evil = folder.write('.git/evil', `#!/bin/sh\ntouch ${trace}\n`)
    chmodSync(evil, 0o755)
    for (const [key, value] of [
      ['core.repositoryformatversion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${evil}`],
      ['protocol.ext.allow', 'always'],
      ['core.fsmonitor', evil],
    ] as const)
      git('config', key, value)
    await code.fileAt(folder.path, 'f'.repeat(40), 'a')
    await code.committedAt(folder.path, 'f'.repeat(40))
    await code.resolve(folder.path, 'f'.repeat(40))
    await code.mergeBase(folder.path, only, 'f'.repeat(40))
    await code.trackedFiles(folder.path)
    expect(existsSync(trace)).toBe(false)
  })
})
