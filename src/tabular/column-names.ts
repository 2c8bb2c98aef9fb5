import { UserError } from '../errors.js'

const listed = 30

/** A name as it may stand in a message: quoted and escaped when it holds more than letters, digits, `_`, `-`, `.`. */
function showName(name: string): string {
  return /^[\p{L}\p{N}_.-]+$/u.test(name) ? name : JSON.stringify(name)
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, listed).map(showName).join(', ')
  return names.length > listed ? `${shown} and ${names.length - listed} more` : shown
}

/**
 * Positions in `found` of the wanted columns, in the order asked for and each once; all positions when
 * `wanted` is undefined. Throws MW-DATA-003 naming what was found, and the nearest name, when one is absent.
 */
export function selectColumns(
  found: readonly string[],
  wanted: readonly string[] | undefined,
  shownAs: string,
): number[] {
  if (wanted === undefined) return found.map((_, index) => index)
  const positions = new Map(found.map((name, index) => [name, index]))
  const absent = [...new Set(wanted)].filter((name) => !positions.has(name))
  if (absent.length > 0) {
    throw new UserError(absent.map((name) => absentColumn(name, found, shownAs)))
  }
  return [...new Set(wanted)].map((name) => positions.get(name) ?? 0)
}

function absentColumn(name: string, found: readonly string[], shownAs: string) {
  const nearest = nearestName(name, found)
  const hint = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`
  const names = found.length === 0 ? 'none' : listNames(found)
  return {
    code: 'MW-DATA-003',
    where: shownAs,
    what: `column ${JSON.stringify(name)} not found. Found: ${names}.${hint}`,
    fix: 'Name a column that the file has.',
  }
}

/** Refuses names that occur twice: no column could be told from the other. */
export function refuseDuplicates(names: readonly string[], shownAs: string): void {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) twice.add(name)
    seen.add(name)
  }
  if (twice.size === 0) return
  throw new UserError({
    code: 'MW-DATA-005',
    where: shownAs,
    what: `more than one column is named ${listNames([...twice])}.`,
    fix: 'Give each column its own name.',
  })
}

/** The candidate with the smallest edit distance, ignoring case, if it is within a third of the name's length. */
function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100)
  let best: string | undefined
  let bestDistance = Math.ceil(wanted.length / 3) + 1
  for (const candidate of candidates.slice(0, 2000)) {
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, 100))
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein distance by the two-row dynamic programme. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
