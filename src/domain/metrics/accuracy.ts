import type { ProportionMetric } from './metric.js'

/** Share of examples predicted right. */
export const accuracy: ProportionMetric = {
  name: 'accuracy',
  summary: 'Share of examples whose predicted class is the label.',
  kind: 'proportion',
  tasks: ['classification'],
  direction: 'higher',
  needs: ['prediction'],
  range: [0, 1],
  hits(data) {
    const hits = new Float64Array(data.n)
    for (let i = 0; i < data.n; i++) hits[i] = data.labels[i] === data.predictions?.[i] ? 1 : 0
    return hits
  },
}
