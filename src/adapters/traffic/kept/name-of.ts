import type { Backend } from '../../../ports/traffic.js'

/** What signals call a version: the target's own name for it, where it has one. */
export function nameOf({ name, version }: Backend): string {
  return name ?? version
}
