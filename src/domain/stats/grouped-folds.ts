import type { RandomSource } from './random.js'

/**
 * Each row's fold, rows of one group in the same: groups are dealt from the largest down, those of a size in random order, to the fold
 * with the fewest rows. Classes are not looked at, so that folds say nothing of them.
 */
export function groupedFolds(
  groups: ArrayLike<number>,
  folds: number,
  random: RandomSource,
): Uint8Array {
  const sizes = new Map<number, number>()
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? 0
    sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  const ranked = [...sizes].map(([group, size]) => ({ group, size, luck: random.next() }))
  ranked.sort((a, b) => b.size - a.size || a.luck - b.luck || a.group - b.group)
  const rows = new Float64Array(folds)
  const foldOf = new Map<number, number>()
  for (const { group, size } of ranked) {
    const fold = rows.indexOf(Math.min(...rows))
    foldOf.set(group, fold)
    rows[fold] = (rows[fold] ?? 0) + size
  }
  return Uint8Array.from({ length: groups.length }, (_, i) => foldOf.get(groups[i] ?? 0) ?? 0)
}
