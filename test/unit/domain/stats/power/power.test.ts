import { describe, expect, it } from '@jest/globals'
import { drawBinomial } from '../../../../../src/domain/stats/binomial-draw.js'
import { delongSingle } from '../../../../../src/domain/stats/delong.js'
import {
  hanleyMcNeilVariance,
  requiredNAuc,
  requiredNPairedAuc,
} from '../../../../../src/domain/stats/power/auc.js'
import { requiredNMean, requiredNPairedMeans } from '../../../../../src/domain/stats/power/means.js'
import {
  pairedProportionsPower,
  requiredNPairedProportions,
} from '../../../../../src/domain/stats/power/paired-proportions.js'
import {
  proportionPower,
  requiredNProportion,
} from '../../../../../src/domain/stats/power/proportion.js'
import { studentPower } from '../../../../../src/domain/stats/power/student-power.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { tangoInterval } from '../../../../../src/domain/stats/tango.js'
import { wilsonInterval } from '../../../../../src/domain/stats/wilson.js'
import { readReference } from '../close.js'

interface Case {
  n: number
  lower: number
  upper: number | null
  level: number
  power: number
}
const reference = readReference<{
  proportionPower: { n: number; expected: number; bound: number; level: number; power: number }[]
  pairedProportionsPower: (Case & { discordance: number; difference: number })[]
  studentPower: (Case & { mean: number; sd: number })[]
}>('gate-methods')

describe('requiredNProportion', () => {
  it.each(reference.proportionPower)(
    'has the exact binomial power: $n examples, $expected above $bound',
    (row) => {
      expect(proportionPower({ ...row, power: 0.8 })).toBeCloseTo(row.power, 11)
    },
  )

  it('finds the first number of examples for which Wilson intervals show the floor as often as asked', () => {
    const random = createRandom(2)
    const plan = { expected: 0.95, bound: 0.9, level: 0.95, power: 0.8 }
    const { n, power, assumptions } = requiredNProportion(plan)!
    expect(assumptions).toEqual(plan)
    expect(proportionPower({ ...plan, n: n - 1 })).toBeLessThan(0.8)
    let shown = 0
    const runs = 20000
    for (let run = 0; run < runs; run++) {
      if (wilsonInterval(drawBinomial(n, 0.95, random), n, 0.95)!.low > 0.9) shown++
    }
    expect(Math.abs(shown / runs - power)).toBeLessThan(3 * Math.sqrt(0.16 / runs))
  })

  it('mirrors a ceiling, and needs more for less distance, more power and more confidence', () => {
    const plan = { expected: 0.95, bound: 0.9, level: 0.95, power: 0.8 }
    const { n } = requiredNProportion(plan)!
    expect(requiredNProportion({ ...plan, expected: 1 - 0.95, bound: 1 - 0.9 })?.n).toBe(n)
    expect(requiredNProportion({ ...plan, expected: 0.92 })!.n).toBeGreaterThan(n)
    expect(requiredNProportion({ ...plan, power: 0.95 })!.n).toBeGreaterThan(n)
    expect(requiredNProportion({ ...plan, level: 0.99 })!.n).toBeGreaterThan(n)
    expect(requiredNProportion({ ...plan, expected: 1 })!.n).toBe(35)
  })

  it('is undefined where nothing is to be shown, and for probabilities that are none', () => {
    const plan = { expected: 0.95, bound: 0.9, level: 0.95, power: 0.8 }
    for (const change of [
      { expected: 0.9 },
      { expected: Number.NaN },
      { expected: 1.1 },
      { bound: 1 },
      { level: 1 },
      { power: 0 },
      { bound: 0.95 - 1e-6 },
    ]) {
      expect(requiredNProportion({ ...plan, ...change })).toBeUndefined()
    }
  })
})

const goalOf = ({ lower, upper }: { lower: number; upper: number | null }) =>
  upper === null
    ? ({ goal: lower < 0 ? 'non-inferiority' : 'superiority', margin: Math.abs(lower) } as const)
    : ({ goal: 'equivalence', margin: upper } as const)

describe('requiredNPairedProportions', () => {
  it.each(reference.pairedProportionsPower)(
    'has the power summed over all outcomes: $n examples, discordance $discordance, difference $difference',
    ({ power, ...row }) => {
      const found = pairedProportionsPower({ ...row, ...goalOf(row), power: 0.8 })
      expect(found).toBeCloseTo(power, 8)
    },
  )

  it.each([
    { goal: 'non-inferiority', margin: 0.02, discordance: 0.1, difference: 0 },
    { goal: 'non-inferiority', margin: 0.03, discordance: 0.02, difference: -0.005 },
    { goal: 'superiority', margin: 0, discordance: 0.2, difference: 0.03 },
    { goal: 'superiority', margin: 0.01, discordance: 0.3, difference: 0.08 },
    { goal: 'equivalence', margin: 0.03, discordance: 0.08, difference: 0.005 },
  ] as const)(
    'answers with a number of examples for which Tango intervals show it in the share asked for: $goal $margin',
    (question) => {
      const plan = { ...question, level: 0.95, power: 0.8 }
      const { n } = requiredNPairedProportions(plan)!
      const random = createRandom(n)
      const { discordance, difference, margin, goal } = plan
      const win = (discordance + difference) / 2
      const runs = 4000
      let shown = 0
      for (let run = 0; run < runs; run++) {
        const discordant = drawBinomial(n, discordance, random)
        const candidateOnly = drawBinomial(discordant, win / discordance, random)
        const { low, high } = tangoInterval({
          candidateOnly,
          baselineOnly: discordant - candidateOnly,
          n,
          level: 0.95,
        })
        const above = low > (goal === 'superiority' ? margin : -margin)
        if (above && (goal !== 'equivalence' || high < margin)) shown++
      }
      expect(Math.abs(shown / runs - 0.8)).toBeLessThan(0.02 + 3 * Math.sqrt(0.16 / runs))
    },
  )

  it('goes on evenly where the normal approximation takes over', () => {
    const plan = {
      goal: 'superiority',
      margin: 0,
      level: 0.95,
      power: 0.8,
      discordance: 0.25,
      difference: 0.006,
    } as const
    const exact = pairedProportionsPower({ ...plan, n: 20000 })
    const approximate = pairedProportionsPower({ ...plan, n: 20010 })
    expect(Math.abs(exact - approximate)).toBeLessThan(0.002)
  })

  it('needs examples even for models that never differ', () => {
    const plan = {
      goal: 'non-inferiority',
      margin: 0.01,
      level: 0.95,
      power: 0.8,
      discordance: 0,
      difference: 0,
    } as const
    const { n } = requiredNPairedProportions(plan)!
    expect(
      tangoInterval({ candidateOnly: 0, baselineOnly: 0, n, level: 0.95 }).low,
    ).toBeGreaterThan(-0.01)
    expect(
      tangoInterval({ candidateOnly: 0, baselineOnly: 0, n: n - 1, level: 0.95 }).low,
    ).toBeLessThanOrEqual(-0.01)
  })

  it('is undefined for what cannot be shown or cannot be', () => {
    const plan = {
      goal: 'non-inferiority',
      margin: 0.02,
      level: 0.95,
      power: 0.8,
      discordance: 0.1,
      difference: 0,
    } as const
    for (const change of [
      { difference: -0.02 },
      { difference: 0.2 },
      { discordance: 1.1 },
      { margin: -1 },
      { margin: 1 },
      { margin: Number.NaN },
    ]) {
      expect(requiredNPairedProportions({ ...plan, ...change })).toBeUndefined()
    }
    expect(requiredNPairedProportions({ ...plan, goal: 'superiority', margin: 0 })).toBeUndefined()
    expect(requiredNPairedProportions({ ...plan, goal: 'equivalence', margin: 0 })).toBeUndefined()
  })
})

describe('requiredN of means', () => {
  it.each(reference.studentPower)(
    "has scipy's noncentral t power: $n values, mean $mean",
    (row) => {
      const { n, mean, sd, level } = row
      const region = { lower: row.lower, upper: row.upper ?? Number.POSITIVE_INFINITY }
      expect(studentPower({ n, mean, sd, region, level })).toBeCloseTo(row.power, 5)
    },
  )

  it('finds the first number of values with the power asked for: 34 at half a deviation, as everybody', () => {
    const plan = { expected: 0.5, bound: 0, sd: 1, level: 0.95, power: 0.8 }
    expect(requiredNMean(plan)).toMatchObject({ n: 34, assumptions: plan })
    expect(requiredNMean({ ...plan, expected: -0.5 })?.n).toBe(34)
    const paired = {
      goal: 'non-inferiority',
      margin: 0.5,
      difference: 0,
      sd: 1,
      level: 0.95,
      power: 0.8,
    } as const
    expect(requiredNPairedMeans(paired)?.n).toBe(34)
    expect(requiredNPairedMeans({ ...paired, goal: 'equivalence' })!.n).toBeGreaterThan(34)
    expect(
      requiredNPairedMeans({ ...paired, goal: 'superiority', margin: 0, difference: 0.5 })?.n,
    ).toBe(34)
  })

  it('is undefined where nothing is to be shown, or nothing varies', () => {
    const plan = { expected: 0.5, bound: 0, sd: 1, level: 0.95, power: 0.8 }
    for (const change of [
      { expected: 0 },
      { sd: 0 },
      { sd: Number.NaN },
      { expected: Number.NaN },
      { bound: Infinity },
    ]) {
      expect(requiredNMean({ ...plan, ...change })).toBeUndefined()
    }
    const paired = {
      goal: 'superiority',
      margin: 0,
      difference: 0,
      sd: 1,
      level: 0.95,
      power: 0.8,
    } as const
    expect(requiredNPairedMeans(paired)).toBeUndefined()
  })
})

describe('requiredN of areas', () => {
  it("is Hanley and McNeil's formula: 0.0104 for an area of 0.8 and ten of either class", () => {
    // (0.8 * 0.2 + 9 (2/3 - 0.64) + 9 (1.28/1.8 - 0.64)) / 100
    expect(hanleyMcNeilVariance(0.8, 10, 10)).toBeCloseTo(0.0104, 14)
  })

  it('answers with a number of examples for which DeLong intervals show the floor about as often as asked', () => {
    // Exponential scores have the law of Hanley and McNeil: area r / (1 + r) for rates in the ratio r.
    const plan = { expected: 0.8, bound: 0.7, positiveShare: 0.4, level: 0.95, power: 0.8 }
    const { n } = requiredNAuc(plan)!
    const random = createRandom(6)
    const positives = Math.round(n * 0.4)
    const labels = Uint8Array.from({ length: n }, (_, i) => +(i < positives))
    const runs = 1500
    let shown = 0
    for (let run = 0; run < runs; run++) {
      const scores = Float64Array.from(
        labels,
        (label) => -Math.log(1 - random.next()) * (label === 1 ? 4 : 1),
      )
      if (delongSingle(labels, scores, 0.95)!.low > 0.7) shown++
    }
    expect(Math.abs(shown / runs - 0.8)).toBeLessThan(0.03 + 3 * Math.sqrt(0.16 / runs))
  })

  it('needs fewer examples for models whose areas go together, and more for equivalence', () => {
    const plan = {
      goal: 'non-inferiority',
      margin: 0.02,
      baselineAuc: 0.85,
      difference: 0,
      correlation: 0.6,
      positiveShare: 0.3,
      level: 0.95,
      power: 0.8,
    } as const
    const { n, power } = requiredNPairedAuc(plan)!
    expect(power).toBeGreaterThanOrEqual(0.8)
    expect(requiredNPairedAuc({ ...plan, correlation: 0.9 })!.n / n).toBeCloseTo(0.25, 2)
    expect(requiredNPairedAuc({ ...plan, goal: 'equivalence' })!.n).toBeGreaterThan(n)
    expect(
      requiredNPairedAuc({ ...plan, goal: 'superiority', margin: 0, difference: 0.02 })!.n / n,
    ).toBeLessThan(1.05)
  })

  it('is undefined for what cannot be shown or cannot be', () => {
    const one = { expected: 0.8, bound: 0.7, positiveShare: 0.4, level: 0.95, power: 0.8 }
    for (const change of [
      { expected: 0.7 },
      { expected: 1 },
      { positiveShare: 0 },
      { bound: Number.NaN },
    ]) {
      expect(requiredNAuc({ ...one, ...change })).toBeUndefined()
    }
    const plan = {
      goal: 'superiority',
      margin: 0,
      baselineAuc: 0.85,
      difference: 0.02,
      correlation: 0.6,
      positiveShare: 0.3,
      level: 0.95,
      power: 0.8,
    } as const
    for (const change of [
      { difference: 0 },
      { difference: 0.2 },
      { correlation: 1 },
      { positiveShare: 1 },
    ]) {
      expect(requiredNPairedAuc({ ...plan, ...change })).toBeUndefined()
    }
  })
})
