import { describe, expect, it } from '@jest/globals'
import { leastOf, mostOf } from '../../../bench/operating/binomial.js'
import { decisionsOf } from '../../../bench/operating/comparison.js'
import { type Covered, coverageOf } from '../../../bench/operating/coverage.js'
import { SITUATIONS, type Situation, verdictsOf } from '../../../bench/operating/false-pass.js'
import { scoreLaw } from '../../../bench/operating/laws.js'
import { namedRandom } from '../../../bench/operating/random-numbers.js'
import { OURS, OURS_90, POINT, TOLERANCE } from '../../../bench/operating/rivals.js'
import type { Decision } from '../../../src/domain/decision.js'

/** With this chance an honest method would miss a bound below. The seeds are fixed: a miss is a change of the method. */
const TAIL = 2e-6
const SEED = 2
const NOMINAL = 0.025

function situation(name: string): Situation {
  const found = SITUATIONS.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no situation ${name}`)
  return found
}

function count(one: Situation, runs: number, decision: Decision): number {
  let times = 0
  for (const verdict of verdictsOf(one, { runs, seed: SEED })) {
    if (verdict.decision === decision) times++
  }
  return times
}

describe('a model that is worse by exactly the margin', () => {
  it.each([
    ['accuracy, 3% discordant, n 200', 1500],
    ['accuracy, 10% discordant, n 200', 1500],
    ['accuracy, 30% discordant, n 200', 1500],
    ['accuracy, 3% discordant, n 1000', 1000],
    ['accuracy, 10% discordant, n 1000', 1000],
    ['accuracy, 30% discordant, n 1000', 1000],
    ['accuracy, 10% discordant, n 10000', 200],
    ['recall, n 1000', 500],
    ['auc, n 1000', 400],
    ['log-loss, n 200', 150],
    ['brier, n 500', 300],
    ['mae, normal errors, n 200', 500],
    ['f1, n 200', 30],
    ['precision, n 200', 20],
    ['accuracy, clusters, n 30', 500],
    ['accuracy, relative margin, n 1000', 500],
    ['auc, relative margin, n 1000', 300],
    ['accuracy, equivalent at its edge, n 1000', 500],
    ['log-loss, equivalent at its edge, n 1000', 60],
    ['accuracy, unpaired, n 1000', 500],
    ['log-loss, unpaired, n 1000', 300],
    ['accuracy in two slices, one at the margin, the other far better, n 1000', 400],
    ['accuracy, better than an equal baseline, n 1000', 500],
  ])('passes in at most 2.5%%: %s', (name, runs) => {
    expect(count(situation(name), runs, 'pass')).toBeLessThanOrEqual(mostOf(runs, NOMINAL, TAIL))
  })

  it('fails seldom too, when it lies on the bound', () => {
    const runs = 1000
    const one = situation('accuracy, 10% discordant, n 1000')
    expect(count(one, runs, 'fail')).toBeLessThanOrEqual(mostOf(runs, NOMINAL, TAIL))
  })

  it('is seen with more confidence when the policy asks for less', () => {
    const runs = 1000
    const one = { ...situation('accuracy, 10% discordant, n 1000'), confidence: 0.8 }
    const passes = count(one, runs, 'pass')
    expect(passes).toBeLessThanOrEqual(mostOf(runs, 0.1, TAIL))
    expect(passes).toBeGreaterThanOrEqual(leastOf(runs, 0.1, TAIL))
  })
})

describe('95% intervals', () => {
  const plain = { law: 'two classes', n: 500, runs: 0, draw: 'rows' } as const
  it.each<[string, Omit<Covered, 'runs'>, number]>([
    ['wilson', { ...plain, rule: { metric: 'accuracy' }, of: 'candidate' }, 600],
    ['tango', { ...plain, rule: { metric: 'accuracy' }, of: 'difference' }, 600],
    ['nam-blackwelder', { ...plain, rule: { metric: 'accuracy' }, of: 'ratio' }, 400],
    [
      'miettinen-nurminen',
      { ...plain, rule: { metric: 'accuracy' }, of: 'difference', draw: 'unpaired' },
      400,
    ],
    ['delong', { ...plain, rule: { metric: 'auc' }, of: 'difference' }, 400],
    ['delong', { ...plain, rule: { metric: 'auc' }, of: 'difference', draw: 'unpaired' }, 400],
    ['paired-t', { ...plain, rule: { metric: 'log-loss' }, of: 'difference' }, 600],
    ['welch', { ...plain, rule: { metric: 'log-loss' }, of: 'difference', draw: 'unpaired' }, 400],
    ['fieller', { ...plain, rule: { metric: 'log-loss' }, of: 'ratio' }, 400],
    [
      'clustered-t',
      {
        law: 'clusters',
        n: 30,
        draw: 'clusters',
        rule: { metric: 'accuracy' },
        of: 'difference',
      },
      600,
    ],
    ['bootstrap-bca', { ...plain, rule: { metric: 'f1' }, of: 'candidate' }, 80],
    [
      'bootstrap-bca',
      { ...plain, law: 'normal errors', rule: { metric: 'rmse' }, of: 'difference' },
      60,
    ],
  ])('by %s hold the truth: %j', (method, covered, runs) => {
    const found = coverageOf({ ...covered, runs }, runs, SEED)
    expect(found.methods).toContain(method)
    expect(found.none).toBe(0)
    expect(found.held).toBeGreaterThanOrEqual(leastOf(runs, 0.95, TAIL))
    // An interval that is always right says too little.
    expect(found.held).toBeLessThanOrEqual(Math.max(mostOf(runs, 0.95, TAIL), 0.995 * runs))
  })
})

describe('gates compared, at 1,000 examples of which the models disagree on 10%', () => {
  const runs = 600
  const shareOf = (points: number, name: string) =>
    decisionsOf({ points, n: 1000 }, { runs, seed: SEED }).get(name)

  it('a tolerance of 1 point passes half of the models that are 1 point worse; ours its level', () => {
    const found = decisionsOf({ points: -1, n: 1000 }, { runs, seed: SEED })
    const passes = (name: string) => runs * (found.get(name)?.pass ?? 0)
    const tolerance = passes(TOLERANCE)
    expect(tolerance).toBeGreaterThanOrEqual(leastOf(runs, 0.52, TAIL))
    expect(tolerance).toBeLessThanOrEqual(mostOf(runs, 0.52, TAIL))
    expect(passes(OURS)).toBeLessThanOrEqual(mostOf(runs, 0.025, TAIL))
    expect(passes(OURS_90)).toBeLessThanOrEqual(mostOf(runs, 0.05, TAIL))
  })

  it('a point comparison turns down half of the equal models; ours calls few of them bad', () => {
    const equal = shareOf(0, POINT)
    expect(runs * (equal?.fail ?? 0)).toBeGreaterThanOrEqual(leastOf(runs, 0.48, TAIL))
    const ours = shareOf(0, OURS)
    expect(runs * (ours?.fail ?? 0)).toBeLessThanOrEqual(mostOf(runs, 0.025, TAIL))
  })
})

describe('simulations', () => {
  it('are a function of the seed and their name', () => {
    const one = situation('brier, n 500')
    expect(count(one, 50, 'pass')).toBe(count(one, 50, 'pass'))
    const draw = (seed: number, name: string) => namedRandom(seed, name).next()
    expect(draw(1, 'a')).toBe(draw(1, 'a'))
    expect(new Set([draw(1, 'a'), draw(2, 'a'), draw(1, 'b')]).size).toBe(3)
  })

  it('have names of their own, so that no two share their random numbers', () => {
    const names = SITUATIONS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(scoreLaw({ prevalence: 0.3 })).toBe(scoreLaw({ prevalence: 0.3 }))
  })

  it('take the largest and the smallest count of a binomial at a tail', () => {
    // scipy 1.17.1: binom.isf(0.005, 200, 0.025) = 11, binom.ppf(0.005, 200, 0.95) = 181
    expect(mostOf(200, 0.025, 0.005)).toBe(11)
    expect(leastOf(200, 0.95, 0.005)).toBe(181)
  })
})
