import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createSpark } from '../../../../src/adapters/engine/spark.js'
import { rowOf, statementOf } from '../../../../src/adapters/engine/spark-sql-text.js'
import { settingsFor } from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

describe('a statement for spark-sql', () => {
  it.each([
    'SELECT 1 AS `x`; DROP TABLE y; --`',
    "SELECT 'it\\'s' AS `a\nquit;\n`",
    'SELECT 1 AS `/* "`',
    `SELECT '${'$'}{env:HOME}' AS \`naïve|<b>\``,
  ])('holds no sign of %j that its reader of scripts could take for an end', (sql) => {
    const [first = '', ...rest] = statementOf(sql, 'abc').split('\n')
    const literal = /^EXECUTE IMMEDIATE '([^']*)';$/.exec(first)?.[1] ?? ''
    expect(literal).toMatch(/^[\w .,()=<>*`\\]+$/)
    const meant = literal.replaceAll(/\\u([\dA-F]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    expect(meant).toContain(`FROM (${sql}) mw_out UNION ALL`)
    expect(rest).toEqual(["SELECT concat('mw-', 'abc end');", ''])
  })

  it('that is plain is sent as it is, which older Sparks take', () => {
    expect(statementOf("SELECT COUNT(*) FROM `a`.`b` WHERE `x` = 'text 1'", 'abc')).toContain(
      "FROM (SELECT COUNT(*) FROM `a`.`b` WHERE `x` = 'text 1') mw_out",
    )
  })
})

describe('a row of spark-sql', () => {
  it('keeps the order of its keys, keys that are the same, and every digit', () => {
    expect(
      rowOf('{"b":1,"1":0.1,"b":"x\\"}","n":null,"t":true,"i":9007199254740993,"e":1.0E-7}'),
    ).toEqual({
      names: ['b', '1', 'b', 'n', 't', 'i', 'e'],
      values: [1, 0.1, 'x"}', null, true, '9007199254740993', 1e-7],
    })
    expect(rowOf('{}')).toEqual({ names: [], values: [] })
  })

  it.each(['', '[]', '{"a":1', '{"a":1}x', '{"a":{"b":1}}', '{"a":1,}', '{"a" 1}', '{"a":1.2.3}'])(
    'is not %j',
    (json) => {
      expect(rowOf(json)).toBeUndefined()
    },
  )
})

/** A `spark-sql` of a few lines, which answers each statement by what a file says. */
const PROGRAM = `#!/usr/bin/env node
import { createInterface } from 'node:readline'
import { appendFileSync, readFileSync } from 'node:fs'
const { mode } = JSON.parse(readFileSync(new URL('./mode.json', import.meta.url)))
appendFileSync(new URL('./seen', import.meta.url), JSON.stringify({ args: process.argv.slice(2), env: Object.keys(process.env) }) + '\\n')
if (mode === 'dies') { console.error('Exception in thread "main": no master'); process.exit(3) }
createInterface({ input: process.stdin }).on('line', (line) => {
  console.log('spark-sql (default)> ' + line)
  const id = /([0-9a-f]{32}) /.exec(line.replaceAll('\\\\u0027', "'"))?.[1]
  if (line.startsWith("SELECT concat('mw-', '" + id + " end')")) {
    if (mode !== 'hangs') console.log('mw-' + id + ' end')
    return
  }
  if (mode === 'dies half-way') { console.log('mw-' + id + ' 7b7d'); process.exit(1) }
  if (mode === 'refuses') { console.error('26/01/01 WARN x'); console.error('[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found'); return }
  if (mode === 'hangs') return
  console.log('mw-' + id + ' ' + (mode === 'garbles' ? 'zz' : Buffer.from('{"a":1.5,"b":"日"}').toString('hex').toUpperCase()))
  console.log('mw-' + id + ' ok')
}).on('close', () => process.exit(0))
`

// @evidence Spark, by a job that spark-sql submits: live (4.3.0)
describe('a submitted job of Spark', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'modelway-spark-home-'))
    await mkdir(join(home, 'bin'))
    await writeFile(join(home, 'bin', 'package.json'), '{"type":"module"}')
    await writeFile(join(home, 'bin', 'spark-sql'), PROGRAM)
    await chmod(join(home, 'bin', 'spark-sql'), 0o755)
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  async function open(mode: string, more: Readonly<Record<string, unknown>> = {}) {
    await writeFile(join(home, 'bin', 'mode.json'), JSON.stringify({ mode }))
    const env = {
      PATH: process.env['PATH'] ?? '',
      SPARK_HOME: home,
      MODELWAY_TRINO_TOKEN: 'secret',
      ACTIONS_RUNTIME_TOKEN: 'secret',
    }
    return createSpark({ ...settingsFor({ via: 'submit', ...more }, env), workingDirectory: home })
  }

  it('asks one query after the other of one program, which sees no other secret', async () => {
    const engine = await open('answers', { master: 'yarn' })
    const answer = { columns: ['a', 'b'], rows: [[1.5, '日']] }
    const both = [engine.query('SELECT 1', NEVER), engine.query('SELECT `;`', NEVER)]
    expect(await Promise.all(both)).toEqual([answer, answer])
    await engine.close()
    const { readFile } = await import('node:fs/promises')
    const [seen = '', ...more] = (await readFile(join(home, 'bin', 'seen'), 'utf8'))
      .trim()
      .split('\n')
    expect(more).toEqual([])
    const { args, env } = JSON.parse(seen) as { args: string[]; env: string[] }
    expect(args.join(' ')).toContain('--master yarn')
    expect(env).toContain('SPARK_HOME')
    expect(env.filter((name) => /^(?:MODELWAY|ACTIONS)_/.test(name))).toEqual([])
  })

  it.each([
    ['refuses', 'MW-DRIFT-760', 'TABLE_OR_VIEW_NOT_FOUND'],
    ['dies', 'MW-DRIFT-774', 'no master'],
    ['dies half-way', 'MW-DRIFT-774', 'ended with 1'],
    ['garbles', 'MW-DRIFT-759', 'a row reads'],
  ])('that %s gives no rows, and says why', async (mode, code, words) => {
    const engine = await open(mode)
    const found = await refusal(engine.query('SELECT 1', NEVER))
    expect([found.code, found.text.includes(words)]).toEqual([code, true])
    await engine.close()
  })

  it('ends with what nobody waits for, and with what takes too long', async () => {
    const engine = await open('hangs', { 'timeout-minutes': 0.01 })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    expect((await refusal(engine.query('SELECT 1', controller.signal))).code).toBe('CancelledError')
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    await engine.close()
  })

  it('says that there is no Spark, and sends nothing that writes', async () => {
    const engine = createSpark({
      ...settingsFor({ via: 'submit' }, { SPARK_HOME: join(home, 'nowhere') }),
      workingDirectory: home,
    })
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-773')
    await expect(engine.query('DROP TABLE x', NEVER)).rejects.toThrow(TypeError)
  })
})
