import type { MeanMetric } from './metric.js'

/**
 * Mean pinball loss of a predicted quantile q (Koenker & Bassett 1978): a label above the prediction costs q times the distance,
 * one below it 1 - q times.
 */
export const pinball: MeanMetric = {
  name: 'pinball',
  summary: 'Mean pinball loss of a predicted quantile.',
  kind: 'mean',
  tasks: ['regression'],
  direction: 'lower',
  needs: ['prediction'],
  range: [0, Number.POSITIVE_INFINITY],
  quantile: 'required',
  losses(data, { quantile = 0.5 }) {
    const { n, labels, predictions = labels } = data
    const losses = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const above = (labels[i] ?? 0) - (predictions[i] ?? 0)
      losses[i] = above >= 0 ? quantile * above : (quantile - 1) * above
    }
    return losses
  },
}
