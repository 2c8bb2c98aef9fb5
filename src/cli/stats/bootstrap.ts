import type { Contrast } from '../../domain/gate/evidence.js'
import type { Pair } from '../../domain/gate/examples.js'
import { samplersOf } from '../../domain/gate/measure-bootstrap.js'
import { bootstrapOf } from '../../domain/gate/measure-sampler.js'
import type { MetricOptions } from '../../domain/metrics/data.js'
import { getMetric, metricNames } from '../../domain/metrics/index.js'
import type { Metric } from '../../domain/metrics/metric.js'
import { metricValue } from '../../domain/metrics/metric-value.js'
import { bcaInterval } from '../../domain/stats/bootstrap.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import { readPair } from './bootstrap-data.js'
import { type Input, input } from './bootstrap-input.js'

interface BootstrapOutput {
  readonly estimate?: number
  readonly difference?: number
  readonly ratio?: number
  readonly low: number
  readonly high: number
  readonly method: string
  readonly degenerate: boolean
  readonly resamples: number
  readonly seed: number
}

/** `modelway stats bootstrap`: an interval for any metric, or for the comparison of two models. */
export const procedure = {
  name: 'bootstrap',
  summary: 'Bootstrap interval (BCa) of a metric, or of the difference or ratio of two models.',
  input,
  output: {
    estimate: "The metric's value; absent with a baseline.",
    difference: "The candidate's value minus the baseline's; absent without a baseline.",
    ratio: "The candidate's value over the baseline's, where contrast is ratio.",
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
  const { resamples, seed, level, average, multiClass, k, quantile } = given
  const metric = findMetric(given.metric)
  const pair = readPair(given, metric)
  const options = { average, multiClass, k, quantile }
  checkDefined(metric, pair, options)
  const of: Contrast = pair.baseline === undefined ? 'candidate' : given.contrast
  const question = {
    metric,
    options,
    pair,
    of,
    level,
    random: createRandom(seed),
    unpaired: given.baseline?.labels !== undefined,
  }
  const { samplers } = samplersOf(question)
  const { estimate, acceleration, draw } = bootstrapOf(question, samplers)
  checkRatio(of, estimate)
  const replicates = draw(resamples)
  const found = bcaInterval({ estimate, replicates, acceleration, jackknife: undefined, level })
  const { low, high, method, degenerate } = found
  return { ...named(of, estimate), low, high, method, degenerate, resamples, seed }
}

function named(of: Contrast, value: number) {
  if (of === 'candidate') return { estimate: value }
  return of === 'ratio' ? { ratio: value } : { difference: value }
}

function checkRatio(of: Contrast, value: number): void {
  if (of !== 'ratio' || Number.isFinite(value)) return
  throw new UserError({
    code: 'MW-STATS-127',
    where: 'contrast',
    what: "the baseline's value is 0, and nothing is a share of it.",
    fix: 'Use contrast: difference.',
  })
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
