import { describe, expect, it } from '@jest/globals'
import { DriftSection } from '../../../../src/config/drift.js'

describe('the age of the newest row', () => {
  it.each(['0s', '0d'])('may be more than %s, by which all data would be stale', (age) => {
    const health = { freshness: { column: 'at', 'max-age': age } }
    const { error } = DriftSection.safeParse({ reference: 'a', current: 'b', health })
    expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['health.freshness.max-age', 'must be longer than 0'],
    ])
  })
})
