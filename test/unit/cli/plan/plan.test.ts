import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createProgram } from '../../../../src/cli/program.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-plan-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function modelway(...args: readonly string[]) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const program = createProgram({
    stdin: new PassThrough(),
    stdout,
    stderr,
    cwd: folder,
    env: {},
    version: '0.0.0',
    distribution: new URL('file:///nowhere/'),
  })
  const code = await program.run(args)
  stdout.end()
  stderr.end()
  return { code, out: await text(stdout), err: await text(stderr) }
}

/** A model that is wrong on every `step`th example. */
function predictions(name: string, step: number): void {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const label = i % 2
    return `${i},${label},${i % step === 0 ? 1 - label : label},${i % 4 === 0 ? 'F' : 'M'}`
  })
  writeFileSync(join(folder, name), `id,label,prediction,sex\n${rows.join('\n')}\n`)
}

function config(rules: string, rest = ''): void {
  writeFileSync(
    join(folder, 'modelway.yml'),
    `gate:\n  task: classification\n${rest}  rules:\n${rules}\n`,
  )
}

describe('modelway plan', () => {
  it('plans one rule of the command line without any configuration', async () => {
    const { code, out } = await modelway(
      ...['plan', '--metric', 'accuracy', '--margin', '0.02', '--discordance', '0.1', '--json'],
    )
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ schema_version: 1, confidence: 0.95, power: 0.8, difference: 0 })
    expect(answer.rules[0]).toMatchObject({ rule: 'accuracy.no-worse-than' })
    expect(answer.rules[0].needed).toBeGreaterThan(1800)
  })

  it('takes an amount by which it must be better for that comparison', async () => {
    const { out } = await modelway(
      ...['plan', '--metric', 'accuracy', '--by', '0.02', '--difference', '0.05'],
      ...['--discordance', '0.1', '--json'],
    )
    expect(JSON.parse(out).rules[0].rule).toBe('accuracy.better-than')
  })

  it('reads the rules of modelway.yml and a model at hand, and prints a table', async () => {
    config('    - { metric: accuracy, at-least: 0.8, slices: { by: sex } }')
    predictions('model.csv', 10)
    const { code, out } = await modelway('plan', '--baseline', 'model.csv')
    expect(code).toBe(0)
    expect(out).toMatch(/accuracy\.at-least +\d+/)
    expect(out).toContain('each slice by sex needs as many (slices.min-size is 50)')
    expect(out).toMatch(/about [\d,]+ in all/)
  })

  it('compares two models at hand', async () => {
    config('    - { metric: accuracy, no-worse-than: baseline, margin: 0.1 }')
    predictions('a.csv', 10)
    predictions('b.csv', 8)
    const args = ['plan', '--baseline', 'a.csv', '--candidate', 'b.csv', '--json'] as const
    const answer = JSON.parse((await modelway(...args)).out)
    // Wrong on multiples of 10 or of 8, but not on those of 40: 40 + 50 - 2 * 10 of 400.
    expect(answer.rules[0].assumptions.discordance).toBeCloseTo(70 / 400, 12)
  })

  it.each([
    { name: 'no rules at all', args: [], says: 'MW-CONFIG' },
    {
      name: 'a power of 80',
      args: ['--metric', 'accuracy', '--margin', '0.1', '--power', '80'],
      says: 'MW-GATE-061: --power: is 80',
    },
    {
      name: 'a mistyped metric',
      args: ['--metric', 'acuracy', '--at-least', '0.8', '--task', 'classification'],
      says: 'Did you mean "accuracy"?',
    },
    {
      name: 'a missing file',
      args: ['--metric', 'accuracy', '--at-least', '0.8', '--baseline', 'no.csv'],
      says: 'MW-GATE-101: no.csv',
    },
    {
      name: 'a margin that is no number',
      args: ['--metric', 'accuracy', '--margin', 'wide'],
      says: 'must be a number',
    },
  ])('ends with 2 for $name', async ({ args, says }) => {
    const { code, err } = await modelway('plan', ...args)
    expect(code).toBe(2)
    expect(err).toContain(says)
  })

  it('lets no name steer the terminal', async () => {
    config('    - { metric: "column:\\u001b[31mred", at-most: 3 }')
    const { out } = await modelway('plan', '--value', '2', '--sd', '1')
    expect(out).toContain('column:?[31mred.at-most')
  })
})

describe('modelway gate --self-check', () => {
  const rules = [
    '    - { metric: accuracy, at-least: 0.8 }',
    '    - { metric: accuracy, no-worse-than: baseline, margin: 0.05 }',
  ]

  it('ends with 0 for a policy that keeps its promises, and writes no statement', async () => {
    config(rules.join('\n'), '  predictions: b.csv\n  baseline: file:a.csv\n')
    predictions('a.csv', 10)
    predictions('b.csv', 8)
    const { code, out } = await modelway('gate', '--self-check', '--gates', '40', '--json')
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer['self-check']).toMatchObject({ decision: 'pass', models: 'two', examples: 400 })
    expect(answer.statement).toBeUndefined()
  })

  it('ends with 1 for a policy without teeth', async () => {
    config('    - { metric: accuracy, at-least: 0.2 }', '  predictions: a.csv\n')
    predictions('a.csv', 10)
    const { code, out, err } = await modelway('evaluate-gate', '--self-check', '--gates', '20')
    expect(code).toBe(1)
    expect(out + err).toContain('It does not tell these models from guessing')
    // The one line says what failed, and not that something else holds.
    expect(out + err).toContain(
      'Self-check: fail. Every floor and ceiling holds on shuffled labels',
    )
  })

  it('ends with 2 where there is nothing to resample', async () => {
    config('    - { metric: "metrics:bleu", at-least: 0.2 }')
    const { code, out, err } = await modelway('gate', '--self-check')
    expect(code).toBe(2)
    expect(out + err).toContain('MW-GATE-060')
  })

  it('is the action itself without the option', async () => {
    config('    - { metric: accuracy, at-least: 0.8 }', '  predictions: a.csv\n')
    predictions('a.csv', 20)
    const { code, out } = await modelway('gate', '--json', '--dry-run', 'true')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ action: 'evaluate-gate', decision: 'pass' })
  })
})
