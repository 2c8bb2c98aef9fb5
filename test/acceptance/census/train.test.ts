import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Finished, readRows, run, temporaryFolder, writeSample } from './census-example.js'

const folder = temporaryFolder()
const at = (name: string): string => join(folder.path, name)

beforeAll(() => {
  writeSample({ year: 2015, step: 10, to: at('2015.csv') })
  writeSample({ year: 2017, step: 20, to: at('2017.csv') })
})
afterAll(() => folder.remove())

async function train(name: string, args: readonly string[]): Promise<Finished> {
  return run('train.mjs', [
    ...['--model', at(`${name}/model/model.json`), '--metrics', at(`${name}/metrics.json`)],
    ...['--predictions', at(`${name}/predictions.csv`), ...args],
  ])
}

const sample = (): string[] => [
  ...['--data', at('2015.csv'), '--evaluate', at('2017.csv'), '--params', 'rounds=30'],
]

function text(name: string): string {
  return readFileSync(at(name), 'utf8')
}

function accuracy(rows: ReturnType<typeof readRows>): number {
  return rows.filter((row) => row['label'] === row['prediction']).length / rows.length
}

describe('train.mjs on a sample', () => {
  beforeAll(async () => {
    const finished = await train('a', sample())
    expect(finished).toMatchObject({ code: 0, stderr: '' })
  })

  it('learns: the metrics are far better than chance', () => {
    const metrics = JSON.parse(text('a/metrics.json'))
    expect(metrics.rows).toBe(3482)
    expect(metrics.auc).toBeGreaterThan(0.87)
    expect(metrics.accuracy).toBeGreaterThan(0.79)
  })

  it('measures what the predictions file says', () => {
    const rows = readRows(at('a/predictions.csv'))
    const metrics = JSON.parse(text('a/metrics.json'))
    expect(metrics.accuracy).toBeCloseTo(accuracy(rows), 12)

    const scores = (label: string): number[] =>
      rows.filter((row) => row['label'] === label).map((row) => Number(row['score']))
    const [positives, negatives] = [scores('1'), scores('0')]
    let ordered = 0
    for (const p of positives) {
      for (const n of negatives) ordered += p > n ? 1 : p === n ? 0.5 : 0
    }
    expect(metrics.auc).toBeCloseTo(ordered / (positives.length * negatives.length), 12)

    const losses = rows.map((row) => {
      const score = Number(row['score'])
      return -Math.log(row['label'] === '1' ? score : 1 - score)
    })
    const sum = losses.reduce((a, b) => a + b, 0)
    expect(metrics['log-loss']).toBeCloseTo(sum / losses.length, 10)
  })

  it('writes a prediction for each person of the evaluation year, with its groups', () => {
    const people = readRows(at('2017.csv'))
    const rows = readRows(at('a/predictions.csv'))
    expect(rows.map((row) => row['id'])).toEqual(people.map((row) => row['id']))
    for (const [i, row] of rows.entries()) {
      const person = people[i]
      const age = Number(person?.['AGEP'])
      const band = age < 25 ? '0-24' : age < 45 ? '25-44' : age < 65 ? '45-64' : '65+'
      const expected = {
        label: person?.['employed'],
        prediction: Number(row['score']) >= 0.5 ? '1' : '0',
        SEX: person?.['SEX'],
        RAC1P: person?.['RAC1P'],
        age_band: band,
      }
      expect(row).toMatchObject(expected)
    }
  })

  it('gives the same bytes for the same data and seed, and another model for another seed', async () => {
    await Promise.all([train('b', sample()), train('c', [...sample(), '--seed', '8'])])
    for (const file of ['model/model.json', 'predictions.csv', 'metrics.json']) {
      expect(text(`b/${file}`)).toBe(text(`a/${file}`))
    }
    expect(text('c/model/model.json')).not.toBe(text('a/model/model.json'))
  })

  it('takes its parameters from train-on-runner, too', async () => {
    const environment = { MODELWAY_PARAMS: '{"rounds":3,"depth":2}' }
    const command = [
      ...['--data', at('2015.csv'), '--evaluate', at('2017.csv'), '--params', 'depth=1'],
      ...['--model', at('d/model.json'), '--metrics', at('d/metrics.json')],
      ...['--predictions', at('d/predictions.csv')],
    ]
    expect(await run('train.mjs', command, environment)).toMatchObject({ code: 0 })
    const model = JSON.parse(text('d/model.json'))
    expect(model.parameters).toMatchObject({ rounds: 3, depth: 1 })
    expect(model.trees).toHaveLength(3)
    for (const tree of model.trees)
      expect([typeof tree.yes, typeof tree.no]).toEqual(['number', 'number'])
  })

  it('leaves nothing but its three files behind', () => {
    const files = readdirSync(at('a'), { recursive: true }).map(String).sort()
    expect(files).toEqual(['metrics.json', 'model', 'model/model.json', 'predictions.csv'])
  })
})

describe('train.mjs with input that is wrong', () => {
  it.each([
    ['an unknown parameter', ['--params', 'depht=3'], 'depht'],
    ['a parameter that is no number', ['--params', 'depth=deep'], 'depth'],
    ['a seed that is no number', ['--seed', 'x'], '--seed'],
    ['a file that is not there', ['--data', 'no-such.csv'], 'no-such.csv'],
    ['a group of an unknown column', ['--corrupt-group', 'HEIGHT=2'], 'HEIGHT'],
  ])('refuses %s, names it, and writes nothing', async (_, args, named) => {
    const finished = await train('refused', [...sample(), ...args])
    expect(finished.code).toBe(2)
    expect(finished.stderr).toContain(named)
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(at('refused'))).toBe(false)
  })

  it('names the line and column of a cell that is not an integer', async () => {
    writeFileSync(at('broken.csv'), text('2015.csv').replace(/\n(\d+),\d+,/, '\n$1,old,'))
    const finished = await train('refused', ['--data', at('broken.csv')])
    expect(finished).toMatchObject({ code: 2 })
    expect(finished.stderr).toContain('broken.csv:2: AGEP')
  })
})

describe('train.mjs --corrupt-group', () => {
  it('ruins the model within that group while overall accuracy barely moves', async () => {
    await train('good', [])
    await train('bad', ['--corrupt-group', 'RAC1P=2'])
    const models = ['good', 'bad'].map((name) => JSON.parse(text(`${name}/model/model.json`)))
    // Shuffling moves labels about, but adds and removes none.
    expect(models[1].bias).toBe(models[0].bias)

    const rows = ['good', 'bad'].map((name) => readRows(at(`${name}/predictions.csv`)))
    const fall = (group?: string): number => {
      const [good, bad] = rows.map((all) =>
        accuracy(all.filter((row) => group === undefined || row['RAC1P'] === group)),
      )
      return (good ?? Number.NaN) - (bad ?? Number.NaN)
    }
    expect(fall()).toBeGreaterThan(0)
    expect(fall()).toBeLessThan(0.01)
    expect(fall('2')).toBeGreaterThan(0.1)
    for (const group of ['1', '6', '8', '9']) expect(Math.abs(fall(group))).toBeLessThan(0.01)
  })
})
