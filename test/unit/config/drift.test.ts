import { describe, expect, it } from '@jest/globals'
import { DriftSection } from '../../../src/config/drift.js'
import type { DriftPolicy } from '../../../src/domain/drift/policy.js'
import { findTest, testNames } from '../../../src/domain/drift/tests/index.js'

const minimal = { reference: 'a.parquet', current: ['b.csv', 'c.csv'] }

describe('DriftSection', () => {
  it('needs only the two data sets; the rest is the default policy', () => {
    const section = DriftSection.parse(minimal)
    const policy: DriftPolicy = section
    expect(policy).toMatchObject({
      columns: { numeric: [], categorical: [], ignore: [], critical: [] },
      tests: { numeric: 'ks', categorical: 'chi-square' },
      thresholds: { 'wasserstein-normalised': 0.1, 'jensen-shannon': 0.1, 'null-rate': 0.05 },
      alpha: 0.05,
      correction: 'benjamini-hochberg',
      'min-share': 0.3,
    })
    expect(section).toMatchObject({
      reference: ['a.parquet'],
      current: ['b.csv', 'c.csv'],
      engine: 'embedded',
      triggers: [],
      'fail-on': 'inconclusive',
    })
  })

  it('fills what a given part leaves out', () => {
    const section = DriftSection.parse({
      ...minimal,
      columns: { critical: ['age'] },
      tests: { age: 'psi' },
    })
    expect(section.columns).toMatchObject({
      numeric: [],
      categorical: [],
      text: [],
      critical: ['age'],
    })
    expect(section.columns).toMatchObject({ datetime: [], vectors: {}, ignore: [], importance: {} })
    expect(section.tests).toEqual({ age: 'psi' })
  })

  it.each([
    ['an unknown key', { min_share: 0.3 }],
    ['an unknown threshold', { thresholds: { ks: 0.1 } }],
    ['alpha 0', { alpha: 0 }],
    ['a share of 0, which no data set could stay under', { 'min-share': 0 }],
    ['an engine that does not exist', { engine: 'hive' }],
    ['a correction that does not exist', { correction: 'bh' }],
    ['no reference', { reference: [] }],
  ])('refuses %s', (_, change) => {
    expect(DriftSection.safeParse({ ...minimal, ...change }).success).toBe(false)
  })

  it('has a threshold for every distance that there is', () => {
    const known = Object.keys(DriftSection.shape.thresholds.unwrap().shape)
    const distances = testNames().filter((name) => findTest(name)?.measures === 'distance')
    const others = ['null-rate', 'new-categories', 'text-domain-auc', 'vector-domain-auc']
    expect(new Set(known)).toEqual(new Set([...distances, ...others]))
  })
})
