import { describe, expect, it } from '@jest/globals'
import {
  type MultivariateInput,
  multivariateDrift,
} from '../../../../../src/domain/drift/multivariate/multivariate-drift.js'
import type {
  MultivariateTest,
  MultivariateTestName,
} from '../../../../../src/domain/drift/multivariate/result.js'
import type { Table } from '../../../../../src/domain/table/column.js'
import { MultivariatePredicate } from '../../../../../src/statements/schemas/drift/multivariate.js'
import { type Change, categorical, kindsOf, numeric, sample, withColumn } from './samples.js'

const ALL: MultivariateTestName[] = ['domain-classifier', 'mmd', 'pca', 'correlation']

const settings = {
  tests: ALL,
  'auc-over': 0.55,
  'correlation-over': 0.1,
  'reconstruction-over': 0.1,
}

function inputOf(reference: Table, current: Table): MultivariateInput {
  return { settings, reference, current, columns: kindsOf(reference), alpha: 0.05, seed: 3 }
}

function one(name: MultivariateTestName, reference: Table, current: Table): MultivariateTest {
  const input = inputOf(reference, current)
  return multivariateDrift({ ...input, settings: { ...settings, tests: [name] } }).tests[0]!
}

const REFERENCE = sample({ rows: 2000, seed: 1 })
const changed = (change: Change) => sample({ rows: 1800, seed: 2, change })

const KNOWN = new Map<string, MultivariateTest>()

/** Permutations take long: fewer rows are enough for them. */
function samplesFor(name: MultivariateTestName, change: Change): [Table, Table] {
  if (name !== 'mmd') return [REFERENCE, changed(change)]
  return [sample({ rows: 500, seed: 1 }), sample({ rows: 450, seed: 2, change })]
}

/** Each test of each change, once. */
function testOf(name: MultivariateTestName, change: Change): MultivariateTest {
  const key = `${name} ${change}`
  const test = KNOWN.get(key) ?? one(name, ...samplesFor(name, change))
  KNOWN.set(key, test)
  return test
}

describe('each test of all columns', () => {
  it.each(ALL)('finds nothing where there is nothing: %s', (name) => {
    const test = testOf(name, 'none')
    expect(test.status).toBe('stable')
  })

  it.each<[MultivariateTestName, Change]>([
    ['domain-classifier', 'shift'],
    ['domain-classifier', 'spread'],
    ['domain-classifier', 'correlation'],
    ['domain-classifier', 'missing'],
    ['domain-classifier', 'category'],
    ['mmd', 'shift'],
    ['mmd', 'correlation'],
    ['pca', 'spread'],
    ['pca', 'correlation'],
    ['correlation', 'correlation'],
  ])('%s finds a change of %s', (name, change) => {
    expect(testOf(name, change).status).toBe('drifted')
  })

  it.each<Change>(['shift', 'spread', 'missing'])(
    'does not take a change of one column alone for one of correlations: %s',
    (change) => {
      expect(testOf('correlation', change).status).not.toBe('drifted')
    },
  )

  it.each(ALL)('has no answer, not "no drift", for thirty rows: %s', (name) => {
    const test = one(name, REFERENCE, sample({ rows: 30, seed: 5 }))
    expect(test.status).toBe('inconclusive')
    expect(test.statistic).toBeNull()
    expect(test.reason).toContain('30 rows are too few')
  })

  it.each(ALL)('has no answer for a hundred rows that differ by nothing: %s', (name) => {
    const test = one(name, sample({ rows: 120, seed: 8 }), sample({ rows: 100, seed: 9 }))
    expect(test.status).toBe('inconclusive')
    expect(test.statistic).not.toBeNull()
  })

  it.each(ALL)('gives the same again for the same seed: %s', (name) => {
    const run = () => one(name, sample({ rows: 200, seed: 1 }), sample({ rows: 200, seed: 2 }))
    expect(run()).toEqual(run())
  })
})

describe('the domain classifier', () => {
  it('names the column that explains it, first and with most of the share', () => {
    const test = testOf('domain-classifier', 'shift')
    expect(test.explains[0]!.columns).toEqual(['c'])
    expect(test.explains[0]!.share).toBeGreaterThan(0.5)
    expect(test.interval!.low).toBeGreaterThan(0.5)
    expect(test.reason).toContain('"c"')
  })

  it('names both columns of an interaction', () => {
    const { explains } = testOf('domain-classifier', 'correlation')
    expect(
      explains
        .slice(0, 2)
        .map(({ columns }) => columns[0])
        .sort(),
    ).toEqual(['a', 'b'])
  })

  it('says that one column alone explains everything: a number of the row', () => {
    const numbered = (table: Table, start: number) =>
      withColumn(
        table,
        numeric(
          'id',
          Float64Array.from({ length: table.rows }, (_, i) => start + i),
        ),
      )
    const test = one('domain-classifier', numbered(REFERENCE, 0), numbered(changed('none'), 2000))
    expect(test.status).toBe('drifted')
    expect(test.statistic).toBeGreaterThan(0.999)
    expect(test.reason).toContain('column "id" alone explains it')
    expect(test.reason).toContain('drift.multivariate.columns')
  })

  it('does not say so of two columns that only differ together', () => {
    const { reason } = testOf('domain-classifier', 'correlation')
    expect(reason).not.toContain('alone')
  })

  it('calls a difference that is certain but under the threshold stable', () => {
    const current = changed('shift')
    const input = inputOf(REFERENCE, current)
    const [test] = multivariateDrift({
      ...input,
      settings: { ...settings, tests: ['domain-classifier'], 'auc-over': 0.9 },
    }).tests
    expect(test!.status).toBe('stable')
    expect(test!.pValue).toBeLessThan(0.001)
  })
})

describe('the test of correlations', () => {
  it('names the pair that moved, with both values', () => {
    const test = testOf('correlation', 'correlation')
    const [first] = test.explains
    expect(first!.columns).toEqual(['a', 'b'])
    expect(first!.reference).toBeCloseTo(0.58, 1)
    expect(first!.current).toBeCloseTo(-0.29, 1)
    expect(first!.difference).toBeCloseTo(first!.current! - first!.reference!, 12)
    expect(test.statistic).toBe(Math.abs(first!.difference!))
  })

  it('sees a number that no longer follows a category, and categories that no longer go together', () => {
    const rows = 2000
    const build = (tied: boolean, seed: number): Table => {
      const base = sample({ rows, seed })
      const city = base.columns[5]!
      const codes = city.kind === 'categorical' ? city.codes : new Int32Array()
      const other = base.columns[6]!
      const free = other.kind === 'categorical' ? other.codes : new Int32Array()
      const twin = categorical('twin', tied ? codes : free.map((code) => code % 2), ['x', 'y'])
      const level = base.columns[2]!
      const values = level.kind === 'numeric' ? level.values : new Float64Array()
      const follows = numeric(
        'follows',
        values.map((v, i) => v + (tied ? codes[i]! : 0.5)),
      )
      return { rows, columns: [city, twin, follows] }
    }
    const { explains, status } = one('correlation', build(true, 1), build(false, 2))
    expect(status).toBe('drifted')
    expect(explains.map(({ columns }) => columns.join(' '))).toEqual(
      expect.arrayContaining(['city twin', 'city follows', 'twin follows']),
    )
    expect(explains[0]!.reference).toBeCloseTo(1, 2)
  })
})

describe('the reconstruction by principal components', () => {
  it('names the columns whose errors moved', () => {
    const { explains, statistic } = testOf('pca', 'correlation')
    expect(explains.slice(0, 3).map(({ columns }) => columns[0])).toEqual(
      expect.arrayContaining(['a', 'b']),
    )
    expect(statistic).toBeGreaterThan(0.1)
  })
})

describe('the result of all tests', () => {
  it('is plain JSON that its schema reads back', () => {
    const result = multivariateDrift(inputOf(...samplesFor('mmd', 'correlation')))
    const read: unknown = JSON.parse(JSON.stringify(result))
    expect(read).toEqual(result)
    expect(MultivariatePredicate.parse(read)).toEqual(result)
    expect(result.status).toBe('drifted')
    expect(result.reason).toContain('the correlations')
    expect(result.tests.map(({ name }) => name)).toEqual(ALL)
  })

  it('is open where no test finds drift and one cannot say', () => {
    const result = multivariateDrift(
      inputOf(sample({ rows: 120, seed: 8 }), sample({ rows: 100, seed: 9 })),
    )
    expect(result.status).toBe('inconclusive')
    expect(MultivariatePredicate.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
  })

  it('does not depend on the order of the tests', () => {
    const input = inputOf(sample({ rows: 300, seed: 1 }), sample({ rows: 300, seed: 2 }))
    const forth = multivariateDrift(input).tests
    const back = multivariateDrift({
      ...input,
      settings: { ...settings, tests: ALL.toReversed() },
    }).tests
    expect(back.toReversed()).toEqual(forth)
  })

  it('holds a chance of alpha over the number of tests for each', () => {
    const input = inputOf(sample({ rows: 300, seed: 1 }), sample({ rows: 300, seed: 2 }))
    const { tests } = multivariateDrift(input)
    expect(tests[0]!.interval!.level).toBeCloseTo(1 - 0.05 / 4, 12)
  })

  it('looks at the columns named alone, also where they hold times', () => {
    const times = (table: Table, start: number): Table =>
      withColumn(table, {
        kind: 'numeric',
        type: 'timestamp',
        name: 'at',
        values: Float64Array.from({ length: table.rows }, (_, i) => start + i * 1000),
        missing: 0,
      })
    const reference = times(sample({ rows: 300, seed: 1 }), 0)
    const current = times(sample({ rows: 300, seed: 2 }), 1e9)
    const input = inputOf(reference, current)
    const unnamed = multivariateDrift(input)
    expect(unnamed.leftOut).toEqual([{ column: 'at', reason: 'holds times, which always move on' }])
    expect(unnamed.columns).toBe(7)
    const named = multivariateDrift({
      ...input,
      settings: { ...settings, tests: ['mmd'], columns: ['at', 'a'] },
    })
    expect(named.columns).toBe(2)
    expect(named.leftOut).toEqual([])
    expect(named.status).toBe('drifted')
  })

  it('leaves out, and says so, what cannot be used', () => {
    const more = (table: Table, values: string[]): Table => {
      const own = Int32Array.from({ length: table.rows }, (_, i) => i)
      const constant = numeric('constant', new Float64Array(table.rows).fill(4))
      const key = categorical('key', own, values)
      return { rows: table.rows, columns: [...table.columns, constant, key] }
    }
    const keys = Array.from({ length: 400 }, (_, i) => `key ${i}`)
    const reference = more(sample({ rows: 400, seed: 1 }), keys)
    const gone = withColumn(reference, numeric('gone', new Float64Array(400)))
    const result = multivariateDrift({
      ...inputOf(
        gone,
        more(
          sample({ rows: 400, seed: 2 }),
          keys.map((key) => `${key}!`),
        ),
      ),
      settings: { ...settings, tests: ['mmd'] },
    })
    expect(result.leftOut).toEqual([
      { column: 'constant', reason: 'has only one value' },
      { column: 'key', reason: 'has a value of its own in nearly every row' },
      { column: 'gone', reason: 'is not in the current data' },
    ])
    expect(result.status).toBe('stable')
  })

  it('knows a category by its text, not by its number in a table', () => {
    const rows = 400
    const half = Int32Array.from({ length: rows }, (_, i) => i % 2)
    const a = numeric(
      'a',
      Float64Array.from({ length: rows }, (_, i) => Math.sin(i)),
    )
    const reference = { rows, columns: [a, categorical('c', half, ['x', 'y'])] }
    const current = {
      rows,
      columns: [
        a,
        categorical(
          'c',
          half.map((code) => 1 - code),
          ['y', 'x'],
        ),
      ],
    }
    expect(one('mmd', reference, current).status).toBe('stable')
  })

  it.each(ALL)('bears infinities, columns without a value, and hostile names: %s', (name) => {
    const build = (seed: number): Table => {
      const base = sample({ rows: 300, seed })
      const [a] = base.columns
      const values = a?.kind === 'numeric' ? a.values.slice() : new Float64Array()
      values[0] = Infinity
      values[1] = -Infinity
      values[2] = 1e308
      return {
        rows: 300,
        columns: [
          ...base.columns.slice(1),
          numeric('<b>|\n@all', values),
          numeric('empty', new Float64Array(300).fill(Number.NaN)),
          categorical('none', new Int32Array(300).fill(-1), []),
        ],
      }
    }
    const reference = build(1)
    const current = build(2)
    const input = inputOf(reference, current)
    const result = multivariateDrift({ ...input, settings: { ...settings, tests: [name] } })
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    expect(result.status).not.toBe('drifted')
    expect(result.reason).not.toContain('\n')
    expect(result.leftOut.map(({ column }) => column)).toEqual(['empty', 'none'])
  })

  it('has no answer where no column can be used', () => {
    const table = { rows: 100, columns: [numeric('k', new Float64Array(100))] }
    const result = multivariateDrift(inputOf(table, table))
    expect(result.status).toBe('inconclusive')
    expect(result.tests.map(({ status }) => status)).toEqual(ALL.map(() => 'inconclusive'))
  })
})
