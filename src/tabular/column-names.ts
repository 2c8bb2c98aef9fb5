import { closestName } from '../domain/closest-name.js'
import { UserError } from '../errors.js'

const listed = 30
/** More columns than this are not searched for a name that is meant. */
const MOST_COMPARED = 2000

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
  const nearest = closestName(name, found.slice(0, MOST_COMPARED), (wanted) =>
    Math.ceil(wanted / 3),
  )
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
