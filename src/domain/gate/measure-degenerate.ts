import { normalCdf, normalQuantile } from '../stats/special/normal.js'
import { tangoInterval } from '../stats/tango.js'
import { wilsonInterval } from '../stats/wilson.js'
import { type Finding, type Question, standardised, symmetricTest } from './evidence.js'
import { proportionScoreTest, tangoAt } from './measure-proportion.js'

/** Fewer examples than this without any variation do not show that an unbounded metric cannot vary. */
const FEWEST_EQUAL = 30

export interface Degenerate {
  readonly candidate: number
  readonly baseline: number | undefined
}

/**
 * Evidence where the data show no variation at all (perfect ranking, equal predictions), so that a bootstrap or DeLong would
 * claim an interval of width zero. The metric is then treated as a proportion of the examples of the rarer class: Wilson
 * for one model, Tango without discordant pairs for equal models, and Newcombe's square-and-add (1998) of two Wilson
 * intervals else. Wide on purpose: no variation among few examples is weak evidence.
 */
export function degenerateEvidence(question: Question, values: Degenerate): Finding {
  const [low, high] = question.metric.range
  const n = rarerClass(question)
  if (!Number.isFinite(high - low)) return unbounded(question, values)
  if (n === 0) return { reason: 'the examples show no variation, and are of one class' }
  const scale: Scale = { low, width: high - low, n }
  if (question.of === 'candidate') return single(question, values.candidate, scale)
  const baseline = values.baseline ?? 0
  return values.candidate === baseline
    ? equal(question, scale)
    : squareAndAdd(question, { candidate: values.candidate, baseline }, scale)
}

interface Scale {
  readonly low: number
  readonly width: number
  readonly n: number
}

function rarerClass(question: Question): number {
  const { labels, n } = question.pair.candidate
  const first = labels[0]
  let same = 0
  for (const label of labels) if (label === first) same++
  return Math.min(same, n - same)
}

function unbounded(question: Question, values: Degenerate): Finding {
  const { n } = question.pair.candidate
  if (n < FEWEST_EQUAL) {
    return { reason: `its ${n} examples show no variation, which so few cannot rule out` }
  }
  const { of } = question
  const estimate = of === 'candidate' ? values.candidate : values.candidate - (values.baseline ?? 0)
  return {
    evidence: {
      interval: { of, level: question.level, low: estimate, high: estimate, method: 'identical' },
      testAt: (boundary) =>
        symmetricTest('identical', standardised(estimate - boundary, 0), normalCdf),
    },
  }
}

/** Wilson's interval of a value in the metric's own unit. */
function scaledWilson(value: number, scale: Scale, level: number) {
  const share = Math.min(1, Math.max(0, (value - scale.low) / scale.width))
  const interval = wilsonInterval(share * scale.n, scale.n, level)
  const unit = (end: number) => scale.low + scale.width * end
  return { share, low: unit(interval?.low ?? 0), high: unit(interval?.high ?? 1) }
}

function single(question: Question, value: number, scale: Scale): Finding {
  const { level } = question
  const { share, low, high } = scaledWilson(value, scale, level)
  return {
    evidence: {
      interval: { of: 'candidate', level, low, high, method: 'wilson' },
      testAt: (boundary) =>
        proportionScoreTest(share, scale.n, (boundary - scale.low) / scale.width),
    },
  }
}

function equal(question: Question, scale: Scale): Finding {
  const { level } = question
  const counts = { candidateOnly: 0, baselineOnly: 0, n: scale.n }
  const { low, high } = tangoInterval({ ...counts, level })
  return {
    evidence: {
      interval: {
        of: 'difference',
        level,
        low: low * scale.width,
        high: high * scale.width,
        method: 'tango',
      },
      testAt: (boundary) => tangoAt(counts, boundary / scale.width),
    },
  }
}

function squareAndAdd(
  question: Question,
  values: { readonly candidate: number; readonly baseline: number },
  scale: Scale,
): Finding {
  const { level } = question
  const candidate = scaledWilson(values.candidate, scale, level)
  const baseline = scaledWilson(values.baseline, scale, level)
  const difference = values.candidate - values.baseline
  const below = Math.hypot(values.candidate - candidate.low, baseline.high - values.baseline)
  const above = Math.hypot(candidate.high - values.candidate, values.baseline - baseline.low)
  const z = -normalQuantile((1 - level) / 2)
  return {
    evidence: {
      interval: {
        of: 'difference',
        level,
        low: difference - below,
        high: difference + above,
        method: 'newcombe',
      },
      testAt: (boundary) => {
        const deviation = difference - boundary
        const standardError = (deviation > 0 ? below : above) / z
        return symmetricTest('newcombe', standardised(deviation, standardError), normalCdf)
      },
    },
  }
}
