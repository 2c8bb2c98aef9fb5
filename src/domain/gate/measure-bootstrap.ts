import { bootstrapEvidence } from './bootstrap-evidence.js'
import type { Finding, Question } from './evidence.js'
import type { Pair } from './examples.js'
import { cellSampler, withFewDiscordant } from './measure-cells.js'
import { jackknifeEvidence } from './measure-jackknife.js'
import { rowSampler } from './measure-rows.js'
import { bootstrapOf, pairsOf, type Sampler } from './measure-sampler.js'
import { sumSampler } from './measure-sums.js'
import { unitCountOf } from './measure-units.js'

/** Up to so many units a bootstrap of the units themselves is cheap, and exact. */
const FEW_UNITS = 4096
/** Beyond so many rows resampling costs minutes where a metric is no function of sums. */
const MOST_RESAMPLED = 100_000

/**
 * BCa bootstrap of any metric: of the counts of a confusion table, of sums over very many rows, or of the rows (or clusters)
 * themselves. Of more rows than can be resampled, where the metric is no function of sums, a block jackknife, whose interval
 * is as good there and costs a fraction.
 */
export function resampledEvidence(question: Question): Finding {
  const pairs = pairsOf(question)
  const { metric } = question
  const { weights, clusters } = question.pair.candidate
  if (metric.kind === 'confusion' && weights === undefined && clusters === undefined) {
    const samplers = pairs.map((pair) => cellSampler(question, metric, pair))
    const finding = bootstrapEvidence(question, bootstrapOf(question, samplers))
    return withFewDiscordant({ question, metric, samplers }, finding)
  }
  const chosen = pairs.map((pair) => choose(question, pair))
  const samplers = chosen.map(({ sampler }) => sampler)
  return chosen.some(({ tooMany }) => tooMany)
    ? jackknifeEvidence(question, samplers)
    : bootstrapEvidence(question, bootstrapOf(question, samplers))
}

function choose(question: Question, pair: Pair): { sampler: Sampler; tooMany: boolean } {
  const tooMany = pair.candidate.n > MOST_RESAMPLED
  const summed = tooMany || unitCountOf(pair) > FEW_UNITS ? sumSampler(question, pair) : undefined
  return summed === undefined
    ? { sampler: rowSampler(question, pair), tooMany }
    : { sampler: summed, tooMany: false }
}
