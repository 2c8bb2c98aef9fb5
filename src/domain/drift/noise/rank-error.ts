import { ksOfGap } from '../../stats/ks.js'
import type { Comparand } from '../comparand.js'
import type { Sides } from '../predicate.js'
import type { ColumnPair } from '../samples.js'
import { numberRows, type WholeNumbers, wholeNumbers } from '../whole-numbers.js'
import { scaledResolution } from './noise.js'

/** The 95% quantile of the Kolmogorov distribution: two samples' ranks are apart by so many 1/root(n) by chance. */
const KOLMOGOROV = 1.358

/**
 * A comparison of summarised values, whose ranks may be off by the pair's error. A statistic is what the values say; what is sure of it
 * is less. The difference of the two distribution functions may be that much smaller, so KS's p-value is that of the difference
 * without it, and no other test's p-value is smaller than KS's. The noise of a distance is that of samples so small that chance
 * alone moves their ranks as far.
 */
export function withRankError(values: Comparand, pair: ColumnPair): Comparand {
  const { rankError, allDiffer } = pair
  const named: Comparand = {
    ...values,
    looksLikeIdentifier: (type) =>
      allDiffer === undefined || values.kind === 'categorical'
        ? values.looksLikeIdentifier(type)
        : type === 'integer' && numberRows(values.values, wholeNumbersOf(pair)),
  }
  if (rankError === 0) return named
  return {
    ...named,
    run: (name) => {
      const outcome = values.run(name)
      if (outcome === undefined || outcome.pValue === null) return outcome
      const sure = surePValue(values, rankError)
      return { ...outcome, pValue: Math.max(name === 'ks' ? 0 : outcome.pValue, sure) }
    },
    resolution: (distance, alpha) => {
      const resolution = values.resolution(distance, alpha)
      return resolution && scaledResolution(distance, resolution, inflation(values, rankError))
    },
    looksIdentical: false,
  }
}

function surePValue({ run, values }: Comparand, rankError: number): number {
  const statistic = run('ks')?.statistic
  if (statistic === undefined) return 1
  const { reference: n, current: m } = values
  const sure = Math.max(0, statistic - rankError)
  return ksOfGap(n, m, { statistic: sure, steps: Math.floor(sure * n * m) }).pValue
}

/** How many times the variance of ranks is that of the samples alone. */
function inflation({ values }: Comparand, rankError: number): number {
  const chance = 1 / values.reference + 1 / values.current
  return (chance + (rankError / KOLMOGOROV) ** 2) / chance
}

/** A sketch looks for values that occur twice among so many. */
const NEIGHBOURS = 65_535

function wholeNumbersOf({ pair, rows, missing, infinities, allDiffer = false }: ColumnPair) {
  const side = (of: keyof Sides): WholeNumbers => {
    if (pair.kind !== 'numeric') return { allDiffer: false, areNumbered: false }
    const count = rows[of] - missing[of] - infinities[of]
    return wholeNumbers({ sorted: pair[of], count, allDiffer, neighbours: NEIGHBOURS })
  }
  return { reference: side('reference'), current: side('current') }
}
