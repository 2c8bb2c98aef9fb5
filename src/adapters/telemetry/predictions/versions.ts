import type { VersionNames } from '../../../ports/signals.js'
import type { Backend } from '../../../ports/traffic.js'

/** Which role a version of the log has; undefined for one that is neither. */
export type RoleOf = (version: string) => Role | undefined

type Role = 'stable' | 'canary'

const ENDS = new Set(['-', '/', '.', ':', '_', '@'])

/**
 * A version by what the system has it as, or by what it calls itself. `prefix`: also names with more behind a mark, as pods have it; of
 * two that fit the longer one is meant.
 */
export function roleOf(names: VersionNames, match: 'exact' | 'prefix'): RoleOf {
  const roles = rolesByName(names)
  if (match === 'exact') return (version) => roles.get(version)
  const longestFirst = [...roles].sort(([a], [b]) => b.length - a.length)
  const begins = (version: string, name: string) =>
    version.startsWith(name) && ENDS.has(version[name.length] ?? '')
  return (version) =>
    roles.get(version) ?? longestFirst.find(([name]) => begins(version, name))?.[1]
}

/** What they are seen as goes first, and of the two names of one the canary's. */
function rolesByName({ stable, canary, versions }: VersionNames): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>()
  const own = ({ name, version }: Pick<Backend, 'name' | 'version'>) => name ?? version
  if (versions !== undefined) {
    roles.set(own(versions.stable), 'stable').set(own(versions.canary), 'canary')
  }
  return roles.set(stable, 'stable').set(canary, 'canary')
}
