import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createWorkspace } from '../../../src/files/workspace.js'
import { useTemporaryFolder } from '../temporary-folder.js'

describe('a workspace', () => {
  const folder = useTemporaryFolder()
  const open = () => {
    mkdirSync(join(folder.path, 'ws'), { recursive: true })
    return createWorkspace(join(folder.path, 'ws'))
  }

  it.each([
    '../secret',
    'a/../../secret',
    '/etc/passwd',
    '..\\secret',
    'a\\..\\..\\secret',
    'x\0y',
    '..',
  ])('refuses the path %j, which leads outside', (path) => {
    expect(() => open().resolve(path, 'data.source')).toThrow(/^MW-PATH-001: data\.source: /)
  })

  it.each(['a.csv', './a/../b.csv', '..a', '...', 'sub\\b.csv', ''])(
    'takes the path %j, which stays inside',
    (path) => {
      expect(open().resolve(path, 'x').startsWith(join(folder.path, 'ws'))).toBe(true)
    },
  )

  it('refuses links that lead outside, dangle, or go in circles', async () => {
    const workspace = open()
    folder.write('secret/key.txt', 'x')
    symlinkSync(join(folder.path, 'secret'), join(workspace.root, 'folder'))
    symlinkSync('../secret/key.txt', join(workspace.root, 'file'))
    symlinkSync('../secret/absent.txt', join(workspace.root, 'dangling'))
    symlinkSync('circle', join(workspace.root, 'circle'))
    for (const path of [
      'folder/key.txt',
      'folder/new.txt',
      'file',
      'dangling',
      'circle',
      'circle/x',
    ])
      expect(() => workspace.resolve(path, 'x')).toThrow('MW-PATH-001')
    await expect(workspace.glob(['fil*'], 'x')).rejects.toThrow('MW-PATH-001')
  })

  it('follows a link to a file inside, and counts it as a file', async () => {
    const workspace = open()
    folder.write('ws/blobs/1', 'x')
    mkdirSync(join(workspace.root, 'model'))
    symlinkSync('../blobs/1', join(workspace.root, 'model/weights.bin'))
    expect(await workspace.files('model', 'x')).toEqual([join(workspace.root, 'model/weights.bin')])
  })

  it('refuses a folder with a link in it that leads outside or to a folder', async () => {
    const workspace = open()
    folder.write('ws/other/1', 'x')
    folder.write('ws/model/a', 'x')
    symlinkSync('../other', join(workspace.root, 'model/linked'))
    await expect(workspace.files('model', 'train.model')).rejects.toThrow(
      'MW-PATH-004: train.model',
    )
    folder.write('ws/second/a', 'x')
    symlinkSync('/etc/hosts', join(workspace.root, 'second/out'))
    await expect(workspace.files('second', 'train.model')).rejects.toThrow('MW-PATH-001')
  })

  it('finds a file whose name holds a backslash or a glob', async () => {
    const workspace = open()
    for (const name of ['we\\ird.csv', 'data[1].csv', 'data1.csv'])
      writeFileSync(join(workspace.root, name), 'x')
    expect(await workspace.glob(['we*'], 'x')).toEqual([`${workspace.root}/we\\ird.csv`])
    expect(await workspace.glob(['data[1].csv'], 'x')).toEqual([`${workspace.root}/data[1].csv`])
    expect(workspace.relative(workspace.resolve('we\\ird.csv', 'x'))).toBe('we\\ird.csv')
  })

  it('sorts what globs find by code unit and names each file once', async () => {
    const workspace = open()
    for (const name of ['b.csv', 'B.csv', 'a.csv']) writeFileSync(join(workspace.root, name), 'x')
    const found = await workspace.glob(['*.csv', 'a.csv'], 'x')
    expect(found.map(workspace.relative)).toEqual(['B.csv', 'a.csv', 'b.csv'])
  })

  it('says which pattern or path names nothing', async () => {
    await expect(open().glob(['*.parquet'], 'data.source')).rejects.toThrow(
      'MW-PATH-003: data.source: no file matches "*.parquet".',
    )
    await expect(open().files('absent', 'train.model')).rejects.toThrow('MW-PATH-002: train.model')
  })

  it('is a folder that exists', () => {
    const file = folder.write('file', '')
    expect(() => createWorkspace(file)).toThrow('MW-PATH-005: input working-directory')
    expect(() => createWorkspace(join(folder.path, 'absent'))).toThrow('MW-PATH-005')
  })
})
