import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { importDrift } from '../../../../src/adapters/telemetry/monitors/index.js'
import type { DriftPolicy } from '../../../../src/domain/drift/policy.js'
import type { DriftColumn } from '../../../../src/domain/drift/predicate.js'

// The files are of real runs; test/reference/monitors says how they were made.
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/monitors/${name}.json`, import.meta.url), 'utf8')

function policyOf(columns: Partial<DriftPolicy['columns']> = {}): DriftPolicy {
  const none = {
    numeric: [],
    categorical: [],
    ignore: [],
    critical: [],
    text: [],
    datetime: [],
    importance: {},
  }
  return {
    columns: { ...none, vectors: {}, ...columns } as DriftPolicy['columns'],
    tests: {},
    thresholds: {},
    alpha: 0.05,
    correction: 'benjamini-hochberg',
    'min-share': 0.3,
  } as DriftPolicy
}

/** Stands for our rule: what it was asked shows in the body. */
const decide = (_: DriftPolicy, columns: readonly DriftColumn[]) => ({
  decision: columns.some(({ critical, drifted }) => critical && drifted)
    ? ('fail' as const)
    : ('warn' as const),
  reason: columns.map(({ name, status }) => `${name}=${status}`).join(','),
  driftedShare: columns.filter(({ drifted }) => drifted).length / columns.length,
  inconclusiveShare: 0,
})

function take(
  kind: 'evidently-json' | 'alibi-detect',
  text: string,
  columns: Partial<DriftPolicy['columns']> = {},
) {
  return importDrift({ kind, file: 'drift.json', text, policy: policyOf(columns), decide })
}

const statuses = (kind: 'evidently-json' | 'alibi-detect', name: string) =>
  take(kind, fixture(name)).body.columns.map(({ name: column, status }) => [column, status])

// @evidence Evidently results: contract (files that Evidently 0.7.23 wrote, in its format of 0.7 and that of 0.4)
describe('Evidently', () => {
  const JUDGED = [
    ['age', 'drifted'],
    ['constructor', 'stable'],
    ['country', 'drifted'],
    ['naïve|<b>\n', 'stable'],
  ]
  const sorted = (name: string) =>
    statuses('evidently-json', name).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))

  it.each([
    'evidently-0.7-small',
    'evidently-0.7-large',
    'evidently-0.4-small',
    'evidently-0.4-large',
    'evidently-0.4-test-suite',
  ])('is read alike from %s', (name) => {
    expect(sorted(name)).toEqual(JUDGED)
  })

  it('says which test, score and version a verdict is by', () => {
    const { body, problems } = take('evidently-json', fixture('evidently-0.4-large'))
    expect(problems).toEqual([])
    expect(body.source).toEqual({ kind: 'evidently-json', monitor: 'Evidently', version: '0.7.23' })
    const age = body.columns.find(({ name }) => name === 'age')
    expect(age).toMatchObject({
      kind: 'numeric',
      test: 'Wasserstein distance (normed)',
      statistic: 0.4044348644809134,
      pValue: null,
      adjustedPValue: null,
      distance: null,
      psi: null,
      js: null,
      nullTest: null,
      histogram: null,
      drifted: true,
      reason: 'as judged by Evidently 0.7.23: Wasserstein distance (normed) 0.404, limit 0.1',
    })
    expect(body.columns.find(({ name }) => name === 'country')?.kind).toBe('categorical')
  })

  it('says where its rule was applied by us, since 0.7 gives the score alone', () => {
    const age = take('evidently-json', fixture('evidently-0.7-small')).body.columns[0]
    expect(age).toMatchObject({
      test: 'K-S p_value',
      statistic: null,
      pValue: 1.4942294797261553e-9,
      reason: 'by the rule of Evidently: K-S p_value p < 0.0001, limit 0.05',
    })
  })

  it("takes the verdicts of 0.7's tests before the rule, and short names of methods", () => {
    const { columns } = take('evidently-json', fixture('evidently-0.7-tests')).body
    expect(columns.map(({ name, status, reason }) => [name, status, reason.slice(0, 9)])).toEqual([
      ['age', 'drifted', 'as judged'],
      ['naïve|<b>\n', 'drifted', 'as judged'],
      ['country', 'drifted', 'as judged'],
      ['constructor', 'stable', 'as judged'],
    ])
    expect(columns[2]).toMatchObject({ test: 'psi', statistic: 0.30790736123708173 })
  })

  it('is read from single metrics, and from what a workspace saves', () => {
    expect(statuses('evidently-json', 'evidently-0.7-value-drift')).toEqual([['age', 'drifted']])
    expect(statuses('evidently-json', 'evidently-0.4-column')).toEqual([['age', 'drifted']])
    const params = {
      type: 'evidently:metric_v2:ValueDrift',
      column: 'a',
      method: 'PSI',
      threshold: 0.1,
    }
    const saved = {
      metric_results: { x: { value: 0.2, metric_value_location: { metric: { params } } } },
    }
    expect(take('evidently-json', JSON.stringify(saved)).body.columns[0]).toMatchObject({
      name: 'a',
      drifted: true,
    })
  })

  it.each([
    ['K-S p_value', 0.05, true],
    ['chi-square p_value', 0.05, false],
    ['Jensen-Shannon distance', 0.05, true],
    ['Energy-distance', 0.05, false],
    ['Total-Variation-Distance', 0.01, true],
    ['psi', 0.01, false],
  ])('by %s at a score of %d against 0.05 has drifted: %s', (method, value, drifted) => {
    const config = { type: 'evidently:metric_v2:ValueDrift', column: 'a', method, threshold: 0.05 }
    const json = JSON.stringify({ metrics: [{ config, value }] })
    expect(take('evidently-json', json).body.columns[0]?.drifted).toBe(drifted)
  })

  it('leaves open what is scored by a method that is not known, and says so', () => {
    const config = {
      type: 'evidently:metric_v2:ValueDrift',
      column: 'a',
      method: 'my_own',
      threshold: 0.1,
    }
    const { body, problems } = take(
      'evidently-json',
      JSON.stringify({ metrics: [{ config, value: 0.7 }] }),
    )
    expect(body.columns[0]).toMatchObject({
      status: 'inconclusive',
      statistic: 0.7,
      reason: 'Evidently does not say how it is judged: my_own 0.7, limit 0.1',
    })
    expect(problems).toMatchObject([{ code: 'MW-DRIFT-605', where: 'drift.json' }])
  })

  it('reads the names of metrics where there is nothing else', () => {
    const metrics = [
      { metric_id: 'ValueDrift(column=a, b,method=ks,threshold=0.05)', value: 0.2 },
      { metric_id: 'ValueDrift(column=c)', value: 0.2 },
    ]
    const { body } = take('evidently-json', JSON.stringify({ metrics }))
    expect(body.columns.map(({ name, status }) => [name, status])).toEqual([
      ['a, b', 'stable'],
      ['c', 'inconclusive'],
    ])
  })

  it('reads NaN and Infinity, which Python writes, as no value; and leaves them in texts', () => {
    const text =
      '{"metrics": [{"config": {"type": "x:ValueDrift", "column": "NaN \\"Infinity", "method": "ks", "threshold": 0.05}, "value": NaN}, -Infinity]}'
    const { body } = take('evidently-json', text)
    expect(body.columns[0]).toMatchObject({
      name: 'NaN "Infinity',
      status: 'inconclusive',
      pValue: null,
    })
  })

  it('bears a text of ten million characters, quoted or not, beside a NaN', () => {
    const config = '{"type": "x:ValueDrift", "column": "a", "method": "ks", "threshold": 0.05}'
    for (const filling of ['x'.repeat(1e7), '\\"'.repeat(5e6)]) {
      const text = `{"note": "${filling}", "metrics": [{"config": ${config}, "value": NaN}]}`
      expect(take('evidently-json', text).body.columns).toHaveLength(1)
    }
  })

  it('bears columns that are called as objects are made of', () => {
    const column = (name: string) =>
      `"${name}": {"column_name": "${name}", "drift_score": 0.5, "drift_detected": true, "stattest_name": "PSI"}`
    const names = ['__proto__', 'constructor', 'toString']
    const text = `{"metrics": [{"metric": "DataDriftTable", "result": {"drift_by_columns": {${names.map(column).join(',')}}}}]}`
    expect(take('evidently-json', text).body.columns.map(({ name }) => name)).toEqual(names)
  })

  it('ignores columns as told, and knows critical ones', () => {
    const { body } = take('evidently-json', fixture('evidently-0.7-small'), {
      ignore: ['country'],
      critical: ['age'],
    })
    expect(body.columns.map(({ name, critical }) => [name, critical])).toEqual([
      ['age', true],
      ['naïve|<b>\n', false],
      ['constructor', false],
    ])
    expect(body).toMatchObject({ decision: 'fail', minShare: 0.3, driftedShare: 1 / 3 })
  })

  it('refuses results that say nothing of a critical column', () => {
    expect(() =>
      take('evidently-json', fixture('evidently-0.7-small'), { critical: ['gone'] }),
    ).toThrow(
      /MW-DRIFT-604: drift.json: it says nothing of the critical column "gone"\. Name columns that it has/,
    )
  })

  it.each([
    ['no drift', fixture('evidently-0.7-summary'), 'MW-DRIFT-602'],
    ['a list', '[]', 'MW-DRIFT-602'],
    ['nothing', 'null', 'MW-DRIFT-602'],
    ['a depth of 100,000', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'MW-DRIFT-602'],
    [
      'odd shapes',
      '{"metrics": {"a": 1}, "tests": [null, {"parameters": 3}], "metric_results": [1]}',
      'MW-DRIFT-602',
    ],
    ['no JSON', '{"metrics": [', 'MW-DRIFT-601'],
    ['HTML', '<html>NaN</html>', 'MW-DRIFT-601'],
  ])('refuses %s', (_, text, code) => {
    expect(() => take('evidently-json', text)).toThrow(code)
  })

  it('refuses what is too large to be a result', () => {
    expect(() => take('evidently-json', ' '.repeat(64 * 1024 * 1024 + 1))).toThrow('MW-DRIFT-600')
  })
})

// @evidence Alibi Detect results: contract (files of predictions by Alibi Detect 0.13.0)
describe('Alibi Detect', () => {
  it('says of each feature whether it drifted', () => {
    const { body } = take('alibi-detect', fixture('alibi-tabular-feature'))
    expect(body.source).toEqual({
      kind: 'alibi-detect',
      monitor: 'Alibi Detect',
      version: '0.13.0',
    })
    expect(body.columns).toMatchObject([
      {
        name: 'feature 0',
        test: 'TabularDrift',
        statistic: 0.2919999957084656,
        pValue: 2.2332193743373085e-19,
        status: 'drifted',
        reason: 'as judged by Alibi Detect 0.13.0: TabularDrift p < 0.0001, limit 0.05',
      },
      { name: 'feature 1', status: 'stable' },
      { name: 'feature 2', status: 'stable' },
    ])
  })

  it.each(['alibi-tabular-batch', 'alibi-ks-fdr'])(
    'holds each feature of the batch %s to the corrected threshold',
    (name) => {
      expect(statuses('alibi-detect', name).slice(0, 2)).toEqual([
        ['feature 0', 'drifted'],
        ['feature 1', 'stable'],
      ])
      expect(take('alibi-detect', fixture(name)).body.columns[0]?.reason).toContain(
        'by the rule of',
      )
    },
  )

  it('calls no feature of a batch drifted that did not drift as a whole', () => {
    const data = { is_drift: 0, distance: [0.1, 0.2], p_val: [0.01, 0.02], threshold: 0.5 }
    const { columns } = take('alibi-detect', JSON.stringify({ data })).body
    expect(columns.map(({ drifted }) => drifted)).toEqual([false, false])
  })

  it('takes one verdict of all features as one column', () => {
    expect(statuses('alibi-detect', 'alibi-tabular-bare')).toEqual([['all features', 'drifted']])
    const data = {
      is_drift: 0,
      distance: 0.003,
      p_val: 0.4,
      threshold: 0.05,
      distance_threshold: 0.01,
    }
    const { columns } = take(
      'alibi-detect',
      JSON.stringify({ data, meta: { name: 'MMDDrift' } }),
    ).body
    expect(columns).toMatchObject([
      { name: 'all features', test: 'MMDDrift', statistic: 0.003, pValue: 0.4, status: 'stable' },
    ])
  })

  it('takes names of features that are put beside the result', () => {
    const json = {
      ...(JSON.parse(fixture('alibi-tabular-feature')) as object),
      feature_names: ['age', '__proto__'],
    }
    const { columns } = take('alibi-detect', JSON.stringify(json)).body
    expect(columns.map(({ name }) => name)).toEqual(['age', '__proto__', 'feature 2'])
  })

  it('leaves features open where a batch drifted and nothing says by which', () => {
    const data = { is_drift: 1, distance: [0.1, 0.2], p_val: null, threshold: null }
    const { body, problems } = take('alibi-detect', JSON.stringify({ data }))
    expect(body.columns.map(({ status }) => status)).toEqual(['inconclusive', 'inconclusive'])
    expect(problems).toMatchObject([{ code: 'MW-DRIFT-605' }])
  })

  it.each([
    '{}',
    '{"data": {}}',
    '{"data": {"is_drift": "yes"}}',
    '[1]',
    fixture('evidently-0.7-small'),
  ])('refuses %.30s', (text) => {
    expect(() => take('alibi-detect', text)).toThrow('MW-DRIFT-603')
  })
})
