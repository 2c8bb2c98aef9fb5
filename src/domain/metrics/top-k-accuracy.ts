import type { MetricData } from './data.js'
import type { ProportionMetric } from './metric.js'

/**
 * Share of examples whose true class is among the k most probable. Of classes equally probable the later one, in the classes'
 * order, comes first, as in scikit-learn's top_k_accuracy_score.
 */
export const topKAccuracy: ProportionMetric = {
  name: 'top-k-accuracy',
  summary: 'Share of examples whose label is among the k classes with the highest scores.',
  kind: 'proportion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['class-scores'],
  range: [0, 1],
  classes: 'any-with-class-scores',
  k: 'required',
  hits(data, { k = 1 }) {
    const ahead = classesAhead(data)
    const hits = new Float64Array(data.n)
    for (let i = 0; i < data.n; i++) hits[i] = (ahead[i] ?? 0) < k ? 1 : 0
    return hits
  },
}

/** How many classes come before the true one. */
function classesAhead({ n, labels, classScores = [] }: MetricData): Int32Array {
  const own = new Float64Array(n)
  for (let i = 0; i < n; i++) own[i] = classScores[labels[i] ?? 0]?.[i] ?? 0
  const ahead = new Int32Array(n)
  classScores.forEach((scores, code) => {
    for (let i = 0; i < n; i++) {
      const score = scores[i] ?? 0
      const mine = own[i] ?? 0
      const before = score > mine || (score === mine && code > (labels[i] ?? 0))
      if (before) ahead[i] = (ahead[i] ?? 0) + 1
    }
  })
  return ahead
}
