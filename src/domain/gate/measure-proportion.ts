import { mcnemar } from '../stats/mcnemar.js'
import { miettinenNurminenInterval, miettinenNurminenTest } from '../stats/miettinen-nurminen.js'
import { pairedRatioInterval, pairedRatioTest } from '../stats/paired-ratio.js'
import type { ScoreTest } from '../stats/score-test.js'
import { normalCdf } from '../stats/special/normal.js'
import { tangoInterval, tangoTest } from '../stats/tango.js'
import { unpairedRatioInterval, unpairedRatioTest } from '../stats/unpaired-ratio.js'
import { wilsonInterval } from '../stats/wilson.js'
import {
  type BoundaryTest,
  cutInterval,
  type Finding,
  type Question,
  splitTwoSided,
  standardised,
  symmetricTest,
} from './evidence.js'

/** With fewer discordant examples the exact McNemar test is used, with more its mid-p form (Fagerland et al. 2013). */
const EXACT_BELOW = 25

/**
 * Evidence on shares, from what is 1 or 0 for each example: Wilson's interval of one model; of two Tango's with McNemar's test,
 * of their ratio the paired score interval, and of unpaired models Miettinen and Nurminen's for both.
 */
export function binaryEvidence(
  question: Question,
  hits: Float64Array,
  others: Float64Array | undefined,
): Finding {
  if (others === undefined) return single(question, hits)
  if (question.unpaired === true) return unpaired(question, hits, others)
  const counts = discordance(hits, others)
  if (question.of === 'ratio') return pairedRatio(question, counts)
  const { low, high, method } = tangoInterval({ ...counts, level: question.level })
  return {
    evidence: {
      interval: cutInterval(question, { low, high, method }),
      testAt: (boundary) => (boundary === 0 ? mcnemarTest(counts) : tangoAt(counts, boundary)),
    },
  }
}

function single(question: Question, hits: Float64Array): Finding {
  const right = sumOf(hits)
  const interval = wilsonInterval(right, hits.length, question.level)
  if (interval === undefined) return { reason: 'there are no examples' }
  return {
    evidence: {
      interval: cutInterval(question, interval),
      testAt: (boundary) => proportionScoreTest(right / hits.length, hits.length, boundary),
    },
  }
}

function pairedRatio(question: Question, counts: Discordance): Finding {
  const found = pairedRatioInterval({ ...counts, level: question.level })
  return scoreEvidence(question, found, (ratio) =>
    ratio === 1
      ? mcnemarTest(counts)
      : named(found?.method ?? '', pairedRatioTest({ ...counts, ratio }), ratio),
  )
}

function unpaired(question: Question, hits: Float64Array, others: Float64Array): Finding {
  const counts = {
    candidateSuccesses: sumOf(hits),
    candidateTotal: hits.length,
    baselineSuccesses: sumOf(others),
    baselineTotal: others.length,
  }
  const { level } = question
  if (question.of === 'ratio') {
    const found = unpairedRatioInterval(counts, level)
    return scoreEvidence(question, found, (ratio) =>
      named(found?.method ?? '', unpairedRatioTest(counts, ratio), ratio),
    )
  }
  const found = miettinenNurminenInterval(counts, level)
  return scoreEvidence(question, found, (difference) =>
    named(found?.method ?? '', miettinenNurminenTest(counts, difference), difference),
  )
}

function scoreEvidence(
  question: Question,
  found: { readonly low: number; readonly high: number; readonly method: string } | undefined,
  testAt: (boundary: number) => BoundaryTest,
): Finding {
  if (found === undefined) return { reason: 'there are no examples' }
  if (!(Number.isFinite(found.low) && Number.isFinite(found.high))) {
    return { reason: 'the baseline may well be 0, and a share of it is then no margin' }
  }
  return { evidence: { interval: cutInterval(question, found), testAt } }
}

/** A boundary below all that is possible is surely exceeded; one above it surely not. */
function named(name: string, test: ScoreTest | undefined, boundary: number): BoundaryTest {
  if (test !== undefined) return { name, ...test }
  const exceeded = boundary <= 0
  return { name, statistic: null, pValue: 0, below: exceeded ? 1 : 0, above: exceeded ? 0 : 1 }
}

/** Score test that a proportion is the boundary: the one that Wilson's interval inverts. */
export function proportionScoreTest(share: number, n: number, boundary: number): BoundaryTest {
  const standardError = Math.sqrt(Math.max(0, boundary * (1 - boundary)) / n)
  return symmetricTest('score', standardised(share - boundary, standardError), normalCdf)
}

export interface Discordance {
  readonly both: number
  readonly candidateOnly: number
  readonly baselineOnly: number
  readonly n: number
}

function discordance(candidate: Float64Array, baseline: Float64Array): Discordance {
  let both = 0
  let candidateOnly = 0
  let baselineOnly = 0
  for (let i = 0; i < candidate.length; i++) {
    const mine = candidate[i] ?? 0
    const difference = mine - (baseline[i] ?? 0)
    if (difference > 0) candidateOnly++
    else if (difference < 0) baselineOnly++
    else if (mine > 0) both++
  }
  return { both, candidateOnly, baselineOnly, n: candidate.length }
}

function sumOf(hits: Float64Array): number {
  let sum = 0
  for (const hit of hits) sum += hit
  return sum
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
export function tangoAt(counts: Omit<Discordance, 'both'>, boundary: number): BoundaryTest {
  return symmetricTest('tango', tangoStatistic(counts, boundary), normalCdf)
}

function tangoStatistic(counts: Omit<Discordance, 'both'>, boundary: number): number {
  if (boundary <= 0) return tangoTest({ ...counts, margin: -boundary }).statistic
  const { candidateOnly, baselineOnly, n } = counts
  const swapped = { candidateOnly: baselineOnly, baselineOnly: candidateOnly, n }
  return -tangoTest({ ...swapped, margin: boundary }).statistic
}
