import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { diagnose } from '../../../../../src/domain/gate/diagnostics/diagnose.js'
import { orderStatistics } from '../../../../../src/domain/gate/diagnostics/order-statistics.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { wilsonInterval } from '../../../../../src/domain/stats/wilson.js'
import { classified, grouped, regression } from './fixtures.js'

const sum = (counts: readonly number[] | null | undefined) => counts?.reduce((a, b) => a + b, 0)

describe('confusion matrices', () => {
  it('count true classes in rows and predictions in columns', () => {
    const { confusion } = diagnose(
      classified({ labels: [0, 0, 1, 1, 1], predictions: [0, 1, 1, 1, 0] }),
    )
    expect(confusion).toEqual({
      classes: ['no', 'yes'],
      candidate: [
        [1, 1],
        [1, 2],
      ],
      baseline: null,
    })
  })

  it('put all but the 11 most frequent of many classes together', () => {
    const classes = Array.from({ length: 500 }, (_, i) => `class-${i}`)
    const labels = Array.from({ length: 5000 }, (_, i) => (i < 2500 ? i % 500 : 10 * (i % 11)))
    const { confusion } = diagnose(classified({ classes, labels, predictions: labels }))
    const shown = Array.from({ length: 11 }, (_, i) => `class-${10 * i}`)
    expect(confusion?.classes).toEqual([...shown, '(all others)'])
    expect(sum(confusion?.candidate.flat())).toBe(5000)
    expect(confusion?.candidate[11]?.[11]).toBe(5 * 489)
  })

  it('keep missing predictions apart, as a code of their own or as no number', () => {
    const coded = classified(
      { classes: ['no', '', 'yes'], labels: [0, 2], predictions: [1, 2] },
      { abstention: 1 },
    )
    expect(diagnose(coded).confusion).toEqual({
      classes: ['no', 'yes', '(no prediction)'],
      candidate: [
        [0, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
      ],
      baseline: null,
    })
    const missing = classified({ labels: [0, 1], predictions: [Number.NaN, 1] })
    expect(diagnose(missing).confusion?.candidate).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ])
  })

  it('are not made of sets of labels', () => {
    const sets = classified({ labels: [0, 1], predictions: [0, 0] }, { labelSets: [] })
    expect(diagnose(sets).confusion).toBeNull()
  })
})

describe('the calibration curve', () => {
  it('is not drawn of scores outside [0, 1], and leaves missing ones out', () => {
    const labels = [0, 1, 1, 0]
    expect(diagnose(classified({ labels, scores: [0, 2, 1, 0.5] })).calibration).toBeNull()
    const { calibration } = diagnose(classified({ labels, scores: [0.1, Number.NaN, 0.9, 0.2] }))
    expect(sum(calibration?.candidate.map(({ n }) => n))).toBe(3)
    expect(
      diagnose(classified({ labels, scores: Array(4).fill(Number.NaN) })).calibration,
    ).toBeNull()
  })

  it('is one bin of a constant probability', () => {
    const { calibration } = diagnose(
      classified({ labels: [0, 1, 1, 1], scores: [0.7, 0.7, 0.7, 0.7] }),
    )
    expect(calibration?.candidate).toHaveLength(1)
    expect(calibration?.candidate[0]).toMatchObject({ observed: 0.75, n: 4 })
    expect(calibration?.candidate[0]?.meanScore).toBeCloseTo(0.7, 15)
  })

  it('does not depend on the order of rows, to the last bit', () => {
    const random = createRandom(4)
    const scores = Array.from({ length: 20_000 }, () => random.next())
    const labels = scores.map((p) => (random.next() < p ? 1 : 0))
    const turned = classified({ labels: labels.toReversed(), scores: scores.toReversed() })
    expect(diagnose(turned)).toEqual(diagnose(classified({ labels, scores })))
  })
})

describe('histograms', () => {
  it('share edges between models and sides, with what lies beyond in the outer bins', () => {
    const n = 1000
    const labels = Array.from({ length: n }, (_, i) => i % 2)
    const scores = labels.map((_, i) => (i === 0 ? 1e9 : (i % 100) - 50))
    const baseline = {
      scores: labels.map((_, i) => (i === 1 ? Number.NEGATIVE_INFINITY : (i % 10) - 5)),
    }
    const { scores: found } = diagnose(classified({ labels, scores, baseline }))
    expect(found?.positive.edges).toEqual(found?.negative.edges)
    expect(found?.positive.edges[0]).toBe(-50)
    expect(found?.positive.edges.at(-1)).toBe(49)
    for (const counts of [found?.positive.candidate, found?.positive.baseline]) {
      expect(sum(counts)).toBe(500)
    }
    expect(sum(found?.negative.candidate)).toBe(500)
  })

  it('of errors are not flattened by a wild value', () => {
    const n = 500
    const random = createRandom(9)
    const labels = Array.from({ length: n }, () => 0)
    const predictions = labels.map((_, i) => (i === 7 ? 1e12 : random.next()))
    const { errors } = diagnose(regression({ labels, predictions }))
    expect(errors?.edges.at(-1)).toBeLessThan(1.0001)
    expect(errors?.candidate.length).toBeGreaterThan(5)
    expect(errors?.candidate.length).toBeLessThanOrEqual(40)
    expect(sum(errors?.candidate)).toBe(n)
  })

  it('of equal errors are one bin around them', () => {
    for (const value of [0, 3, -1e20, 5e-324]) {
      const { errors } = diagnose(regression({ labels: [0, 0], predictions: [value, value] }))
      expect(errors?.candidate).toEqual([2])
      expect(errors?.edges[0]).toBeLessThan(value)
      expect(errors?.edges[1]).toBeGreaterThan(value)
    }
  })

  it('count errors at both ends of what a number can be', () => {
    const predictions = [-1.7e308, 1.7e308, 1.7e308, 0, 1]
    const { errors } = diagnose(regression({ labels: [0, 0, 0, 0, 0], predictions }))
    expect(errors?.candidate[0]).toBe(1)
    expect(errors?.candidate.at(-1)).toBe(2)
  })

  it('are bounded, rising and complete whatever the numbers', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }).map(Number))
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 60 }), (pairs) => {
        const labels = pairs.map(([label]) => label)
        const predictions = pairs.map(([, prediction]) => prediction)
        const { errors } = diagnose(regression({ labels, predictions }))
        const values = pairs.map(([label, prediction]) => prediction - label)
        if (!values.some(Number.isFinite)) return errors === null
        const edges = errors?.edges ?? []
        const rising = edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge))
        const counted = values.filter((value) => !Number.isNaN(value)).length
        return (
          rising &&
          edges.every(Number.isFinite) &&
          edges.length <= 41 &&
          sum(errors?.candidate) === counted
        )
      }),
      {
        examples: [
          [[[0, 1.797693134860681e308]]],
          [
            [
              [1e308, -1e308],
              [0, 1.7e308],
            ],
          ],
        ],
      },
    )
  })
})

describe('disagreement', () => {
  const four = classified({
    labels: [1, 1, 0, 0, 1],
    predictions: [1, 1, 1, 0, 0],
    baseline: { predictions: [1, 0, 0, 1, 0] },
  })

  it('counts who is right, and gives only counts without ids', () => {
    expect(diagnose(four).disagreement).toEqual({
      bothRight: 1,
      candidateOnly: 2,
      baselineOnly: 1,
      bothWrong: 1,
      candidateOnlyIds: [],
      baselineOnlyIds: [],
    })
  })

  it('lists the first 20 ids by number, then by text, in whatever order the rows come', () => {
    const n = 200
    const ids = Array.from({ length: n }, (_, i) => (i % 4 === 0 ? `x${i}` : String((i * 37) % n)))
    const examples = classified({
      labels: Array(n).fill(1),
      predictions: Array(n).fill(1),
      baseline: { predictions: Array(n).fill(0) },
    })
    const { disagreement } = diagnose(examples, { idOf: (row) => ids[row] ?? '' })
    const whole = ids.filter((id) => !id.startsWith('x')).sort((a, b) => Number(a) - Number(b))
    expect(disagreement?.candidateOnlyIds).toEqual(whole.slice(0, 20))
    const texts = diagnose(examples, { idOf: (row) => `x${row}` }).disagreement?.candidateOnlyIds
    expect(texts?.slice(0, 3)).toEqual(['x0', 'x1', 'x10'])
    const huge = diagnose(examples, { idOf: (row) => `9007199254740993${n - row}` })
    expect(huge.disagreement?.candidateOnlyIds[0]).toBe('90071992547409931')
  })

  it('shows cells only when asked, cut, with hostile names as plain keys', () => {
    const options = { idOf: (row: number) => (row === 1 ? '__proto__' : `id${row}`) }
    expect(diagnose(four, options).disagreement?.examples).toBeUndefined()
    const cells = {
      columns: ['__proto__', 'text'],
      cellOf: (row: number, column: string) =>
        column === 'text' ? `${'a'.repeat(198)}😀 ${row}` : undefined,
    }
    const { examples } = diagnose(four, { ...options, cells }).disagreement ?? {}
    expect(Object.keys(examples ?? {})).toEqual(['__proto__', 'id3', 'id2'])
    expect(Object.getPrototypeOf(examples)).toBe(Object.prototype)
    const [first] = Object.values(examples ?? {})
    expect(Object.entries(first ?? {})).toEqual([
      ['__proto__', null],
      ['text', `${'a'.repeat(198)}…`],
    ])
  })

  it('is null of one model, of models that judged other examples, and in regression', () => {
    expect(diagnose(classified({ labels: [1], predictions: [1] })).disagreement).toBeNull()
    const { n, labels, groups } = four
    const unpaired = { ...four, baselineRows: { n, labels, groups } }
    expect(diagnose(unpaired).disagreement).toBeNull()
    const numbers = regression({ labels: [1], predictions: [1], baseline: { predictions: [1] } })
    expect(diagnose(numbers).disagreement).toBeNull()
  })
})

describe('rates of groups', () => {
  const examples = classified({
    labels: [1, 1, 1, 0, 0, 1, 0],
    predictions: [1, 0, 1, 1, 0, 1, 0],
    baseline: { predictions: [1, 1, 1, 1, 1, 1, 1] },
    groups: { sex: ['m', 'm', 'm', 'm', 'f', 'f', null] },
  })

  it('have Wilson intervals and the number that the rate is a share of', () => {
    const { groups } = diagnose(examples, { groupColumns: ['sex'] })
    const of = (group: string | null, rate: string) =>
      groups.find((each) => each.group === group && each.rate === rate)
    expect(of('m', 'selection-rate')).toMatchObject({ n: 4, candidate: { value: 0.75 } })
    expect(of('m', 'true-positive-rate')).toMatchObject({
      n: 3,
      candidate: { value: 2 / 3, low: wilsonInterval(2, 3, 0.95)?.low },
      baseline: { value: 1, high: 1 },
    })
    expect(of('m', 'false-positive-rate')).toMatchObject({ n: 1, candidate: { value: 1 } })
    expect(of('f', 'accuracy')).toMatchObject({
      n: 2,
      candidate: { value: 1 },
      baseline: { value: 0.5 },
    })
    expect(groups.map(({ group }) => group)).toEqual(
      ['f', 'm', null].flatMap((group) => [group, group, group, group]),
    )
  })

  it('are null where a group has nothing that the rate is a share of', () => {
    const { groups } = diagnose(examples, { groupColumns: ['sex'] })
    const nothing = groups.find(
      ({ group, rate }) => group === null && rate === 'true-positive-rate',
    )
    expect(nothing).toMatchObject({ n: 0, candidate: null, baseline: null })
  })

  it('are only accuracies without a positive class, and none of unknown columns', () => {
    const many = { ...examples, positive: undefined }
    const { groups } = diagnose(many, { groupColumns: ['sex', 'gone'] })
    expect(groups.map(({ rate }) => rate)).toEqual(['accuracy', 'accuracy', 'accuracy'])
  })

  it('are of the 30 largest groups', () => {
    const names = Array.from({ length: 3000 }, (_, i) => (i < 100 ? `big-${i % 10}` : `small-${i}`))
    const labels = names.map(() => 1)
    const { groups } = diagnose(classified({ labels, predictions: labels, groups: { g: names } }), {
      groupColumns: ['g'],
    })
    expect(new Set(groups.map(({ group }) => group)).size).toBe(30)
    expect(groups.filter(({ group }) => group?.startsWith('big'))).toHaveLength(40)
  })

  it("count the baseline's own examples where the models judged different ones", () => {
    const own = {
      n: 2,
      labels: Float64Array.of(1, 1),
      groups: new Map([['sex', grouped(['f', 'm'])]]),
    }
    const unpaired = {
      ...examples,
      baseline: { predictions: Float64Array.of(1, 0) },
      baselineRows: own,
    }
    const { groups, confusion } = diagnose(unpaired, { groupColumns: ['sex'] })
    const accuracies = groups.filter(({ rate }) => rate === 'accuracy')
    expect(accuracies.map(({ group, baseline }) => [group, baseline?.value])).toEqual([
      ['f', 1],
      ['m', 0],
      [null, undefined],
    ])
    expect(confusion?.baseline).toEqual([
      [0, 0],
      [1, 1],
    ])
  })
})

describe('diagnose', () => {
  it('says nothing of no examples, and what it can of one, of one class or of nothing but gaps', () => {
    expect(diagnose(classified({ labels: [], predictions: [], scores: [] }))).toEqual({
      confusion: null,
      calibration: null,
      scores: null,
      errors: null,
      disagreement: null,
      groups: [],
    })
    const one = diagnose(classified({ labels: [1], predictions: [1], scores: [1] }))
    expect(one.calibration?.candidate).toMatchObject([{ meanScore: 1, observed: 1, n: 1 }])
    expect(sum(one.scores?.negative.candidate)).toBe(0)
    const gaps = [Number.NaN, Number.NaN]
    const empty = diagnose(classified({ labels: [1, 1], predictions: gaps, scores: gaps }))
    expect(empty).toMatchObject({ calibration: null, scores: null, errors: null })
    expect(empty.confusion?.candidate[1]).toEqual([0, 0, 2])
    expect(diagnose(regression({ labels: gaps, predictions: [1, 2] })).errors).toBeNull()
  })

  it('says nothing of tasks whose units have values of their own', () => {
    const ranking = classified(
      { labels: [0, 1], scores: [1, 2] },
      { task: 'ranking', positive: undefined },
    )
    expect(diagnose(ranking)).toMatchObject({ confusion: null, scores: null, errors: null })
  })
})

describe('orderStatistics', () => {
  it('equals a sort, on long arrays too', () => {
    const random = createRandom(2)
    for (const draw of [
      () => random.next(),
      () => Math.floor(3 * random.next()),
      () => 1e300 * (random.next() - 0.5) ** 9,
      () => (random.next() < 1e-3 ? 1e9 : random.next()),
      () => 7,
    ]) {
      const values = Float64Array.from({ length: 30_000 }, draw)
      const sorted = values.slice().sort()
      const ranks = [0, 1, 14_999, 29_998, 29_999]
      expect(orderStatistics(values, ranks)).toEqual(ranks.map((rank) => sorted[rank]))
    }
  })
})
