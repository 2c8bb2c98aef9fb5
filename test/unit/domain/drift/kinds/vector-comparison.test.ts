import { describe, expect, it } from '@jest/globals'
import { DriftSection } from '../../../../../src/config/drift.js'
import { decideColumns } from '../../../../../src/domain/drift/decide.js'
import { compareVectors } from '../../../../../src/domain/drift/kinds/vector-comparison.js'

describe('a comparison of vectors', () => {
  it('that fails by a fault of the program leaves the column open', () => {
    const policy = DriftSection.parse({ reference: 'a.csv', current: 'b.csv' })
    const sample = {
      rows: 300,
      dimension: 2,
      missing: 0,
      get values(): Float64Array {
        throw new RangeError('offset is out of bounds')
      },
    }
    const found = compareVectors(policy, { name: 'emb', reference: sample, current: sample })
    const facts = { rows: { reference: 300, current: 300 }, findings: [] }
    const { columns, decision } = decideColumns(policy, [found], facts)
    expect(columns).toMatchObject([
      {
        name: 'emb',
        status: 'inconclusive',
        reason: expect.stringContaining('by a fault of Modelway: offset is out of bounds'),
      },
    ])
    expect(decision).toBe('inconclusive')
  })
})
