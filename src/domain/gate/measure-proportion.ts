import type { ProportionMetric } from '../metrics/metric.js'
import { mcnemar } from '../stats/mcnemar.js'
import { normalCdf } from '../stats/special/normal.js'
import { tangoInterval, tangoTest } from '../stats/tango.js'
import { wilsonInterval } from '../stats/wilson.js'
import {
  type BoundaryTest,
  type Finding,
  type Question,
  splitTwoSided,
  standardised,
  symmetricTest,
} from './evidence.js'

/** With fewer discordant examples the exact McNemar test is used, with more its mid-p form (Fagerland et al. 2013). */
const EXACT_BELOW = 25

/** Wilson's interval for one model; Tango's and McNemar's test for two. */
export function proportionEvidence(question: Question, metric: ProportionMetric): Finding {
  const { pair } = question
  const hits = metric.hits(pair.candidate)
  if (question.of === 'candidate' || pair.baseline === undefined) return single(question, hits)
  const counts = discordance(hits, metric.hits(pair.baseline))
  const { low, high, level, method } = tangoInterval({ ...counts, level: question.level })
  return {
    evidence: {
      interval: { of: 'difference', level, low, high, method },
      testAt: (boundary) => (boundary === 0 ? mcnemarTest(counts) : tangoAt(counts, boundary)),
    },
  }
}

function single(question: Question, hits: Float64Array): Finding {
  let right = 0
  for (const hit of hits) right += hit
  const interval = wilsonInterval(right, hits.length, question.level)
  if (interval === undefined) return { reason: 'there are no examples' }
  const { low, high, level, method } = interval
  return {
    evidence: {
      interval: { of: 'candidate', level, low, high, method },
      testAt: (boundary) => proportionScoreTest(right / hits.length, hits.length, boundary),
    },
  }
}

/** Score test that a proportion is the boundary: the one that Wilson's interval inverts. */
export function proportionScoreTest(share: number, n: number, boundary: number): BoundaryTest {
  const standardError = Math.sqrt(Math.max(0, boundary * (1 - boundary)) / n)
  return symmetricTest('score', standardised(share - boundary, standardError), normalCdf)
}

export interface Discordance {
  readonly candidateOnly: number
  readonly baselineOnly: number
  readonly n: number
}

function discordance(candidate: Float64Array, baseline: Float64Array): Discordance {
  let candidateOnly = 0
  let baselineOnly = 0
  for (let i = 0; i < candidate.length; i++) {
    const difference = (candidate[i] ?? 0) - (baseline[i] ?? 0)
    if (difference > 0) candidateOnly++
    else if (difference < 0) baselineOnly++
  }
  return { candidateOnly, baselineOnly, n: candidate.length }
}

function mcnemarTest(counts: Discordance): BoundaryTest {
  const { candidateOnly, baselineOnly } = counts
  const { exactP, midP, statistic } = mcnemar(candidateOnly, baselineOnly)
  const exact = candidateOnly + baselineOnly < EXACT_BELOW
  const pValue = exact ? exactP : midP
  const sides = splitTwoSided(pValue, candidateOnly - baselineOnly)
  return { name: exact ? 'mcnemar-exact' : 'mcnemar-mid-p', statistic, pValue, ...sides }
}

/** Tango's score test that the difference is the boundary, which lies inside (-1, 1). */
export function tangoAt(counts: Discordance, boundary: number): BoundaryTest {
  return symmetricTest('tango', tangoStatistic(counts, boundary), normalCdf)
}

function tangoStatistic(counts: Discordance, boundary: number): number {
  if (boundary <= 0) return tangoTest({ ...counts, margin: -boundary }).statistic
  const { candidateOnly, baselineOnly, n } = counts
  const swapped = { candidateOnly: baselineOnly, baselineOnly: candidateOnly, n }
  return -tangoTest({ ...swapped, margin: boundary }).statistic
}
