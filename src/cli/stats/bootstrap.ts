import * as z from 'zod'
import type { Pair } from '../../domain/gate/examples.js'
import { cellMetric, jointCells, strataOf } from '../../domain/gate/joint-cells.js'
import {
  type MetricData,
  type MetricOptions,
  type Outcome,
  type Weights,
  weightedMean,
} from '../../domain/metrics/data.js'
import { getMetric, metricNames } from '../../domain/metrics/index.js'
import type { ConfusionMetric, Metric } from '../../domain/metrics/metric.js'
import { metricValue } from '../../domain/metrics/metric-value.js'
import { jackknifeAcceleration } from '../../domain/stats/acceleration.js'
import { bcaInterval } from '../../domain/stats/bootstrap.js'
import {
  type CellStatistic,
  cellAcceleration,
  multinomialReplicates,
} from '../../domain/stats/bootstrap-cells.js'
import { type RowStatistic, rowReplicates } from '../../domain/stats/bootstrap-rows.js'
import { createRandom, type RandomSource } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import { readPair } from './bootstrap-data.js'

/** Up to here the jackknife leaves out one row at a time, beyond it one of this many random blocks. */
const MOST_LEFT_OUT = 1000

const Value = z.union([z.number(), z.string(), z.boolean()])
const outputs = {
  predictions: z.array(Value).optional().describe('What the model predicted.'),
  scores: z.array(z.number()).optional().describe('Scores of the positive class.'),
}

const input = z.strictObject({
  metric: z.string().describe('The name of the metric, as in the gate.'),
  labels: z.array(Value).min(1).describe('What was true: classes, or numbers in regression.'),
  ...outputs,
  baseline: z
    .strictObject(outputs)
    .optional()
    .describe('The other model on the same examples; with it the difference is resampled.'),
  groups: z
    .array(Value.nullable())
    .optional()
    .describe('The group of each example, for fairness metrics; null leaves an example out.'),
  average: z
    .enum(['macro', 'micro', 'weighted'])
    .optional()
    .describe('How precision, recall and f1 are averaged over classes.'),
  positive: Value.optional().describe('The positive class; 1 or true unless given.'),
  resamples: z.int().min(100).max(100_000).default(10_000).describe('How many resamples.'),
  seed: z.int().default(7).describe('Seed of the generator: the same seed, the same answer.'),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of the interval.'),
})
type Input = z.output<typeof input>

interface BootstrapOutput {
  readonly estimate?: number
  readonly difference?: number
  readonly low: number
  readonly high: number
  readonly method: string
  readonly degenerate: boolean
  readonly resamples: number
  readonly seed: number
}

/** `modelway stats bootstrap`: an interval for any metric, or for the difference of two models. */
export const procedure = {
  name: 'bootstrap',
  summary: 'Bootstrap interval (BCa) of a metric, or of the difference of two models.',
  input,
  output: {
    estimate: "The metric's value; absent with a baseline.",
    difference: "The candidate's value minus the baseline's; absent without a baseline.",
    low: 'Lower end of the two-sided interval.',
    high: 'Upper end.',
    method: 'bca, or percentile where the acceleration or the correction does not exist.',
    degenerate: 'True where the resamples do not vary, so that the interval measures nothing.',
    resamples: 'How many resamples were drawn.',
    seed: 'The seed they were drawn from.',
  },
  run: runBootstrap,
}

function runBootstrap(given: Input): BootstrapOutput {
  const { resamples, seed, level } = given
  const metric = findMetric(given.metric)
  const pair = readPair(given, metric)
  const options = { average: given.average }
  checkDefined(metric, pair, options)
  const subject = { pair, options, resamples, random: createRandom(seed) }
  const drawn = metric.kind === 'confusion' ? drawCells(metric, subject) : drawRows(metric, subject)
  const { low, high, method, degenerate } = bcaInterval({ ...drawn, jackknife: undefined, level })
  const value =
    pair.baseline === undefined ? { estimate: drawn.estimate } : { difference: drawn.estimate }
  return { ...value, low, high, method, degenerate, resamples, seed }
}

function findMetric(name: string): Metric {
  const metric = getMetric(name)
  if (metric !== undefined && !metric.needs.includes('column')) return metric
  throw new UserError({
    code: 'MW-STATS-123',
    where: 'metric',
    what: `there is no metric "${name.slice(0, 60)}" to resample.`,
    fix: `Use one of ${metricNames.join(', ')}.`,
  })
}

/** A metric without a value on the examples themselves has no interval either. */
function checkDefined(metric: Metric, pair: Pair, options: MetricOptions): void {
  const models = { candidate: pair.candidate, baseline: pair.baseline }
  for (const [where, data] of Object.entries(models)) {
    if (data === undefined) continue
    const { reason } = metricValue({ name: metric.name, data, options })
    if (reason === undefined) continue
    throw new UserError({
      code: 'MW-STATS-124',
      where,
      what: `${metric.name} has no value: ${reason}.`,
      fix: 'Give examples on which it is defined.',
    })
  }
}

interface Subject {
  readonly pair: Pair
  readonly options: MetricOptions
  readonly resamples: number
  readonly random: RandomSource
}

interface Drawn {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly acceleration: number | undefined
}

const numberOf = (outcome: Outcome): number => outcome.value ?? Number.NaN

function drawCells(metric: ConfusionMetric, subject: Subject): Drawn {
  const { pair, options, resamples, random } = subject
  const cells = jointCells(pair, metric.byGroup)
  const candidate = cellMetric(cells, 'candidate', { metric, options })
  const baseline = pair.baseline && cellMetric(cells, 'baseline', { metric, options })
  const statistic: CellStatistic = (counts) =>
    numberOf(candidate(counts)) - (baseline === undefined ? 0 : numberOf(baseline(counts)))
  const { counts } = cells
  const strata = strataOf(cells, metric.strata)
  return {
    estimate: statistic(Float64Array.from(counts)),
    replicates: multinomialReplicates({ counts, resamples, random, strata }, statistic),
    acceleration: cellAcceleration(counts, strata, statistic),
  }
}

type NotConfusion = Exclude<Metric, ConfusionMetric>

function drawRows(metric: NotConfusion, { pair, resamples, random }: Subject): Drawn {
  const candidate = weighted(metric, pair.candidate)
  const baseline = pair.baseline && weighted(metric, pair.baseline)
  const of = (weights: Weights | undefined) =>
    numberOf(candidate(weights)) - (baseline === undefined ? 0 : numberOf(baseline(weights)))
  const { n, labels } = pair.candidate
  const byLabel = 'strata' in metric && metric.strata === 'label'
  const strata = byLabel ? Int32Array.from(labels) : undefined
  return {
    estimate: of(undefined),
    replicates: rowReplicates({ n, resamples, random, strata }, of),
    acceleration: jackknifeAcceleration([{ values: leaveOut(n, random, of) }]),
  }
}

/** A model's metric as a function of the rows' weights. */
function weighted(
  metric: NotConfusion,
  data: MetricData,
): (weights: Weights | undefined) => Outcome {
  if (metric.kind === 'rank' || metric.kind === 'rows') return metric.prepare(data)
  const values = metric.kind === 'proportion' ? metric.hits(data) : metric.losses(data)
  return (weights) => weightedMean(values, weights)
}

function leaveOut(n: number, random: RandomSource, statistic: RowStatistic): Float64Array {
  const groups = Math.min(n, MOST_LEFT_OUT)
  const group = Int32Array.from({ length: n }, (_, row) =>
    n <= MOST_LEFT_OUT ? row : random.below(groups),
  )
  return Float64Array.from({ length: groups }, (_, out) =>
    statistic(group.map((one) => (one === out ? 0 : 1))),
  )
}
