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
