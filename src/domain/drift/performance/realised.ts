import { positionOf, sizeOf } from '../../gate/bound.js'
import { failClaim } from '../../gate/claim.js'
import { type Measurement, measure } from '../../gate/measure.js'
import { amountText, rangeText, valueText } from '../../gate/wording.js'
import type { MetricOptions } from '../../metrics/data.js'
import type { Metric } from '../../metrics/metric.js'
import { adjustPValues } from '../../stats/multiplicity.js'
import type { RandomSource } from '../../stats/random.js'
import { pText } from '../wording.js'
import type { Allowance } from './allowance.js'
import type { Labelled } from './labelled.js'
import type { RealisedMetric, Valued } from './result.js'
import { FEWEST_LABELS } from './settings.js'

/** A metric that is asked for, with what it is asked with. */
export interface AskedMetric {
  readonly metric: Metric
  readonly options: MetricOptions
  readonly allowance: Allowance
}

interface Ask {
  readonly asked: readonly AskedMetric[]
  readonly reference: Labelled
  readonly current: Labelled
  readonly confidence: number
  /** The level of the claims together. */
  readonly alpha: number
  readonly random: RandomSource
}

interface Compared {
  readonly asked: AskedMetric
  readonly reference: Valued | null
  readonly current: Valued | null
  readonly found: Measurement | undefined
  readonly lack: string | undefined
}

/**
 * Each metric of the current labelled rows against the reference's, as the gate compares two models on different examples: worse when
 * the whole interval of the difference lies beyond the margin and the claim holds after Holm's correction over the metrics, stable when
 * the whole interval lies within it, else inconclusive.
 */
export function realisedMetrics(ask: Ask): RealisedMetric[] {
  const compared = ask.asked.map((asked) => compare(ask, asked))
  const claims = compared.map(({ found, asked }) => {
    const evidence = found?.finding.evidence
    return evidence === undefined ? Number.NaN : failClaim(asked.allowance.bound, evidence).pValue
  })
  const adjusted = adjustPValues(claims, 'holm')
  return compared.map((one, i) =>
    judge(one, {
      pValue: numberOrNull(claims[i]),
      adjustedPValue: numberOrNull(adjusted[i]),
      alpha: ask.alpha,
    }),
  )
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value
}

function compare(ask: Ask, asked: AskedMetric): Compared {
  const { reference, current, random, confidence: level } = ask
  const { metric, options } = asked
  const lack = fewLabels(reference, 'reference') ?? fewLabels(current, 'current data')
  const question = { metric, options, level, random }
  const values = {
    reference: valuedOf(reference, asked, { level, random }),
    current: valuedOf(current, asked, { level, random }),
  }
  if (lack !== undefined) return { asked, ...values, found: undefined, lack }
  const found = measure({
    ...question,
    pair: { candidate: current.data, baseline: reference.data, unpaired: true },
    of: asked.allowance.bound.of,
    unpaired: true,
    margin: asked.allowance.margin,
  })
  return { asked, ...values, found, lack: asCurrent(found.finding.reason) }
}

/** The gate's words for the two sides, as drift's. */
function asCurrent(reason: string | undefined): string | undefined {
  return reason
    ?.replace(/^the candidate has/, 'the current data has')
    .replace(/^the baseline has/, 'the reference has')
    .replace('the ratio to the baseline', 'the ratio to the reference')
    .replace(/^the baseline may/, 'the reference may')
}

function fewLabels({ data }: Labelled, side: string): string | undefined {
  if (data.n >= FEWEST_LABELS) return undefined
  const rows = data.n === 1 ? 'row has' : 'rows have'
  return `only ${data.n} ${rows} a label and a prediction in the ${side}; ${FEWEST_LABELS} are needed`
}

/** One side's value with its own interval; null where it has none. */
export function valuedOf(
  { data }: Labelled,
  { metric, options }: AskedMetric,
  { level, random }: { readonly level: number; readonly random: RandomSource },
): Valued | null {
  const pair = { candidate: data, baseline: undefined }
  const found = measure({ metric, options, level, random, pair, of: 'candidate' })
  if (found.candidate === undefined) return null
  const interval = data.n < FEWEST_LABELS ? undefined : found.finding.evidence?.interval
  return { value: found.candidate, low: interval?.low ?? null, high: interval?.high ?? null }
}

interface Claimed {
  readonly pValue: number | null
  readonly adjustedPValue: number | null
  readonly alpha: number
}

function judge(compared: Compared, claimed: Claimed): RealisedMetric {
  const { asked, reference, current, found, lack } = compared
  const evidence = found?.finding.evidence
  const { pValue, adjustedPValue } = claimed
  const difference = reference === null || current === null ? null : current.value - reference.value
  const interval = evidence?.interval
  const numbers = {
    reference,
    current,
    difference,
    interval:
      interval === undefined || interval.of === 'candidate'
        ? null
        : { ...interval, of: interval.of },
    pValue,
    adjustedPValue,
  }
  if (evidence === undefined || found === undefined) {
    return { status: 'inconclusive', reason: lack ?? 'it has no value', ...numbers }
  }
  const { bound } = asked.allowance
  const size = sizeOf(bound, asked.metric.range, found)
  const position = positionOf(bound, evidence.interval, size)
  const certain = adjustedPValue !== null && adjustedPValue < claimed.alpha
  const said = wordsOf(asked, numbers)
  if (position === 'outside' && certain) {
    const p = pText(adjustedPValue)
    return {
      status: 'drifted',
      reason: `${said}, more than ${allowedText(asked)} (p ${p})`,
      ...numbers,
    }
  }
  if (position === 'inside') {
    return { status: 'stable', reason: `${said}, within ${allowedText(asked)}`, ...numbers }
  }
  const reason = `${said}: too few labels to say whether it is within ${allowedText(asked)}`
  return { status: 'inconclusive', reason, ...numbers }
}

type Numbers = Pick<RealisedMetric, 'reference' | 'current' | 'interval' | 'difference'>

function wordsOf({ metric }: AskedMetric, { reference, current, interval }: Numbers): string {
  const values = `${valueText(metric, current?.value ?? 0)} after ${valueText(metric, reference?.value ?? 0)}`
  return interval === null ? values : `${values} (a change of ${rangeText(metric, interval)})`
}

/** `the margin of 2 points`. */
export function allowedText({ metric, allowance }: AskedMetric): string {
  const { margin, relative } = allowance
  return relative
    ? `the margin of ${Number((100 * margin).toPrecision(3))}% of the reference's value`
    : `the margin of ${amountText(metric, margin)}`
}
