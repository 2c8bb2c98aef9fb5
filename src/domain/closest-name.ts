/** A name of any length may come from a file: only its beginning can decide. */
const MOST_CHARACTERS = 100

/**
 * The known name that a mistyped one most likely meant, ignoring case; undefined when none is within `most` edits of
 * it, of several equally near ones the first. `most` is given the two names' lengths.
 */
export function closestName(
  name: string,
  known: Iterable<string>,
  most: (wanted: number, candidate: number) => number,
): string | undefined {
  const wanted = name.slice(0, MOST_CHARACTERS).toLowerCase()
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const one of known) {
    const candidate = one.slice(0, MOST_CHARACTERS).toLowerCase()
    const limit = most(wanted.length, candidate.length)
    // Names of such different lengths cannot be near, however they read.
    if (Math.abs(candidate.length - wanted.length) > limit) continue
    const distance = editDistance(wanted, candidate)
    if (distance <= limit && distance < least) {
      least = distance
      best = one
    }
  }
  return best
}

/** Levenshtein's distance, row by row: insertions, deletions and substitutions each cost 1. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
