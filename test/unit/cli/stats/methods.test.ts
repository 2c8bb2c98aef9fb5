import { describe, expect, it } from '@jest/globals'
import type * as z from 'zod'
import { procedure as clusteredMean } from '../../../../src/cli/stats/clustered-mean.js'
import { procedure as delong } from '../../../../src/cli/stats/delong.js'
import { fiveByTwoProcedure, nadeauBengioProcedure } from '../../../../src/cli/stats/folds.js'
import { procedures } from '../../../../src/cli/stats/index.js'
import { procedure as pairedRatio } from '../../../../src/cli/stats/paired-ratio.js'
import { procedure as passAtK } from '../../../../src/cli/stats/pass-at-k.js'
import type { Procedure } from '../../../../src/cli/stats/procedure.js'
import { procedure as ratioOfMeans } from '../../../../src/cli/stats/ratio-of-means.js'
import { procedure as tost } from '../../../../src/cli/stats/tost.js'
import { procedure as unpairedProportions } from '../../../../src/cli/stats/unpaired-proportions.js'
import { UserError } from '../../../../src/errors.js'

const run = <I extends z.ZodType, Answer>(
  procedure: { readonly input: I; run(input: z.output<I>): Answer },
  given: unknown,
): Answer => procedure.run(procedure.input.parse(given))

const examples = [
  { procedure: clusteredMean, given: { values: [1, 2, 4, 3], clusters: ['a', 'a', 'b', 'c'] } },
  { procedure: pairedRatio, given: { candidate: [1, 1, 0], baseline: [1, 0, 0] } },
  { procedure: ratioOfMeans, given: { candidate: [1, 2, 3], baseline: [2, 3, 3] } },
  { procedure: nadeauBengioProcedure, given: { differences: [0.1, 0.2], testShare: 0.1 } },
  {
    procedure: fiveByTwoProcedure,
    given: {
      differences: [
        [1, 2],
        [2, 1],
        [0, 1],
        [1, 0],
        [2, 2],
      ],
    },
  },
  { procedure: passAtK, given: { problems: [{ samples: 5, correct: 2 }], k: 2 } },
  { procedure: unpairedProportions, given: { candidate: [1, 1, 0], baseline: [1, 0] } },
  { procedure: tost, given: { differences: [0.1, -0.1, 0.05], margin: 1 } },
  {
    procedure: delong,
    given: {
      labels: [0, 1, 0, 1],
      scores: [1, 2, 3, 4],
      baselineLabels: [1, 1, 0, 0, 1],
      baselineScores: [1, 2, 3, 0, 4],
    },
  },
] as unknown as readonly { procedure: Procedure; given: object }[]

describe('modelway stats, the methods for one question each', () => {
  it.each(examples.map(({ procedure, given }) => ({ name: procedure.name, procedure, given })))(
    '$name answers the keys it documents, is listed by its name, and writes no infinity or NaN',
    async ({ name, procedure, given }) => {
      const answer = run(procedure, given) as object
      expect(Object.keys(answer).sort()).toEqual(Object.keys(procedure.output).sort())
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
      expect((await procedures[name]?.())?.name).toBe(name)
      expect(procedure.input.safeParse({ ...given, extra: 1 }).success).toBe(false)
    },
  )

  it('clustered-mean tests its boundary by t and by flipping clusters', () => {
    const given = { values: [1, 2, 4, 3], clusters: [1, 1, 'b', 'c'], boundary: 2.5 }
    expect(run(clusteredMean, given)).toMatchObject({
      mean: 2.5,
      clusters: 3,
      degreesOfFreedom: 2,
      effectiveSize: 4,
      statistic: 0,
      pValue: 1,
      signFlipP: 1,
    })
    const certain = run(clusteredMean, { values: [2, 2, 2] })
    expect(certain).toMatchObject({ standardError: 0, statistic: null, pValue: 0, signFlipP: 0.25 })
    const many = run(clusteredMean, { values: Array.from({ length: 30 }, (_, i) => i) })
    expect(many.signFlipP).toBeNull()
  })

  it.each([
    {
      given: { values: [1, 2], weights: [1] },
      message: 'MW-STATS-131: weights: has 1 entries, and values has 2.',
    },
    {
      given: { values: [1, 2], clusters: ['a'] },
      message: 'MW-STATS-131: clusters: has 1 entries',
    },
    { given: { values: [1, 2], weights: [0, 0] }, message: 'MW-STATS-132: weights: are all 0.' },
    {
      given: { values: [1, 2], clusters: ['a', 'a'] },
      message: 'MW-STATS-133: clusters: are too few.',
    },
    { given: { values: [1] }, message: 'MW-STATS-133: values: are too few.' },
  ])('clustered-mean says what is wrong: $message', ({ given, message }) => {
    expect(() => run(clusteredMean, given)).toThrow(UserError)
    expect(() => run(clusteredMean, given)).toThrow(message)
  })

  it('refuses numbers that are none, empty lists and levels that are no level', () => {
    const bad = [
      { values: [] },
      { values: [Number.NaN] },
      { values: [Number.POSITIVE_INFINITY] },
      { values: [1, 2], weights: [1, -1] },
      { values: [1, 2], level: 1 },
    ]
    for (const given of bad) expect(clusteredMean.input.safeParse(given).success).toBe(false)
    expect(pairedRatio.input.safeParse({ candidate: [2], baseline: [1] }).success).toBe(false)
    expect(pairedRatio.input.safeParse({ candidate: [1], baseline: [1], at: 0 }).success).toBe(
      false,
    )
    expect(tost.input.safeParse({ differences: [1, 2], margin: 0 }).success).toBe(false)
    expect(
      nadeauBengioProcedure.input.safeParse({ differences: [1, 2], testShare: 1 }).success,
    ).toBe(false)
    expect(fiveByTwoProcedure.input.safeParse({ differences: [[1, 2]] }).success).toBe(false)
    expect(passAtK.input.safeParse({ problems: [], k: 1 }).success).toBe(false)
    expect(unpairedProportions.input.safeParse({ candidate: [], baseline: [1] }).success).toBe(
      false,
    )
  })

  it('paired-ratio counts who was right, and writes null for ends that do not exist', () => {
    const counted = run(pairedRatio, {
      candidate: [1, 1, 0, 1, 0],
      baseline: [true, false, true, true, false],
    })
    expect(counted).toMatchObject({ ratio: 1, statistic: 0, pValue: 1 })
    const never = run(pairedRatio, { candidate: [1, 0], baseline: [0, 0] })
    expect(never).toMatchObject({ ratio: null, high: null })
    expect(() => run(pairedRatio, { candidate: [1, 0], baseline: [0] })).toThrow(
      'MW-STATS-131: baseline',
    )
  })

  it('ratio-of-means says when a ratio is unbounded, and keeps paired and unpaired samples apart', () => {
    const unbounded = run(ratioOfMeans, {
      candidate: [1, -1, 0.5, -0.4],
      baseline: [2, -2, 1, -0.5],
    })
    expect(unbounded).toMatchObject({ shape: 'everything', low: null, high: null, excluded: null })
    const other = run(ratioOfMeans, {
      candidate: [4, 5, 6],
      baseline: [2, 2.5, 3, 2.5],
      paired: false,
    })
    expect(other).toMatchObject({ ratio: 2, shape: 'interval' })
    expect(other.degreesOfFreedom).not.toBe(3)
    const given = { candidate: [1, 2], baseline: [1, 2], baselineWeights: [1, 1] }
    expect(() => run(ratioOfMeans, given)).toThrow('MW-STATS-133: baselineWeights:')
    expect(() => run(ratioOfMeans, { candidate: [1, 2], baseline: [1, -1] })).toThrow(
      'MW-STATS-133: baseline:',
    )
    const short = { candidate: [1, 2], baseline: [1, 2, 3], paired: false, baselineClusters: ['a'] }
    expect(() => run(ratioOfMeans, short)).toThrow(
      'MW-STATS-131: baselineClusters: has 1 entries, and baseline has 3.',
    )
  })

  it('pass-at-k names the problem that has too few samples', () => {
    const given = {
      problems: [
        { samples: 5, correct: 1 },
        { samples: 1, correct: 1 },
      ],
      k: 2,
    }
    expect(() => run(passAtK, given)).toThrow(
      'MW-STATS-133: problems[1]: 1 correct of 1 samples give no pass@2.',
    )
    const two = run(passAtK, {
      problems: [
        { samples: 4, correct: 2 },
        { samples: 2, correct: 0 },
      ],
      k: 1,
    })
    expect(two).toMatchObject({ passAtK: 0.25, low: 0, high: 1, perProblem: [0.5, 0] })
  })

  it('delong compares areas on different examples, naming the labels that are wrong', () => {
    const given = {
      labels: [0, 1, 0, 1],
      scores: [1, 2, 3, 4],
      baselineLabels: [1, 1, 0],
      baselineScores: [1, 2, 3],
    }
    expect(() => run(delong, given)).toThrow(
      'MW-STATS-102: baselineLabels: has 2 positive and 1 negative',
    )
    expect(() => run(delong, { ...given, baselineScores: [1] })).toThrow(
      'MW-STATS-101: baselineScores: has 1 entries, and baselineLabels has 3.',
    )
  })

  it('tost and unpaired-proportions decide as the gate does', () => {
    expect(
      run(tost, { differences: [0.01, -0.01, 0, 0.02], margin: 0.1, level: 0.9 }).equivalent,
    ).toBe(true)
    expect(
      run(tost, { differences: [0.5, -0.5, 0, 0.2], margin: 0.1, level: 0.9 }).equivalent,
    ).toBe(false)
    const alike = Array.from({ length: 400 }, (_, i) => +(i % 10 > 0))
    const found = run(unpairedProportions, { candidate: alike, baseline: alike, margin: 0.05 })
    expect(found).toMatchObject({ difference: 0, pValue: 1, nonInferior: true, ratio: 1 })
  })
})
