import type { MetricData } from '../metrics/data.js'
import { normalCdf, normalMultiplier } from '../stats/special/normal.js'
import { tangoInterval } from '../stats/tango.js'
import { wilsonInterval } from '../stats/wilson.js'
import { effectiveUnits } from './effective-units.js'
import {
  contrastOf,
  cutInterval,
  type Evidence,
  type Finding,
  type Question,
  standardised,
  symmetricTest,
} from './evidence.js'
import { proportionScoreTest, tangoAt } from './measure-proportion.js'

/** Fewer examples than this without any variation do not show that an unbounded metric cannot vary. */
const FEWEST_EQUAL = 30

export interface Degenerate {
  readonly candidate: number
  readonly baseline: number | undefined
}

/**
 * Evidence where the data show no variation at all (perfect ranking, equal predictions), so that a bootstrap or DeLong would
 * claim an interval of width zero. The metric is then treated as a proportion of the examples of the rarer class (or of
 * `units`): Wilson for one model, Tango without discordant pairs for equal models, and Newcombe's square-and-add (1998) of
 * two Wilson intervals else. With weights or clusters the examples are as many as are independent. A ratio is the difference over the baseline's value. Wide on purpose: no variation among
 * few examples is weak evidence.
 */
export function degenerateEvidence(
  question: Question,
  values: Degenerate,
  units?: number,
): Finding {
  if (question.of === 'ratio') return ofRatio(question, values, units)
  const [low, high] = question.metric.range
  if (!Number.isFinite(high - low)) return unbounded(question, values)
  const { candidate: data, baseline: other = data } = question.pair
  const n = units ?? independentUnits(data)
  const baselineN = question.unpaired === true ? (units ?? independentUnits(other)) : n
  if (n === 0 || baselineN === 0) {
    return { reason: 'the examples show no variation, and are of one class' }
  }
  const scale: Scale = { low, width: high - low, n, baselineN }
  if (question.of === 'candidate') return { evidence: single(question, values.candidate, scale) }
  const baseline = values.baseline ?? 0
  const compared = { candidate: values.candidate, baseline }
  const equals = values.candidate === baseline && question.unpaired !== true
  return { evidence: equals ? equal(question, scale) : squareAndAdd(question, compared, scale) }
}

/** The difference's evidence, over the baseline's value. */
function ofRatio(question: Question, values: Degenerate, units: number | undefined): Finding {
  const { baseline = 0 } = values
  if (baseline === 0) return { reason: 'the baseline is 0, and a share of it is no margin' }
  const { evidence, reason } = degenerateEvidence({ ...question, of: 'difference' }, values, units)
  if (evidence === undefined) return { reason }
  const { low, high, method } = evidence.interval
  const ends = [1 + low / baseline, 1 + high / baseline].sort((a, b) => a - b)
  return {
    evidence: {
      interval: cutInterval(question, { low: ends[0] ?? 1, high: ends[1] ?? 1, method }),
      testAt: (boundary) => {
        const test = evidence.testAt((boundary - 1) * baseline)
        return baseline > 0 ? test : { ...test, below: test.above, above: test.below }
      },
    },
  }
}

interface Scale {
  readonly low: number
  readonly width: number
  readonly n: number
  readonly baselineN: number
}

/**
 * How many independent examples of the rarer class the data amount to (the first label against all others): by Kish's
 * effective size where they are weighted, or clustered and a cluster counts by its summed weight.
 */
function independentUnits(data: MetricData): number {
  const first = data.labels[0]
  const unitsWhere = (same: boolean) =>
    effectiveUnits(data, (row) => (data.labels[row] === first) === same)
  return Math.min(unitsWhere(true), unitsWhere(false))
}

function unbounded(question: Question, values: Degenerate): Finding {
  const { n } = question.pair.candidate
  if (n < FEWEST_EQUAL) {
    return { reason: `its ${n} examples show no variation, which so few cannot rule out` }
  }
  const estimate = contrastOf(question.of, values.candidate, values.baseline ?? 0)
  return {
    evidence: {
      interval: cutInterval(question, { low: estimate, high: estimate, method: 'identical' }),
      testAt: (boundary) =>
        symmetricTest('identical', standardised(estimate - boundary, 0), normalCdf),
    },
  }
}

/** Wilson's interval of a value in the metric's own unit. */
function scaledWilson(value: number, scale: Omit<Scale, 'baselineN'>, level: number) {
  const share = Math.min(1, Math.max(0, (value - scale.low) / scale.width))
  const interval = wilsonInterval(share * scale.n, scale.n, level)
  const unit = (end: number) => scale.low + scale.width * end
  return { share, low: unit(interval?.low ?? 0), high: unit(interval?.high ?? 1) }
}

function single(question: Question, value: number, scale: Scale): Evidence {
  const { share, low, high } = scaledWilson(value, scale, question.level)
  return {
    interval: cutInterval(question, { low, high, method: 'wilson' }),
    testAt: (boundary) => proportionScoreTest(share, scale.n, (boundary - scale.low) / scale.width),
  }
}

function equal(question: Question, scale: Scale): Evidence {
  const counts = { candidateOnly: 0, baselineOnly: 0, n: scale.n }
  const { low, high, method } = tangoInterval({ ...counts, level: question.level })
  const ends = { low: low * scale.width, high: high * scale.width, method }
  return {
    interval: cutInterval(question, ends),
    testAt: (boundary) => tangoAt(counts, boundary / scale.width),
  }
}

function squareAndAdd(
  question: Question,
  values: { readonly candidate: number; readonly baseline: number },
  scale: Scale,
): Evidence {
  const { level } = question
  const candidate = scaledWilson(values.candidate, scale, level)
  const baseline = scaledWilson(values.baseline, { ...scale, n: scale.baselineN }, level)
  const difference = values.candidate - values.baseline
  const below = Math.hypot(values.candidate - candidate.low, baseline.high - values.baseline)
  const above = Math.hypot(candidate.high - values.candidate, values.baseline - baseline.low)
  const z = normalMultiplier(level)
  const ends = { low: difference - below, high: difference + above, method: 'newcombe' }
  return {
    interval: cutInterval(question, ends),
    testAt: (boundary) => {
      const deviation = difference - boundary
      const standardError = (deviation > 0 ? below : above) / z
      return symmetricTest('newcombe', standardised(deviation, standardError), normalCdf)
    },
  }
}
