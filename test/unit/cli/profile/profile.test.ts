import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { createProgram } from '../../../../src/cli/program.js'
import { readProfile } from '../../../../src/comparison/summaries/profile-file.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

async function modelway(...args: readonly string[]) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const program = createProgram({
    stdin: new PassThrough(),
    stdout,
    stderr,
    cwd: folder.path,
    env: {},
    version: '0.0.0',
    distribution: new URL('file:///nowhere/'),
  })
  const code = await program.run(args)
  stdout.end()
  stderr.end()
  return { code, out: await textOf(stdout), err: await textOf(stderr) }
}

const people = Array.from({ length: 60 }, (_, i) => `p${i}@example.org,${i % 40},${'fm'[i % 2]}\n`)

describe('modelway profile', () => {
  it('writes a profile, and names what it leaves out', async () => {
    folder.write('data/people.csv', `mail,age,sex\n${people.join('')}`)
    const { code, out } = await modelway('profile', 'data/people.csv', '--out', 'p.json.gz')
    expect(code).toBe(0)
    expect(out).toBe(
      'p.json.gz: a profile of 2 columns of 60 rows.\nLeft out: "mail", since identifiers are not kept in a profile.\n',
    )
    const profile = await readProfile({ path: join(folder.path, 'p.json.gz'), shownAs: 'p' })
    expect(profile.columns.map(({ name }) => name)).toEqual(['age', 'sex'])
    expect(profile.files.map(({ name }) => name)).toEqual(['people.csv'])
    expect(JSON.stringify(profile)).not.toContain('example.org')
  })

  it('describes the columns that are named, and pools categories of few rows', async () => {
    folder.write('a.csv', `x,c\n${'1,often\n'.repeat(20)}2,rare\n`)
    await modelway('profile', 'a.csv', '--out', 'p.json', '--columns', 'c')
    const profile = JSON.parse(readFileSync(join(folder.path, 'p.json'), 'utf8'))
    expect(profile.columns).toHaveLength(1)
    expect(profile.columns[0]).toMatchObject({ name: 'c', categories: ['often'], others: 1 })
    await modelway('profile', 'a.csv', '--out', 'p.json', '--min-count', '1', '--force')
    const all = JSON.parse(readFileSync(join(folder.path, 'p.json'), 'utf8'))
    expect(all.columns[1]).toMatchObject({ categories: ['often', 'rare'], others: 0 })
  })

  it('replaces nothing that is there, unless --force says so', async () => {
    folder.write('a.csv', 'a,b\n1,2\n')
    folder.write('p.json', 'kept')
    const { code, err } = await modelway('profile', 'a.csv', '--out', 'p.json')
    expect(code).toBe(2)
    expect(err).toMatch(/^error: MW-DATA-120: --out: "p\.json" is there already/)
    expect(readFileSync(join(folder.path, 'p.json'), 'utf8')).toBe('kept')
  })

  it('says what is wrong with files and options', async () => {
    folder.write('empty.csv', 'a,b\n')
    folder.write('a.csv', 'a,b\n1,2\n')
    const said = async (...args: readonly string[]) => {
      const { code, err } = await modelway('profile', ...args)
      return `${code} ${err}`
    }
    expect(await said('absent.csv', '--out', 'p.json')).toMatch(/^2 error: MW-/)
    expect(await said('empty.csv', '--out', 'p.json')).toMatch(/^2 error: MW-DRIFT-908/)
    expect(await said('a.csv', '--out', 'a.csv/p.json')).toMatch(/^2 error: MW-DRIFT-909/)
    expect(await said('a.csv', '--out', 'p.json', '--memory', '1')).toMatch(/^2 .*1GB/s)
    expect(await said('a.csv', '--out', 'p.json', '--min-count', '0')).toMatch(/^2 .*whole number/s)
    expect(await said('a.csv', '--out', 'p.json', '--memory', '50MB')).toMatch(
      /^2 error: MW-DRIFT-901/,
    )
    expect(folder.list()).toEqual(['a.csv', 'empty.csv'])
  })
})
