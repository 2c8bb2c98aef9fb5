import type { DriftReport, ShownColumn } from '../../../../../src/domain/report/drift/shown.js'

const sides = (reference: number, current: number) => ({ reference, current })
const week = (index: number) => new Date(Date.UTC(2026, 0, 5 + 7 * index)).toISOString()

/** The name of the week with that number. */
export const windowOf = (index: number) => `${week(index)}/${week(index + 1)}`

export function column(change: Partial<ShownColumn> = {}): ShownColumn {
  return {
    name: 'age',
    kind: 'numeric',
    critical: false,
    status: 'stable',
    reason: 'wasserstein-normalised 0.03 is within 0.1',
    test: 'ks',
    statistic: 0.02,
    pValue: 0.4,
    adjustedPValue: 0.6,
    distance: {
      name: 'wasserstein-normalised',
      value: 0.03,
      threshold: 0.1,
      noise: 0.02,
      detectable: 0.025,
    },
    psi: 0.01,
    js: 0.02,
    values: sides(1000, 900),
    nulls: sides(0.01, 0.01),
    nullTest: { pValue: 0.9, adjustedPValue: 1 },
    infinities: sides(0, 0),
    newCategories: [],
    newCategoryCount: 0,
    vanishedCategories: [],
    vanishedCategoryCount: 0,
    newShare: 0,
    rankError: 0,
    drifted: false,
    details: [],
    histogram: {
      kind: 'numeric',
      edges: [0, 1, 2, 3],
      reference: [0.2, 0.5, 0.3],
      current: [0.1, 0.5, 0.4],
    },
    ...change,
  }
}

/** A column at so many times its limit. */
export function moved(name: string, times: number, change: Partial<ShownColumn> = {}): ShownColumn {
  const { distance } = column()
  return column({
    name,
    status: 'drifted',
    drifted: true,
    reason: `wasserstein-normalised ${times / 10} is over 0.1 (corrected p < 0.0001)`,
    adjustedPValue: 1e-9,
    distance: distance && { ...distance, value: times / 10 },
    ...change,
  })
}

/** With something of everything; `text` is in the place of every name and reason from outside. */
export function everything(text = 'x'): DriftReport {
  const city = column({
    name: `${text} city`,
    kind: 'categorical',
    test: 'chi-square',
    status: 'inconclusive',
    reason: `${text} open`,
    distance: { name: 'jensen-shannon', value: 0.2, threshold: 0.1, noise: 0.3, detectable: 0.4 },
    newCategories: [text, ''],
    newCategoryCount: 30,
    newShare: 0.02,
    vanishedCategories: [text],
    vanishedCategoryCount: 1,
    rankError: 0.001,
    infinities: sides(1, 2),
    details: [`${text} detail`],
    histogram: {
      kind: 'categorical',
      categories: [text, '', ...Array.from({ length: 18 }, (_, i) => `${text} ${i}`)],
      reference: Array.from({ length: 20 }, () => 0.045),
      current: Array.from({ length: 20 }, () => 0.04),
      others: sides(0.1, 0.2),
      otherCount: 7,
    },
  })
  const when = column({
    name: `${text} when`,
    kind: 'datetime',
    test: 'cycles',
    status: 'unconfirmed',
    histogram: {
      kind: 'categorical',
      categories: Array.from({ length: 24 }, (_, i) => String(i)),
      reference: Array.from({ length: 24 }, () => 1 / 24),
      current: Array.from({ length: 24 }, (_, i) => (i < 12 ? 1 / 12 : 0)),
      others: sides(0, 0),
      otherCount: 0,
    },
    against: [
      { reference: 'reference', status: 'drifted', distance: 0.3, adjustedPValue: 0.01 },
      { reference: text, status: 'absent', distance: null, adjustedPValue: null },
    ],
  })
  const words = column({
    name: `${text} words`,
    kind: 'text',
    test: 'text-domain-classifier',
    distance: {
      name: 'text-domain-auc',
      value: 0.55,
      threshold: 0.6,
      noise: 0.52,
      detectable: null,
    },
    histogram: null,
  })
  const gone = column({
    name: `${text} gone`,
    status: 'drifted',
    drifted: true,
    reason: 'not in the current data',
    test: null,
    statistic: null,
    pValue: null,
    adjustedPValue: null,
    distance: null,
    psi: null,
    js: null,
    histogram: null,
  })
  return {
    decision: 'fail',
    reason: `2 of 6 columns drifted; ${text}`,
    rows: sides(1000, 900),
    driftedShare: 2 / 6,
    inconclusiveShare: 1 / 6,
    alpha: 0.05,
    correction: 'benjamini-hochberg',
    minShare: 0.3,
    columns: [
      column({ name: `${text} age` }),
      moved(`${text} far`, 12, { critical: true }),
      city,
      when,
      words,
      gone,
    ],
    findings: [
      { kind: 'column-new', column: `${text} new`, detail: `not in the reference ${text}` },
    ],
    reference: { files: [{ path: `${text}.csv`, sha256: 'ab'.repeat(32) }] },
    state: 'judged',
    window: windowOf(4),
    ...overTime(text),
    ...beside(text),
  }
}

function overTime(text: string): Pick<DriftReport, 'earlier' | 'history'> {
  const earlier = [0, 1, 2, 3].map((index) => ({
    window: windowOf(index),
    decision: index === 3 ? ('warn' as const) : ('pass' as const),
    rows: sides(1000, 800),
    driftedShare: index === 3 ? 0.2 : 0,
    drifted: index === 3 ? [`${text} far`] : [],
  }))
  const point = (index: number) => ({
    window: windowOf(index),
    at: week(index + 1),
    state: index === 2 ? ('no-data' as const) : ('judged' as const),
    decision: index === 2 ? ('inconclusive' as const) : ('pass' as const),
    columns: 6,
    drifted: 0,
    unconfirmed: 0,
    driftedShare: index / 10,
    rows: 900,
    distances: [index === 2 ? null : index / 4],
  })
  return {
    earlier,
    history: {
      columns: [{ name: `${text} far`, distance: 'wasserstein-normalised', threshold: 0.1 }],
      windows: [0, 1, 2, 3, 4].map(point),
      courses: [
        {
          name: `${text} far`,
          statuses: ['stable', 'inconclusive', null, 'unconfirmed', 'drifted'],
        },
        { name: `${text} gone`, statuses: ['drifted', 'stable', null, 'stable', null] },
      ],
    },
  }
}

type Beside = Pick<
  DriftReport,
  'multivariate' | 'performance' | 'health' | 'operational' | 'triggers'
>

function beside(text: string): Beside {
  return {
    multivariate: multivariate(text),
    performance: performance(text),
    health: {
      status: 'fail',
      reason: `1 of 2 checks failed ${text}`,
      checks: [
        {
          id: `ranges.${text}`,
          column: text,
          status: 'fail',
          observed: '0.4%',
          expected: 0.001,
          failedRows: 12,
          detail: `12 values outside ${text}`,
        },
        {
          id: 'volume',
          column: null,
          status: 'pass',
          observed: 900,
          expected: 'at least 500',
          failedRows: 0,
          detail: '900 rows',
        },
      ],
    },
    operational: [operational(text)],
    triggers: [
      {
        kind: 'issue',
        fired: true,
        reason: 'drift',
        target: text,
        key: 'modelway-1',
        at: week(5),
        url: 'https://forge.example/issues/3',
      },
      { kind: 'webhook', fired: false, reason: `it stays quiet ${text}`, target: 'hooks.example' },
      { kind: 'kafka', fired: false, failed: true, reason: `not taken ${text}`, target: text },
    ],
  }
}

function multivariate(text: string): NonNullable<DriftReport['multivariate']> {
  const test = {
    status: 'drifted',
    reason: `apart: ${text}`,
    pValue: 0.002,
    rows: sides(900, 900),
  } as const
  const part = { share: null, reference: null, current: null, difference: null }
  return {
    status: 'drifted',
    reason: `apart: ${text}`,
    columns: 4,
    leftOut: [{ column: text, reason: 'text' }],
    tests: [
      {
        ...test,
        name: 'domain-classifier',
        statistic: 0.8,
        interval: { level: 0.95, low: 0.78, high: 0.82 },
        threshold: 0.55,
        explains: [{ ...part, columns: [text], share: 0.7 }],
      },
      { ...test, name: 'mmd', statistic: 0.02, interval: null, threshold: 0.001, explains: [] },
      {
        ...test,
        name: 'correlation',
        status: 'stable',
        statistic: 0.04,
        interval: null,
        threshold: 0.1,
        explains: [
          { columns: [text, 'b'], share: null, reference: 0.3, current: 0.34, difference: 0.04 },
        ],
      },
      {
        ...test,
        name: 'pca',
        status: 'inconclusive',
        statistic: null,
        pValue: null,
        interval: null,
        threshold: null,
        explains: [],
      },
    ],
  }
}

function performance(text: string): NonNullable<DriftReport['performance']> {
  const stable = { status: 'stable', reason: `as before ${text}` } as const
  const valued = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
  return {
    status: 'drifted',
    reason: `accuracy ${text}`,
    task: 'classification',
    level: 'fail',
    confidence: 0.95,
    alpha: 0.05,
    rows: sides(1000, 900),
    labelled: sides(1000, 500),
    labelCoverage: sides(1, 0.55),
    classes: ['0', '1'],
    positive: '1',
    metrics: [
      {
        name: 'accuracy',
        status: 'drifted',
        reason: `0.8 after 0.9 ${text}`,
        direction: 'higher',
        average: null,
        margin: { value: 0.02, relative: false },
        basis: 'realised',
        realised: {
          status: 'drifted',
          reason: 'less',
          reference: valued(0.9),
          current: valued(0.8),
          difference: -0.1,
          interval: { of: 'difference', level: 0.95, low: -0.12, high: -0.08, method: 'wald' },
          pValue: 0.001,
          adjustedPValue: 0.001,
        },
        estimated: {
          ...stable,
          current: valued(0.88),
          difference: -0.02,
          trust: 'trusted',
          heldOut: null,
        },
      },
    ],
    windows: [0, 1, 2].map((index) => ({
      label: windowOf(index),
      start: week(index),
      end: week(index + 1),
      rows: 300,
      labelled: index === 2 ? 0 : 300,
      metrics: [
        {
          ...stable,
          name: 'accuracy',
          realised: index === 2 ? null : valued(0.85),
          estimated: valued(0.88),
        },
      ],
    })),
    sequential: {
      ...stable,
      metric: 'accuracy',
      method: 'betting',
      alpha: 0.05,
      reference: { value: 0.1, high: 0.11 },
      bound: 0.13,
      looks: [
        { label: windowOf(0), n: 300, loss: 0.15, logEValue: 1 },
        { label: windowOf(1), n: 600, loss: 0.16, logEValue: 5 },
      ],
      alarm: { label: windowOf(1), window: 1 },
    },
    calibration: {
      method: 'none',
      scores: {
        n: 1000,
        error: 0.01,
        noiseFloor: 0.012,
        binsPValue: 0.4,
        spiegelhalterPValue: 0.5,
        calibrated: true,
      },
      heldOut: null,
    },
    predictions: { ...stable, columns: [] },
    labels: null,
    covariates: { ...stable, driftedShare: 0.1 },
    concept: {
      ...stable,
      loss: 'error rate',
      realised: 0.2,
      expected: 0.1,
      low: 0.05,
      high: 0.15,
      pValue: 0.001,
      distance: 0.1,
      threshold: 0.02,
      explainedByLabels: false,
    },
    explanation: `Performance became worse: ${text}.`,
    notes: [`A note ${text}.`],
  }
}

function operational(text: string): NonNullable<DriftReport['operational']>[number] {
  const window = { from: week(4), to: week(5), values: 300, unusable: 0, independent: 40 }
  return {
    name: `scores ${text}`,
    rule: 'compare-with',
    of: 'l-infinity',
    query: `rate({job="${text}"}[5m])`,
    level: 'warn',
    status: 'no-data',
    reason: `nothing was measured ${text}`,
    evidence: 'test',
    value: 0.01,
    limit: 0.1,
    interval: { low: 0, high: 0.02 },
    pValue: 0.4,
    adjustedPValue: 0.6,
    window,
    before: { ...window, from: week(3), to: week(4) },
    histogram: { kind: 'numeric', edges: [0, 0.1, 1], reference: [0.4, 0.6], current: [0.5, 0.5] },
  }
}
