import type { AnalysisRow } from './analysis.js'

/**
 * Rows judged by the mean of the guards' e-values instead of each by itself: rollback when the mean reaches 1/alpha. A mean of
 * e-processes is one, whatever their dependence (Vovk and Wang 2021, Annals of Statistics 49:1736), so a canary that is no worse
 * on any guard is rolled back with probability <= alpha. One guard at guards/alpha lifts the mean to 1/alpha: this rolls
 * back whenever Bonferroni does, and also where several guards have some evidence each.
 *
 * A row's threshold is the e-value that it would need with the others as they are, at least 1/alpha: whoever reaches it carries
 * the mean, and is told as the reason. Rows that do not guard stay as they are.
 */
export function combineByMean(rows: readonly AnalysisRow[], alpha: number): AnalysisRow[] {
  const guards = rows.filter(({ eValue }) => eValue !== null)
  return rows.map((row) => {
    if (row.eValue === null) return row
    let others = 0
    for (const guard of guards) if (guard !== row) others += guard.eValue ?? 0
    const threshold = Math.max(1 / alpha, guards.length / alpha - others)
    return { ...row, threshold, status: row.eValue >= threshold ? 'rollback' : openStatus(row) }
  })
}

/** What a row says when it is no reason to roll back. */
function openStatus({ promotionEValue, promotionThreshold }: AnalysisRow): 'promote' | 'continue' {
  if (promotionEValue === null || promotionThreshold === null) return 'continue'
  return promotionEValue >= promotionThreshold ? 'promote' : 'continue'
}
