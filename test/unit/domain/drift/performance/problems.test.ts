import { describe, expect, it } from '@jest/globals'
import { performanceProblems } from '../../../../../src/domain/drift/performance/index.js'
import type { Table } from '../../../../../src/domain/table/column.js'
import { text } from '../tables.js'
import { columnOf, settings, tableOf, without } from './samples.js'

const good = tableOf(
  columnOf('score', [0.1, 0.9, Number.NaN]),
  columnOf('label', [0, 1, 1]),
  columnOf('guess', [0, 1, 0]),
)

function problems(
  change: Readonly<Record<string, unknown>>,
  reference: Table = good,
  current: Table = reference,
): string[] {
  const windows = [{ label: 'now', table: current }]
  const found = performanceProblems(settings(change), { reference, current: windows })
  return found.map(({ code, where = '', what }) => `${code} ${where}: ${what}`)
}

describe('what does not fit is said before anything is judged', () => {
  it('nothing to say of settings that fit, with labels not known yet', () => {
    expect(problems({ prediction: 'guess' })).toEqual([])
    expect(problems({}, good, without(good, 'label'))).toEqual([])
    expect(problems({ label: undefined }, without(good, 'label'))).toEqual([])
  })

  it('MW-DRIFT-301: a column that is not there, by the side that lacks it', () => {
    expect(problems({ prediction: 'y|<b>\n' })).toEqual([
      'MW-DRIFT-301 drift.performance.prediction: the reference has no column "y|<b>\\n".',
      'MW-DRIFT-301 drift.performance.prediction: the current data has no column "y|<b>\\n".',
    ])
    expect(problems({}, without(good, 'label'), good)[0]).toMatch(
      /^MW-DRIFT-301 drift\.performance\.label: the reference/,
    )
    expect(problems({}, good, without(good, 'score'))[0]).toMatch(/301 .*score: the current data/)
  })

  it('MW-DRIFT-301 names the columns that the data has, and not those alone that were read', () => {
    const known = { reference: ['id', 'score', 'y|<b>'], current: ['id', 'p', 'y|<b>'] }
    const read = without(good, 'score')
    const samples = { reference: good, current: [{ label: 'now', table: read }], known }
    expect(performanceProblems(settings({}), samples)).toMatchObject([
      { code: 'MW-DRIFT-301', fix: 'Name one of its columns: id, p, y|<b>.' },
    ])
  })

  it.each([
    ['both kinds of scores', { scores: { a: 'score', b: 'guess' } }, /both score and scores/],
    ['no predictions at all', { score: undefined }, /no column of predictions/],
    ['scores of one class', { score: undefined, scores: { a: 'score' } }, /fewer than two classes/],
    [
      'scores of numbers',
      { task: 'regression', prediction: 'guess', metrics: ['mae'] },
      /a regression has none/,
    ],
  ])('MW-DRIFT-302: %s', (_, change, words) => {
    const found = problems(change)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^MW-DRIFT-302 /)
    expect(found[0]).toMatch(words)
  })

  it('MW-DRIFT-303: scores that are no probabilities, and text where numbers belong', () => {
    const outside = tableOf(columnOf('score', [0.5, 1.2, -3]), columnOf('label', [0, 1, 1]))
    expect(problems({}, good, outside)).toEqual([
      'MW-DRIFT-303 drift.performance.score: column "score" of the current data lies outside 0 to 1 in 2 rows: it is no probability.',
    ])
    const words = tableOf(text('score', ['high', 'low']), columnOf('label', [0, 1]))
    expect(problems({}, words)[0]).toMatch(/303 .*holds text, for example "high"/)
  })

  it('MW-DRIFT-304 and 305: metrics that are not known, or not for these settings', () => {
    expect(problems({ metrics: ['acuracy'] })).toEqual([
      'MW-DRIFT-304 drift.performance.metrics: there is no metric "acuracy".',
    ])
    const names = ['mae', 'top-k-accuracy', 'demographic-parity-difference', 'column:x']
    for (const name of names) expect(problems({ metrics: [name] })[0]).toMatch(/^MW-DRIFT-305 /)
    const unscored = { score: undefined, prediction: 'guess', metrics: ['auc'] }
    expect(problems(unscored)[0]).toMatch(/305 .*auc needs probabilities/)
    const numbers = { task: 'regression', score: undefined, prediction: 'guess' }
    expect(problems({ ...numbers, metrics: ['pinball'] })[0]).toMatch(/305 .*needs a quantile/)
  })

  it('MW-DRIFT-306: a column with too many values to be classes', () => {
    const many = tableOf(
      columnOf('score', new Float64Array(1500).fill(0.5)),
      columnOf(
        'label',
        Array.from({ length: 1500 }, (_, i) => i / 7),
      ),
    )
    expect(problems({}, many)).toEqual([
      'MW-DRIFT-306 drift.performance: column "label" holds more than 1000 distinct values, which are no classes.',
    ])
  })

  it('MW-DRIFT-307: predictions written otherwise than labels', () => {
    const words = tableOf(text('guess', ['yes', 'no']), columnOf('label', [0, 1]))
    const found = problems({ score: undefined, prediction: 'guess', metrics: ['accuracy'] }, words)
    expect(found[0]).toMatch(/307 .*predictions \(yes, no\) share no class with labels \(0, 1\)/)
  })

  it('MW-DRIFT-308: one score of several classes, and classes without a score', () => {
    const three = tableOf(columnOf('score', [0.1, 0.2, 0.3]), text('label', ['a', 'b', 'c']))
    expect(problems({ positive: 'a' }, three)[0]).toMatch(/308 .*there are 3: a, b, c/)
    const scores = { score: undefined, positive: undefined, scores: { a: 'score', b: 'score' } }
    expect(problems({ ...scores, metrics: ['accuracy'] }, three)[0]).toMatch(
      /308 .*scores has no column for c/,
    )
  })

  it('MW-DRIFT-309: a positive class that is not there, or not said', () => {
    expect(problems({ positive: 'churn' })).toEqual([
      'MW-DRIFT-309 drift.performance.positive: the positive class "churn" is not among the classes.',
    ])
    const words = tableOf(columnOf('score', [0.1, 0.2]), text('label', ['ham', 'spam']))
    expect(problems({ positive: undefined }, words)[0]).toMatch(/309 .*not said which class is pos/)
    const alone = { positive: undefined, label: undefined }
    expect(problems(alone, tableOf(columnOf('score', [0.1])))[0]).toMatch(/309 .*probability of/)
  })

  it('MW-DRIFT-310: a reference whose labels are all missing', () => {
    const blank = tableOf(columnOf('score', [0.1]), columnOf('label', [Number.NaN]))
    expect(problems({}, blank)[0]).toMatch(/^MW-DRIFT-310 .*no row of the reference has a value/)
  })
})
