import { describe, expect, it } from '@jest/globals'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { byCounts, tablesOf, twoModels, verdictOf } from './gate-fixtures.js'

/** The smallest count that a binomial exceeds with probability below `tail`. */
function binomialLimit(n: number, p: number, tail: number): number {
  let term = (1 - p) ** n
  let below = term
  let k = 0
  while (1 - below >= tail) {
    term *= ((n - k) / (k + 1)) * (p / (1 - p))
    below += term
    k++
  }
  return k
}

function countDecisions(times: number, decide: (run: number) => string): Record<string, number> {
  const counts: Record<string, number> = { pass: 0, fail: 0, inconclusive: 0 }
  for (let run = 0; run < times; run++) {
    const decision = decide(run)
    counts[decision] = (counts[decision] ?? 0) + 1
  }
  return counts
}

const same = (metric: string): GateRule => ({ metric, 'no-worse-than': 'baseline' })

describe('how often the gate errs', () => {
  it('fails equal models in at most 2.5% of 200 gates, over three rules together', () => {
    const random = createRandom(101)
    const rules = ['accuracy', 'auc', 'log-loss'].map(same)
    const counts = countDecisions(
      200,
      () => verdictOf({ ...tablesOf(twoModels(300, random)), rules }).decision,
    )
    expect(counts['fail']).toBeLessThanOrEqual(binomialLimit(200, 0.025, 0.005))
  })

  it('fails equal models by a bootstrapped metric in at most 2.5% of gates', () => {
    const random = createRandom(102)
    const counts = countDecisions(
      40,
      () => verdictOf({ ...tablesOf(twoModels(300, random)), rules: [same('f1')] }).decision,
    )
    expect(counts['fail']).toBeLessThanOrEqual(binomialLimit(40, 0.025, 0.005))
  })

  it('without correction fails more often: the correction is what holds the rate', () => {
    const rules: GateRule[] = [{ ...same('accuracy'), slices: { by: ['group'] } }]
    const decided = (correction: 'none' | 'holm') => {
      const draw = createRandom(104)
      return countDecisions(
        100,
        () =>
          verdictOf({ ...tablesOf(twoModels(200, draw)), rules, policy: { correction } }).decision,
      )
    }
    expect(decided('none')['fail'] ?? 0).toBeGreaterThan(decided('holm')['fail'] ?? 0)
  })

  it.each([
    { n: 200, candidateOnly: 0.035, baselineOnly: 0.065 },
    { n: 1000, candidateOnly: 0.035, baselineOnly: 0.065 },
    { n: 1000, candidateOnly: 0, baselineOnly: 0.03 },
  ])(
    'passes a model that is worse by the margin in at most 2.5%: $n examples, discordance $candidateOnly and $baselineOnly',
    (law) => {
      const random = createRandom(105)
      const rule: GateRule = { metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.03 }
      const draw = () => {
        const counts = [0, 0, 0]
        for (let i = 0; i < law.n; i++) {
          const u = random.next()
          const kind = u < law.candidateOnly ? 0 : u < law.candidateOnly + law.baselineOnly ? 1 : 2
          counts[kind] = (counts[kind] ?? 0) + 1
        }
        return byCounts(counts[2] ?? 0, counts[0] ?? 0, counts[1] ?? 0, 0)
      }
      const times = 300
      const counts = countDecisions(times, () => verdictOf({ ...draw(), rules: [rule] }).decision)
      expect(counts['pass']).toBeLessThanOrEqual(
        times * (0.025 + 3 * Math.sqrt((0.025 * 0.975) / times)),
      )
    },
  )

  it('passes equal models on enough examples and fails a clearly worse one', () => {
    const random = createRandom(106)
    const rules: GateRule[] = [{ ...same('auc'), margin: 0.02 }]
    const equal = countDecisions(
      20,
      () => verdictOf({ ...tablesOf(twoModels(4000, random)), rules }).decision,
    )
    expect(equal['pass']).toBeGreaterThanOrEqual(19)
    const worse = countDecisions(
      20,
      () => verdictOf({ ...tablesOf(twoModels(4000, random, -0.8)), rules }).decision,
    )
    expect(worse['fail']).toBeGreaterThanOrEqual(19)
  })
})
