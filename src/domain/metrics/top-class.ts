import type { MetricData } from './data.js'

/** The most probable class of each row, and its probability. */
export interface TopClass {
  readonly codes: Int32Array
  readonly scores: Float64Array
}

/** Of classes equally probable the first, as numpy's argmax. */
export function topClass({ n, classScores = [] }: MetricData): TopClass {
  const codes = new Int32Array(n)
  const scores = new Float64Array(n).fill(Number.NEGATIVE_INFINITY)
  classScores.forEach((column, code) => {
    for (let i = 0; i < n; i++) {
      const score = column[i] ?? 0
      if (score > (scores[i] ?? 0)) {
        scores[i] = score
        codes[i] = code
      }
    }
  })
  return { codes, scores }
}
