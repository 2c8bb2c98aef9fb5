import { createRandom } from '../../stats/random.js'
import { type DriftPolicy, thresholdOf } from '../policy.js'
import { measureVectors } from '../vectors/measure.js'
import type { VectorSample } from '../vectors/sample.js'
import { domainAreaEvidence } from './domain-area-evidence.js'
import type { Evidence } from './evidence.js'

const MOST_ROWS = 10_000
export const VECTOR_TEST = 'vector-domain-classifier'
export const VECTOR_DISTANCE = 'vector-domain-auc'
const USUAL_AREA = 0.6

/** Compares two samples of vectors. */
export function vectorEvidence(
  policy: DriftPolicy,
  reference: VectorSample,
  current: VectorSample,
): Evidence {
  const options = { random: createRandom(policy.rows.seed), maxRows: MOST_ROWS }
  const found = measureVectors(reference, current, options)
  const threshold = thresholdOf(policy, VECTOR_DISTANCE) ?? USUAL_AREA
  return domainAreaEvidence(found, { threshold, alpha: policy.alpha })
}
