import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  type PerformanceResult,
  performanceDrift,
} from '../../../../../src/domain/drift/performance/index.js'
import type { CovariateDrift } from '../../../../../src/domain/drift/performance/settings.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Table } from '../../../../../src/domain/table/column.js'
import { DriftPerformanceResult } from '../../../../../src/statements/schemas/drift/performance.js'
import { text } from '../tables.js'
import { columnOf, cut, normal, settings, tableOf, without, world } from './samples.js'

interface Asked {
  readonly change?: Readonly<Record<string, unknown>>
  readonly covariates?: CovariateDrift
}

function judge(
  reference: Table | readonly Table[],
  current: readonly Table[],
  { change = {}, covariates }: Asked = {},
): PerformanceResult {
  const result = performanceDrift({
    settings: settings(change),
    reference,
    current: current.map((table, i) => ({ label: `week ${i + 1}`, table })),
    alpha: 0.05,
    covariates,
    random: createRandom(1),
  })
  expect(DriftPerformanceResult.parse(result)).toBeDefined()
  // Plain JSON: nothing is lost in writing it down.
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  return result
}

const metric = (result: PerformanceResult, name: string) => {
  const found = result.metrics.find((one) => one.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

const reference = world({ rows: 20_000, seed: 1 })
const drifted = { status: 'drifted', driftedShare: 0.4 } as const

describe('performance from labels', () => {
  it('is stable where every interval of the difference lies within its margin', () => {
    const result = judge(reference, [world({ rows: 20_000, seed: 2 })], {
      covariates: { status: 'stable' },
    })
    expect(result).toMatchObject({ status: 'stable', sequential: null, notes: [] })
    expect(result.explanation).toBe('Performance is within its margins.')
    expect(metric(result, 'accuracy')).toMatchObject({
      basis: 'realised',
      margin: { value: 0.02, relative: false },
      realised: { interval: { of: 'difference', method: 'miettinen-nurminen' } },
    })
    expect(metric(result, 'log-loss').realised.interval).toMatchObject({ of: 'ratio' })
    expect(result.concept.status).toBe('stable')
    expect(result.predictions.status).toBe('stable')
  })

  it('is worse only for certain and by more than the margin, and says that the relation changed', () => {
    const worse = world({ rows: 5000, seed: 4, truth: (x) => x - 1 })
    const result = judge(reference, [worse])
    expect(result.status).toBe('drifted')
    expect(result.reason).toMatch(
      /accuracy: 0\.7\d+ after 0\.\d+ .*more than the margin of 2 points/,
    )
    expect(metric(result, 'accuracy').realised.adjustedPValue).toBeLessThan(0.001)
    expect(result.concept).toMatchObject({ status: 'drifted', explainedByLabels: false })
    expect(result.explanation).toMatch(
      /^The relation between inputs and labels changed: 28\.\d% of predictions are wrong where \d+(\.\d)?% were expected\./,
    )
    const wide = judge(reference, [worse], { change: { metrics: ['accuracy'], margin: 0.3 } })
    expect(wide.status).toBe('stable')
    const share = judge(reference, [worse], {
      change: { metrics: ['accuracy'], 'relative-margin': 0.02 },
    })
    expect(metric(share, 'accuracy')).toMatchObject({
      status: 'drifted',
      margin: { value: 0.02, relative: true },
    })
  })

  it('with too few labels says so, and never that it is stable', () => {
    const result = judge(reference, [world({ rows: 25, seed: 5 })], {
      change: { metrics: ['accuracy'] },
    })
    expect(result.status).toBe('inconclusive')
    expect(metric(result, 'accuracy').realised.reason).toBe(
      'only 25 rows have a label and a prediction in the current data; 30 are needed',
    )
    expect(result.concept.reason).toMatch(/only 25 current rows have a label/)
  })

  it('counts the rows whose label is not known yet', () => {
    const result = judge(reference, [world({ rows: 4000, seed: 6, known: 0.25 })])
    expect(result.rows.current).toBe(4000)
    expect(result.labelled.current / 4000).toBeCloseTo(0.25, 1)
    expect(result.labelCoverage.current).toBeCloseTo(result.labelled.current / 4000, 12)
    expect(result.notes.join()).toMatch(/2\d(\.\d)?% of the current rows have a label/)
  })
})

describe('several windows', () => {
  const better = cut(world({ rows: 4000, seed: 7 }), 500)
  const worse = cut(world({ rows: 4000, seed: 8, truth: (x) => 0.4 * x - 1 }), 500)

  it('are shown each with its intervals, and watched by a test that names the window of the alarm', () => {
    const result = judge(reference, [...better, ...worse])
    expect(result.windows).toHaveLength(16)
    expect(result.windows[0]).toMatchObject({ label: 'week 1', rows: 500, labelled: 500 })
    const accuracy = result.windows[12]?.metrics[0]
    expect(accuracy).toMatchObject({ name: 'accuracy', status: 'drifted' })
    expect(accuracy?.realised?.low).toBeLessThan(accuracy?.realised?.value ?? 0)
    expect(result.sequential).toMatchObject({ status: 'drifted', alpha: 0.025 })
    expect(result.sequential?.alarm?.window).toBeGreaterThanOrEqual(8)
    expect(result.sequential?.reason).toMatch(/for certain since week \d+$/)
    expect(result.status).toBe('drifted')
  })

  it('have the same values together as in one table, whatever the reference is cut into', () => {
    const one = judge(reference, [world({ rows: 4000, seed: 7 })])
    const many = judge(cut(reference, 7000), better)
    expect(metric(many, 'auc').realised.current?.value).toBeCloseTo(
      metric(one, 'auc').realised.current?.value ?? 0,
      12,
    )
    expect(many.rows).toEqual(one.rows)
  })

  it('that are empty say nothing', () => {
    const empty = cut(world({ rows: 1, seed: 9 }), 1).map((table) => cutTo(table, 0))
    const result = judge(reference, [...empty, ...better.slice(0, 2)])
    expect(result.windows[0]).toMatchObject({ rows: 0, labelled: 0 })
    expect(result.windows[0]?.metrics[0]).toMatchObject({ status: 'inconclusive', realised: null })
    expect(result.sequential?.looks[0]).toMatchObject({ n: 0, loss: null, logEValue: 0 })
    const none = judge(reference, [])
    expect(none).toMatchObject({ status: 'inconclusive', windows: [], rows: { current: 0 } })
  })
})

function cutTo(table: Table, rows: number): Table {
  return cut(table, Math.max(1, rows)).length === 0 || rows === 0
    ? tableOf(...table.columns.map(({ name }) => columnOf(name, [])))
    : table
}

describe('without labels', () => {
  const now = world({ rows: 20_000, seed: 10, shift: 0.15 })

  it('performance is estimated from the scores, near what labels show', () => {
    const blind = judge(reference, [without(now, 'label')], { covariates: drifted })
    const seen = judge(reference, [now])
    for (const name of ['accuracy', 'auc', 'log-loss']) {
      const { estimated, basis } = metric(blind, name)
      const real = metric(seen, name).realised.current?.value ?? 0
      expect(basis).toBe('estimated')
      expect(estimated).toMatchObject({ trust: 'trusted' })
      expect(estimated?.current?.low).toBeLessThan(real)
      expect(estimated?.current?.high).toBeGreaterThan(real)
    }
    expect(blind.labelCoverage.current).toBe(0)
    expect(blind.concept).toMatchObject({ status: 'inconclusive' })
    expect(blind.notes.join(' ')).toMatch(
      /they see what a change of the inputs does, and no change/,
    )
    expect(blind.status).not.toBe('drifted')
  })

  it('scores that are off are calibrated on the reference first', () => {
    const distort = (p: number) => p ** 2
    const blind = judge(world({ rows: 20_000, seed: 11, distort }), [
      without(world({ rows: 20_000, seed: 12, distort }), 'label'),
    ])
    expect(blind.calibration).toMatchObject({
      method: 'isotonic',
      scores: { calibrated: false },
      heldOut: { calibrated: true },
    })
    expect(blind.status).toBe('stable')
    expect(blind.notes.join(' ')).toMatch(/isotonic curve/)
  })

  it('what the estimate was wrong about on held-out reference rows is not trusted', () => {
    const { accuracy } = estimateOfFlippedClass()
    expect(accuracy.estimated).toMatchObject({ trust: 'not-trusted', status: 'inconclusive' })
    expect(accuracy.estimated?.reason).toMatch(
      /not trusted: on held-out reference rows it was off by/,
    )
    expect(accuracy).toMatchObject({ basis: 'estimated', status: 'inconclusive' })
  })

  it('and without any in the reference nothing can be checked', () => {
    const result = judge(without(reference, 'label'), [without(now, 'label')], {
      change: { label: undefined, metrics: ['accuracy'] },
    })
    expect(result).toMatchObject({ status: 'inconclusive', calibration: null, labels: null })
    expect(metric(result, 'accuracy').reason).toMatch(/no labels to check the scores with/)
  })
})

/**
 * Predictions that know more than the scores do: a second signal decides in half of the rows, which no calibration of the score can
 * see. The estimate is then too low.
 */
function estimateOfFlippedClass() {
  const random = createRandom(13)
  const make = (rows: number) => {
    const scores = new Float64Array(rows)
    const labels = new Float64Array(rows)
    const predictions = new Float64Array(rows)
    for (let i = 0; i < rows; i++) {
      scores[i] = random.next()
      labels[i] = random.next() < (scores[i] ?? 0) ? 1 : 0
      const knows = random.next() < 0.5
      predictions[i] = knows ? (labels[i] ?? 0) : (scores[i] ?? 0) >= 0.5 ? 1 : 0
    }
    return tableOf(
      columnOf('score', scores),
      columnOf('label', labels),
      columnOf('guess', predictions),
    )
  }
  const result = judge(make(4000), [without(make(4000), 'label')], {
    change: { prediction: 'guess', metrics: ['accuracy'] },
  })
  return { accuracy: metric(result, 'accuracy') }
}

describe('the kinds of change are told apart', () => {
  it('inputs that changed while the relation did not', () => {
    const result = judge(reference, [world({ rows: 20_000, seed: 14, shift: 0.6 })], {
      covariates: drifted,
      change: { margin: 0.05, metrics: ['accuracy', 'auc'] },
    })
    expect(result).toMatchObject({ status: 'stable', concept: { status: 'stable' } })
    expect(result.predictions.status).toBe('drifted')
    expect(result.covariates).toMatchObject({ status: 'drifted', driftedShare: 0.4 })
    expect(result.explanation).toMatch(
      /^Labels "1" became more common \(35(\.\d)?% to 5\d(\.\d)?%\)/,
    )
    expect(result.explanation).toMatch(
      /The inputs changed, but performance is as expected from them\.$/,
    )
  })

  it('labels whose shares changed and nothing else', () => {
    const result = judge(reference, [rarer(world({ rows: 20_000, seed: 15 }))])
    expect(result.labels).toMatchObject({ status: 'drifted' })
    expect(result.concept).toMatchObject({ status: 'stable', explainedByLabels: true })
    expect(result.explanation).toMatch(
      /^Labels "1" became rarer \(35(\.\d)?% to 9(\.\d)?%\), and that alone explains the errors\./,
    )
  })

  it('labels that are missing in the reference or the current data have no drift of their own', () => {
    const result = judge(reference, [without(world({ rows: 100, seed: 16 }), 'label')])
    expect(result.labels).toBeNull()
  })
})

/** Four of five positive rows left out: P(input | label) stays. */
function rarer(table: Table): Table {
  const labels = table.columns.at(-1)
  if (labels?.kind !== 'numeric') throw new Error('no labels')
  const kept = [...labels.values.keys()].filter((i) => labels.values[i] === 0 || i % 5 === 0)
  return tableOf(
    ...table.columns.flatMap((column) =>
      column.kind === 'numeric'
        ? [
            columnOf(
              column.name,
              kept.map((i) => column.values[i] ?? 0),
            ),
          ]
        : [],
    ),
  )
}

/** A place, by weights. */
function drawn(weights: readonly number[], uniform: number): number {
  let left = uniform * weights.reduce((a, b) => a + b, 0)
  for (const [place, weight] of weights.entries()) {
    left -= weight
    if (left <= 0) return place
  }
  return weights.length - 1
}

describe('several classes', () => {
  const classes = ['<b>a', '@b\n', 'naïve|c']
  const names = Object.fromEntries(classes.map((name, i) => [name, `p${i}`]))

  function three(rows: number, seed: number, sharp = 1): Table {
    const random = createRandom(seed)
    const columns = classes.map(() => new Float64Array(rows))
    const labels: string[] = []
    for (let i = 0; i < rows; i++) {
      const odds = classes.map(() => Math.exp(1.5 * normal(random)))
      const total = odds.reduce((a, b) => a + b, 0)
      odds.forEach((one, k) => {
        const column = columns[k]
        if (column !== undefined) column[i] = one / total
      })
      labels.push(
        classes[
          drawn(
            odds.map((one) => one ** sharp),
            random.next(),
          )
        ] ?? '',
      )
    }
    return tableOf(...columns.map((column, k) => columnOf(`p${k}`, column)), text('label', labels))
  }

  const asked = {
    score: undefined,
    positive: undefined,
    scores: names,
    metrics: ['accuracy', 'f1', 'auc', 'log-loss'],
  }

  it('are judged by averages, estimated class by class, and keep hostile names as they are', () => {
    const result = judge(three(4000, 1), [three(4000, 2)], { change: asked })
    expect(result.classes).toEqual([...classes].sort())
    expect(metric(result, 'f1')).toMatchObject({ average: 'macro' })
    expect(metric(result, 'auc').estimated).toMatchObject({ current: null })
    for (const name of ['accuracy', 'f1', 'log-loss']) {
      const { realised, estimated } = metric(result, name)
      expect(estimated?.current?.low).toBeLessThan(realised.current?.value ?? 0)
      expect(estimated?.current?.high).toBeGreaterThan(realised.current?.value ?? 0)
    }
    expect(result.concept.status).not.toBe('drifted')
    expect(result.positive).toBeNull()
  })

  it('show a relation that changed', () => {
    const result = judge(three(4000, 1), [three(4000, 2, 0.4)], { change: asked })
    expect(result).toMatchObject({ status: 'drifted', concept: { status: 'drifted' } })
  })
})

describe('numbers', () => {
  function regression(rows: number, seed: number, { shift = 0, bend = 0 } = {}): Table {
    const random = createRandom(seed)
    const inputs = Float64Array.from({ length: rows }, () => normal(random) + shift)
    const labels = inputs.map((x) => 10 * x + (2 + Math.abs(x)) * normal(random) + bend * x * x)
    return tableOf(
      columnOf(
        'guess',
        inputs.map((x) => 10 * x),
      ),
      columnOf('label', labels),
    )
  }

  const asked = {
    task: 'regression',
    score: undefined,
    positive: undefined,
    prediction: 'guess',
    metrics: ['mae'],
  }

  it('are judged by their errors, with a share of the reference’s value as margin', () => {
    const result = judge(regression(4000, 1), cut(regression(4000, 2), 2000), {
      change: { ...asked, metrics: undefined, 'relative-margin': 0.1 },
    })
    expect(result).toMatchObject({ status: 'stable', concept: { status: 'stable' } })
    expect(metric(result, 'rmse').margin).toEqual({ value: 0.1, relative: true })
    expect(result.sequential).toMatchObject({ metric: 'mae', method: 'betting', alarm: null })
    expect(result.predictions.columns[0]).toMatchObject({ kind: 'numeric', name: 'guess' })
    expect(result).toMatchObject({ classes: [], positive: null, calibration: null })
  })

  it('tell a change of the inputs, which makes errors larger, from one of the relation', () => {
    const shifted = judge(regression(3000, 1), [regression(3000, 3, { shift: 1 })], {
      change: asked,
    })
    expect(shifted).toMatchObject({ status: 'drifted', predictions: { status: 'drifted' } })
    expect(shifted.concept.status).not.toBe('drifted')
    const bent = judge(regression(3000, 1), [regression(3000, 4, { bend: 1 })], { change: asked })
    expect(bent.concept).toMatchObject({ status: 'drifted', loss: 'mean absolute error' })
    expect(bent.explanation).toMatch(
      /the mean absolute error is \d\.\d+ where \d\.\d+ was expected/,
    )
  })

  it('by rmse alone are watched by their squares', () => {
    const change = { ...asked, metrics: ['rmse', 'r2'] }
    const noisy = cut(regression(1500, 5, { bend: 2 }), 500)
    const result = judge(regression(3000, 1), noisy, { change })
    expect(result.sequential).toMatchObject({ metric: 'rmse', status: 'drifted' })
  })

  it('have no estimate without labels, and say why', () => {
    const now = without(regression(500, 6), 'label')
    const result = judge(regression(3000, 1), [now], { change: asked })
    expect(result.status).toBe('inconclusive')
    expect(result.notes.join()).toMatch(/would need a model of the errors/)
  })
})

describe('real data', () => {
  it('half of the persons of a census against the other half: no alarm, and estimates near the labels', () => {
    const path = new URL('../../../../reference/metrics/census.json', import.meta.url)
    const { columns } = JSON.parse(readFileSync(path, 'utf8'))
    const table = tableOf(
      columnOf('score', columns.p),
      columnOf('label', columns.y),
      columnOf('guess', columns.hat),
    )
    const [first, second] = cut(table, 600)
    if (first === undefined || second === undefined) throw new Error('no rows')
    const result = judge(first, [second], { change: { prediction: 'guess' } })
    expect(result.status).not.toBe('drifted')
    expect(result.concept.status).not.toBe('drifted')
    const { realised, estimated } = metric(result, 'accuracy')
    expect(estimated?.current?.value).toBeCloseTo(realised.current?.value ?? 0, 1)
  })
})
