import { optionsOf, viewOf } from '../../src/domain/gate/draft.js'
import type { Contrast } from '../../src/domain/gate/evidence.js'
import { type GateExamples, pairOf } from '../../src/domain/gate/examples.js'
import { type Measurement, measure } from '../../src/domain/gate/measure.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import { type Cell, type Part, percent, verdictOn } from './cell.js'
import { foldCells } from './folds.js'
import { accuracyLaw, classLaw, clusterLaw, regressionLaw, scoreLaw } from './laws.js'
import { drawClusters, drawRows, drawUnpaired, type Population } from './population.js'
import { namedRandom } from './random-numbers.js'
import { type MetricRule, metricNamed, truthOf } from './truth.js'

export interface Covered {
  readonly law: string
  readonly rule: MetricRule
  readonly of: Contrast
  readonly n: number
  readonly runs: number
  readonly draw: 'rows' | 'unpaired' | 'clusters'
}

const LAWS: Readonly<Record<string, () => Population>> = {
  'two classes': () => scoreLaw({ prevalence: 0.3 }),
  '10% positive': () => scoreLaw({ prevalence: 0.1, gain: 2.6, offset: -0.8 }),
  '2% positive': () => scoreLaw({ prevalence: 0.02, gain: 3, offset: -1 }),
  'scores in 5 steps': () => scoreLaw({ prevalence: 0.3, steps: 5 }),
  'near perfect': () => scoreLaw({ prevalence: 0.3, gain: 7, better: -0.5 }),
  'few disagreements': () => accuracyLaw({ discordance: 0.01, difference: -0.005 }),
  weighted: () => scoreLaw({ prevalence: 0.3, weighted: true }),
  'three classes': classLaw,
  'two groups': () => scoreLaw({ prevalence: 0.4, groups: [0.6, 0.4], gap: 0.6 }),
  'two equal groups': () => scoreLaw({ prevalence: 0.4, groups: [0.6, 0.4] }),
  'normal errors': () => regressionLaw({ tails: 'normal' }),
  'heavy errors': () => regressionLaw({ tails: 'heavy' }),
  clusters: clusterLaw,
}

const DRAWS: Readonly<
  Record<Covered['draw'], (p: Population, n: number, random: RandomSource) => GateExamples>
> = { rows: drawRows, unpaired: drawUnpaired, clusters: drawClusters }

function nameOf({ law, rule, of, n, draw }: Covered): string {
  const options = [rule.average, rule['multi-class'], rule.method].filter((one) => one)
  return [rule.metric, ...options, of, law, draw, n].join(', ')
}

/** How often intervals hold the truth, and on which side they miss it. */
export interface Coverage {
  readonly runs: number
  readonly held: number
  /** Intervals that lie wholly below the truth, and above it. */
  readonly below: number
  readonly above: number
  readonly none: number
  /** Of those runs that had an interval. */
  readonly width: number
  /** Intervals that hold the mean of the estimates: of a biased one this is what they are about. */
  readonly heldMean: number
  readonly bias: number
  readonly methods: readonly string[]
}

/** Simulates one situation. */
export function coverageOf(covered: Covered, runs: number, seed: number): Coverage {
  const population = (LAWS[covered.law] ?? LAWS['two classes'])?.()
  if (population === undefined) throw new Error(`no law ${covered.law}`)
  const truth = truthOf(population, covered.rule, covered.of)
  const random = namedRandom(seed, nameOf(covered))
  const measured = Array.from({ length: runs }, () => measureOnce(population, covered, random))
  return tally(measured, covered.of, truth)
}

function measureOnce(population: Population, covered: Covered, random: RandomSource): Measurement {
  const { rule, of, n, draw } = covered
  const examples = DRAWS[draw](population, n, random)
  const metric = metricNamed(rule)
  const pair = pairOf(examples, viewOf(metric, rule, undefined))
  return measure({
    metric,
    options: optionsOf(rule),
    pair,
    of,
    level: 0.95,
    random,
    unpaired: pair.unpaired,
    method: rule.method,
  })
}

function estimateIn(found: Measurement, of: Contrast): number {
  const { candidate = Number.NaN, baseline = Number.NaN } = found
  if (of === 'candidate') return candidate
  return of === 'ratio' ? candidate / baseline : candidate - baseline
}

function tally(measured: readonly Measurement[], of: Contrast, truth: number): Coverage {
  const methods = new Set<string>()
  const found = measured.flatMap((one) => {
    const interval = one.finding.evidence?.interval
    if (interval === undefined) return []
    methods.add(interval.method)
    return [{ interval, estimate: estimateIn(one, of) }]
  })
  const mean = found.reduce((sum, one) => sum + one.estimate, 0) / found.length
  // The truth is computed as the estimates are: up to rounding.
  const tolerance = 1e-12 * Math.max(1, Math.abs(truth))
  const count = (holds: (low: number, high: number) => boolean) =>
    found.filter(({ interval }) => holds(interval.low, interval.high)).length
  const below = count((_, high) => high < truth - tolerance)
  const above = count((low) => low > truth + tolerance)
  const width = found.reduce((sum, { interval }) => sum + interval.high - interval.low, 0)
  return {
    runs: measured.length,
    held: found.length - below - above,
    below,
    above,
    none: measured.length - found.length,
    width: width / found.length,
    heldMean: count((low, high) => low <= mean && high >= mean),
    bias: mean - truth,
    methods: [...methods],
  }
}

export function rowOf(
  words: { readonly what: string; readonly of: string; readonly law: string; readonly n: number },
  found: Coverage,
) {
  const intervals = found.runs - found.none
  return {
    metric: words.what,
    of: words.of,
    law: words.law,
    n: words.n,
    method: found.methods.join(', '),
    runs: found.runs,
    coverage: percent(found.held / intervals),
    verdict: verdictOn(found.held, intervals),
    'missed below': percent(found.below / intervals),
    'missed above': percent(found.above / intervals),
    width: found.width.toPrecision(3),
    bias: found.bias.toPrecision(2),
    'holds the mean estimate': percent(found.heldMean / intervals),
    'no interval': percent(found.none / found.runs),
  }
}

function cellOf(covered: Covered): Cell {
  return {
    name: nameOf(covered),
    runs: covered.runs,
    simulate: (runs, seed) => {
      const { rule, of, n, draw, law } = covered
      const what = [rule.metric, rule.average, rule['multi-class'], rule.method].filter((x) => x)
      const how = draw === 'unpaired' ? `${law}, unpaired` : law
      return [rowOf({ what: what.join(' '), of, law: how, n }, coverageOf(covered, runs, seed))]
    },
  }
}

const FAST = 4000
const CELLS = 500
const ROWS = 300

interface Many {
  readonly metrics: readonly (string | MetricRule)[]
  readonly of?: readonly Contrast[]
  readonly laws: readonly string[]
  readonly n: readonly number[]
  readonly runs: number
  readonly draw?: Covered['draw']
}

function many({ metrics, of = ['candidate', 'difference'], laws, n, runs, draw = 'rows' }: Many) {
  return metrics.flatMap((metric) =>
    of.flatMap((contrast) =>
      laws.flatMap((law) =>
        n.map((size): Covered => {
          const rule = typeof metric === 'string' ? { metric } : metric
          return { law, rule, of: contrast, n: size, runs, draw }
        }),
      ),
    ),
  )
}

const ALL: readonly Contrast[] = ['candidate', 'difference', 'ratio']
const TWO: readonly Contrast[] = ['difference', 'ratio']
const QUICK = ['accuracy', 'recall', 'auc', 'log-loss'] as const
const TABLES = ['f1', 'precision', 'balanced-accuracy', 'matthews', 'cohen-kappa'] as const
const GAPS = [
  'demographic-parity-difference',
  'demographic-parity-ratio',
  'equal-opportunity-difference',
  'equalized-odds-difference',
].map((metric): MetricRule => ({ metric, group: 'group' }))

/** Every kind of interval at n = 500. */
export const AT_500: readonly Covered[] = [
  ...many({ metrics: QUICK, of: ALL, laws: ['two classes'], n: [500], runs: FAST }),
  ...many({
    metrics: QUICK,
    of: TWO,
    laws: ['two classes'],
    n: [500],
    runs: FAST,
    draw: 'unpaired',
  }),
  ...many({ metrics: ['brier'], laws: ['two classes'], n: [500], runs: FAST }),
  ...many({ metrics: ['mae', 'mse'], laws: ['normal errors'], n: [500], runs: FAST }),
  ...many({ metrics: ['log-loss', 'accuracy'], of: ALL, laws: ['weighted'], n: [500], runs: FAST }),
  ...many({ metrics: ['auc'], of: ALL, laws: ['three classes'], n: [500], runs: CELLS }),
  ...many({
    metrics: [{ metric: 'auc', 'multi-class': 'one-vs-one' }],
    laws: ['three classes'],
    n: [500],
    runs: CELLS,
  }),
  ...many({ metrics: TABLES, laws: ['two classes'], n: [500], runs: CELLS }),
  ...many({
    metrics: ['f1', 'precision'],
    of: ['ratio'],
    laws: ['two classes'],
    n: [500],
    runs: CELLS,
  }),
  ...many({
    metrics: ['f1'],
    of: TWO,
    laws: ['two classes'],
    n: [500],
    runs: CELLS,
    draw: 'unpaired',
  }),
  ...many({
    metrics: [
      { metric: 'f1', average: 'macro' },
      { metric: 'recall', average: 'macro' },
    ],
    laws: ['three classes'],
    n: [500],
    runs: CELLS,
  }),
  ...many({ metrics: GAPS, laws: ['two groups', 'two equal groups'], n: [500], runs: CELLS }),
  ...many({
    metrics: ['average-precision', 'expected-calibration-error'],
    laws: ['two classes'],
    n: [500],
    runs: ROWS,
  }),
  ...many({ metrics: ['rmse', 'r2', 'mape'], laws: ['normal errors'], n: [500], runs: ROWS }),
  ...many({ metrics: ['f1', 'auc'], laws: ['weighted'], n: [500], runs: ROWS }),
  ...many({
    metrics: [{ metric: 'accuracy', method: 'bootstrap' }],
    laws: ['two classes'],
    n: [500],
    runs: ROWS,
  }),
]

export const CLUSTERED: readonly Covered[] = [
  ...many({
    metrics: ['accuracy', 'log-loss'],
    of: ALL,
    laws: ['clusters'],
    n: [10, 30, 100],
    runs: FAST,
    draw: 'clusters',
  }),
  ...many({
    metrics: ['f1', 'auc'],
    laws: ['clusters'],
    n: [10, 30, 100],
    runs: ROWS,
    draw: 'clusters',
  }),
]

const HARD_LAWS = ['10% positive', '2% positive', 'scores in 5 steps', 'near perfect'] as const

/** Few examples, rare classes, ties, models that hardly differ, and many rows. */
export const HARD: readonly Covered[] = [
  ...many({ metrics: QUICK, of: ALL, laws: ['two classes'], n: [30], runs: FAST }),
  ...many({
    metrics: QUICK,
    of: TWO,
    laws: ['two classes'],
    n: [30],
    runs: FAST,
    draw: 'unpaired',
  }),
  ...many({ metrics: ['mae'], laws: ['normal errors', 'heavy errors'], n: [30], runs: FAST }),
  // Squares of these errors have no variance in the limit: no interval of their mean can hold its level.
  ...many({ metrics: ['mae', 'mse'], laws: ['heavy errors'], n: [500], runs: FAST }),
  ...many({ metrics: ['rmse', 'r2'], laws: ['heavy errors'], n: [500], runs: ROWS }),
  ...many({ metrics: QUICK, laws: HARD_LAWS, n: [500], runs: FAST }),
  ...many({
    metrics: ['accuracy'],
    of: ALL,
    laws: ['few disagreements'],
    n: [30, 500],
    runs: FAST,
  }),
  ...many({ metrics: TABLES, laws: ['two classes'], n: [30], runs: CELLS }),
  ...many({ metrics: TABLES, laws: HARD_LAWS, n: [500], runs: CELLS }),
  ...many({ metrics: GAPS, laws: ['two groups'], n: [100], runs: CELLS }),
  ...many({
    metrics: ['average-precision', 'expected-calibration-error'],
    laws: ['two classes'],
    n: [30, 5000],
    runs: ROWS / 2,
  }),
  ...many({
    metrics: ['average-precision', 'expected-calibration-error'],
    laws: ['10% positive', '2% positive', 'scores in 5 steps'],
    n: [500],
    runs: ROWS / 2,
  }),
  ...many({ metrics: ['rmse', 'r2'], laws: ['normal errors'], n: [30, 5000], runs: ROWS / 2 }),
]

const TEXT =
  'How often a 95% interval holds the truth, which is the metric on the whole population that the samples are drawn from. `missed below`: the interval lies wholly below the truth. Runs without an interval (the gate then says `inconclusive`) are counted apart. Bold: further from 95% than 1.5 points and three standard errors of the simulation.'

export const coverage: Part = {
  title: 'Coverage with 500 examples',
  text: TEXT,
  cells: () => AT_500.map(cellOf),
}

export const clusteredCoverage: Part = {
  title: 'Coverage with clusters, and of folds',
  text: `${TEXT} n counts clusters of 5 to 15 examples, or folds.`,
  cells: () => [...CLUSTERED.map(cellOf), ...foldCells()],
}

export const hardCoverage: Part = {
  title: 'Coverage in hard cases',
  text: TEXT,
  cells: () => HARD.map(cellOf),
}
