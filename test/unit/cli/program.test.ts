import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { createProgram } from '../../../src/cli/program.js'
import { useTemporaryFolder } from '../temporary-folder.js'

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

const data = (step: number) =>
  `x\n${Array.from({ length: 400 }, (_, i) => `${(i * 0.37) % 1}`.slice(0, 5 + step)).join('\n')}\n`

describe('the command line', () => {
  it('says every exit code, and breaks no line of its help in the middle', async () => {
    const { out } = await modelway('--help')
    for (const code of ['0', '1', '2', '3', '70', '130'])
      expect(out).toMatch(new RegExp(`^ {2}${code} +\\w`, 'm'))
    const lines = out.split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(out).toContain(
      'What each of them found is in .modelway/; `modelway verify` checks all of it.\n',
    )
  })

  it('shows no default that says nothing', async () => {
    const { out } = await modelway('drift-check', '--help')
    expect(out).not.toContain('{"numeric":[]')
    expect(out).toContain('`{"numeric":"ks","categorical":"chi-square"}`')
  })

  it.each([
    [['drift-check', '--nope'], 'modelway drift-check --help'],
    [['contract', 'infer', '--nope'], 'modelway contract infer --help'],
    [['--nope'], 'modelway --help'],
  ])('points after a mistake in %j to the help of that command', async (args, help) => {
    const { code, err } = await modelway(...args)
    expect(code).toBe(2)
    expect(err).toContain(help)
  })

  it('keeps a comment that is there up to date, writes none unless asked, and touches none where it is off', async () => {
    folder.write('a.csv', data(0))
    const run = (...more: readonly string[]) =>
      modelway('drift-check', '--reference', 'a.csv', '--current', 'a.csv', ...more)
    const comment = join(folder.path, '.modelway/comment.md')
    await run()
    expect(existsSync(comment)).toBe(false)
    await run('--comment', 'always')
    expect(readFileSync(comment, 'utf8')).toContain('400')
    folder.write('a.csv', `${data(0)}0.5\n`)
    await run('--comment', 'off')
    expect(readFileSync(comment, 'utf8')).not.toContain('401')
    await run()
    expect(readFileSync(comment, 'utf8')).toContain('401')
  })
})

describe('what drift-check says before it compares', () => {
  const run = async (drift: string) => {
    folder.write('a.csv', data(0))
    folder.write('modelway.yml', `drift: { reference: a.csv, current: a.csv, ${drift} }\n`)
    return modelway('drift-check')
  }

  it('names the distance that a threshold alone changes', async () => {
    const moved = await run('thresholds: { jensen-shannon: 0.2 }')
    expect(moved.out).toContain('numeric columns are judged by jensen-shannon over 0.2')
    expect(moved.out).not.toContain('categorical columns are judged')
    const kept = await run('thresholds: { jensen-shannon: 0.2, wasserstein-normalised: 0.1 }')
    expect(kept.out).not.toContain('columns are judged by')
  })

  it.each([
    ['metrics: { textfile: ../x.prom }', 'drift.metrics.textfile'],
    ['history: ../h.jsonl', 'drift.history'],
    ['save-profile: ../p.json', 'drift.save-profile'],
    ['guard: { record: ../t.jsonl }', 'drift.guard.record'],
  ])('refuses %s before anything is compared', async (drift, where) => {
    const { code, out, err } = await run(drift)
    expect(code).toBe(2)
    expect(`${out}${err}`).toMatch(new RegExp(`MW-PATH-001: modelway\\.yml:1:\\d+: ${where}: `))
    expect(`${out}${err}`).not.toContain('400 rows')
  })
})
