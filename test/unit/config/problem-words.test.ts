import { describe, expect, it } from '@jest/globals'
import { contract } from '../../../src/actions/drift-check/contract.js'
import { formatProblem, UserError } from '../../../src/errors.js'
import { loadSettings } from '../../../src/runtime/settings.js'
import { useTemporaryFolder } from '../temporary-folder.js'

describe('what is said of the settings of drift-check', () => {
  const folder = useTemporaryFolder()
  const load = (lines: string) => {
    folder.write('modelway.yml', `drift:\n  reference: a\n  current: b\n  ${lines}\n`)
    return loadSettings(contract, () => undefined, folder.path).settings
  }
  const problems = (run: () => unknown): readonly string[] => {
    try {
      run()
    } catch (error) {
      if (error instanceof UserError) return error.problems.map(formatProblem)
      throw error
    }
    return []
  }

  it('takes one item wherever a list is taken', () => {
    expect(load('columns: { ignore: id, critical: age }').columns).toMatchObject({
      ignore: ['id'],
      critical: ['age'],
    })
    expect(load('multivariate: { tests: pca, columns: age }').multivariate).toMatchObject({
      tests: ['pca'],
      columns: ['age'],
    })
    expect(load('health: { duplicates: { key: id } }').health.duplicates?.key).toEqual(['id'])
    expect(load('rows: { where: { a: { in: x, not-in: 3 } } }').rows.where).toEqual({
      a: { in: ['x'], 'not-in': [3] },
    })
    expect(load('triggers: summary').triggers).toMatchObject([{ kind: 'summary' }])
    expect(load('triggers: { kind: issue, on: warn, labels: a }').triggers).toMatchObject([
      { kind: 'issue', on: ['warn'], labels: ['a'] },
    ])
    expect(load('guard: { hours: { from: 1, to: 2, days: mon } }').guard.hours?.days).toEqual([
      'mon',
    ])
  })

  it.each([
    ['alpha: 1', 'drift.alpha must be below 1, not 1. Write a share of 1% as 0.01.'],
    ['alpha: 0', 'drift.alpha must be above 0, not 0.'],
    ['min-share: 30%', 'drift.min-share must be a number, not "30%". Write 0.3.'],
    ['min-share: "0.3"', 'drift.min-share must be a number, not "0.3". Write 0.3 without quotes.'],
    ['memory: 512', 'drift.memory must be a size such as 512MB or 1GB.'],
    ['threads: 1.5', 'drift.threads must be a whole number, not 1.5.'],
    ['triggers: 7', 'drift.triggers must be a list, not 7.'],
    ['columns: { ignore: [7] }', 'drift.columns.ignore[0] must be text, not 7.'],
    [
      'multivariate: { tests: pcaa }',
      'drift.multivariate.tests "pcaa" is none of: domain-classifier, mmd, pca, correlation. Did you mean "pca"?',
    ],
    [
      'time: { column: t, window: 1 }',
      'drift.time.window must be a time such as 500ms, 5s, 2m, 1h or 1d.',
    ],
    [
      'time: { column: t, window: 1d, end: soon }',
      'drift.time.end must be latest or now or a time such as 2026-01-31T06:00:00Z or a date such as 2026-01-31, not "soon".',
    ],
    [
      'health: { freshness: { column: "", max-age: 1d } }',
      'drift.health.freshness.column must be text that is not empty.',
    ],
    [
      'triggers: [{ kind: webhook, url: nowhere }]',
      'drift.triggers[0].url must be an address such as https://example.com.',
    ],
    [
      'triggers: [{ kind: webhook, url: "https://me:secret@x.org" }]',
      'drift.triggers[0].url must hold no user name or password: they belong into the environment.',
    ],
  ])('says of `%s` once what would be right', (lines, said) => {
    const found = problems(() => load(lines))
    expect(found).toEqual([expect.stringMatching(/^MW-CONFIG-007: modelway\.yml:4:\d+: /)])
    expect(found[0]?.replace(/^.*?:4:\d+: /, '')).toBe(said)
  })

  it('refuses conditions on rows between whose ends nothing lies', () => {
    expect(problems(() => load('rows: { where: { age: { min: 50, max: 20 } } }'))).toEqual([
      'MW-CONFIG-007: modelway.yml:4:20: drift.rows.where.age has min 50 above max 20: nothing lies between.',
    ])
    const times = (min: string, max: string) =>
      problems(() => load(`rows: { where: { t: { min: ${min}, max: ${max} } } }`))
    expect(times('2026-02-01', '2026-01-01')).toHaveLength(1)
    expect(times('2026-01-01', '2026-02-01')).toEqual([])
  })

  it('asks for the reference together with whatever else is missing; other monitors have theirs', () => {
    folder.write('modelway.yml', 'drift: {}\n')
    const asked = problems(() => loadSettings(contract, () => undefined, folder.path))
    expect(asked).toEqual([
      expect.stringContaining('current is required but not set'),
      expect.stringContaining('reference is required but not set'),
    ])
    folder.write('modelway.yml', 'drift: { current: b, source: evidently-json }\n')
    expect(problems(() => loadSettings(contract, () => undefined, folder.path))).toEqual([])
  })
})
