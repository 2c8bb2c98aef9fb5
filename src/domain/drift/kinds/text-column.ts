import { createRandom } from '../../stats/random.js'
import { type DriftPolicy, thresholdOf } from '../policy.js'
import type { CategoricalSample } from '../samples.js'
import { measureText } from '../text/measure.js'
import type { TextSample } from '../text/sample.js'
import { domainAreaEvidence } from './domain-area-evidence.js'
import type { Evidence } from './evidence.js'

const MOST_ROWS = 10_000
export const TEXT_TEST = 'text-domain-classifier'
export const TEXT_DISTANCE = 'text-domain-auc'
const USUAL_AREA = 0.6

/** Compares two samples of free text. */
export function textEvidence(
  policy: DriftPolicy,
  reference: CategoricalSample,
  current: CategoricalSample,
): Evidence {
  const options = { random: createRandom(policy.rows.seed), maxRows: MOST_ROWS }
  const found = measureText(textsOf(reference), textsOf(current), options)
  const threshold = thresholdOf(policy, TEXT_DISTANCE) ?? USUAL_AREA
  return domainAreaEvidence(found, { threshold, alpha: policy.alpha })
}

/** The order of rows says nothing: each text as often as it occurs. */
function textsOf({ categories, counts, missing }: CategoricalSample): TextSample {
  let present = 0
  for (const count of counts) present += count
  const codes = new Int32Array(present + missing).fill(-1)
  let row = 0
  for (let code = 0; code < counts.length; code++) {
    const end = row + (counts[code] ?? 0)
    codes.fill(code, row, end)
    row = end
  }
  return { texts: categories, codes }
}
