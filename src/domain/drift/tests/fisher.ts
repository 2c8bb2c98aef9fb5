import { fisherExact } from '../../stats/fisher-exact.js'
import type { DriftTest } from './drift-test.js'
import { twoByTwo } from './two-by-two.js'

/** Fisher: whether a category's share changed, exact at any size. */
export const fisher: DriftTest = {
  name: 'fisher',
  summary: "Fisher's exact test of a 2×2 table, two-sided; the statistic is the odds ratio.",
  compares: 'Columns of at most two categories; more have no answer.',
  measures: 'significance',
  categorical: (pair) => {
    const table = twoByTwo(pair)
    const result = table && fisherExact(table)
    return result && { statistic: result.oddsRatio, pValue: result.pValue }
  },
}
