import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createGitCode } from '../../../../src/adapters/code/git.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

describe('git as source code', () => {
  const folder = useTemporaryFolder()
  const code = createGitCode()

  it('knows the tracked files below a folder, whatever they are called', async () => {
    execFileSync('git', ['init', '-q', folder.path])
    for (const name of ['a.js', 'sub/na\nïve.js', 'sub/untracked.js']) folder.write(name, 'x')
    execFileSync('git', ['-C', folder.path, 'add', 'a.js', 'sub/na\nïve.js'])
    expect(await code.trackedFiles(join(folder.path, 'sub'))).toEqual([
      join(folder.path, 'sub/na\nïve.js'),
    ])
    expect(await code.commit(folder.path)).toBeUndefined()
  })

  it('takes a folder of which nothing is tracked for one under no version control', async () => {
    expect(await code.trackedFiles(folder.path)).toBeUndefined()
    execFileSync('git', ['init', '-q', folder.path])
    folder.write('ignored/a.js', 'x')
    expect(await code.trackedFiles(join(folder.path, 'ignored'))).toBeUndefined()
  })
})
