import { execFileSync } from 'node:child_process'
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
})
