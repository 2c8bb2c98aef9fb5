import { describe, expect, it } from '@jest/globals'
import { assessArgoMetric } from '../../../../../src/domain/rollout/peers/argo.js'
import {
  flaggerCheckFails,
  flaggerRollsBack,
} from '../../../../../src/domain/rollout/peers/flagger.js'
import {
  classifyKayentaMetric,
  type KayentaMetric,
} from '../../../../../src/domain/rollout/peers/kayenta.js'
import { judgeByKayenta } from '../../../../../src/domain/rollout/peers/kayenta-score.js'

const HIGH = [20, 22, 21, 25, 30]
const LOW = [1, 2.2, 1.1, 2.5, 3]
const ZEROS = [0, 0, 0, 0, 0]
const NEAR_55 = [54.9, 54.5, 55.1, 55.6, 57.4]

/** Cases, with their answers, of Kayenta's own ClassifierSuite (spinnaker, 2025). */
const published: readonly (readonly [string, Partial<KayentaMetric>, string, boolean])[] = [
  [
    'critical high',
    { experiment: HIGH, control: LOW, critical: true, effectSize: { criticalIncrease: 1.2 } },
    'High',
    true,
  ],
  [
    'critical low',
    {
      experiment: [2, 2, 2, 2, 3],
      control: [10, 20.2, 10.1, 20.5, 30],
      critical: true,
      effectSize: { criticalDecrease: 1 },
    },
    'Low',
    true,
  ],
  [
    'high, not critical',
    {
      experiment: HIGH,
      control: LOW,
      critical: true,
      effectSize: { allowedIncrease: 5, criticalIncrease: 13 },
    },
    'High',
    false,
  ],
  [
    'within the allowed increase',
    {
      experiment: HIGH,
      control: LOW,
      critical: true,
      effectSize: { allowedIncrease: 13, criticalIncrease: 15 },
    },
    'Pass',
    false,
  ],
  ['high by default', { experiment: HIGH, control: LOW, critical: true }, 'High', true],
  [
    'one value in both',
    { experiment: [1, 1, 1], control: [1, 1], direction: 'decrease' },
    'Pass',
    false,
  ],
  [
    'the same values',
    { experiment: [1, 2, 3, 4, 5], control: [5, 4, 3, 2, 1], direction: 'decrease' },
    'Pass',
    false,
  ],
  [
    'a leading zero',
    { experiment: [0, 1, 1, 1, 1], control: [1, 1, 1, 1, 1], direction: 'decrease' },
    'Pass',
    false,
  ],
  ['no data', { experiment: [], control: [1, 2], nanStrategy: 'remove' }, 'Nodata', false],
  [
    'no data, critical',
    { experiment: [], control: [1, 2], nanStrategy: 'remove', critical: true },
    'Nodata',
    true,
  ],
  [
    'no data that must be there',
    { experiment: [], control: [1], nanStrategy: 'remove', mustHaveData: true },
    'NodataFailMetric',
    false,
  ],
  ['no data, replaced', { experiment: [], control: [1, 2], nanStrategy: 'replace' }, 'Pass', false],
  ['mostly tied', { experiment: [1, 1, 1, 1, 10], control: [1, 1, 1, 1, 1] }, 'Pass', false],
  ['tied ranks', { experiment: [10, 10, 10, 10, 10], control: [1, 1, 1, 1, 1] }, 'High', false],
  ['tied ranks with zeros', { experiment: [10, 10, 10, 10, 10], control: ZEROS }, 'High', false],
  [
    'zero mean, high',
    {
      experiment: NEAR_55,
      control: ZEROS,
      effectSize: { allowedDecrease: 0.8, allowedIncrease: 1.2 },
    },
    'High',
    false,
  ],
  [
    'zero mean, low',
    {
      experiment: ZEROS,
      control: NEAR_55,
      effectSize: { allowedDecrease: 0.8, allowedIncrease: 1.2 },
    },
    'Low',
    false,
  ],
  ['zeros in both', { experiment: ZEROS, control: ZEROS }, 'Pass', false],
]

describe("Kayenta's judge", () => {
  it.each(published)('classifies as its own suite says: %s', (_name, given, expected, critical) => {
    const metric = { name: 'm', experiment: [], control: [], ...given }
    const result = classifyKayentaMetric(metric, { confidence: 0.95, tolerance: 0.1 })
    expect(result.class).toBe(expected)
    expect(result.critical).toBe(critical)
  })

  const metric = (
    name: string,
    kind: 'pass' | 'high' | 'none',
    groups: string[],
  ): KayentaMetric => ({
    name,
    groups,
    nanStrategy: 'remove',
    experiment:
      kind === 'none' ? [] : [10, 11, 12, 13, 14, 15, 16].map((x) => (kind === 'high' ? 5 * x : x)),
    control: [10, 11, 12, 13, 14, 15, 16.5],
  })

  it.each([
    ['one group, two metrics', [metric('a', 'pass', ['g']), metric('b', 'high', ['g'])], {}, 50],
    ['weights', [metric('a', 'pass', ['g']), metric('b', 'high', ['h'])], { g: 75, h: 25 }, 75],
    [
      'a group without data',
      [metric('a', 'pass', ['g']), metric('b', 'pass', ['g']), metric('c', 'none', ['h'])],
      {},
      100,
    ],
    ['half without data', [metric('a', 'pass', ['g']), metric('c', 'none', ['h'])], {}, 0],
    [
      'a critical failure',
      [metric('a', 'pass', ['g']), { ...metric('b', 'high', ['g']), critical: true }],
      {},
      0,
    ],
    [
      'muted',
      [metric('a', 'pass', ['g']), { ...metric('b', 'high', ['g']), muted: true }],
      {},
      100,
    ],
  ])('scores as its own suite says: %s', (_name, metrics, groupWeights, score) => {
    const judged = judgeByKayenta({ metrics, groupWeights, pass: 95, marginal: 75 })
    expect(judged.score).toBe(score)
    expect(judged.classification).toBe(score >= 95 ? 'Pass' : score >= 75 ? 'Marginal' : 'Fail')
  })
})

describe("Argo Rollouts' assessment of a metric", () => {
  it('fails beyond the limit, whatever succeeded', () => {
    expect(assessArgoMetric({}, ['Successful', 'Failed'])).toBe('Failed')
    expect(assessArgoMetric({ failureLimit: 1 }, ['Failed', 'Successful'])).toBe('Running')
    expect(assessArgoMetric({ failureLimit: 1, count: 2 }, ['Failed', 'Successful'])).toBe(
      'Successful',
    )
  })

  it('lets a later check overwrite an earlier one', () => {
    expect(assessArgoMetric({}, ['Failed', 'Inconclusive'])).toBe('Inconclusive')
    const errors = Array.from({ length: 5 }, () => 'Error' as const)
    expect(assessArgoMetric({}, ['Failed', 'Inconclusive', ...errors])).toBe('Error')
    expect(assessArgoMetric({ count: 1 }, errors.slice(1))).toBe('Running')
  })

  it('takes what was never measured for a success when it is ended', () => {
    expect(assessArgoMetric({}, [], true)).toBe('Successful')
    expect(assessArgoMetric({}, [])).toBe('Pending')
  })
})

describe("Flagger's checks", () => {
  it('fail without a value and outside the range, and roll back at the threshold', () => {
    expect(flaggerCheckFails(undefined, {})).toBe(true)
    expect(flaggerCheckFails(Number.NaN, { max: 1 })).toBe(true)
    expect(flaggerCheckFails(1, { min: 1, max: 1 })).toBe(false)
    expect(flaggerCheckFails(1.01, { max: 1 })).toBe(true)
    expect(flaggerRollsBack(4, 5)).toBe(false)
    expect(flaggerRollsBack(5, 5)).toBe(true)
  })
})
