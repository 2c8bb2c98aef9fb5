import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createWorkspace } from '../../../../src/files/workspace.js'
import type { DataPath } from '../../../../src/tabular/data-set/data-set-options.js'
import { dataPaths, listFiles } from '../../../../src/tabular/data-set/list-files.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelway-files-'))
  await Promise.all(
    [
      'lake/_SUCCESS',
      'lake/.part.crc',
      'lake/_temporary/0/part.csv',
      'lake/year=2024/month=10/part-0.csv',
      'lake/year=2024/month=05/part-0.csv',
      'lake/year=2024/month=05/.part-0.csv.crc',
      'lake/_kind=a%2Fb%20%C3%BC/city=100%/name=__HIVE_DEFAULT_PARTITION__/part.csv',
      'empty/_SUCCESS',
      'one.csv',
      '_two.csv',
      'odd[1].csv',
    ].map(async (name) => {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), 'a\n1\n')
    }),
  )
})
afterAll(() => rm(root, { recursive: true }))

const list = (paths: (string | DataPath)[]) => listFiles({ root, paths, where: 'drift.current' })
const names = async (paths: (string | DataPath)[]) => (await list(paths)).map(({ name }) => name)

describe('the files of a data set', () => {
  it('of a folder are those below it, sorted, without marks, checksums and what is not finished', async () => {
    expect(await names([join(root, 'lake')])).toEqual([
      'lake/_kind=a%2Fb%20%C3%BC/city=100%/name=__HIVE_DEFAULT_PARTITION__/part.csv',
      'lake/year=2024/month=05/part-0.csv',
      'lake/year=2024/month=10/part-0.csv',
    ])
  })

  it('are those that are named, in the order given and each once, whatever they are called', async () => {
    const paths = [join(root, 'one.csv'), join(root, '_two.csv'), join(root, 'one.csv')]
    expect(await names(paths)).toEqual(['one.csv', '_two.csv'])
  })

  it('have columns from the folders below the one that was named', async () => {
    const [odd, may] = await list([join(root, 'lake')])
    expect(odd?.partition).toEqual([
      ['_kind', 'a/b ü'],
      ['city', '100%'],
      ['name', undefined],
    ])
    expect(may?.partition).toEqual([
      ['year', '2024'],
      ['month', '05'],
    ])
    const [below] = await list([join(root, 'lake/year=2024')])
    expect(below?.partition).toEqual([['month', '05']])
    const [file] = await list([join(root, 'lake/year=2024/month=05/part-0.csv')])
    expect(file?.partition).toEqual([])
  })

  it('are at least one', async () => {
    await expect(list([join(root, 'empty')])).rejects.toThrow(
      'MW-DATA-301: drift.current: there is no file of data to read.',
    )
  })

  it('lie below the root, not behind a link out of it', async () => {
    await expect(list([join(root, '..')])).rejects.toThrow('MW-PATH-001')
    await mkdir(join(root, 'linked'))
    await symlink('/etc/hosts', join(root, 'linked/hosts.csv'))
    await expect(list([join(root, 'linked')])).rejects.toThrow('MW-PATH-001')
    await expect(list([join(root, 'absent')])).rejects.toThrow('MW-PATH-002')
  })
})

describe('what a configuration names', () => {
  const found = async (...patterns: string[]) => {
    const workspace = createWorkspace(root)
    const files = await listFiles({
      root,
      paths: await dataPaths(workspace, patterns, 'drift.current'),
      where: 'drift.current',
    })
    return files.map(({ name, partition }) => [name, Object.fromEntries(partition)])
  }

  it('may be a glob: columns come from the folders that it stands for', async () => {
    expect(await found('lake/year=*/**/*.csv')).toEqual([
      ['lake/year=2024/month=05/part-0.csv', { year: '2024', month: '05' }],
      ['lake/year=2024/month=10/part-0.csv', { year: '2024', month: '10' }],
    ])
    expect(await found('lake/**')).toHaveLength(3)
  })

  it('may be a folder, or a file whose name looks like a pattern', async () => {
    expect(await found('lake/year=2024', 'odd[1].csv')).toEqual([
      ['lake/year=2024/month=05/part-0.csv', { month: '05' }],
      ['lake/year=2024/month=10/part-0.csv', { month: '10' }],
      ['odd[1].csv', {}],
    ])
  })

  it('must be there', async () => {
    await expect(found('lake/*.parquet')).rejects.toThrow('MW-PATH-003')
  })
})
