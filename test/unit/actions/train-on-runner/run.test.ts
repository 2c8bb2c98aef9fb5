import { readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { trainOnRunner } from '../../../../src/actions/train-on-runner/run.js'
import { createLocalTrainer } from '../../../../src/adapters/compute/local/index.js'
import type { TrainingPredicate } from '../../../../src/statements/schemas/training.js'
import { createStatement } from '../../../../src/statements/statement.js'
import { subjectOf, writeStatement } from '../../statements/small-record.js'
import { useTemporaryFolder } from '../../temporary-folder.js'
import { type ContextOptions, trainContext } from './job-context.js'

const WRITE_ALL =
  "require('fs').writeFileSync('m.json','{}');require('fs').writeFileSync('metrics.json','{\"a\":{\"b\":0.5},\"c\":\"x\"}');require('fs').writeFileSync('p.csv','id')"
const SETTINGS = {
  run: ['node', '-e', WRITE_ALL],
  model: 'm.json',
  metrics: 'metrics.json',
  predictions: 'p.csv',
}

describe('train-on-runner', () => {
  const folder = useTemporaryFolder()

  /** Runs the job and writes its statement, as the runtime does. */
  async function train(
    settings: Readonly<Record<string, unknown>> = {},
    options: Partial<ContextOptions> & { readonly machine?: string } = {},
  ) {
    const context = trainContext({
      folder: folder.path,
      settings: { ...SETTINGS, ...settings },
      ...options,
    })
    const trainer = createLocalTrainer(200)
    const outcome = await trainOnRunner(context, {
      trainer: { ...trainer, environment: async () => ({ node: options.machine ?? '24' }) },
      code: { trackedFiles: async () => undefined, commit: async () => undefined },
    })
    const { subject, predicate, inputs } = outcome
    context.record.write(
      'training',
      createStatement({ kind: 'training', subject, predicate, inputs }),
    )
    return { ...outcome, predicate: predicate as TrainingPredicate, host: context.host }
  }

  it('records what the command wrote', async () => {
    const { predicate, subject, outputs } = await train()
    expect(subject).toEqual([subjectOf(folder, 'm.json')])
    expect(predicate.metrics).toEqual({ 'a/b': 0.5 })
    expect(predicate.predictions?.path).toBe('p.csv')
    expect(outputs).toMatchObject({ skipped: false, model: 'm.json', predictions: 'p.csv' })
  })

  it('skips what is unchanged, and trains again for each part of the fingerprint', async () => {
    folder.write('train.js', '1')
    folder.write('data.csv', 'a\n')
    const dataset = (fingerprint: string) =>
      writeStatement(folder, {
        kind: 'dataset',
        subject: [subjectOf(folder, 'data.csv')],
        predicate: {
          source: [],
          revision: 'r',
          files: [],
          rows: 1,
          columns: [],
          contract: null,
          fingerprint,
          decision: 'pass',
        },
      })
    dataset('one')
    const skipped = async (...options: Parameters<typeof train>): Promise<unknown> =>
      (await train(...options)).outputs['skipped']
    expect(await skipped()).toBe(false)
    expect(await skipped()).toBe(true)
    folder.write('train.js', '2')
    expect(await skipped()).toBe(false)
    dataset('two')
    expect(await skipped()).toBe(false)
    expect(await skipped({ params: { rate: 1 } })).toBe(false)
    expect(await skipped({ params: { rate: 1 } }, { machine: '25' })).toBe(false)
    expect(await skipped({ run: [...SETTINGS.run, 'x'] })).toBe(false)
    expect(await skipped({ run: [...SETTINGS.run, 'x'] })).toBe(true)
    expect(await skipped({ run: [...SETTINGS.run, 'x'], 'skip-unchanged': false })).toBe(false)
  })

  it.each(['m.json', 'metrics.json', 'p.csv'])(
    'trains again when %s is gone or changed',
    async (name) => {
      await train()
      rmSync(join(folder.path, name))
      expect((await train()).outputs['skipped']).toBe(false)
      folder.write(name, '{"changed":1}')
      expect((await train()).outputs['skipped']).toBe(false)
      expect((await train()).outputs['skipped']).toBe(true)
    },
  )

  it('trains again when other outputs are asked for', async () => {
    const run = ['node', '-e', `${WRITE_ALL};require('fs').writeFileSync('n.json','1')`]
    await train({ run })
    expect((await train({ run, model: 'n.json' })).outputs['model']).toBe('n.json')
  })

  it('brings an earlier training back from the cache', async () => {
    const kept = new Map<string, Buffer>()
    const cache = {
      restore: async (paths: readonly string[], key: string) => {
        for (const [path, content] of kept)
          if (paths.some((one) => path.startsWith(one)))
            folder.write(path.slice(folder.path.length + 1), content)
        return kept.size > 0 ? key : undefined
      },
      save: async () => {
        for (const name of folder.list())
          kept.set(join(folder.path, name), readFileSync(join(folder.path, name)))
      },
    }
    expect((await train({}, { cache })).outputs['skipped']).toBe(false)
    for (const name of folder.list()) rmSync(join(folder.path, name))
    expect((await train({}, { cache })).outputs['skipped']).toBe(true)
    expect(folder.list()).toContain('m.json')
  })

  it.each([
    ['fails', { run: 'exit 3' }, /^MW-TRAIN-003: train\.run: .*exit code 3/],
    ['ends by a signal', { run: 'kill -9 $$' }, /^MW-TRAIN-003: train\.run: .*a signal/],
    ['takes too long', { run: 'sleep 20', 'timeout-minutes': 0.002 }, /^MW-TRAIN-002/],
    ['writes nothing', { run: 'true' }, /^MW-PATH-002: train\.model/],
    ['writes no predictions', { predictions: 'absent.csv' }, /^MW-PATH-002: train\.predictions/],
    ['writes an empty folder', { run: 'mkdir m', model: 'm' }, /^MW-TRAIN-005/],
    ['writes a folder for metrics', { metrics: '.' }, /^MW-TRAIN-009: train\.metrics/],
    [
      'writes NaN',
      { run: 'echo \'{"a": NaN}\' > n; echo > m.json; echo > p.csv', metrics: 'n' },
      /^MW-TRAIN-006: n: is not JSON/,
    ],
    ['writes outside', { model: '../m.json' }, /^MW-PATH-001/],
  ])('refuses a command that %s, and keeps the record as it was', async (_, settings, expected) => {
    await expect(train(settings)).rejects.toThrow(expected)
    expect(folder.list().filter((name) => name.startsWith('.modelway'))).toEqual([])
  })

  it('refuses a model that is left from before, even when it looks new', async () => {
    const stale = folder.write('m.json', 'old')
    utimesSync(stale, new Date(), new Date(Date.now() + 60_000))
    await expect(train({ run: 'true' })).rejects.toThrow('MW-TRAIN-004: train.model: "m.json"')
  })

  it('refuses data that are not those of the record', async () => {
    folder.write('data.csv', 'a\n')
    writeStatement(folder, { kind: 'dataset', subject: [subjectOf(folder, 'data.csv')] })
    folder.write('data.csv', 'b\n')
    await expect(train()).rejects.toThrow('MW-TRAIN-008: data.csv')
  })

  it('gives the command its parameters, and none of the action’s secrets', async () => {
    const run =
      'echo "$MODELWAY_PARAM_LEARNING_RATE" > m.json; env > p.csv; echo \'{}\' > metrics.json'
    const env = {
      PATH: process.env['PATH'],
      KEPT: 'kept',
      'INPUT_GITHUB-TOKEN': 's3cret',
      STATE_X: 's3cret',
      ACTIONS_RUNTIME_TOKEN: 's3cret',
    }
    await train({ run, params: { 'learning-rate': 0.1 } }, { env })
    expect(readFileSync(join(folder.path, 'm.json'), 'utf8')).toBe('0.1\n')
    const seen = readFileSync(join(folder.path, 'p.csv'), 'utf8')
    expect(seen).toContain('KEPT=kept')
    expect(seen).not.toContain('s3cret')
  })

  it('names metrics that it cannot keep, and keeps those named like parts of objects', async () => {
    const run =
      'echo \'{"__proto__": 1, "constructor": 2, "x": {"__proto__": 3}, "big": 1e999}\' > metrics.json; echo > m.json; echo > p.csv'
    const { predicate, host } = await train({ run })
    expect(Object.entries(predicate.metrics)).toEqual([
      ['constructor', 2],
      ['x/__proto__', 3],
    ])
    expect(host.lines).toContain(
      'warn: metrics.json: not a finite number, left out: __proto__, big',
    )
  })
})
