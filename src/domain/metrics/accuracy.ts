import type { ProportionMetric } from './metric.js'

/** Share of examples predicted right; in multi-label, of those whose whole set of classes is (subset accuracy). */
export const accuracy: ProportionMetric = {
  name: 'accuracy',
  summary:
    'Share of examples whose predicted class (in multi-label: whole set of classes) is the label.',
  kind: 'proportion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction'],
  range: [0, 1],
  classes: 'any',
  multiLabel: true,
  hits(data) {
    const { n, labels, predictions = labels } = data
    const hits = new Float64Array(n)
    for (let i = 0; i < n; i++) hits[i] = labels[i] === predictions[i] ? 1 : 0
    return hits
  },
}
