import type { Check, Histogram } from '../../../../src/domain/gate/verdict.js'
import type { ShownVerdict } from '../../../../src/domain/report/verdict/shown.js'

/** A verdict as a statement holds it. */
export interface FullVerdict extends ShownVerdict {
  readonly failOn: 'inconclusive'
  readonly predictions: { readonly path: string; readonly sha256: string }
}

const digest = (digit: string) => digit.repeat(64)

interface CheckGiven extends Partial<Check> {
  readonly metric: string
  readonly rule: Check['rule']
}

export function check(given: CheckGiven): Check {
  const comparator = Object.keys(given.rule).find((key) => /-/.test(key)) ?? 'rule'
  return {
    id: `${given.metric}.${comparator}`,
    slice: null,
    level: 'fail',
    n: 4000,
    candidate: 0.88,
    baseline: 0.9,
    difference: -0.02,
    interval: {
      of: 'difference',
      level: 0.95,
      low: -0.031,
      high: -0.009,
      method: 'tango',
    },
    test: { name: 'mcnemar-mid-p', statistic: 12.8, pValue: 0.0004, adjustedPValue: 0.0016 },
    claim: { boundary: -0.01, pValue: 0.04, adjustedPValue: 0.12 },
    status: 'pass',
    direction: 'worse',
    reason: `${given.metric} is what it should be`,
    ...given,
  }
}

const bins = (shift: number) =>
  Array.from({ length: 10 }, (_, i) => {
    const meanScore = 0.05 + i * 0.1
    const observed = Math.min(1, Math.max(0, meanScore + shift * Math.sin(i)))
    return {
      meanScore,
      observed,
      n: 400 - 20 * i,
      low: observed * 0.9,
      high: Math.min(1, observed * 1.1 + 0.02),
    }
  })

const bell = (centre: number, size: number) =>
  Array.from({ length: 20 }, (_, i) => Math.round(size * Math.exp(-(((i - centre) / 5) ** 2))))

const scores = (centre: number): Histogram => ({
  edges: Array.from({ length: 21 }, (_, i) => i / 20),
  candidate: bell(centre, 300),
  baseline: bell(centre + 1, 280),
})

/** Two classes, with a baseline, slices, a search, fairness, an override and a changed policy. */
export const classification: FullVerdict = {
  decision: 'fail',
  failOn: 'inconclusive',
  task: 'classification',
  samples: {
    candidate: 4010,
    baseline: 4005,
    joined: 4000,
    abstained: { candidate: 12, baseline: 3 },
  },
  predictions: { path: 'out/predictions.parquet', sha256: digest('a') },
  baseline: {
    source: 'registry:champion',
    digest: `sha256:${digest('b')}`,
    ageDays: 45.2,
    maxAgeDays: 30,
  },
  checks: [
    check({
      metric: 'accuracy',
      rule: { 'at-least': 0.8 },
      interval: { of: 'candidate', level: 0.95, low: 0.8696, high: 0.8897, method: 'wilson' },
      reason:
        'accuracy 0.88 (95% interval 0.8696 to 0.8897): the rule asks for at least 0.8, and all of the interval keeps to it',
    }),
    check({
      metric: 'accuracy',
      rule: { 'no-worse-than': 'baseline', margin: 0.01 },
      status: 'inconclusive',
      neededExamples: 9200,
      reason:
        "accuracy 0.88 is 2 points worse than the baseline's 0.9: the rule allows it to be at most 1 point worse, and the interval reaches over that bound",
    }),
    check({
      metric: 'auc',
      rule: { 'no-worse-than': 'baseline', 'relative-margin': 0.02 },
      candidate: 0.941,
      baseline: 0.938,
      difference: 0.003,
      direction: 'better',
      interval: { of: 'ratio', level: 0.95, low: 0.9981, high: 1.0083, method: 'delong-fieller' },
      claim: { boundary: 0.98, pValue: 1, adjustedPValue: 1 },
      test: { name: 'delong', statistic: 1.2, pValue: 0.23, adjustedPValue: 0.46 },
    }),
    check({
      metric: 'log-loss',
      rule: { 'no-worse-than': 'baseline', margin: 0.02 },
      candidate: 0.312,
      baseline: 0.309,
      difference: 0.003,
      interval: { of: 'difference', level: 0.95, low: -0.004, high: 0.0101, method: 'paired-t' },
      claim: { boundary: 0.02, pValue: 1, adjustedPValue: 1 },
    }),
    check({
      metric: 'f1',
      rule: { 'better-than': 'baseline', by: 0.005, average: 'macro' },
      level: 'warn',
      status: 'fail',
      candidate: 0.84,
      baseline: 0.86,
      interval: {
        of: 'difference',
        level: 0.95,
        low: -0.034,
        high: -0.006,
        method: 'bootstrap-bca',
      },
      reason:
        "f1 0.84 is 2 points worse than the baseline's 0.86: the rule asks it to be at least 0.5 points better, and all of the interval breaks it",
    }),
    check({
      metric: 'recall',
      rule: { 'no-worse-than': 'baseline', margin: 0.03 },
      slice: { column: 'sex', value: 'F', and: [{ column: 'age_band', value: '60+' }] },
      n: 212,
      status: 'fail',
      candidate: 0.61,
      baseline: 0.75,
      difference: -0.14,
      interval: { of: 'difference', level: 0.95, low: -0.2, high: -0.08, method: 'tango' },
      reason:
        "recall 0.61 is 14 points worse than the baseline's 0.75 (95% interval of the difference −20 to −8 points): the rule allows it to be at most 3 points worse, and all of the interval breaks it",
    }),
    check({
      metric: 'recall',
      rule: { 'no-worse-than': 'baseline', margin: 0.03 },
      slice: { column: 'sex', value: 'M' },
      n: 2100,
    }),
    check({
      metric: 'recall',
      rule: { 'no-worse-than': 'baseline', margin: 0.03 },
      slice: { column: 'sex', value: null },
      n: 12,
      status: 'skipped',
      candidate: null,
      baseline: null,
      difference: null,
      interval: null,
      test: null,
      claim: null,
      direction: null,
      reason: 'too few examples',
    }),
    check({
      metric: 'demographic-parity-difference',
      rule: { 'at-most': 0.1, group: 'sex' },
      candidate: 0.07,
      baseline: 0.06,
      difference: 0.01,
      interval: { of: 'candidate', level: 0.95, low: 0.04, high: 0.0951, method: 'bootstrap-bca' },
    }),
    check({
      metric: 'column:latency_ms',
      rule: { 'at-most': 50 },
      candidate: 31.25,
      baseline: 30.5,
      difference: 0.75,
      interval: { of: 'candidate', level: 0.95, low: 30.9, high: 31.6, method: 'student-t' },
    }),
  ],
  slices: [{ column: 'sex', values: 3, judged: 2, skipped: 1, minSize: 50 }],
  policy: { confidence: 0.95, correction: 'holm', seed: 7 },
  diagnostics: {
    confusion: {
      classes: ['no', 'yes', '(all others)'],
      candidate: [
        [2100, 160, 3],
        [300, 1390, 2],
        [5, 10, 30],
      ],
      baseline: [
        [2140, 120, 3],
        [270, 1420, 2],
        [4, 11, 30],
      ],
    },
    calibration: { candidate: bins(0.05), baseline: bins(0.02) },
    scores: { positive: scores(14), negative: scores(4) },
    errors: null,
    disagreement: {
      bothRight: 3400,
      candidateOnly: 120,
      baselineOnly: 200,
      bothWrong: 280,
      candidateOnlyIds: ['00012', '00077', '00101'],
      baselineOnlyIds: ['00003', '00019', '00020', '00044'],
      examples: {
        '00012': { id: '00012', label: 'yes', prediction: 'yes', age: '41' },
        '00003': { id: '00003', label: 'yes', prediction: 'no', age: null },
      },
    },
    groups: ['selection-rate', 'true-positive-rate'].flatMap((rate) =>
      ['F', 'M', null].map((group) => ({
        column: 'sex',
        group,
        n: group === null ? 12 : 1900,
        rate,
        candidate: group === null ? null : { value: 0.41, low: 0.388, high: 0.432 },
        baseline: group === null ? null : { value: 0.43, low: 0.408, high: 0.452 },
      })),
    ),
  },
  sliceSearch: {
    score: 'accuracy',
    against: 'difference',
    columns: ['sex', 'age', 'education', 'hours', 'state'],
    tested: 312,
    minSize: 50,
    rate: 0.1,
    depth: 2,
    skipped: [{ column: 'street', reason: 'too-many-values' }],
    found: Array.from({ length: 6 }, (_, i) => ({
      conditions: [
        { column: 'education', value: 'Doctorate' },
        { column: 'age', value: `[${30 + i}, 45)` },
      ].slice(0, 1 + (i % 2)),
      n: 211 - i,
      candidate: 0.7 + i / 100,
      baseline: 0.82,
      difference: -0.12 + i / 100,
      low: -0.18,
      high: -0.06 + i / 100,
      pValue: 0.00001 * (i + 1),
      adjustedPValue: 0.002 * (i + 1),
    })),
  },
  policySource: {
    ref: 'base',
    commit: digest('c').slice(0, 40),
    path: 'modelway.yml',
    changes: [
      '-    - { metric: accuracy, at-least: 0.80 }',
      '+    - { metric: accuracy, at-least: 0.50 }',
    ],
  },
  overrides: [
    {
      by: 'maintainer',
      reason: 'The slice is known, and the next data delivery mends it.',
      at: '2026-11-20T10:00:00Z',
      url: 'https://github.com/acme/models/pull/12#issuecomment-99',
      commit: digest('d').slice(0, 40),
    },
  ],
  change: { commit: digest('d').slice(0, 40), pullRequest: 12 },
  inputs: [
    { predicateType: 'https://modelway.dev/training/v1', digest: `sha256:${digest('e')}` },
    { predicateType: 'https://modelway.dev/dataset/v1', digest: `sha256:${digest('f')}` },
  ],
}

const { overrides: _, policySource: __, ...plain } = classification

/** Numbers are predicted: errors instead of classes. */
export const regression: FullVerdict = {
  ...plain,
  decision: 'warn',
  task: 'regression',
  samples: { candidate: 900, baseline: 900, joined: 900 },
  checks: [
    check({
      metric: 'rmse',
      rule: { 'equivalent-to': 'baseline', 'relative-margin': 0.05 },
      candidate: 3.412,
      baseline: 3.388,
      difference: 0.024,
      interval: { of: 'ratio', level: 0.95, low: 0.989, high: 1.031, method: 'bootstrap-bca' },
    }),
    check({
      metric: 'pinball',
      rule: { 'no-worse-than': 'baseline', margin: 0.1, quantile: 0.9 },
      level: 'warn',
      status: 'inconclusive',
      candidate: 1.21,
      baseline: 1.12,
      difference: 0.09,
      interval: { of: 'difference', level: 0.95, low: -0.02, high: 0.2, method: 'paired-t' },
      reason:
        'the interval reaches over that bound; about 2,300 examples (now 900) would settle it, if the estimate stays',
      neededExamples: 2300,
    }),
    check({
      metric: 'metrics:size_mb',
      rule: { 'at-most': 200 },
      candidate: 152,
      baseline: null,
      difference: null,
      interval: null,
      test: null,
      claim: null,
      direction: null,
    }),
  ],
  slices: [],
  diagnostics: {
    confusion: null,
    calibration: null,
    scores: null,
    errors: {
      edges: Array.from({ length: 21 }, (_, i) => -10 + i),
      candidate: bell(10, 120),
      baseline: bell(9, 125),
    },
    disagreement: null,
    groups: [],
  },
  sliceSearch: {
    score: 'squared-error',
    against: 'rest',
    columns: ['region'],
    tested: 4,
    minSize: 50,
    rate: 0.1,
    found: [],
  },
}

/** Units are queries; no baseline. */
export const ranking: FullVerdict = {
  ...plain,
  decision: 'pass',
  task: 'ranking',
  samples: { candidate: 250, baseline: null, joined: 250 },
  baseline: null,
  checks: [
    check({
      metric: 'ndcg',
      rule: { 'at-least': 0.4, k: 10 },
      n: 250,
      candidate: 0.512,
      baseline: null,
      difference: null,
      direction: null,
      interval: { of: 'candidate', level: 0.95, low: 0.47, high: 0.554, method: 'student-t' },
    }),
  ],
  slices: [],
  diagnostics: undefined,
  sliceSearch: undefined,
}

/** Keys whose values are ours, not the user's. */
const OURS = new Set([
  'decision',
  'failOn',
  'task',
  'level',
  'status',
  'direction',
  'of',
  'ref',
  'against',
  'correction',
])

/** The same verdict with `text` in every place that can hold text from outside, keys of records included. */
export function withText(verdict: FullVerdict, text: string): FullVerdict {
  return replaced(verdict, text) as FullVerdict
}

function replaced(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text
  if (Array.isArray(value)) return value.map((one) => replaced(one, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one], index) => {
      if (key === 'examples') {
        return [key, { [text]: { [text]: text }, [`${text}${index}`]: { [text]: null } }]
      }
      if (key === 'rule') return [key, { ...(one as object), group: text, average: text }]
      const ours = OURS.has(key) || one === 'too-many-values'
      return [key, ours ? one : replaced(one, text)]
    }),
  )
}
