/** Successes of two independent samples. */
export interface UnpairedCounts {
  readonly candidateSuccesses: number
  readonly candidateTotal: number
  readonly baselineSuccesses: number
  readonly baselineTotal: number
}

/** Whether both samples have examples, and no more successes than those. */
export function areCounts(counts: UnpairedCounts): boolean {
  const { candidateSuccesses, candidateTotal, baselineSuccesses, baselineTotal } = counts
  const isSample = (successes: number, total: number) =>
    total > 0 && total < Number.POSITIVE_INFINITY && successes >= 0 && successes <= total
  return isSample(candidateSuccesses, candidateTotal) && isSample(baselineSuccesses, baselineTotal)
}

/** The other way round: the ratio of the swapped samples is 1 / ratio. */
export function swapSamples(counts: UnpairedCounts): UnpairedCounts {
  return {
    candidateSuccesses: counts.baselineSuccesses,
    candidateTotal: counts.baselineTotal,
    baselineSuccesses: counts.candidateSuccesses,
    baselineTotal: counts.candidateTotal,
  }
}
