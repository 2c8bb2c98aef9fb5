import { describe, expect, it } from '@jest/globals'
import { askedWeights } from '../../../../src/adapters/traffic/asked-weights.js'

describe('the weights that a rollout will ask for', () => {
  const steps = [5, 25, 100]

  it.each([
    ['canary', 0, [5, 25]],
    ['canary', 60_000, [5, 25, 100]],
    ['ab', 0, [5]],
    ['shadow', 0, [0]],
    ['blue-green', 0, [0, 100]],
  ] as const)('in mode %s with a soak of %i ms are %j', (mode, soak, weights) => {
    expect(askedWeights({ mode, steps, soak })).toEqual(weights)
  })

  it.each(['direct', 'promote', 'rollback', 'abort', 'continue'] as const)(
    'are not known in mode %s',
    (mode) => {
      expect(askedWeights({ mode, steps, soak: 0 })).toBeUndefined()
    },
  )
})
