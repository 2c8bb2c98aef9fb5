import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { driftCheck } from '../../../../src/actions/drift-check/run.js'
import { UserError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { copyFixture, copyTable } from './arrange.js'
import { checkDrift, csv, driftContext, driftPorts, spread } from './drift-context.js'

const folder = useTemporaryFolder()

const check = (config: string) => checkDrift({ folder: folder.path, config })

/** 400 rows of one number and one category. */
function table(shift = 0): string {
  return csv('x,c', 400, (i) => `${spread(i) + shift},${'abc'[i % 3]}`)
}

function fixture(name: string, to: string): void {
  copyFixture(folder.path, name, to)
}

describe('which files are compared', () => {
  it('are those that the lines name, in their order, with their digests in the statement', async () => {
    folder.write('a.csv', table())
    folder.write('now/b.csv', table())
    folder.write('now/c.csv', table(1))
    const { outcome, predicate } = await check(
      '{reference: a.csv, current: [now/c.csv, now/b.csv]}',
    )
    expect(outcome.subject.map(({ name }) => name)).toEqual(['now/c.csv', 'now/b.csv'])
    expect(predicate.reference.files.map(({ path }) => path)).toEqual(['a.csv'])
    expect(predicate.rows).toEqual({ reference: 400, current: 800 })
    expect(predicate.columns.map(({ name }) => name)).toEqual(['x', 'c'])
    expect(predicate).toMatchObject({ decision: 'fail', state: 'judged', window: null })
    expect(outcome.outputs).toMatchObject({ drifted: 'x', 'drifted-share': 0.5 })
  })

  it('are warned of where they are on both sides, unless rows are chosen', async () => {
    folder.write('a.csv', table())
    folder.write('b.csv', table())
    const warned = 'in the reference, too, byte for byte'
    const { host } = await check('{reference: a.csv, current: b.csv}')
    expect(host.lines.filter((line) => line.includes(warned))).toEqual([
      expect.stringContaining('warn: drift: "b.csv"'),
    ])
    const chosen = await check(
      '{reference: a.csv, current: a.csv, rows: {current: {c: a}}, columns: {ignore: [c]}}',
    )
    expect(chosen.host.lines.join()).not.toContain(warned)
  })

  it('are said, the reference first', async () => {
    folder.write('a.csv', table())
    folder.write('b.csv', table(1))
    const { host } = await check('{reference: a.csv, current: b.csv}')
    expect(host.lines.slice(0, 2)).toEqual([
      'info: drift.reference: 400 rows, 2 columns',
      'info: drift.current: 400 rows, 2 columns',
    ])
  })

  it('are named with their side where they cannot be read, and with the way to leave them out of a folder', async () => {
    folder.write('a.csv', table())
    folder.write('now/b.csv', table())
    folder.write('now/conf.yml', 'x: 1')
    const wrong = await errorOf(() => check('{reference: a.csv, current: now}'))
    expect(wrong.message).toBe(
      'MW-DATA-002: drift.current: now/conf.yml: the format of the file is not known. It lies in a folder that is named: leave it out with the line "!now/conf.yml" there, or name the files.',
    )
    const { predicate } = await check('{reference: a.csv, current: [now, "!now/conf.yml"]}')
    expect(predicate.rows.current).toBe(400)
    folder.write('now/conf.csv', '')
    const empty = await errorOf(() => check('{reference: a.csv, current: now/conf.csv}'))
    expect(empty.message).toMatch(/^MW-DATA-004: drift\.current: now\/conf\.csv: the file is empty/)
  })

  it('are no profile where they are the current data', async () => {
    folder.write('a.csv', table())
    folder.write('p.json', '{"modelwayProfile":1}')
    const error = await errorOf(() => check('{reference: a.csv, current: p.json}'))
    expect(error.message).toMatch(/^MW-DRIFT-036: drift\.current: it is a profile/)
  })

  it('are each read once, even if two lines name them', async () => {
    folder.write('a.csv', table())
    const { predicate } = await check('{reference: [a.csv, "*.csv"], current: file:a.csv}')
    expect(predicate.rows).toEqual({ reference: 400, current: 400 })
    expect(predicate.decision).toBe('pass')
  })

  it('are without those of lines with !, out of globs and out of folders', async () => {
    folder.write('data/a.csv', table())
    folder.write('data/b.csv', table(5))
    for (const reference of ['data', 'data/*.csv']) {
      const { predicate } = await check(
        `{reference: ["${reference}", "!data/b.csv"], current: data/a.csv}`,
      )
      expect(predicate.reference.files.map(({ path }) => path)).toEqual(['data/a.csv'])
      expect(predicate.decision).toBe('pass')
    }
  })

  it('are an error where lines with ! leave none', async () => {
    folder.write('a.csv', table())
    const error = await errorOf(() => check('{reference: [a.csv, "!a.csv"], current: a.csv}'))
    expect(error.message).toMatch(/^MW-DATA-301: drift\.reference/)
    const nothing = await errorOf(() => check('{reference: ["!a.csv"], current: a.csv}'))
    expect(nothing.message).toMatch(/^MW-DRIFT-011: drift\.reference/)
  })

  it('are refused outside of the working directory, and where there are none', async () => {
    folder.write('a.csv', table())
    const outside = await errorOf(() => check('{reference: ../a.csv, current: a.csv}'))
    expect(outside.message).toMatch(/^MW-PATH-001: drift\.reference/)
    const absent = await errorOf(() => check('{reference: a.csv, current: "b*.csv"}'))
    expect(absent.message).toMatch(/^MW-PATH-003: drift\.current/)
  })

  it('are those of a folder that is partitioned as Hive does, with its columns', async () => {
    folder.write(
      'lake/day=1/region=eu/p.csv',
      csv('x', 300, (i) => `${spread(i)}`),
    )
    folder.write(
      'lake/day=1/region=us/p.csv',
      csv('x', 300, (i) => `${spread(i)}`),
    )
    folder.write(
      'lake/day=2/region=eu/p.csv',
      csv('x', 300, (i) => `${spread(i)}`),
    )
    folder.write('lake/_SUCCESS', '')
    const { predicate } = await check(
      '{reference: lake, current: lake, rows: {reference: {day: 1}, current: {day: 2}}, columns: {ignore: [day]}}',
    )
    expect(predicate.rows).toEqual({ reference: 600, current: 300 })
    expect(predicate.reference.files.map(({ path }) => path)).toEqual([
      'lake/day=1/region=eu/p.csv',
      'lake/day=1/region=us/p.csv',
    ])
    const region = predicate.columns.find(({ name }) => name === 'region')
    expect(region).toMatchObject({ kind: 'categorical', drifted: true, vanishedCategories: ['us'] })
  })

  it('keep the columns of partitions where a file of theirs is left out', async () => {
    folder.write(
      'lake/r=eu/a.csv',
      csv('x', 300, (i) => `${spread(i)}`),
    )
    folder.write('lake/r=eu/b.csv', 'x\nbroken\n')
    const { predicate } = await check(
      '{reference: [lake, "!lake/r=eu/b.csv"], current: [lake, "!lake/r=eu/b.csv"]}',
    )
    expect(predicate.columns.map(({ name }) => name)).toEqual(['x', 'r'])
  })

  it('may be of different formats, and of names that mean something elsewhere', async () => {
    fixture('groups.parquet', 'a b/|naïve|<b>@x.parquet')
    fixture('groups.feather', "now/it's [1].feather")
    const { predicate, outcome } = await check(
      `{reference: "a b/|naïve|<b>@x.parquet", current: "now/it's [1].feather"}`,
    )
    expect(predicate.rows).toEqual({ reference: 600, current: 600 })
    expect(predicate.columns.every(({ drifted }) => !drifted)).toBe(true)
    expect(outcome.subject[0]?.name).toBe("now/it's [1].feather")
    expect(outcome.markdown).not.toContain('<b>')
  })
})

describe('which rows count', () => {
  it('are those that meet the conditions of both samples and of their own', async () => {
    folder.write(
      'a.csv',
      csv('x,g,m', 600, (i) => `${spread(i)},${i % 3},${i % 2}`),
    )
    const { predicate } = await check(
      '{reference: a.csv, current: a.csv, rows: {where: {m: 0}, reference: {g: [0, 1]}, current: {x: {min: 0.5}}}, columns: {ignore: [g, m]}}',
    )
    expect(predicate.rows.reference).toBe(200)
    expect(predicate.rows.current).toBeGreaterThan(120)
    expect(predicate.rows.current).toBeLessThan(180)
    expect(predicate.columns[0]).toMatchObject({ name: 'x', drifted: true })
  })

  it('are an error where there are none, of either sample', async () => {
    folder.write('a.csv', table())
    folder.write('empty.csv', 'x,c\n')
    const reference = await errorOf(() => check('{reference: empty.csv, current: a.csv}'))
    expect(reference.message).toMatch(
      /^MW-DRIFT-010: drift\.reference: empty\.csv: there is no row\./,
    )
    const current = await errorOf(() => check('{reference: a.csv, current: empty.csv}'))
    expect(current.message).toMatch(/^MW-DRIFT-010: drift\.current/)
    const filtered = await errorOf(() =>
      check('{reference: a.csv, current: a.csv, rows: {current: {c: z}}}'),
    )
    expect(filtered.message).toContain('a.csv: there is no row that counts: none has c: "z".')
  })

  it.each(['no-rows.parquet', 'none.jsonl', 'none.csv'])(
    'are an error where %s has none, whatever it says of its columns',
    async (name) => {
      folder.write('a.csv', table())
      if (name.endsWith('.parquet')) copyTable(folder.path, name, name)
      else folder.write(name, '')
      for (const [reference, current] of [
        [name, 'a.csv'],
        ['a.csv', name],
      ]) {
        const error = await errorOf(() => check(`{reference: ${reference}, current: ${current}}`))
        expect(error).toBeInstanceOf(UserError)
        expect(error.message).toMatch(/^MW-D(ATA|RIFT)-\d{3}: /)
      }
    },
  )

  it('must agree on what a column is within one sample: the file that does not is named', async () => {
    folder.write('a.csv', table())
    folder.write('now/a.csv', table())
    folder.write(
      'now/b.csv',
      csv('x,c', 400, (i) => `word${i % 5},${'abc'[i % 3]}`),
    )
    const error = await errorOf(() => check('{reference: a.csv, current: now}'))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain('now/b.csv')
    expect(error.message).toContain('x')
    folder.write(
      'now/b.csv',
      csv('c,other', 400, (i) => `${'abc'[i % 3]},1`),
    )
    const lacking = await errorOf(() => check('{reference: a.csv, current: now}'))
    expect(lacking.message).toMatch(/^MW-DATA-019: /)
  })

  it('are the same random ones for the same seed, and others for another', async () => {
    folder.write(
      'a.csv',
      csv('x', 5_000, (i) => `${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('x', 4_000, (i) => `${spread(i) + 0.1}`),
    )
    const sampled = async (seed: number) =>
      (await check(`{reference: a.csv, current: b.csv, rows: {sample: 500, seed: ${seed}}}`))
        .predicate
    const [first, again, other] = [await sampled(3), await sampled(3), await sampled(4)]
    expect(first.rows).toEqual({ reference: 500, current: 500 })
    expect(again).toEqual(first)
    expect(other.columns[0]?.psi).not.toBe(first.columns[0]?.psi)
  })

  it('are refused where a condition names no column', async () => {
    folder.write('a.csv', table())
    const error = await errorOf(() =>
      check('{reference: a.csv, current: a.csv, rows: {where: {nope: 1}}}'),
    )
    expect(error.message).toMatch(/^MW-DATA-003: a\.csv: column "nope" not found/)
  })
})

describe('hostile files', () => {
  it('with a byte order mark, quoted line breaks and names of all kinds are compared as they are', async () => {
    const names =
      '"naïve|<b>","line\nbreak","@mention ::set-output name=x::y",__proto__,constructor'
    const text = csv(names, 300, (i) => `${spread(i)},"a\n${i % 2}",${i % 3},${i % 2},k${i % 2}`)
    folder.write('a.csv', `\uFEFF${text}`)
    folder.write('b.csv', text.replaceAll('\n"', '\n"').replaceAll(',k1', ',k2'))
    const { predicate, outcome } = await check('{reference: a.csv, current: b.csv}')
    expect(predicate.columns.map(({ name }) => name)).toEqual([
      'naïve|<b>',
      'line\nbreak',
      '@mention ::set-output name=x::y',
      '__proto__',
      'constructor',
    ])
    expect(predicate.columns.filter(({ drifted }) => drifted).map(({ name }) => name)).toEqual([
      'constructor',
    ])
    expect(outcome.markdown).not.toMatch(/<b>|^::/m)
  })

  it('with two columns of one name are refused by that name, and nothing is written', async () => {
    folder.write('a.csv', table())
    folder.write('b.csv', 'x,c,x\n1,a,2\n')
    const error = await errorOf(() => check('{reference: a.csv, current: b.csv, history: h.jsonl}'))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toMatch(/^MW-DATA-005: b\.csv: .* named x\./)
    expect(folder.list()).toEqual(['a.csv', 'b.csv'])
  })

  it('whose row group in the middle is damaged are named, and nothing is written', async () => {
    fixture('groups.parquet', 'a.parquet')
    const bytes = readFileSync(join(folder.path, 'a.parquet'))
    // The footer stays whole: names, types and counts are read before.
    const middle = Math.floor(bytes.length / 2)
    bytes.fill(0xff, middle - 600, middle + 600)
    folder.write('b.parquet', bytes)
    const error = await errorOf(() =>
      check(
        '{reference: a.parquet, current: b.parquet, history: h.jsonl, metrics: {textfile: m.prom}, triggers: [{kind: webhook, url: "https://x.example"}]}',
      ),
    )
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain('b.parquet')
    expect(folder.list()).toEqual(['a.parquet', 'b.parquet'])
  })

  it('that grow while they are read are an error that says so', async () => {
    folder.write('a.csv', table())
    folder.write('b.csv', table())
    fixture('groups.parquet', 'a.parquet')
    fixture('groups.parquet', 'b.parquet')
    const whole = readFileSync(join(folder.path, 'a.parquet'))
    const context = driftContext({
      folder: folder.path,
      config: '{reference: a.parquet, current: b.parquet}',
    })
    const log = {
      ...context.log,
      // Said when both samples are opened, and before the first column is read.
      info: () => void folder.write('b.parquet', Buffer.concat([whole, whole])),
    }
    const error = await errorOf(() => driftCheck({ ...context, log }, driftPorts(context)))
    expect(error.message).toMatch(/^MW-DATA-302: b\.parquet/)
  })
})
