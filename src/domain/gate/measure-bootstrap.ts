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
 * Of fewer clusters a bootstrap says too little of how they vary: of 10 clusters 95% intervals of F1 and AUC held the true
 * difference 86% of the time, of 30 93% and more (bench/operating, part clusters).
 */
const FEWEST_CLUSTERS = 20

/**
 * BCa bootstrap of any metric: of the counts of a confusion table, of sums over very many rows, or of the rows (or clusters)
 * themselves. Of more rows than can be resampled, where the metric is no function of sums, a block jackknife, whose interval
 * is as good there and costs a fraction.
 */
export function resampledEvidence(question: Question): Finding {
  const clusters = fewestClusters(question)
  if (clusters < FEWEST_CLUSTERS) {
    return {
      reason: `its ${clusters} clusters are too few to resample: it needs ${FEWEST_CLUSTERS}`,
    }
  }
  const { samplers, tooMany } = samplersOf(question)
  if (tooMany) return jackknifeEvidence(question, samplers)
  const finding = bootstrapEvidence(question, bootstrapOf(question, samplers))
  const { metric } = question
  return isCounted(question) && metric.kind === 'confusion'
    ? withFewDiscordant({ question, metric, samplers }, finding)
    : finding
}

/** How many clusters the model with the fewest has; infinite where rows are independent. */
function fewestClusters({ pair, unpaired }: Question): number {
  const models = unpaired === true ? [pair.candidate, pair.baseline] : [pair.candidate]
  const counts = models.flatMap((data) =>
    data?.clusters === undefined ? [] : [new Set(data.clusters).size],
  )
  return Math.min(...counts, Number.POSITIVE_INFINITY)
}

/** Plain confusion tables are resampled by their counts. */
function isCounted({ metric, pair }: Question): boolean {
  const { weights, clusters } = pair.candidate
  return metric.kind === 'confusion' && weights === undefined && clusters === undefined
}

/** What the question's models are resampled by; `tooMany` where resampling would take very long. */
export function samplersOf(question: Question): {
  readonly samplers: readonly Sampler[]
  readonly tooMany: boolean
} {
  const { metric } = question
  const pairs = pairsOf(question)
  if (metric.kind === 'confusion' && isCounted(question)) {
    return { samplers: pairs.map((pair) => cellSampler(question, metric, pair)), tooMany: false }
  }
  const chosen = pairs.map((pair) => choose(question, pair))
  return {
    samplers: chosen.map(({ sampler }) => sampler),
    tooMany: chosen.some(({ tooMany }) => tooMany),
  }
}

function choose(question: Question, pair: Pair): { sampler: Sampler; tooMany: boolean } {
  const tooMany = pair.candidate.n > MOST_RESAMPLED
  const summed = tooMany || unitCountOf(pair) > FEW_UNITS ? sumSampler(question, pair) : undefined
  return summed === undefined
    ? { sampler: rowSampler(question, pair), tooMany }
    : { sampler: summed, tooMany: false }
}
