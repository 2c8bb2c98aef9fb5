import { decideGate } from '../../src/domain/gate/decide.js'
import type { GateExamples } from '../../src/domain/gate/examples.js'
import type { GateRule, SliceRule } from '../../src/domain/gate/policy.js'
import type { VerdictBody } from '../../src/domain/gate/verdict.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import { type Cell, type Part, percent, standardErrorOf } from './cell.js'
import { accuracyLaw, classLaw, clusterLaw, regressionLaw, scoreLaw, sliceLaw } from './laws.js'
import { drawClusters, drawRows, drawUnpaired, type Population } from './population.js'
import { namedRandom } from './random-numbers.js'
import { type MetricRule, metricNamed, truthOf } from './truth.js'

/** How the rule is put so that the truth lies exactly on its bound. */
export type Ask = 'margin' | 'relative' | 'equivalent' | 'better' | 'floor'

export interface Situation {
  readonly name: string
  readonly law: () => Population
  readonly rule: MetricRule
  readonly ask: Ask
  readonly n: number
  readonly runs: number
  readonly draw?: (population: Population, n: number, random: RandomSource) => GateExamples
  readonly slices?: SliceRule
  /** Instead of what the law gives. */
  readonly bound?: number
  readonly confidence?: number
}

/** The rule whose bound is where the population is. */
export function ruleAtTruth(population: Population, situation: Situation): GateRule {
  const { rule, ask, slices, bound } = situation
  const lower = metricNamed(rule).direction === 'lower'
  const worse = (of: 'difference' | 'ratio', equal: number) => {
    const truth = truthOf(population, rule, of) - equal
    return bound ?? (lower ? truth : -truth)
  }
  const written: MetricRule & { slices?: SliceRule } = slices ? { ...rule, slices } : rule
  const baseline = 'baseline' as const
  switch (ask) {
    case 'margin':
      return { ...written, 'no-worse-than': baseline, margin: worse('difference', 0) }
    case 'relative':
      return { ...written, 'no-worse-than': baseline, 'relative-margin': worse('ratio', 1) }
    case 'equivalent':
      return { ...written, 'equivalent-to': baseline, margin: Math.abs(worse('difference', 0)) }
    case 'better':
      return { ...written, 'better-than': baseline, by: -worse('difference', 0) }
    case 'floor': {
      const value = bound ?? truthOf(population, rule, 'candidate')
      return { ...written, [lower ? 'at-most' : 'at-least']: value }
    }
  }
}

/** Verdicts on so many samples of a situation. */
export function* verdictsOf(
  situation: Situation,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Generator<VerdictBody> {
  const population = situation.law()
  const rules = [ruleAtTruth(population, situation)]
  const { confidence = 0.95, draw = drawRows } = situation
  const random = namedRandom(seed, situation.name)
  const policy = {
    task: population.task,
    rules,
    confidence,
    correction: 'holm' as const,
    comparesWithBaseline: true,
  }
  for (let run = 0; run < runs; run++) {
    const examples = draw(population, situation.n, random)
    yield decideGate({ policy, examples, random })
  }
}

function cellOf(situation: Situation): Cell {
  return {
    name: situation.name,
    runs: situation.runs,
    simulate: (runs, seed) => {
      const counts = { pass: 0, warn: 0, fail: 0, inconclusive: 0 }
      const methods = new Set<string>()
      for (const verdict of verdictsOf(situation, { runs, seed })) {
        counts[verdict.decision]++
        methods.add(verdict.checks[0]?.interval?.method ?? 'none')
      }
      const nominal = (1 - (situation.confidence ?? 0.95)) / 2
      const limit = nominal + 3 * standardErrorOf(nominal, runs)
      const passed = counts.pass / runs
      const row = {
        situation: situation.name,
        n: situation.n,
        method: [...methods].join(', '),
        runs,
        'false pass': percent(passed, 2),
        limit: percent(limit, 2),
        held: passed <= limit ? 'yes' : '**no**',
        fail: percent(counts.fail / runs),
      }
      return [row]
    },
  }
}

const FAST = 10_000
const QUICK = 4000
/** A bootstrap at a small margin draws up to 100,000 resamples. */
const BOOTSTRAP = 400
const QUICK_METRICS = new Set(['accuracy', 'recall', 'auc', 'log-loss', 'brier', 'mae'])

/** Accuracy at its margin, by number of examples and discordance. */
export const ACCURACY: readonly Situation[] = [200, 1000, 10_000].flatMap((n) =>
  [0.03, 0.1, 0.3].map((discordance) => ({
    name: `accuracy, ${percent(discordance, 0)} discordant`,
    law: () => accuracyLaw({ discordance, difference: -0.01 }),
    rule: { metric: 'accuracy' },
    ask: 'margin' as const,
    n,
    runs: n > 1000 ? FAST / 4 : FAST,
  })),
)

/** All discordant examples are the baseline's: the hardest case of a score interval. */
const ONE_SIDED: readonly Situation[] = [200, 1000].map((n) => ({
  name: 'accuracy, 3% discordant, all of them lost',
  law: () => accuracyLaw({ discordance: 0.03, difference: -0.03 }),
  rule: { metric: 'accuracy' },
  ask: 'margin' as const,
  n,
  runs: FAST,
}))

const scores = () => scoreLaw({ prevalence: 0.3 })
const rare = () => scoreLaw({ prevalence: 0.1, gain: 2.6, offset: -0.8 })

function atMargin(metric: string, n: number, rest: Partial<Situation> = {}): Situation {
  const { rule, ...others } = rest
  return {
    name: `${metric}`,
    law: scores,
    rule: { metric, ...rule },
    ask: 'margin',
    n,
    runs: QUICK_METRICS.has(metric) ? QUICK : BOOTSTRAP,
    ...others,
  }
}

const BY_METRIC: readonly Situation[] = [
  ...[200, 1000, 10_000].flatMap((n) => [
    atMargin('f1', n),
    atMargin('recall', n),
    atMargin('precision', n),
    atMargin('auc', n),
    atMargin('log-loss', n),
  ]),
  ...['f1', 'recall', 'precision', 'auc', 'log-loss', 'average-precision'].map((metric) =>
    atMargin(metric, 500, { name: `${metric}, 10% positive`, law: rare }),
  ),
  ...['balanced-accuracy', 'matthews', 'cohen-kappa', 'brier', 'average-precision'].map((metric) =>
    atMargin(metric, 500),
  ),
  atMargin('expected-calibration-error', 500),
  ...(['normal', 'heavy'] as const).flatMap((tails) =>
    [40, 200, 1000].map((n) =>
      atMargin('mae', n, {
        name: `mae, ${tails} errors`,
        law: () => regressionLaw({ tails }),
        runs: n === 40 || tails === 'heavy' ? BOOTSTRAP : QUICK,
      }),
    ),
  ),
  atMargin('rmse', 500, { law: () => regressionLaw({ tails: 'normal' }) }),
  atMargin('r2', 500, { law: () => regressionLaw({ tails: 'normal' }) }),
  atMargin('f1', 500, {
    name: 'f1, macro of three classes',
    law: classLaw,
    rule: { metric: 'f1', average: 'macro' },
  }),
  atMargin('auc', 500, { name: 'auc of three classes', law: classLaw }),
]

const clusters = (count: number, metric: string): Situation =>
  atMargin(metric, count, {
    name: `${metric}, clusters`,
    law: clusterLaw,
    draw: drawClusters,
  })

const OTHER_ASKS: readonly Situation[] = [
  ...[10, 30, 100].map((count) => clusters(count, 'accuracy')),
  ...[30, 100].map((count) => clusters(count, 'f1')),
  ...[200, 1000].flatMap((n) =>
    ['accuracy', 'auc', 'log-loss', 'f1'].map((metric) =>
      atMargin(metric, n, { name: `${metric}, relative margin`, ask: 'relative' }),
    ),
  ),
  ...[200, 1000].flatMap((n) =>
    ['accuracy', 'auc', 'log-loss', 'f1'].map((metric) =>
      atMargin(metric, n, { name: `${metric}, equivalent at its edge`, ask: 'equivalent' }),
    ),
  ),
  ...['accuracy', 'auc', 'log-loss', 'f1'].map((metric) =>
    atMargin(metric, 1000, { name: `${metric}, unpaired`, draw: drawUnpaired }),
  ),
  ...['accuracy', 'auc', 'log-loss', 'f1'].map((metric) =>
    atMargin(metric, 1000, {
      name: `${metric}, better by exactly that much`,
      ask: 'better',
      law: () => scoreLaw({ prevalence: 0.3, better: 0.15 }),
    }),
  ),
  ...[200, 1000].map((n) =>
    atMargin('accuracy', n, {
      name: 'accuracy, better than an equal baseline',
      law: () => accuracyLaw({ discordance: 0.1, difference: 0 }),
      ask: 'better',
      bound: 0,
      runs: FAST,
    }),
  ),
  ...[0.6, 0.85, 0.95, 0.99].flatMap((accuracy) =>
    [200, 1000].map((n) =>
      atMargin('accuracy', n, {
        name: `accuracy at its floor of ${accuracy}`,
        law: () => accuracyLaw({ discordance: 0.01, difference: 0, accuracy }),
        ask: 'floor',
        runs: FAST,
      }),
    ),
  ),
]

const SLICES: readonly Situation[] = [
  atMargin('accuracy', 1000, {
    name: 'accuracy in two slices, both at the margin',
    law: () => sliceLaw({ worse: 0.02, other: -0.02 }),
    slices: { by: ['group'], 'min-size': 50 },
    bound: 0.02,
    runs: FAST / 4,
  }),
  atMargin('accuracy', 1000, {
    name: 'accuracy in two slices, one at the margin, the other far better',
    law: () => sliceLaw({ worse: 0.02, other: 0.08 }),
    slices: { by: ['group'], 'min-size': 50 },
    bound: 0.02,
    runs: FAST / 4,
  }),
]

const FAIRNESS: readonly Situation[] = [0, 0.6].flatMap((gap) =>
  [500, 2000].flatMap((n) =>
    ['demographic-parity-difference', 'equalized-odds-difference', 'demographic-parity-ratio'].map(
      (metric) =>
        atMargin(metric, n, {
          name: `${metric} at its bound, ${gap === 0 ? 'no gap' : 'a gap'}`,
          law: () => scoreLaw({ prevalence: 0.4, groups: [0.5, 0.3, 0.2], gap }),
          rule: { metric, group: 'group' },
          ask: 'floor',
        }),
    ),
  ),
)

export const SITUATIONS: readonly Situation[] = [
  ...ACCURACY,
  ...ONE_SIDED,
  ...BY_METRIC,
  ...OTHER_ASKS,
  ...SLICES,
  ...FAIRNESS,
].map((situation) => ({ ...situation, name: `${situation.name}, n ${situation.n}` }))

export const falsePass: Part = {
  title: 'False passes',
  text: 'The truth lies exactly on the bound of the rule: worse by exactly the margin, or exactly at the floor. A gate may pass it with probability (1 − confidence)/2 = 2.5% at confidence 0.95; the limit is that and 3 standard errors of the simulation. In clustered rows n counts clusters.',
  cells: () => SITUATIONS.map(cellOf),
}
