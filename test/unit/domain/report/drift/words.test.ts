import { describe, expect, it } from '@jest/globals'
import { meaning, missingWords } from '../../../../../src/domain/report/drift/column-words.js'
import { identityRows, ruleRows } from '../../../../../src/domain/report/drift/decided.js'
import { metricRow } from '../../../../../src/domain/report/drift/metric-words.js'
import { coursesOf, momentsOf, timesMoved } from '../../../../../src/domain/report/drift/moments.js'
import { excess, ranked, tally } from '../../../../../src/domain/report/drift/order.js'
import { windowStart, windowWords } from '../../../../../src/domain/report/drift/windows.js'
import { column, everything, moved, windowOf } from './fixtures.js'

const judging = { alpha: 0.05, source: undefined }
const at = (value: number | null, change = {}) => {
  const { distance } = column()
  return column({ distance: distance && { ...distance, value }, ...change })
}

describe('the order of columns', () => {
  it('is what needs attention first, then critical ones, then how far over the limit', () => {
    const columns = [
      column({ name: 'stable' }),
      moved('near', 1.2),
      moved('critical', 1.1, { critical: true }),
      moved('far', 9),
      column({ name: 'open', status: 'inconclusive' }),
      moved('gone', 1, { test: null, distance: null }),
      column({ name: 'waiting', status: 'unconfirmed' }),
    ]
    const names = ranked(columns).map(({ name }) => name)
    expect(names).toEqual(['critical', 'gone', 'far', 'near', 'waiting', 'open', 'stable'])
    expect(tally(columns)).toBe('4 drifted, 1 unconfirmed, 1 inconclusive, 1 stable')
    expect(tally([])).toBe('')
  })

  it('counts an area under a curve from one half', () => {
    const distance = { name: 'text-domain-auc', value: 0.7, threshold: 0.6 }
    expect(excess({ distance })).toBeCloseTo(2, 12)
    expect(excess({ distance: { ...distance, value: 0.48 } })).toBe(0)
    expect(excess({ distance: { ...distance, value: null } })).toBeUndefined()
    expect(excess({ distance: null })).toBeUndefined()
  })
})

describe('what a status means', () => {
  it.each([
    ['moved to 5.2 times the limit', moved('a', 5.2)],
    ['moved to more than 1,000 times the limit', moved('a', 1e9)],
    ['something else changed', moved('a', 0.4)],
    ['cannot go on as before', moved('a', 1, { test: null, distance: null })],
    ['not in enough windows in a row', column({ status: 'unconfirmed' })],
    [
      'too little to compare. This is not the same as no drift',
      at(null, { status: 'inconclusive' }),
    ],
    ['chance makes such distances too', at(0.2, { status: 'inconclusive' })],
    ['would often not show', at(0.02, { status: 'inconclusive' })],
    ['only by what chance adds', at(0.12)],
    ['changed for certain, but by less', at(0.05, { adjustedPValue: 0.001 })],
    ['one as large as the limit would have shown', at(0.05)],
  ])('%s', (words, given) => {
    expect(meaning(given, judging)).toContain(words)
  })

  it('claims nothing of a small change without knowing what would show', () => {
    const { distance } = column()
    const unknown = column({ distance: distance && { ...distance, detectable: null } })
    expect(meaning(unknown, judging)).toBe('No change as large as the limit.')
  })

  it('leaves it to the monitor that judged', () => {
    const source = { kind: 'alibi-detect', monitor: 'Alibi Detect', version: null }
    const said = meaning(moved('a', 9), { alpha: 0.05, source })
    expect(said).toBe('The monitor that measured it calls this drift.')
  })
})

describe('missing cells', () => {
  it('are one share where they did not change, and nothing where they were not counted', () => {
    expect(missingWords(column())).toBe('1%')
    expect(missingWords(column({ nulls: { reference: 0, current: 0.125 } }))).toBe('0% → 12.5%')
    expect(missingWords(column({ test: null }))).toBe('')
    const none = { reference: 0, current: 0 }
    expect(missingWords(column({ values: none, nulls: none }))).toBe('')
    expect(missingWords(column({ values: undefined }))).toBe('1%')
  })
})

describe('windows', () => {
  it.each([
    [windowOf(0), '2026-01-05 to 2026-01-12', '2026-01-05'],
    [
      '2026-01-05T06:00:00.000Z/2026-01-05T12:30:00Z',
      '2026-01-05 06:00 to 2026-01-05 12:30',
      '2026-01-05 06:00',
    ],
    ['run 7', 'run 7', 'run 7'],
    ['a/b', 'a/b', 'a/b'],
    ['2026-01-05T00:00:00Z', '2026-01-05T00:00:00Z', '2026-01-05T00:00:00Z'],
  ])('%s is %s', (window, words, start) => {
    expect(windowWords(window)).toBe(words)
    expect(windowStart(window)).toBe(start)
  })
})

describe('the course of time', () => {
  it('is of the history, else of the windows of this run, and one window is none', () => {
    const report = everything()
    expect(momentsOf(report).map(({ state }) => state)).toEqual([
      'judged',
      'judged',
      'no-data',
      'judged',
      'judged',
    ])
    const { history, ...run } = report
    expect(history?.windows).toHaveLength(5)
    expect(momentsOf(run).map(({ window, decision }) => [window, decision])).toEqual([
      [windowOf(0), 'pass'],
      [windowOf(1), 'pass'],
      [windowOf(2), 'pass'],
      [windowOf(3), 'warn'],
      [windowOf(4), 'fail'],
    ])
    expect(momentsOf({ ...run, earlier: undefined })).toEqual([])
  })

  it('tells which columns drifted in which window of the history, the most lasting first', () => {
    const drift = everything()
    const { windows, columns } = coursesOf(drift, 10)
    expect(windows).toEqual([0, 1, 2, 3, 4].map(windowOf))
    expect(columns).toEqual(drift.history?.courses)
    expect(columns.map(timesMoved)).toEqual([2, 1])
    expect(coursesOf(drift, 1).columns).toHaveLength(1)
  })

  it('knows of a statement of an earlier release the windows of its run', () => {
    const { history, ...drift } = everything()
    const old = history && { columns: history.columns, windows: history.windows }
    for (const shown of [drift, { ...drift, history: old }]) {
      const { windows, columns } = coursesOf(shown, 10)
      expect(windows).toEqual([0, 1, 2, 3, 4].map(windowOf))
      expect(columns).toEqual([
        { name: 'x far', statuses: [null, null, null, 'drifted', 'drifted'] },
        { name: 'x gone', statuses: [null, null, null, null, 'drifted'] },
        { name: 'x when', statuses: [null, null, null, null, 'unconfirmed'] },
      ])
    }
    expect(coursesOf(drift, 1).columns).toHaveLength(1)
    expect(coursesOf({ ...drift, earlier: undefined }, 10).columns).toEqual([])
  })
})

describe('how it was decided', () => {
  const which = (change = {}) =>
    Object.fromEntries(ruleRows({ ...everything(), ...change }).map(([what, is]) => [what, is]))

  it('gives the correction, the limits, the share and the error of sketches', () => {
    expect(which()).toMatchObject({
      'Certain is': 'a p-value corrected by benjamini-hochberg below 0.05',
      Limits: 'wasserstein-normalised 0.1, jensen-shannon 0.1, text-domain-auc 0.6',
      'The data set drifts when': 'any critical column does, or 30% of all',
      Values: 'summarised by a sketch: ranks may be off by 0.1% of the values',
    })
    expect(which({ correction: 'none', columns: [column()], engine: 'trino' })).toMatchObject({
      'Certain is': 'a p-value below 0.05',
      Values: 'all were compared',
      'Computed by': 'trino',
    })
  })

  it('gives limits that were learned by column as a range', () => {
    const { distance } = column()
    const columns = [0.2, 0.05, 0.1].map((threshold) =>
      column({ distance: distance && { ...distance, threshold } }),
    )
    expect(which({ columns })['Limits']).toBe('wasserstein-normalised 0.05 to 0.2 by column')
  })

  it('names the files by digest', () => {
    expect(identityRows(everything())).toEqual([
      ['Window', '2026-02-02 to 2026-02-09', ''],
      ['Reference', 'x.csv', 'ab'.repeat(32)],
    ])
  })
})

describe('a metric in words', () => {
  const metric = everything().performance?.metrics[0]
  if (metric === undefined) throw new Error('the fixture has a metric')

  it('shows what the status rests on', () => {
    expect(metricRow(metric)).toEqual({
      name: 'accuracy',
      before: '0.9 (0.89 to 0.91)',
      now: '0.8 (0.79 to 0.81)',
      change: '−0.1 (worse)',
      margin: '0.02',
      basis: 'labels',
    })
    const estimated = metricRow({ ...metric, basis: 'estimated', average: 'macro' })
    expect(estimated).toMatchObject({
      name: 'accuracy (macro)',
      now: '0.88 (0.87 to 0.89)',
      change: '−0.02 (worse)',
    })
    expect(estimated.basis).toBe('estimated from scores')
  })

  it('knows that less of a loss is better, and what is not there', () => {
    expect(metricRow({ ...metric, direction: 'lower' }).change).toBe('−0.1 (better)')
    const realised = { ...metric.realised, reference: null, current: null, difference: null }
    const none = metricRow({ ...metric, basis: 'none', realised, estimated: null })
    expect(none).toMatchObject({ before: '–', now: '–', change: '–', basis: 'nothing yet' })
    expect(metricRow({ ...metric, margin: { value: 0.05, relative: true } }).margin).toBe(
      '5% of the reference',
    )
  })
})
