import { mmdTest } from '../../stats/mmd.js'
import { createRandom } from '../../stats/random.js'
import { pText, shortNumber } from '../wording.js'
import { encode } from './encode.js'
import { drawSides, type Pooled } from './pooled.js'
import { FEWEST_ROWS, type MultivariateTest, type TestLimits, undecided } from './result.js'

/** Of each sample: the work grows with the square. */
const MOST_ROWS = 1000
const PERMUTATIONS = 499
/** With fewer rows of a sample, no difference found is no sign that there is none. */
const FEWEST_FOR_STABLE = 200

/**
 * Maximum mean discrepancy of the samples as wholes, by permutation (Gretton et al. 2012), on at most 1,000 rows of each. Drift
 * where it is larger than nearly all permutations make it: with so few rows, no difference too small to matter is found.
 */
export function discrepancyTest(pooled: Pooled, { alpha, seed }: TestLimits): MultivariateTest {
  const name = 'mmd'
  const random = createRandom(seed)
  const drawn = drawSides(pooled.rows, MOST_ROWS, random.below)
  const rows = { reference: drawn.reference.length, current: drawn.current.length }
  const fewest = Math.min(rows.reference, rows.current)
  const without = (reason: string) => undecided(name, rows, { reason, threshold: null })
  if (pooled.columns.length === 0) return without('no column can be used')
  if (fewest < FEWEST_ROWS) {
    return without(
      `${rows.reference} and ${rows.current} rows are too few: ${FEWEST_ROWS} of each are needed`,
    )
  }
  const { values, columns } = encode(
    pooled,
    Uint32Array.from([...drawn.reference, ...drawn.current]),
  )
  const first = rows.reference
  const found = mmdTest({ values, columns, first, permutations: PERMUTATIONS, random })
  if (found === undefined) return without('most rows are equal, so that distances say nothing')
  const threshold = found.permuted[Math.ceil((1 - alpha) * (PERMUTATIONS - 1))] ?? null
  return {
    name,
    ...judge(found, { alpha, fewest }),
    statistic: found.statistic,
    pValue: found.pValue,
    interval: null,
    threshold,
    rows,
    explains: [],
  }
}

function judge(
  found: { readonly statistic: number; readonly pValue: number },
  { alpha, fewest }: { readonly alpha: number; readonly fewest: number },
): Pick<MultivariateTest, 'status' | 'reason'> {
  const numbers = `discrepancy ${shortNumber(found.statistic)}, p ${pText(found.pValue)} by permutation`
  if (found.pValue <= alpha) {
    return {
      status: 'drifted',
      reason: `the samples are further apart than ones of the same source: ${numbers}`,
    }
  }
  if (fewest < FEWEST_FOR_STABLE) {
    return {
      status: 'inconclusive',
      reason: `no difference was found, but fewer than ${FEWEST_FOR_STABLE} rows would show only a large one: ${numbers}`,
    }
  }
  return {
    status: 'stable',
    reason: `the samples are no further apart than ones of the same source: ${numbers}`,
  }
}
