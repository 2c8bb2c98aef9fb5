import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cli, node, Project, pipeline } from './bundle.js'

interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function modelway(
  args: readonly string[],
  { cwd = '.', stdin = '' }: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<Answer> {
  const child = spawn(node.path, [cli, ...args], { cwd, env: { PATH: process.env['PATH'] } })
  child.stdin.end(stdin)
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, 'close') : undefined,
  ])
  return { code: child.exitCode, stdout, stderr }
}

let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => Project.removeAll())

describe('help', () => {
  it('names all actions in the order of the pipeline, the other commands and the exit codes', async () => {
    const { code, stdout, stderr } = await modelway(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const places = pipeline.map((action) => stdout.search(new RegExp(`\n  ${action}[ |]`)))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    for (const word of ['verify', 'stats', 'Exit codes:', '  130  ']) expect(stdout).toContain(word)
  })

  it.each(pipeline)(
    'of %s, asked for in either way, has an option for each input but secrets',
    async (action) => {
      const [after, before] = await Promise.all([
        modelway([action, '--help']),
        modelway(['help', action]),
      ])
      expect(after).toEqual({ code: 0, stderr: '', stdout: before.stdout })
      for (const option of ['--config', '--statements', '--json', '--dry-run [true|false]'])
        expect(after.stdout).toContain(option)
      expect(after.stdout).not.toContain('github-token')
    },
  )
})

it.each([
  [['--nope'], "unknown option '--nope'"],
  [['setup-data', '--nope'], "unknown option '--nope'"],
  [['train'], "unknown command 'train'"],
  [['evaluate-gates'], '(Did you mean evaluate-gate?)'],
  [['setup-data', '--source'], "option '--source <value>' argument missing"],
  [['stats', 'delogn'], 'MW-STATS-001: stats: unknown procedure "delogn". Did you mean delong?'],
])('%j ends with 2 and says why', async (args, message) => {
  const { code, stdout, stderr } = await modelway(args, { stdin: '{}' })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

describe('an action', () => {
  it('prints its statement alone with --json, and its log on standard error', async () => {
    const { code, stdout, stderr } = await modelway(['setup-data', '--json'], {
      cwd: project.folder,
    })
    expect(code).toBe(0)
    const written = project.read('.modelway/dataset.json')
    expect(stdout).toBe(`${written}\n`)
    expect(JSON.parse(stdout)).toMatchObject({ predicateType: 'https://modelway.dev/dataset/v1' })
    expect(stderr).toContain('2 files, 400 rows')
  })

  it('takes a list by repeating the option', async () => {
    const args = ['--source', 'data/reference.csv', '--source', 'data/current.csv', '--json']
    const both = await modelway(['setup-data', ...args], { cwd: project.folder })
    expect(JSON.parse(both.stdout).predicate.source).toEqual([
      'data/reference.csv',
      'data/current.csv',
    ])
    const one = await modelway(['setup-data', ...args.slice(2)], { cwd: project.folder })
    expect(JSON.parse(one.stdout).subject).toHaveLength(1)
  })

  it('works on another folder, and writes nothing in a dry run', async () => {
    const other = new Project()
    const args = ['setup-data', '--working-directory', other.folder, '--dry-run']
    expect((await modelway(args, { cwd: project.folder })).code).toBe(0)
    expect(existsSync(other.at('.modelway'))).toBe(false)
  })

  it('ends with 2 at a mistake, says where, and prints no JSON', async () => {
    const args = ['setup-data', '--source', 'absent.csv', '--json']
    const { code, stdout, stderr } = await modelway(args, { cwd: project.folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/MW-PATH-003: .*data\.source: .*absent\.csv/)
  })
})

describe('verify', () => {
  const verify = (...args: string[]) =>
    modelway(['verify', '--statements', project.at('.modelway'), ...args])
  beforeAll(async () => {
    for (const action of ['setup-data', 'train-on-runner', 'evaluate-gate'])
      expect((await modelway([action], { cwd: project.folder })).code).toBe(0)
  })

  it('ends with 0 where all holds, from any folder', async () => {
    const { code, stdout } = await verify()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^The record holds: \d+ statements, links and files\.$/m)
  })

  it.each([
    '.modelway/training.json',
    '.modelway/SHA256SUMS',
    'data/reference.csv',
    'model/model.json',
    'predictions.csv',
  ])(
    'ends with 1 and names the first broken link after one byte of %s has changed',
    async (file) => {
      const before = readFileSync(project.at(file))
      const changed = Buffer.from(before)
      changed[10] = (changed[10] ?? 0) ^ 1
      writeFileSync(project.at(file), changed)
      const [plain, json] = await Promise.all([verify(), verify('--json')])
      writeFileSync(project.at(file), before)
      expect(plain.code).toBe(1)
      expect(plain.stderr).toMatch(/^broken {2}MW-RECORD-\d+: /)
      expect(json.code).toBe(1)
      expect(JSON.parse(json.stdout)).toMatchObject({ schema_version: 1, holds: false })
    },
  )

  it('ends with 1 where there is no record', async () => {
    const { code, stderr } = await modelway(['verify'], { cwd: project.at('data') })
    expect(code).toBe(1)
    expect(stderr).toContain('MW-RECORD-003')
  })
})

describe('stats', () => {
  const labels = [0, 1, 1, 0, 1, 0]
  const scores = [0.1, 0.9, 0.8, 0.4, 0.35, 0.2]
  const examples: Readonly<Record<string, readonly [input: object, answer: object]>> = {
    delong: [
      { labels, scores, baselineScores: [0.3, 0.6, 0.7, 0.5, 0.4, 0.45] },
      // 8 and 7 of the 9 pairs of a positive and a negative are in order.
      { auc: expect.closeTo(8 / 9, 12), baselineAuc: expect.closeTo(7 / 9, 12) },
    ],
    'paired-proportions': [
      { candidate: [1, 1, 0, 1], baseline: [1, 0, 0, 1], margin: 0.1 },
      { difference: 0.25, exactP: 1, midP: 0.5, nonInferior: false },
    ],
    'unpaired-proportions': [
      { candidate: [1, 1, 0, 1], baseline: [1, 0] },
      { difference: 0.25, ratio: 1.5, nonInferior: false },
    ],
    'paired-ratio': [
      { candidate: [1, 1, 0, 1], baseline: [1, 0, 0, 1] },
      { ratio: 1.5, statistic: 1 },
    ],
    'ratio-of-means': [
      { candidate: [10, 12, 14], baseline: [5, 6, 7] },
      { ratio: 2, low: 2, high: 2, shape: 'interval' },
    ],
    'clustered-mean': [
      { values: [1, 0, 1, 1], clusters: ['a', 'a', 'b', 'c'] },
      { mean: 0.75, clusters: 3, degreesOfFreedom: 2 },
    ],
    tost: [
      { differences: [0.1, 0.1, 0.1], margin: 0.2 },
      { pValue: 0, equivalent: true },
    ],
    'nadeau-bengio': [
      { differences: [1, 3], testShare: 0.5 },
      { mean: 2, standardError: expect.closeTo(Math.sqrt(3), 12) },
    ],
    'five-by-two': [
      { differences: Array.from({ length: 5 }, () => [0, 0]) },
      { statistic: 0, pValue: 1, fPValue: 1 },
    ],
    'pass-at-k': [
      { problems: [{ samples: 4, correct: 2 }], k: 2 },
      { passAtK: expect.closeTo(5 / 6, 12), low: null },
    ],
    bootstrap: [
      { metric: 'accuracy', labels, predictions: [0, 1, 1, 0, 0, 0], resamples: 200, seed: 1 },
      { estimate: expect.closeTo(5 / 6, 12), method: 'bca', resamples: 200, seed: 1 },
    ],
    metric: [{ name: 'auc', labels, scores }, { value: expect.closeTo(8 / 9, 12) }],
    'two-sample': [
      { reference: [1, 2, 3, 4], current: [2, 3, 4, 5], kind: 'numeric', tests: ['ks'] },
      { tests: { ks: { statistic: 0.25, pValue: 1 } } },
    ],
    'e-process': [
      {
        intervals: [{ canary: { n: 100, events: 10 }, stable: { n: 100, events: 1 } }],
        ...{ ratio: 1, alpha: 0.05 },
      },
      { eValues: [expect.any(Number)], crossedAt: 0 },
    ],
    'sample-ratio': [
      { counts: [50, 50], weights: [50, 50] },
      { observed: [0.5, 0.5], expected: [0.5, 0.5] },
    ],
    'confidence-sequence': [
      { values: [0.5, 0.5, 0.5, 0.5] },
      { estimate: 0.5, low: expect.any(Number), high: expect.any(Number), pValue: null },
    ],
    'group-sequential': [
      {
        intervals: [{ canary: { n: 100, events: 30 }, stable: { n: 100, events: 1 } }],
        looks: [1],
      },
      { z: [expect.any(Number)], crossedAt: 0 },
    ],
    'kayenta-judge': [
      {
        metrics: [
          { name: 'errors', groups: ['all'], control: [1, 2, 1, 2], experiment: [1, 2, 1, 2] },
        ],
      },
      { classification: 'Pass', score: 100 },
    ],
  }

  it('--list documents every procedure: inputs and outputs', async () => {
    const { code, stdout } = await modelway(['stats', '--list'])
    expect(code).toBe(0)
    const names = [...stdout.matchAll(/^([a-z-]+): /gm)].map(([, name]) => name)
    expect(names).toEqual(Object.keys(examples))
    for (const block of stdout.trim().split('\n\n')) {
      expect(block).toMatch(/^ {2}in /m)
      expect(block).toMatch(/^ {2}out /m)
      expect(block).not.toMatch(/^ {2}(in|out) +\S+\s*$/m)
    }
  })

  it.each(Object.keys(examples))(
    '%s answers with one line of JSON, the same each time',
    async (name) => {
      const [input, answer] = examples[name] ?? [{}, {}]
      const [first, second] = await Promise.all([
        modelway(['stats', name], { stdin: JSON.stringify(input, null, 2) }),
        modelway(['stats', name], { stdin: JSON.stringify(input) }),
      ])
      expect(first).toEqual({ code: 0, stderr: '', stdout: second.stdout })
      expect(first.stdout.trimEnd()).not.toContain('\n')
      expect(JSON.parse(first.stdout)).toMatchObject(answer)
    },
  )

  it('answers JSON Lines line by line, up to one that is wrong, and names it', async () => {
    const line = (predictions: number[]) =>
      JSON.stringify({ name: 'accuracy', labels: [0, 1], predictions })
    const stdin = `${line([0, 1])}\n\n${line([1, 1])}\n`
    const good = await modelway(['stats', 'metric'], { stdin })
    expect(good.stdout).toBe('{"value":1}\n{"value":0.5}\n')
    const bad = await modelway(['stats', 'metric'], { stdin: `${stdin}{"name":\n` })
    expect(bad.code).toBe(2)
    expect(bad.stderr).toContain('MW-STATS-002: standard input:4: is not a JSON object.')
    const wrong = await modelway(['stats', 'metric'], { stdin: '{"name":"auc","label":[1]}' })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain(
      'MW-STATS-003: standard input: metric: Unrecognized key: "label"',
    )
  })
})

it('the same statement has the same digest as `sha256sum` says in SHA256SUMS', () => {
  const [line = ''] = project.read('.modelway/SHA256SUMS').split('\n')
  const [digest, name = ''] = line.split('  ')
  const content = readFileSync(project.at('.modelway', name))
  expect(createHash('sha256').update(content).digest('hex')).toBe(digest)
})
