import { describe, expect, it } from '@jest/globals'
import { roleOf } from '../../../../src/adapters/telemetry/predictions/versions.js'
import { calledIn, filledIn } from '../../../../src/adapters/telemetry/selector.js'

const names = {
  stable: 'fraud-primary',
  canary: 'fraud',
  versions: {
    stable: { version: '1', name: 'registry.test/fraud:1' },
    canary: { version: '2', name: 'registry.test/fraud:2' },
  },
}

describe('a selector', () => {
  it('has what signals call a version as {name}, and what people call it as {version}', () => {
    const selector = 'requests{workload="{name}",version="{version}"}'
    const { stable, canary } = calledIn(names)
    expect(filledIn(selector, stable)).toBe('requests{workload="fraud-primary",version="1"}')
    expect(filledIn(selector, canary)).toBe('requests{workload="fraud",version="2"}')
  })

  it('has the one name twice, where versions have no other', () => {
    const { canary } = calledIn({ stable: 'blue', canary: 'green' })
    expect(filledIn('{name} {version}', canary)).toBe('green green')
  })

  it('cannot be ended by either of them', () => {
    const hostile = { name: 'a"b', version: '{name}\\"\n' }
    expect(filledIn('"{name}" "{version}"', hostile)).toBe('"a\\"b" "{name}\\\\\\"\\n"')
  })
})

describe('a record of a log', () => {
  it.each(['exact', 'prefix'] as const)(
    'is of the version that it names in either way (%s)',
    (match) => {
      const role = roleOf(names, match)
      expect(role('fraud-primary')).toBe('stable')
      expect(role('registry.test/fraud:2')).toBe('canary')
      expect(role('registry.test/fraud:3')).toBeUndefined()
    },
  )

  it('of a pod is of the longer name that it begins with', () => {
    const role = roleOf(names, 'prefix')
    expect(role('fraud-primary-7d-x')).toBe('stable')
    expect(role('fraud-7d-x')).toBe('canary')
  })
})
