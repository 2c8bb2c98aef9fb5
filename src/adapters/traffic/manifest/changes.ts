import type { BothRoles, Roles } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import type { Entry, Manifest } from './manifest.js'
import { boundOf, type Cut, cutOf, NOBODY, placeOf } from './place.js'

/** What a manifest is made by. */
export interface ManifestRules {
  readonly kind: Manifest['kind']
  /** What makes two rollouts choose others; the version of the canary unless given. */
  readonly salt?: string | undefined
  /** All keys, where they are known: shares are whole numbers of them, and the manifest says whose each is. */
  readonly keys?: readonly string[] | undefined
  /** A version as readers find it; `now` is what the manifest says of it already. */
  readonly entryOf: (backend: Backend, now: Manifest | undefined) => Entry
}

/** Names of versions that were taken back are told, but not without end. */
const MOST_WITHDRAWN = 20

/** What signals and readers call a version. */
export function entryName({ name, version }: Backend): string {
  return name ?? version
}

/** What a change begins with. */
export interface Before<Both extends Roles = Roles> {
  readonly roles: Both
  readonly now: Manifest | undefined
}

/** With the canary at a share, and copies. */
export function shared(
  options: ManifestRules,
  { roles, now }: Before<BothRoles>,
  { weight, mirror }: TrafficSetting,
): Manifest {
  const stable = options.entryOf(roles.stable, now)
  const canary = options.entryOf(roles.canary, now)
  const salt = options.salt ?? roles.canary.version
  const same = now?.canary?.name === canary.name && now.salt === salt
  const cut = cutBy(options, salt, 'share')
  const [share, copies] = [cut(weight), cutBy(options, salt, 'copies')(mirror)]
  return {
    ...base(options, now),
    salt,
    stable,
    canary,
    share: share.share,
    below: share.bound,
    copies: copies.share,
    copiesBelow: copies.bound,
    exposed: weight > 0 || (same && now.exposed),
    withdrawn: (now?.withdrawn ?? []).filter((name) => name !== canary.name),
    ...assigned(options, salt, share),
  }
}

function cutBy({ keys }: ManifestRules, salt: string, by: 'share' | 'copies') {
  if (keys === undefined) return (share: number): Cut => ({ share, bound: boundOf(share) })
  const places = keys.map((key) => placeOf(salt, key)[by])
  return (share: number) => cutOf(share, places)
}

/** Whose each key is, where all are known: what the rule says, for readers that do not hash. */
function assigned({ keys }: ManifestRules, salt: string, { bound }: Cut) {
  if (keys === undefined) return {}
  const roleOf = (key: string) => (placeOf(salt, key).share < bound ? 'canary' : 'stable')
  return { partitions: Object.fromEntries(keys.map((key) => [key, roleOf(key)])) }
}

function base({ kind }: ManifestRules, now: Manifest | undefined): Manifest {
  const { partitions: _partitions, ...kept }: Partial<Manifest> = now ?? {}
  return {
    ...kept,
    schema: 'modelway-manifest/1',
    kind,
    generation: now?.generation ?? 0,
    salt: now?.salt ?? '',
    stable: now?.stable ?? { version: '', name: '' },
    canary: null,
    previous: now?.previous ?? null,
    share: 0,
    below: NOBODY,
    copies: 0,
    copiesBelow: NOBODY,
    exposed: false,
    withdrawn: now?.withdrawn ?? [],
  }
}

function alone(options: ManifestRules, now: Manifest | undefined, stable: Entry): Manifest {
  const manifest = base(options, now)
  const withdrawn = manifest.withdrawn.filter((name) => name !== stable.name)
  const { keys } = options
  const all = keys && { partitions: Object.fromEntries(keys.map((key) => [key, 'stable'])) }
  return { ...manifest, stable, withdrawn, ...all }
}

/** The canary for everything, as the version in use. */
export function promoted(
  options: ManifestRules,
  roles: BothRoles,
  now: Manifest | undefined,
): Manifest {
  const canary = options.entryOf(roles.canary, now)
  if (now?.stable.name === canary.name) return alone(options, now, canary)
  return { ...alone(options, now, canary), previous: options.entryOf(roles.stable, now) }
}

/** Stable for everything; what had answered anybody is withdrawn. */
export function rolledBack(
  options: ManifestRules,
  roles: Roles,
  now: Manifest | undefined,
): Manifest {
  const stable = options.entryOf(roles.stable, now)
  const next = alone(options, now, stable)
  const bad = roles.canary && entryName(roles.canary)
  const isKept = next.previous?.name !== stable.name && next.previous?.name !== bad
  const back = { ...next, previous: isKept ? next.previous : null }
  if (bad === undefined || !wasMet(now, bad)) return back
  const withdrawn = [...back.withdrawn.filter((name) => name !== bad), bad]
  return { ...back, withdrawn: withdrawn.slice(-MOST_WITHDRAWN) }
}

/** A version that answered nobody, as a shadow, need not be taken back from anybody. */
function wasMet(now: Manifest | undefined, name: string): boolean {
  if (now === undefined || now.stable.name === name) return true
  return now.canary?.name === name && now.exposed
}
