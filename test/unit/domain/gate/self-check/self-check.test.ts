import { describe, expect, it } from '@jest/globals'
import { readGate } from '../../../../../src/domain/gate/evaluate.js'
import type { GatePolicy, GateRule } from '../../../../../src/domain/gate/policy.js'
import { binomialBand } from '../../../../../src/domain/gate/self-check/binomial-band.js'
import {
  drawRows,
  examplesAt,
  swapped,
} from '../../../../../src/domain/gate/self-check/resample.js'
import { selfCheck } from '../../../../../src/domain/gate/self-check/self-check.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { policyOf, tableOf, tablesOf, twoModels } from '../gate-fixtures.js'

const models = tablesOf(twoModels(400, createRandom(11)))

function examplesOf(rules: readonly GateRule[], cluster?: string) {
  const read = readGate({
    policy: policyOf(rules),
    files: {
      candidate: { file: 'c.csv', table: models.candidate },
      baseline: { file: 'b.csv', table: models.baseline },
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score', cluster },
      minOverlap: 0.95,
    },
  })
  const examples = read.value?.examples
  if (examples === undefined) throw new Error(JSON.stringify(read.problems))
  return examples
}

const run = (rules: readonly GateRule[], policy: Partial<GatePolicy> = {}) =>
  selfCheck({ policy: policyOf(rules, policy), examples: examplesOf(rules), seed: 7, gates: 100 })

describe('selfCheck', () => {
  const floor: GateRule = { metric: 'accuracy', 'at-least': 0.6 }
  const close: GateRule = { metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0 }

  it('passes a policy that keeps its promises, and says how often it errs', () => {
    const found = run([floor, close, { metric: 'auc', 'better-than': 'baseline' }])
    expect(found.decision).toBe('pass')
    expect(found.models).toBe('two')
    expect(found.falseAlarms).toMatchObject({
      trials: 100,
      holds: true,
      band: { low: 0, high: 11 },
    })
    expect(found.falsePasses.map(({ rule, trials }) => [rule, trials])).toEqual([
      ['accuracy.no-worse-than', 100],
      ['auc.better-than', 100],
    ])
    expect(found.permuted).toEqual([
      { rule: 'accuracy.at-least', passed: 0, trials: 20, toothless: false },
    ])
  })

  it('finds out a policy that judges estimates: they pass half of the time at the bound', () => {
    const found = run([{ ...close, evidence: 'estimate' }])
    expect(found.decision).toBe('fail')
    expect(found.falsePasses[0]?.holds).toBe(false)
    expect(found.falseAlarms.holds).toBe(false)
    expect(found.falseAlarms.rate).toBeGreaterThan(0.3)
  })

  it('finds out floors that shuffled labels pass', () => {
    const found = run([{ metric: 'accuracy', 'at-least': 0.1 }])
    expect(found.decision).toBe('fail')
    expect(found.permuted[0]).toMatchObject({ passed: 20, toothless: true })
  })

  it('counts no alarm of a rule that the data themselves break, and names it', () => {
    const found = run([{ metric: 'accuracy', 'at-least': 0.99 }, close])
    expect(found.broken).toEqual(['accuracy.at-least'])
    expect(found.falseAlarms.holds).toBe(true)
  })

  it('gives the same answer for the same seed', () => {
    expect(run([floor, close])).toEqual(run([floor, close]))
  })

  it('draws the two models apart where they are not paired', () => {
    const found = run([close], { pairing: 'none' })
    expect(found.falsePasses[0]?.count).toBeGreaterThan(0)
    expect(found.decision).toBe('pass')
  })

  it('says what it left out', () => {
    const rules: GateRule[] = [close, { metric: 'metrics:bleu', 'at-least': 0.3 }]
    const { notes } = selfCheck({
      policy: policyOf(rules),
      examples: examplesOf([close]),
      seed: 7,
      gates: 5,
      mostExamples: 100,
    })
    expect(notes).toEqual([
      'Each resample has 100 of the 400 examples.',
      'Left out, since it cannot be resampled: metrics:bleu.at-least.',
      expect.stringContaining('No rule is a floor or a ceiling'),
    ])
  })
})

describe('resamples', () => {
  const rules: GateRule[] = [{ metric: 'auc', 'no-worse-than': 'baseline' }]

  it('take whole clusters, and count a cluster that was drawn twice as two', () => {
    const examples = examplesOf(rules, 'group')
    const drawn = drawRows(examples, 500, createRandom(1))
    const sizes = new Map<number, number>()
    for (const code of examples.clusters ?? []) sizes.set(code, (sizes.get(code) ?? 0) + 1)
    const found = new Map<number, number>()
    for (const code of drawn.clusters ?? []) found.set(code, (found.get(code) ?? 0) + 1)
    expect([...found.values()].every((size) => [...sizes.values()].includes(size))).toBe(true)
    expect(examplesAt(examples, drawn).clusters).toEqual(drawn.clusters)
  })

  it('swap both models on the same examples, all of their outputs together', () => {
    const examples = examplesOf(rules)
    const turned = swapped(examples, createRandom(2))
    const { candidate, baseline } = examples
    let exchanged = 0
    for (let row = 0; row < examples.n; row++) {
      const mine = candidate.scores?.[row]
      const theirs = baseline?.scores?.[row]
      const now = [turned.candidate.scores?.[row], turned.baseline?.scores?.[row]]
      if (now[0] === theirs) exchanged++
      expect([
        [mine, theirs],
        [theirs, mine],
      ]).toContainEqual(now)
    }
    expect(exchanged).toBeGreaterThan(150)
    expect(exchanged).toBeLessThan(250)
  })
})

describe('binomialBand', () => {
  it('holds the middle 99%', () => {
    // scipy 1.17.1: binom.ppf([.005, .995], 200, .05) = 3, 19; binom.ppf([.005, .995], 100, .025) = 0, 7.
    expect(binomialBand(200, 0.05, 0.99)).toEqual({ low: 3, high: 19 })
    expect(binomialBand(100, 0.025, 0.99)).toEqual({ low: 0, high: 7 })
  })
})

describe('a table', () => {
  it('of one model judged against itself never differs', () => {
    const table = tableOf({ id: [0, 1, 2, 3], label: [0, 1, 0, 1], prediction: [0, 1, 1, 1] })
    const rules: GateRule[] = [{ metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.1 }]
    const read = readGate({
      policy: policyOf(rules),
      files: {
        candidate: { file: 'c.csv', table },
        columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
        minOverlap: 1,
      },
    }).value?.examples
    if (read === undefined) throw new Error('not read')
    const examples = { ...read, baseline: read.candidate }
    const found = selfCheck({ policy: policyOf(rules), examples, seed: 1, gates: 20 })
    expect(found).toMatchObject({ models: 'one', falseAlarms: { count: 0 } })
    expect(found.notes[0]).toContain('One model was judged against itself')
  })
})
