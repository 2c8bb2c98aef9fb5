import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/metric.js'
import { metricNames } from '../../../../src/domain/metrics/index.js'

interface Case {
  readonly name: string
  readonly value: number
}

function read<T>(name: string): T {
  const file = new URL(`../../../reference/metrics/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Cases as the procedure takes them, apart from the value that the reference gives. */
function casesOf(name: string): Case[] {
  const { cases, datasets } = read<{
    cases: (Case & { data: string })[]
    datasets: Record<string, object>
  }>(name)
  return cases.map(({ data, ...one }) => ({ ...one, ...datasets[data] }))
}

function censusCases(): Case[] {
  const { cases, columns } = read<{
    cases: (Case & { columns: Record<string, string> })[]
    columns: Record<string, readonly number[]>
  }>('census')
  return cases.map(({ columns: named, ...one }) => ({
    ...one,
    ...Object.fromEntries(Object.entries(named).map(([key, column]) => [key, columns[column]])),
  }))
}

const suites = {
  'of two classes and numbers (scikit-learn, fairlearn)': read<{ cases: Case[] }>('metrics').cases,
  'of several classes and sets of classes (scikit-learn)': casesOf('classes'),
  'of queries and generated text (scikit-learn, trec_eval, Chen et al.)': casesOf('units'),
  'of real data (scikit-learn, fairlearn)': censusCases(),
}

it('every metric has a reference', () => {
  const covered = new Set(
    Object.values(suites)
      .flat()
      .map(({ name }) => name),
  )
  expect(metricNames.filter((name) => !covered.has(name))).toEqual([])
})

describe.each(Object.entries(suites))('metrics %s', (_, cases) => {
  it.each(cases.map((one, index) => ({ ...one, index })))(
    '$name, case $index, to 1e-9',
    ({ value, index: __, ...given }) => {
      const answer = procedure.run(procedure.input.parse(given))
      expect(answer.reason).toBeUndefined()
      const tolerance = 1e-9 * Math.max(1, Math.abs(value))
      expect(Math.abs((answer.value ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance)
    },
  )
})
