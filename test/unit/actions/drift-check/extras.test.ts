import { describe, expect, it } from '@jest/globals'
import { UserError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { checkDrift, csv, spread } from './drift-context.js'

const folder = useTemporaryFolder()

const check = (more: string, now = '2024-01-02T00:00:00Z') =>
  checkDrift({ folder: folder.path, now, config: `{reference: a.csv, current: b.csv, ${more}}` })

describe('all columns together', () => {
  it('drift where no single column does: what only warns does not fail', async () => {
    folder.write(
      'a.csv',
      csv('x,y', 1_500, (i) => `${spread(i)},${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('x,y', 1_500, (i) => `${spread(i)},${1 - spread(i)}`),
    )
    const warned = await check('multivariate: {tests: [correlation, domain-classifier]}')
    expect(warned.predicate.columns.some(({ drifted }) => drifted)).toBe(false)
    expect(warned.predicate.multivariate?.status).toBe('drifted')
    expect(warned.predicate.decision).toBe('warn')
    const failed = await check('multivariate: {tests: [correlation], level: fail}')
    expect(failed.predicate.decision).toBe('fail')
    expect(failed.outcome.reason).toContain(failed.predicate.multivariate?.reason ?? 'no reason')
  })

  it('are looked at in the rows that count alone, the same for the same seed', async () => {
    folder.write(
      'a.csv',
      csv('x,y,g', 1_500, (i) => `${spread(i)},${spread(i)},${i % 2}`),
    )
    // Only rows of the other group go against each other.
    folder.write(
      'b.csv',
      csv('x,y,g', 1_500, (i) => `${spread(i)},${i % 2 ? 1 - spread(i) : spread(i)},${i % 2}`),
    )
    const more = 'multivariate: {tests: [correlation]}, columns: {ignore: [g]}'
    const all = await check(more)
    expect(all.predicate.multivariate?.status).toBe('drifted')
    const filtered = `${more}, rows: {where: {g: 0}}`
    const [first, again] = [await check(filtered), await check(filtered)]
    expect(first.predicate.multivariate?.status).not.toBe('drifted')
    expect(again.predicate).toEqual(first.predicate)
  })
})

describe('performance', () => {
  const rows = (wrong: number, more = '') =>
    csv(`x,prediction,label${more}`, 1_200, (i) => {
      const label = i % 2
      const prediction = i % 100 < wrong ? 1 - label : label
      return `${spread(i)},${prediction},${label}`
    })
  const PERFORMANCE =
    'performance: {task: classification, prediction: prediction, label: label, positive: 1}'

  it('that became worse fails, though no column drifts', async () => {
    folder.write('a.csv', rows(5))
    folder.write('b.csv', rows(30))
    const { predicate } = await check(PERFORMANCE)
    expect(predicate.columns.some(({ drifted }) => drifted)).toBe(false)
    expect(predicate).toMatchObject({ decision: 'fail', performance: { status: 'drifted' } })
    expect(predicate.columns.map(({ name }) => name)).toEqual(['x', 'prediction'])
    expect(predicate.findings).toMatchObject([{ kind: 'not-compared', column: 'label' }])
    folder.write('b.csv', rows(5))
    expect((await check(PERFORMANCE)).predicate).toMatchObject({
      decision: 'pass',
      performance: { status: 'stable' },
    })
  })

  it('only warns where the settings say so', async () => {
    folder.write('a.csv', rows(5))
    folder.write('b.csv', rows(30))
    const { predicate } = await check(PERFORMANCE.replace('}', ', level: warn}'))
    expect(predicate.decision).toBe('warn')
  })

  it('is told for each window, and the last decides', async () => {
    const day = (from: number, days: readonly number[]) =>
      csv('t,x,prediction,label', days.length * 800, (i) => {
        const at = new Date(Date.UTC(2024, 0, from + Math.floor(i / 800), 0, i % 800))
        const wrong = days[Math.floor(i / 800)] ?? 0
        return `${at.toISOString()},${spread(i)},${i % 100 < wrong ? 1 - (i % 2) : i % 2},${i % 2}`
      })
    folder.write('a.csv', day(1, [5, 5]))
    const more = `${PERFORMANCE}, time: {column: t, window: 1d, windows: 3}`
    folder.write('b.csv', day(10, [5, 5, 40]))
    const { predicate } = await check(more, '2024-01-20T00:00:00Z')
    expect(predicate.performance?.status).toBe('drifted')
    expect(predicate.decision).toBe('fail')
    expect(JSON.stringify(predicate.performance)).toContain(
      '2024-01-10T00:00:00.000Z/2024-01-11T00:00:00.000Z',
    )
  })

  it('of columns that are not there is the user’s mistake, by name', async () => {
    folder.write('a.csv', rows(5))
    folder.write('b.csv', rows(5))
    const error = await errorOf(() => check(PERFORMANCE.replace('label: label', 'label: truth')))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toContain('truth')
  })
})

describe('what could not be judged', () => {
  it('says why, by the commonest reason; what drifted says whether it is critical', async () => {
    folder.write(
      'a.csv',
      csv('x,y,z', 800, (i) => `${spread(i)},${spread(i + 1)},${spread(i + 2)}`),
    )
    folder.write(
      'b.csv',
      csv('x,y,z', 4, (i) => `${spread(i)},${spread(i + 1)},${spread(i + 2)}`),
    )
    const few = await check('columns: {critical: [x]}')
    expect(few.predicate.decision).toBe('inconclusive')
    expect(few.predicate.reason).toMatch(/could not be judged; not judged: .*values/)
    folder.write(
      'b.csv',
      csv('x,y,z', 800, (i) => `${spread(i) + 3},${spread(i + 1)},${spread(i + 2)}`),
    )
    const { outcome } = await check('columns: {critical: [x]}')
    expect(outcome.annotations?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^x \(critical\): /),
    ])
  })
})

describe('what the current data has wrong', () => {
  const scored = (score: (i: number) => string, header = 'x,score,y') =>
    csv(header, 1_200, (i) => {
      const label = i % 2
      return `${spread(i)},${score(i)},${label}`
    })
  const usual = (i: number) => (0.2 + 0.6 * (i % 2 === 0 ? spread(i) / 2 : spread(i))).toFixed(4)
  const SCORED =
    'columns: {ignore: [y]}, performance: {task: classification, score: score, label: y, positive: 1, metrics: [auc]}'

  it.each([
    ['MW-DRIFT-303', scored((i) => (i === 40 || i === 700 ? '1.7' : usual(i)))],
    ['MW-DRIFT-303', scored((i) => (i === 40 ? 'n/a?' : usual(i)))],
    ['MW-DRIFT-301', csv('x,y', 1_200, (i) => `${spread(i)},${i % 2}`)],
  ])('leaves performance open (%s), and judges the rest', async (code, data) => {
    folder.write('a.csv', scored(usual))
    folder.write('b.csv', data)
    const { predicate } = await check(SCORED)
    expect(predicate.performance).toMatchObject({ status: 'inconclusive', metrics: [] })
    expect(predicate.performance?.reason).toContain(code)
    expect(predicate.columns.find(({ name }) => name === 'x')?.status).toBe('stable')
    expect(predicate.decision).not.toBe('pass')
    expect(predicate.reason).toContain(code)
    if (data.includes('n/a?')) expect(predicate.reason).toContain('for example "n/a?"')
  })

  it('is no mistake in the settings; what the reference has wrong is one', async () => {
    folder.write(
      'a.csv',
      scored((i) => (i === 40 ? '1.7' : usual(i))),
    )
    folder.write('b.csv', scored(usual))
    expect((await errorOf(() => check(SCORED))).message).toMatch(/^MW-DRIFT-303/)
  })

  it('leaves all columns together open where one that is named is gone', async () => {
    folder.write(
      'a.csv',
      csv('x,y', 600, (i) => `${spread(i)},${spread(i + 3)}`),
    )
    folder.write(
      'b.csv',
      csv('x', 600, (i) => `${spread(i)}`),
    )
    const { predicate } = await check(
      'multivariate: {tests: [correlation], columns: [x, y], level: fail}',
    )
    expect(predicate.multivariate?.status).toBe('inconclusive')
    expect(predicate.findings).toMatchObject([{ kind: 'column-absent', column: 'y' }])
  })

  it('is found by freshness: a time that is none among many, or a column of times that is gone', async () => {
    const timed = (cell: (i: number) => string) =>
      csv('t,x', 600, (i) => `${i === 300 ? cell(i) : '2024-01-01T12:00:00Z'},${spread(i)}`)
    const more = 'columns: {ignore: [t]}, health: {freshness: {column: t, max-age: 1d}}'
    folder.write(
      'a.csv',
      timed(() => '2024-01-01T12:00:00Z'),
    )
    folder.write(
      'b.csv',
      timed(() => 'n/a?'),
    )
    expect((await check(more)).predicate.health?.status).toBe('pass')
    folder.write(
      'b.csv',
      csv('x', 600, (i) => `${spread(i)}`),
    )
    const gone = await check(more)
    expect(gone.predicate.health?.checks).toMatchObject([{ column: 't', observed: 'no time' }])
    expect(gone.predicate.health?.status).not.toBe('pass')
  })
})

describe('health', () => {
  it('holds the current data to the data contract, and its level to the decision', async () => {
    folder.write(
      'a.csv',
      csv('x', 400, (i) => `${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('x', 400, (i) => `${spread(i)}`),
    )
    folder.write('contract.yml', 'columns:\n  x: { min: 0.5 }\n')
    const { predicate } = await check('health: {contract: contract.yml}')
    expect(predicate.health?.status).toBe('fail')
    expect(predicate.health?.checks.filter(({ status }) => status === 'fail')).toMatchObject([
      { column: 'x' },
    ])
    expect(predicate.decision).toBe('fail')
    expect(predicate.reason).toContain('health: ')
  })

  it('looks at the window that decides alone', async () => {
    const at = (i: number, day: number) => new Date(Date.UTC(2024, 0, day, 0, i)).toISOString()
    folder.write(
      'a.csv',
      csv('t,x', 800, (i) => `${at(i, 1)},${spread(i)}`),
    )
    const bad = csv('t,x', 600, (i) => `${at(i, 2)},99`).trimEnd()
    const good = csv('t,x', 600, (i) => `${at(i, 3)},${spread(i)}`).replace('t,x\n', '')
    folder.write('b.csv', `${bad}\n${good}`)
    const more =
      'time: {column: t, window: 1d}, health: {ranges: {level: fail}, volume: {min: 700, level: warn}}'
    const { predicate } = await check(more, '2024-01-05T00:00:00Z')
    expect(predicate.health?.checks.map(({ id, status }) => [id.split('.')[0], status])).toEqual(
      expect.arrayContaining([['volume', 'warn']]),
    )
    expect(predicate.health?.checks.some(({ status }) => status === 'fail')).toBe(false)
    expect(predicate.decision).toBe('warn')
  })

  it('says that data is old, and that rows are there twice', async () => {
    folder.write(
      'a.csv',
      csv('id,x,t', 300, (i) => `k${i},${spread(i)},2024-01-01`),
    )
    folder.write(
      'b.csv',
      csv('id,x,t', 300, (i) => `k${i % 290},${spread(i)},2023-06-01`),
    )
    const { predicate } = await check(
      'health: {freshness: {column: t, max-age: 26h, level: fail}, duplicates: {key: [id]}}, columns: {ignore: [t]}',
    )
    const failed = predicate.health?.checks.filter(({ status }) => status !== 'pass')
    expect(failed?.map(({ status }) => status).sort()).toEqual(['fail', 'warn'])
    expect(predicate.health?.status).toBe('fail')
  })
})
