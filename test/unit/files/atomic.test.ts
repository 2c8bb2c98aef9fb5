import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { writeFileAtomically, writeFilesAtomically } from '../../../src/files/atomic.js'
import { useTemporaryFolder } from '../temporary-folder.js'

describe('writeFilesAtomically', () => {
  const folder = useTemporaryFolder()

  it('writes all files, makes their folders, and leaves nothing else', () => {
    folder.write('a.json', 'old')
    writeFilesAtomically([
      { path: join(folder.path, 'a.json'), content: 'new' },
      { path: join(folder.path, 'x/y/b.bin'), content: Buffer.from([0, 255]) },
    ])
    expect(folder.list()).toEqual(['a.json', 'x/y/b.bin'])
    expect(readFileSync(join(folder.path, 'a.json'), 'utf8')).toBe('new')
    expect([...readFileSync(join(folder.path, 'x/y/b.bin'))]).toEqual([0, 255])
  })

  it('puts the first file back when the second cannot take its place', () => {
    folder.write('a.json', 'old')
    folder.write('SUMS/in-the-way', '')
    const files = ['new.json', 'a.json', 'SUMS'].map((name) => ({
      path: join(folder.path, name),
      content: 'new',
    }))
    expect(() => writeFilesAtomically(files)).toThrow()
    expect(folder.list()).toEqual(['SUMS/in-the-way', 'a.json'])
    expect(readFileSync(join(folder.path, 'a.json'), 'utf8')).toBe('old')
  })

  it('changes nothing when a file cannot even be staged', () => {
    folder.write('a.json', 'old')
    folder.write('file', '')
    const files = ['a.json', 'file/below.json'].map((name) => ({
      path: join(folder.path, name),
      content: 'new',
    }))
    expect(() => writeFilesAtomically(files)).toThrow()
    expect(folder.list()).toEqual(['a.json', 'file'])
    expect(readFileSync(join(folder.path, 'a.json'), 'utf8')).toBe('old')
  })

  it('takes the longest name that the file system takes', () => {
    const name = 'n'.repeat(255)
    writeFileAtomically(join(folder.path, name), 'x')
    expect(folder.list()).toEqual([name])
  })

  it('leaves no temporary file beside a folder in the way', () => {
    mkdirSync(join(folder.path, 'a'))
    folder.write('a/b', '')
    expect(() => writeFileAtomically(join(folder.path, 'a'), 'x')).toThrow()
    expect(folder.list()).toEqual(['a/b'])
  })
})
