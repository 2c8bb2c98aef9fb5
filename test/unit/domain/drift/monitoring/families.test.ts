import { describe, expect, it } from '@jest/globals'
import { mismatchedColumn } from '../../../../../src/domain/drift/judge.js'
import { driftFamilies } from '../../../../../src/domain/drift/monitoring/families.js'
import type { DriftColumn } from '../../../../../src/domain/drift/predicate.js'
import { emptyBody, measuredColumn, otherParts } from './bodies.js'

const AT = new Date('2026-11-23T10:00:00.500Z')

function values(body: Parameters<typeof driftFamilies>[0], name: string, labels = {}): unknown {
  const context = { project: 'fraud', labels, at: AT }
  return driftFamilies(body, context).find((family) => family.name === name)?.samples
}

const named = (name: string, more: Partial<DriftColumn> = {}) => measuredColumn({ name, ...more })

describe('driftFamilies', () => {
  it('gives the decision as a set of states, exactly one of them 1', () => {
    const samples = values(emptyBody({ decision: 'inconclusive' }), 'modelway_drift_decision')
    expect(samples).toEqual([
      { labels: { project: 'fraud', decision: 'pass' }, value: 0 },
      { labels: { project: 'fraud', decision: 'warn' }, value: 0 },
      { labels: { project: 'fraud', decision: 'fail' }, value: 0 },
      { labels: { project: 'fraud', decision: 'inconclusive' }, value: 1 },
    ])
  })

  it.each(['judged', 'no-data', 'late'] as const)('says that the window is %s', (state) => {
    const samples = values({ ...emptyBody(), state }, 'modelway_drift_state')
    expect(samples).toEqual(
      ['judged', 'no-data', 'late'].map((one) => ({
        labels: { project: 'fraud', state: one },
        value: one === state ? 1 : 0,
      })),
    )
    expect(values(emptyBody(), 'modelway_drift_state')).toMatchObject([
      { labels: { state: 'judged' }, value: 1 },
      { value: 0 },
      { value: 0 },
    ])
  })

  it('says when it ran in seconds, and how often it should only where that is known', () => {
    expect(values(emptyBody(), 'modelway_drift_last_run_timestamp_seconds')).toEqual([
      { labels: { project: 'fraud' }, value: 1795428000.5 },
    ])
    expect(values(emptyBody(), 'modelway_drift_interval_seconds')).toBeUndefined()
    const families = driftFamilies(emptyBody(), {
      project: 'p',
      labels: {},
      at: AT,
      interval: 3_600_000,
    })
    const interval = families.find(({ name }) => name === 'modelway_drift_interval_seconds')
    expect(interval).toMatchObject({ unit: 's', samples: [{ value: 3600 }] })
  })

  it('gives distance, limit, p-value and missing cells of each column with the configured labels', () => {
    const body = emptyBody({ columns: [named('a|<b>\n')] })
    const labels = { project: 'fraud', team: 'x', column: 'a|<b>\n' }
    const of = (name: string) => values(body, name, { team: 'x' })
    expect(of('modelway_drift_column_distance')).toEqual([
      { labels: { ...labels, distance: 'wasserstein-normalised' }, value: 0.25 },
    ])
    expect(of('modelway_drift_column_distance_threshold')).toEqual([
      { labels: { ...labels, distance: 'wasserstein-normalised' }, value: 0.1 },
    ])
    expect(of('modelway_drift_column_p_value_adjusted')).toEqual([
      { labels: { ...labels, test: 'ks' }, value: 0.001 },
    ])
    expect(of('modelway_drift_column_missing_ratio')).toEqual([
      { labels: { ...labels, sample: 'reference' }, value: 0.01 },
      { labels: { ...labels, sample: 'current' }, value: 0.02 },
    ])
  })

  it('has no sample for what is not known: an inconclusive column is neither drifted nor stable', () => {
    const open = named('open', {
      status: 'inconclusive',
      drifted: false,
      adjustedPValue: null,
      distance: null,
    })
    const body = emptyBody({ columns: [open, named('moved')] })
    expect(values(body, 'modelway_drift_column_drifted')).toEqual([
      { labels: { project: 'fraud', column: 'moved' }, value: 1 },
    ])
    expect(values(emptyBody({ columns: [open] }), 'modelway_drift_column_distance')).toBeUndefined()
    expect(values(body, 'modelway_drift_columns')).toContainEqual({
      labels: { project: 'fraud', status: 'inconclusive' },
      value: 1,
    })
  })

  it('shows 500 columns at most, critical and drifted ones first, and counts the rest', () => {
    const calm = Array.from({ length: 600 }, (_, i) =>
      named(`calm ${i}`, { status: 'stable', drifted: false }),
    )
    const body = emptyBody({
      columns: [
        ...calm,
        named('late drift'),
        named('vital', { critical: true, status: 'stable', drifted: false }),
      ],
    })
    const drifted = values(body, 'modelway_drift_column_drifted') as {
      labels: Record<string, string>
    }[]
    expect(drifted).toHaveLength(500)
    expect(drifted.slice(0, 3).map(({ labels }) => labels['column'])).toEqual([
      'vital',
      'late drift',
      'calm 0',
    ])
    expect(values(body, 'modelway_drift_columns_left_out')).toEqual([
      { labels: { project: 'fraud' }, value: 102 },
    ])
  })

  it('cuts long names, and never gives one series twice', () => {
    const long = 'x'.repeat(300)
    const body = emptyBody({ columns: [named(`${long}1`), named(`${long}2`), named('')] })
    const drifted = values(body, 'modelway_drift_column_drifted') as {
      labels: Record<string, string>
    }[]
    expect(drifted.map(({ labels }) => labels['column'])).toEqual([
      `${'x'.repeat(200)}…`,
      '(empty)',
    ])
  })

  it('says nothing of rows and missing cells that another monitor does not say', () => {
    const plan = { ...({} as Parameters<typeof mismatchedColumn>[0]), name: 'a' }
    const body = emptyBody({
      rows: { reference: 0, current: 0 },
      columns: [mismatchedColumn(plan, '')],
    })
    expect(values(body, 'modelway_drift_rows')).toBeUndefined()
    expect(values(body, 'modelway_drift_column_missing_ratio')).toBeUndefined()
  })

  it('gives performance, health, tests of all columns and operational numbers where the result has them', () => {
    const body = { ...emptyBody(), ...otherParts() }
    const project = 'fraud'
    expect(values(body, 'modelway_drift_performance')).toEqual([
      { labels: { project, metric: 'f1 (macro)', sample: 'reference' }, value: 0.9 },
      { labels: { project, metric: 'f1 (macro)', sample: 'estimated' }, value: 0.8 },
    ])
    expect(values(body, 'modelway_drift_performance_degraded')).toEqual([
      { labels: { project }, value: 1 },
    ])
    expect(values(body, 'modelway_drift_label_coverage_ratio')).toEqual([
      { labels: { project, sample: 'reference' }, value: 1 },
    ])
    expect(values(body, 'modelway_drift_health_check')).toEqual([
      { labels: { project, name: 'freshness.at', status: 'fail' }, value: 1 },
      { labels: { project, name: 'volume', status: 'pass' }, value: 1 },
    ])
    expect(values(body, 'modelway_drift_multivariate_statistic')).toEqual([
      { labels: { project, name: 'mmd' }, value: 0.2 },
    ])
    expect(values(body, 'modelway_drift_operational')).toEqual([
      { labels: { project, name: 'latency', rule: 'at-most' }, value: 2 },
    ])
    expect(values(body, 'modelway_drift_operational_check')).toEqual([
      { labels: { project, name: 'latency', rule: 'at-most', status: 'fail' }, value: 1 },
      { labels: { project, name: 'idle', rule: 'at-least', status: 'no-data' }, value: 1 },
    ])
  })

  it('says nothing of performance that could not be judged, nor of parts that there are not', () => {
    const { performance } = otherParts()
    const open = {
      ...emptyBody(),
      performance: { ...performance, status: 'inconclusive' as const },
    }
    expect(values(open, 'modelway_drift_performance_degraded')).toBeUndefined()
    const without = { ...emptyBody(), performance: null, health: undefined, operational: [] }
    const families = driftFamilies(without, { project: 'p', labels: {}, at: AT })
    expect(families.filter(({ name }) => /performance|health|operational/.test(name))).toEqual([])
  })
})
