import { twoProportionsZ } from '../../stats/two-proportions-z.js'
import type { DriftTest } from './drift-test.js'
import { twoByTwo } from './two-by-two.js'

/** Z: whether a category's share changed, for samples that are not small. */
export const zTest: DriftTest = {
  name: 'z-test',
  summary: 'Z-test of two proportions with pooled variance, two-sided.',
  compares: 'Columns of at most two categories; more have no answer. For rare ones use fisher.',
  measures: 'significance',
  categorical: (pair) => {
    const table = twoByTwo(pair)
    const result = table && twoProportionsZ(table)
    return result && { statistic: result.statistic, pValue: result.pValue }
  },
}
