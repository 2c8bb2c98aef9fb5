import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { podsFor } from '../../../../../src/adapters/traffic/kubernetes/deployments.js'
import { ownersOf } from '../../../../../src/adapters/traffic/kubernetes/owners.js'

describe('pods for a share', () => {
  it('are all there, are none only at the ends, and are the nearest that can be had', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 500 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (total, weight) => {
          const { stable, canary } = podsFor(weight, total)
          expect(stable + canary).toBe(total)
          expect(Math.min(stable, canary)).toBeGreaterThanOrEqual(0)
          if (weight > 0 && weight < 100) {
            expect(Math.min(stable, canary)).toBeGreaterThanOrEqual(1)
            const wanted = (weight / 100) * total
            const isForced = canary === 1 || stable === 1
            expect(isForced || Math.abs(canary - wanted) <= 0.5 + 1e-9).toBe(true)
          } else expect(canary).toBe(weight >= 100 ? total : 0)
        },
      ),
    )
  })

  it('of one cannot be divided', () => {
    expect(() => podsFor(50, 1)).toThrow(/MW-DEPLOY-121/)
    expect(podsFor(100, 1)).toEqual({ stable: 0, canary: 1 })
  })
})

describe('the owners of a field', () => {
  const object = {
    metadata: {
      managedFields: [
        { manager: 'whole', fieldsV1: { 'f:spec': { 'f:rules': {} } } },
        { manager: 'below', fieldsV1: { 'f:spec': { 'f:rules': { 'f:weight': {} } } } },
        { manager: 'beside', fieldsV1: { 'f:spec': { 'f:hostnames': {}, '.': {} } } },
        { manager: 'nothing' },
        { fieldsV1: { 'f:spec': {} } },
      ],
    },
  }

  it('have it, what is above it as a whole, or something below it', () => {
    expect(ownersOf(object, ['spec', 'rules'])).toEqual(['whole', 'below'])
    expect(ownersOf(object, ['spec', 'rules', 'weight'])).toEqual(['whole', 'below'])
    expect(ownersOf(object, ['spec', 'replicas'])).toEqual([])
    expect(ownersOf({}, ['spec'])).toEqual([])
  })
})
