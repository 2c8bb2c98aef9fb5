import type { MeanMetric } from './metric.js'

const PREFIX = 'column:'

/** The column that a metric `column:<name>` reads; undefined for other metrics. */
export function columnOf(name: string): string | undefined {
  return name.startsWith(PREFIX) && name.length > PREFIX.length
    ? name.slice(PREFIX.length)
    : undefined
}

/** The mean of a column of per-example numbers: a judge's score, a latency, a cost. */
export function columnMean(name: string, direction: 'higher' | 'lower' = 'higher'): MeanMetric {
  return {
    name,
    summary: 'Mean of a column of per-example numbers.',
    kind: 'mean',
    tasks: ['classification', 'regression', 'ranking', 'generation'],
    direction,
    needs: ['column'],
    classes: 'any',
    multiLabel: true,
    unlabelled: true,
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    losses: (data) => data.values ?? new Float64Array(data.n),
  }
}
