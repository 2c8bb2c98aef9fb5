import { describe, expect, it } from '@jest/globals'
import { explain } from '../../../../../src/domain/drift/performance/explain.js'
import type {
  ConceptResult,
  PerformanceResult,
} from '../../../../../src/domain/drift/performance/result.js'

type Told = Parameters<typeof explain>[0]

const concept: ConceptResult = {
  status: 'stable',
  reason: '',
  loss: 'error rate',
  realised: 0.121,
  expected: 0.08,
  low: null,
  high: null,
  pValue: null,
  distance: 0.06,
  threshold: 0.02,
  explainedByLabels: false,
}
const columns = { status: 'stable', reason: '', columns: [] } as const
const shares = {
  kind: 'categorical',
  categories: ['0', '1'],
  reference: [0.95, 0.05],
  current: [0.979, 0.021],
}
const fewer = {
  status: 'drifted',
  reason: '',
  columns: [{ histogram: shares }],
} as unknown as PerformanceResult['labels']
const changed = { status: 'drifted', reason: '', driftedShare: 0.5 } as const
const unchanged = { status: 'stable', reason: '', driftedShare: 0 } as const
const worse = {
  name: 'accuracy',
  basis: 'realised',
  status: 'drifted',
  reason:
    '0.8 after 0.9 (a change of −12 to −8 points), more than the margin of 2 points (p 0.001)',
} as unknown as PerformanceResult['metrics'][number]

const told = (change: Partial<Told> = {}): Told => ({
  status: 'stable',
  metrics: [],
  labels: null,
  covariates: unchanged,
  concept,
  predictions: columns,
  positive: '1',
  ...change,
})
const realised = { ...worse, status: 'stable' } as typeof worse

describe('the explanation says which kind of change it is', () => {
  it.each<[string, Partial<Told>]>([
    ['Performance is within its margins.', {}],
    [
      'The inputs changed, but performance is as expected from them.',
      { covariates: changed, metrics: [realised] },
    ],
    [
      'The inputs changed, but performance, estimated from the scores, is within its margins.',
      { covariates: changed, metrics: [{ ...realised, basis: 'estimated' }] },
    ],
    [
      'The inputs changed, but performance is within its margins.',
      { covariates: changed, metrics: [realised], concept: { ...concept, status: 'inconclusive' } },
    ],
    [
      'The inputs changed, and performance became worse (accuracy 0.8 after 0.9) as expected from them.',
      { covariates: changed, metrics: [worse], status: 'drifted' },
    ],
    [
      'The inputs changed, and it cannot be said yet whether performance changed.',
      { covariates: changed, status: 'inconclusive' },
    ],
    [
      'The relation between inputs and labels changed: 12.1% of predictions are wrong where 8% were expected.',
      { concept: { ...concept, status: 'drifted' }, status: 'drifted', metrics: [worse] },
    ],
    [
      'The relation between inputs and labels changed: at the same score labels differ by 6 points, but performance is still within its margins. The inputs changed as well.',
      { concept: { ...concept, status: 'drifted', expected: 0.121 }, covariates: changed },
    ],
    [
      'Labels "1" became rarer (5% to 2.1%), and that alone explains the errors. Performance is within its margins.',
      { labels: fewer, concept: { ...concept, explainedByLabels: true } },
    ],
    [
      'Labels "1" became rarer (5% to 2.1%). It cannot be said yet whether performance changed.',
      { labels: fewer, concept: { ...concept, status: 'inconclusive' }, status: 'inconclusive' },
    ],
    [
      'The predictions changed though no input did by itself; performance became worse: by the sequential test over the windows.',
      { predictions: { ...columns, status: 'drifted' }, status: 'drifted' },
    ],
    ['Performance became worse: accuracy 0.8 after 0.9.', { status: 'drifted', metrics: [worse] }],
  ])('%s', (sentence, change) => {
    expect(explain(told(change))).toBe(sentence)
  })
})
