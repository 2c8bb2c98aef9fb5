import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'

/** What a user can get wrong, met by the committed command line: a clear error, exit code 2, and nothing changed. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const cli = join(root, 'dist/cli/index.js')

const folders: string[] = []
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-bad-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(GOOD)) put(name, content)
})
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

function put(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

const ids = Array.from({ length: 80 }, (_, id) => id)
const predictions = (
  score: (id: number) => string | number = (id) => (id % 2) * 0.6 + 0.2,
): string =>
  `id,label,prediction,score\n${ids.map((id) => `${id},${id % 2},${id % 2},${score(id)}`).join('\n')}\n`

const RULES = '- { metric: auc, no-worse-than: baseline, margin: 0.3 }'
const config = (rules = RULES): string => `
project: bad-input
data: { source: data.csv, contract: contract.yml }
train: { run: [node, train.mjs], model: model.json, predictions: predictions.csv, metrics: metrics.json }
gate:
  task: classification
  baseline: file:baseline.csv
  rules:
    ${rules}
registry: { name: bad-input }
deploy:
  interval: 100ms
  start-timeout: 2s
  listen: { port: 0 }
  backends: { canary: { command: [node, serve.mjs, '{port}'] } }
drift: { reference: data.csv, current: data.csv }
`

const GOOD: Readonly<Record<string, string>> = {
  'modelway.yml': config(),
  'contract.yml': 'columns: { id: { unique: true }, x: { type: integer } }\n',
  'data.csv': `id,x\n${ids.map((id) => `${id},${id % 7}`).join('\n')}\n`,
  'baseline.csv': predictions(),
  'predictions.csv': predictions(),
  'train.mjs': `import { writeFileSync } from 'node:fs'
writeFileSync('model.json', '{}')
writeFileSync('metrics.json', '{"accuracy":1}')
writeFileSync('predictions.csv', ${JSON.stringify(predictions())})
`,
  'serve.mjs': 'process.exit(1)\n',
}

interface Answer {
  readonly code: number | null
  readonly stderr: string
}

async function modelway(...args: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  })
  const closed = new Promise<number | null>((done) => child.once('close', done))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stderr: stdout + stderr }
}

/** Everything below the folder, by content. */
function state(): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    const path = join(entry.parentPath, entry.name)
    hash.update(path).update(entry.isFile() ? readFileSync(path) : '')
  }
  return hash.digest('hex')
}

async function expectRefused(args: readonly string[], message: RegExp): Promise<void> {
  const before = state()
  const { code, stderr } = await modelway(...args)
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+\)?\n/)
  expect(code).toBe(2)
  expect(state()).toBe(before)
}

async function reach(...actions: readonly string[]): Promise<void> {
  for (const action of actions) {
    const { code, stderr } = await modelway(
      action,
      ...(action === 'register-model' ? ['--alias', 'champion'] : []),
    )
    expect({ action, code, stderr: code === 0 ? '' : stderr }).toEqual({
      action,
      code: 0,
      stderr: '',
    })
  }
}

describe('the configuration', () => {
  it.each([
    [
      'that is not there',
      () => rmSync(join(folder, 'modelway.yml')),
      /MW-CONFIG-001: modelway.yml: .*\n.*MW-CONFIG-006: .*task/s,
    ],
    [
      'with an unknown key',
      () => put('modelway.yml', config().replace('baseline:', 'basline:')),
      /MW-CONFIG-005: modelway.yml:7:3: unknown key "basline". Did you mean "baseline"\?/,
    ],
    [
      'with a wrong type',
      () => put('modelway.yml', config().replace('task: classification', 'task: [1]')),
      /MW-CONFIG-007: modelway.yml:6:3: .*task/,
    ],
    [
      'with a rule on an unknown metric',
      () => put('modelway.yml', config('- { metric: accuracyy, at-least: 0.5 }')),
      /MW-GATE-001: .*accuracyy.*accuracy/,
    ],
    ['that is no YAML', () => put('modelway.yml', 'gate: {'), /MW-CONFIG-002: modelway.yml:1:\d+/],
  ])('%s', async (_name, spoil, message) => {
    spoil()
    await expectRefused(['evaluate-gate'], message)
  })
})

describe('the predictions', () => {
  it.each([
    [
      'that are not there',
      () => rmSync(join(folder, 'predictions.csv')),
      /MW-GATE-101: predictions.csv: there is no such file/,
    ],
    ['that are an empty file', () => put('predictions.csv', ''), /MW-DATA-004: predictions.csv/],
    [
      'that are a header only',
      () => put('predictions.csv', 'id,label,prediction,score\n'),
      /MW-GATE-010: predictions.csv/,
    ],
    [
      'without a column',
      () => put('predictions.csv', predictions().replace('score', 'y_score')),
      /MW-GATE-012: predictions.csv: column "score" not found. Found: id, label, prediction/,
    ],
    [
      'with a score that is no number',
      () =>
        put(
          'predictions.csv',
          predictions((id) => (id === 3 ? 'high' : 0.5)),
        ),
      /MW-GATE-013: predictions.csv.*score/,
    ],
    [
      'whose ids do not join',
      () => put('baseline.csv', predictions().replace(/^(\d+),/gm, '9$1,')),
      /MW-GATE-019/,
    ],
    [
      'with an id twice',
      () => put('predictions.csv', `${predictions()}3,1,1,0.5\n`),
      /MW-GATE-017: predictions.csv/,
    ],
    [
      'with labels of one class',
      () => {
        for (const one of ['predictions.csv', 'baseline.csv'])
          put(one, predictions().replace(/^(\d+),0/gm, '$1,1'))
      },
      /MW-GATE-021/,
    ],
    [
      'with a quote that never ends',
      () => put('predictions.csv', `${predictions()}9,"1,1,0.5\n`),
      /MW-DATA-007: predictions.csv:82/,
    ],
    [
      'with a header twice',
      () => put('predictions.csv', predictions().replace('prediction', 'label')),
      /MW-DATA-005: predictions.csv/,
    ],
    [
      'outside of the working directory',
      () => put('modelway.yml', config().replace('task:', 'predictions: ../p.csv\n  task:')),
      /MW-PATH-001: .*gate.predictions/,
    ],
    [
      'behind a link that leads outside',
      () => {
        rmSync(join(folder, 'predictions.csv'))
        symlinkSync('/etc/hostname', join(folder, 'predictions.csv'))
      },
      /MW-PATH-001: .*gate.predictions/,
    ],
  ])('%s', async (_name, spoil, message) => {
    spoil()
    await expectRefused(['evaluate-gate'], message)
  })
})

const gateKeys = (keys: string) =>
  config().replace('task: classification', `task: classification\n  ${keys}`)

describe('the columns of the gate', () => {
  it.each([
    [
      'with an id that one file lacks',
      () => put('baseline.csv', predictions().replace('id,', 'key,')),
      /MW-GATE-012: baseline.csv: column "id" not found. Found: key, label, prediction, score/,
    ],
    [
      'with an infinite score',
      () =>
        put(
          'predictions.csv',
          predictions((id) => (id === 3 ? 'inf' : 0.5)),
        ),
      /MW-GATE-015: predictions.csv: column "score" is infinite in 1 rows, the first in row 4/,
    ],
    [
      'with a negative weight',
      () => {
        put('modelway.yml', gateKeys('columns: { weight: score }'))
        put(
          'predictions.csv',
          predictions((id) => (id === 2 ? -1 : 0.5)),
        )
      },
      /MW-GATE-030: predictions.csv: column "score" of weights is negative in row 3/,
    ],
    [
      'with labels of true and false, and predictions of 1 and 0',
      () => {
        for (const one of ['predictions.csv', 'baseline.csv'])
          put(
            one,
            predictions().replace(/^(\d+),([01])/gm, (_, id, label) => `${id},${label === '1'}`),
          )
        put('modelway.yml', config('- { metric: accuracy, at-least: 0.5 }'))
      },
      /MW-GATE-023: .*it holds "0", "1"; the labels are "false", "true"/,
    ],
    [
      'with numbers where classes are meant',
      () => {
        const many = Array.from({ length: 2000 }, (_, id) => `${id},${id / 3},${id / 3},0.5`)
        put('predictions.csv', `id,label,prediction,score\n${many.join('\n')}\n`)
        put(
          'modelway.yml',
          config('- { metric: accuracy, at-least: 0.5 }').replace('file:baseline.csv', 'none'),
        )
      },
      /MW-GATE-023: .*Did you mean task: regression\?/,
    ],
    [
      'with more groups than anybody has',
      () => {
        const many = Array.from({ length: 100_001 }, (_, id) => `${id},${id % 2},${id % 2},0.5`)
        put('predictions.csv', `id,label,prediction,score\n${many.join('\n')}\n`)
        put(
          'modelway.yml',
          config('- { metric: accuracy, at-least: 0.5, slices: { by: [id] } }').replace(
            'file:baseline.csv',
            'none',
          ),
        )
      },
      /MW-GATE-024: predictions.csv: column "id" has more than 100000 distinct values/,
    ],
  ])('%s', async (_name, spoil, message) => {
    spoil()
    await expectRefused(['evaluate-gate'], message)
  })

  it('may be of ids beyond 2^53, which no double tells apart', async () => {
    const huge = (of: string) =>
      of.replace(/^(\d+),/gm, (_, id) => `${9007199254740992n + BigInt(id)},`)
    for (const one of ['predictions.csv', 'baseline.csv']) put(one, huge(predictions()))
    await reach('evaluate-gate')
    const { predicate } = JSON.parse(readFileSync(join(folder, '.modelway/verdict.json'), 'utf8'))
    expect(predicate.samples).toEqual({ candidate: 80, baseline: 80, joined: 80 })
  })

  it('of a file of terabytes are refused before they are read', async () => {
    put('predictions.csv', predictions().concat('3000,1,1,0.5\n'.repeat(30_000)))
    // Sparse: it takes no room on the disk.
    truncateSync(join(folder, 'predictions.csv'), 4e12)
    const { code, stderr } = await modelway('evaluate-gate')
    expect(stderr).toMatch(/MW-DATA-023: predictions.csv: reading 4 columns would take about/)
    expect(code).toBe(2)
  })
})

describe('the data', () => {
  it('that lacks a column of the contract fail it, and say so', async () => {
    put('contract.yml', 'columns: { y: { type: integer } }\n')
    const { code, stderr } = await modelway('setup-data')
    expect(code).toBe(1)
    expect(stderr).toMatch(/y.present: expected present/)
  })

  it.each([12, 200, 2000])(
    'that are Parquet cut off after %i bytes are refused',
    async (length) => {
      const whole = readFileSync(join(root, 'test/fixtures/tabular/snappy-dictionary.parquet'))
      put('data.parquet', whole.subarray(0, Math.min(length, whole.length - 1)))
      await expectRefused(
        ['setup-data', '--source', 'data.parquet'],
        /MW-DATA-01[45]: data.parquet/,
      )
    },
  )

  it('with a BOM, quoted newlines and a cell of a megabyte are read as what they are', async () => {
    const long = 'a'.repeat(1024 * 1024)
    put('hard.csv', `\uFEFFid,"na\nïve|<b>"\n1,"two\nlines"\n2,${long}\n`)
    put('contract.yml', 'columns: { id: { type: integer, unique: true } }\n')
    const { code, stderr } = await modelway('setup-data', '--source', 'hard.csv')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const { predicate } = JSON.parse(readFileSync(join(folder, '.modelway/dataset.json'), 'utf8'))
    expect(predicate.rows).toBe(2)
    expect(predicate.columns[1]).toMatchObject({ name: 'na\nïve|<b>', distinct: 2 })
  })
})

describe('what was changed in between', () => {
  it('is seen in a statement, at one byte', async () => {
    await reach('setup-data', 'train-on-runner')
    const path = join(folder, '.modelway/training.json')
    put(
      '.modelway/training.json',
      readFileSync(path, 'utf8').replace('"skipped":false', '"skipped":true '),
    )
    await expectRefused(
      ['evaluate-gate'],
      /MW-RECORD-001: .*training.json: this statement was changed after it was written/,
    )
  })

  it('is seen in a model file swapped after the gate', async () => {
    await reach('setup-data', 'train-on-runner', 'evaluate-gate')
    put('model.json', '{"swapped":true}')
    await expectRefused(
      ['register-model'],
      /MW-REGISTRY-012: model.json: this model file is [0-9a-f]{64}, but was [0-9a-f]{64} when the gate judged it/,
    )
  })

  it('is seen in the registry', async () => {
    await reach('setup-data', 'train-on-runner', 'evaluate-gate', 'register-model')
    put('model-registry/bad-input/versions/1/model/model.json', '{"swapped":true}')
    const { code, stderr } = await modelway('deploy-canary', '--mode', 'direct')
    expect(stderr).toMatch(/MW-REGISTRY-004/)
    expect(code).toBe(2)
  })
})

describe('the new version', () => {
  it('whose server does not start gets no traffic', async () => {
    await reach('setup-data', 'train-on-runner', 'evaluate-gate', 'register-model')
    const { code, stderr } = await modelway('deploy-canary', '--mode', 'direct')
    expect(stderr).toMatch(/MW-DEPLOY-013: .*it ended with exit code 1/)
    expect(code).toBe(2)
  })

  it('that refuses connections from the start gets no traffic', async () => {
    await reach('setup-data', 'train-on-runner', 'evaluate-gate', 'register-model')
    const port = await freePort()
    put(
      'modelway.yml',
      config().replace(/canary: \{.*?\]? \}/, `canary: { url: 'http://127.0.0.1:${port}' }`),
    )
    const { code, stderr } = await modelway('deploy-canary', '--mode', 'direct')
    expect(stderr).toMatch(
      /MW-DEPLOY-040: http:\/\/127.0.0.1:\d+: version "bad-input-1" does not answer there/,
    )
    expect(code).toBe(2)
  })

  it("is not started where the router's port is taken", async () => {
    await reach('setup-data', 'train-on-runner', 'evaluate-gate', 'register-model')
    const other = createServer((_request, response) => response.end())
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    put(
      'serve.mjs',
      "import { createServer } from 'node:http'\ncreateServer((q, a) => a.end('{}')).listen(Number(process.argv[2]), '127.0.0.1')\n",
    )
    put('modelway.yml', config().replace('listen: { port: 0 }', `listen: { port: ${port} }`))
    const { code, stderr } = await modelway('deploy-canary', '--mode', 'direct')
    other.close()
    expect(stderr).toMatch(new RegExp(`MW-DEPLOY-001: .*${port}`))
    expect(code).toBe(2)
  })
})

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

it('a copy of a good project passes: what is refused above is refused for its fault', async () => {
  cpSync(join(folder, 'predictions.csv'), join(folder, 'baseline.csv'))
  await reach('setup-data', 'train-on-runner')
  const { code } = await modelway('evaluate-gate')
  expect(code).toBe(0)
})
