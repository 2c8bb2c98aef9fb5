import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as YAML from 'yaml'
import { contractText } from '../../../../src/cli/contract/infer.js'
import { createProgram } from '../../../../src/cli/program.js'
import { inferContract } from '../../../../src/domain/quality/infer.js'
import { readContractFile } from '../../../../src/quality/data-contract.js'
import { repeat, table, text } from '../../domain/drift/tables.js'
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

const people = (count: number, age: (i: number) => number) =>
  `id,age,sex\n${Array.from({ length: count }, (_, i) => `${i},${age(i)},${'fm'[i % 2]}\n`).join('')}`

describe('modelway contract infer', () => {
  it('prints a draft that the action reads', async () => {
    folder.write(
      'people.csv',
      people(50, (i) => 20 + (i % 40)),
    )
    const { code, out } = await modelway('contract', 'infer', 'people.csv')
    expect(code).toBe(0)
    expect(out).toMatch(/^# A draft, inferred from 1 file of 50 rows:/)
    expect(YAML.parse(out)).toEqual({
      rows: { min: 1 },
      columns: {
        id: { type: 'integer', nulls: 0, unique: true },
        age: { type: 'integer', nulls: 0, min: 16, max: 63 },
        sex: { type: 'string', nulls: 0, in: ['f', 'm'] },
      },
    })
    expect(readContractFile({ file: folder.write('c.yml', out), shownAs: 'c.yml' }).rows).toEqual({
      min: 1,
    })
  })

  it('writes it to a file, over several files together', async () => {
    folder.write(
      'a.csv',
      people(30, () => 30),
    )
    folder.write(
      'b.csv',
      people(30, () => 50),
    )
    const { code, out } = await modelway('contract', 'infer', 'a.csv', 'b.csv', '--out', 'd/c.yml')
    expect({ code, out }).toEqual({ code: 0, out: 'd/c.yml: rules for 3 columns of 60 rows.\n' })
    const written = YAML.parse(readFileSync(join(folder.path, 'd/c.yml'), 'utf8'))
    expect(written.columns.age).toMatchObject({ min: 28, max: 52 })
    expect(written.columns.id).not.toHaveProperty('unique')
    expect(folder.list()).toEqual(['a.csv', 'b.csv', 'd/c.yml'])
  })

  it('refuses files that are absent, no table, or without a row', async () => {
    folder.write('note.txt', 'x')
    folder.write('empty.csv', 'a,b\n')
    const absent = await modelway('contract', 'infer', 'no.csv')
    expect(absent).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^error: MW-DATA-001: no\.csv/),
    })
    const other = await modelway('contract', 'infer', 'note.txt')
    expect(other).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: MW-DATA-002: note\.txt/),
    })
    const empty = await modelway('contract', 'infer', 'empty.csv')
    expect(empty).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: MW-DATA-118: empty\.csv/),
    })
    expect((await modelway('contract', 'infer')).code).toBe(2)
  })

  it('says which file cannot be written', async () => {
    folder.write('a.csv', 'a\n1\n')
    folder.write('file', '')
    const { code, err } = await modelway('contract', 'infer', 'a.csv', '--out', 'file/c.yml')
    expect(code).toBe(2)
    expect(err).toBe(
      'error: MW-DATA-119: --out: "file/c.yml" cannot be written: a part of its path is a file and no folder. Name a file in a folder that you may write to.\n',
    )
  })

  it('replaces nothing that is there, unless --force says so', async () => {
    folder.write('a.csv', 'a\n1\n')
    folder.write('c.yml', '# edited\n')
    const refused = await modelway('contract', 'infer', 'a.csv', '--out', 'c.yml')
    expect(refused).toEqual({
      code: 2,
      out: '',
      err: 'error: MW-DATA-120: --out: "c.yml" is there already. Name another file, or add --force to replace it.\n',
    })
    expect(readFileSync(join(folder.path, 'c.yml'), 'utf8')).toBe('# edited\n')
    const forced = await modelway('contract', 'infer', 'a.csv', '--out', 'c.yml', '--force')
    expect(forced.code).toBe(0)
    expect(readFileSync(join(folder.path, 'c.yml'), 'utf8')).toContain('columns:')
  })

  it('says in words that there is no such contract', async () => {
    folder.write('a.csv', 'a\n1\n')
    const { err } = await modelway('contract', 'check', 'none.yml', 'a.csv')
    expect(err).toBe(
      'error: MW-DATA-111: none.yml: the data contract cannot be read: there is no such file.\n',
    )
  })

  it('says which column a contract cannot name', async () => {
    folder.write('a.jsonl', '{"__proto__":1,"b":2}\n')
    const { code, out, err } = await modelway('contract', 'infer', 'a.jsonl')
    expect(code).toBe(0)
    if (err !== '') expect(err).toBe('No contract can name the column "__proto__".\n')
    expect(Object.keys(YAML.parse(out).columns)).toEqual(['b'])
  })

  it('writes hostile names and values so that they are read again as they were', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'naïve|<b>',
        '@mention',
        '::set-output name=x::y',
        'a: b # c',
        '- x',
        '? y',
        '<<',
        'null',
        '1',
        '1e3',
        'true',
        ' lead',
        'end ',
        '',
        'two\nlines\n',
        '\r',
        '\u0085\u2028\ufeff',
        '&a',
        '*a',
        '!!js/function x',
        '%YAML 1.1',
        '---',
        '"',
        "'",
        'constructor',
        'k'.repeat(3000),
      ),
    )
    const file = join(folder.path, 'c.yml')
    fc.assert(
      fc.property(
        fc.uniqueArray(odd, { minLength: 1, maxLength: 5 }),
        fc.uniqueArray(
          odd.filter((value) => value.length < 200),
          { minLength: 1, maxLength: 5 },
        ),
        (names, values) => {
          const usable = names.filter((name) => name !== '__proto__')
          const data = table(...usable.map((name) => text(name, repeat(3, ...values))))
          const contract = inferContract([data])
          folder.write('c.yml', contractText(contract, { files: 1, rows: data.rows }))
          const again = readContractFile({ file, shownAs: 'c.yml' })
          expect(Object.keys(again.columns).sort()).toEqual([...usable].sort())
          for (const [name, rule] of contract.columns) {
            const read = Object.entries(again.columns).find(([key]) => key === name)?.[1]
            expect(read?.in).toEqual(rule.in)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('modelway contract check', () => {
  it('ends with 0 when the files keep the contract', async () => {
    folder.write(
      'people.csv',
      people(50, (i) => 20 + (i % 40)),
    )
    await modelway('contract', 'infer', 'people.csv', '--out', 'c.yml')
    const { code, out } = await modelway('contract', 'check', 'c.yml', 'people.csv')
    expect(code).toBe(0)
    expect(out).toContain('pass  age.min\n')
    expect(out).toMatch(/All 14 checks of the data contract hold\.\n$/)
  })

  it('ends with 1 when they do not, and says what was observed', async () => {
    folder.write(
      'people.csv',
      people(50, (i) => (i === 7 ? -1 : 30)),
    )
    folder.write('c.yml', 'columns:\n  age: {min: 0, type: number}\n')
    const { code, out } = await modelway('contract', 'check', 'c.yml', 'people.csv')
    expect(code).toBe(1)
    expect(out).toContain('fail  age.min      expected at least 0, observed -1 (1 row)\n')
    expect(out).toMatch(/1 of 3 checks of the data contract do not hold\.\n$/)
    const json = await modelway('contract', 'check', 'c.yml', 'people.csv', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({ schema_version: 1, decision: 'fail', rows: 50 })
  })

  it('ends with 0 when no more than a warning is due', async () => {
    folder.write('a.csv', 'a\n1\n')
    folder.write('c.yml', 'columns:\n  a: {min: 5, level: warn}\n')
    const { code, out } = await modelway('contract', 'check', 'c.yml', 'a.csv')
    expect(code).toBe(0)
    expect(out).toContain('warn  a.min')
  })

  it('checks several files as one data set', async () => {
    folder.write('a.csv', 'a\n1\n')
    folder.write('c.yml', 'columns:\n  a: {unique: true}\n')
    expect((await modelway('contract', 'check', 'c.yml', 'a.csv')).code).toBe(0)
    expect((await modelway('contract', 'check', 'c.yml', 'a.csv', 'a.csv')).code).toBe(1)
  })

  it('refuses a contract that is wrong or absent', async () => {
    folder.write('a.csv', 'a\n1\n')
    folder.write('c.yml', 'columns:\n  a: {mim: 5}\n')
    const wrong = await modelway('contract', 'check', 'c.yml', 'a.csv')
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: MW-DATA-112: c\.yml/),
    })
    const absent = await modelway('contract', 'check', 'no.yml', 'a.csv')
    expect(absent).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: MW-DATA-111: no\.yml/),
    })
  })

  it('prints names from files on one line, without commands to the runner', async () => {
    folder.write('a.csv', '"x\n::error::y\u001b[31m"\n1\n')
    folder.write('c.yml', 'other-columns: refuse\n')
    const { code, out } = await modelway('contract', 'check', 'c.yml', 'a.csv')
    expect(code).toBe(1)
    expect(out).not.toContain('\u001b')
    expect(out).not.toMatch(/^::/m)
    expect(out.trimEnd().split('\n')).toHaveLength(2)
  })
})
