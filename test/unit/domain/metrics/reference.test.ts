import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/metric.js'
import { metricNames } from '../../../../src/domain/metrics/index.js'

interface Case {
  readonly name: string
  readonly value: number
  readonly labels: readonly unknown[]
}

const file = new URL('../../../reference/metrics/metrics.json', import.meta.url)
const reference: { cases: Case[]; versions: Record<string, string> } = JSON.parse(
  readFileSync(file, 'utf8'),
)

describe('metrics equal scikit-learn and fairlearn', () => {
  const cases = reference.cases.map((one, index) => ({ ...one, index }))

  it('covers every metric', () => {
    const covered = new Set(cases.map(({ name }) => name))
    expect(metricNames.filter((name) => !covered.has(name))).toEqual([])
  })

  it.each(cases)('$name, case $index, to 1e-9', ({ value, index: _, ...given }) => {
    const answer = procedure.run(procedure.input.parse(given))
    expect(answer.reason).toBeUndefined()
    const tolerance = 1e-9 * Math.max(1, Math.abs(value))
    expect(Math.abs((answer.value ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance)
  })
})
