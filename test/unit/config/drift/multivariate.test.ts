import { describe, expect, it } from '@jest/globals'
import { DriftMultivariate } from '../../../../src/config/drift/multivariate.js'

describe('the keys of drift.multivariate', () => {
  it('run no test unless asked, and have thresholds of size', () => {
    expect(DriftMultivariate.parse({})).toEqual({
      tests: [],
      'max-rows': 20_000,
      'auc-over': 0.55,
      'correlation-over': 0.1,
      'reconstruction-over': 0.1,
      level: 'warn',
    })
  })

  it.each([
    { tests: ['mmmd'] },
    { 'auc-over': 0.4 },
    { 'auc-over': 1.1 },
    { 'correlation-over': -0.1 },
    { 'reconstruction-over': -0.1 },
    { 'max-rows': 50 },
    { column: ['a'] },
  ])('refuse what means nothing: %j', (keys) => {
    expect(DriftMultivariate.safeParse(keys).success).toBe(false)
  })
})
