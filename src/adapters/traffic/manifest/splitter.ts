import { createHash } from 'node:crypto'
import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import type { OwnFile } from '../own-file.js'
import { trafficProblems } from '../problems.js'
import { type Entry, type Manifest, manifestText, parseManifest } from './manifest.js'
import { boundOf, type Cut, cutOf, NOBODY, placeOf } from './place.js'

export interface ManifestSplitterOptions {
  readonly kind: Manifest['kind']
  readonly file: OwnFile
  /** What makes two rollouts choose others; the version of the canary unless given. */
  readonly salt?: string | undefined
  /** All keys, where they are known: shares are whole numbers of them, and the manifest says whose each is. */
  readonly keys?: readonly string[] | undefined
  readonly mirror: boolean
  /** A version as readers find it; `now` is what the manifest says of it already. */
  readonly entryOf: (backend: Backend, now: Manifest | undefined) => Entry
  /** Throws where readers would not get this version. */
  readonly check?: ((entry: Entry) => Promise<void>) | undefined
}

/** Names of versions that were taken back are told, but not without end. */
const MOST_WITHDRAWN = 20

/** Divides by a file that readers go by: jobs by partition, devices by their id. In force for whoever reads it next. */
export function createManifestSplitter(options: ManifestSplitterOptions): Splitter {
  const { kind, file } = options
  return {
    kind,
    capabilities: { mirror: options.mirror, split: 'units' },
    read: async (roles) => splitOf(options, roles, await file.read()),
    admit: async (roles, guard) => {
      const now = await guarded(options, roles, guard)
      const canary = options.entryOf(roles.canary, now)
      await options.check?.(canary)
      return write(options, { roles, now, next: shared(options, { roles, now }, NO_SHARE) })
    },
    share: async (roles, traffic, guard) => {
      const now = await guarded(options, roles, guard)
      return write(options, { roles, now, next: shared(options, { roles, now }, traffic) })
    },
    promote: async (roles, guard) => {
      const now = await guarded(options, roles, guard)
      return write(options, { roles, now, next: promoted(options, roles, now) })
    },
    rollback: async (roles) => {
      const now = readable(options, await file.read())
      return write(options, { roles, now, next: rolledBack(options, roles, now) })
    },
  }
}

const NO_SHARE: TrafficSetting = { weight: 0, mirror: 0 }

/** What signals and readers call a version. */
export function entryName({ name, version }: Backend): string {
  return name ?? version
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function splitOf({ kind, file }: ManifestSplitterOptions, roles: Roles, text: string): Split {
  const manifest = parseManifest(text, { kind, where: file.path })
  const split = { revision: revisionOf(text), url: undefined, ejected: undefined }
  const canary = roles.canary && entryName(roles.canary)
  if (manifest === undefined) return { ...split, weight: 0, mirror: 0 }
  if (manifest.stable.name === canary) return { ...split, weight: 100, mirror: 0 }
  if (manifest.stable.name !== entryName(roles.stable)) throw foreign(file.path, manifest, roles)
  const isThere = manifest.canary !== null && manifest.canary.name === canary
  const { share, copies } = manifest
  return { ...split, weight: isThere ? share : 0, mirror: isThere ? copies : 0 }
}

function foreign(path: string, { stable }: Manifest, roles: Roles): UserError {
  return new UserError({
    code: 'MW-DEPLOY-453',
    where: path,
    what: `it has ${JSON.stringify(stable.name)} in use, and the rollout knows ${JSON.stringify(entryName(roles.stable))}.`,
    fix: 'See who wrote it. mode: rollback brings the version that the rollout knows back.',
  })
}

async function guarded(
  options: ManifestSplitterOptions,
  roles: Roles,
  { revision }: Guard,
): Promise<Manifest | undefined> {
  const { kind, file } = options
  const text = await file.read()
  if (revisionOf(text) !== revision) {
    const now = parseManifest(text, { kind, where: file.path })
    throw trafficProblems(file.path).changed({ weight: now?.share ?? 0 })
  }
  splitOf(options, roles, text)
  return parseManifest(text, { kind, where: file.path })
}

/** Going back must not fail on a file that nobody can read: it is written anew. */
function readable({ kind, file }: ManifestSplitterOptions, text: string): Manifest | undefined {
  try {
    return parseManifest(text, { kind, where: file.path })
  } catch {
    return undefined
  }
}

interface Before<Both extends Roles = Roles> {
  readonly roles: Both
  readonly now: Manifest | undefined
}

function shared(
  options: ManifestSplitterOptions,
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

function cutBy({ keys }: ManifestSplitterOptions, salt: string, by: 'share' | 'copies') {
  if (keys === undefined) return (share: number): Cut => ({ share, bound: boundOf(share) })
  const places = keys.map((key) => placeOf(salt, key)[by])
  return (share: number) => cutOf(share, places)
}

/** Whose each key is, where all are known: what the rule says, for readers that do not hash. */
function assigned({ keys }: ManifestSplitterOptions, salt: string, { bound }: Cut) {
  if (keys === undefined) return {}
  const roleOf = (key: string) => (placeOf(salt, key).share < bound ? 'canary' : 'stable')
  return { partitions: Object.fromEntries(keys.map((key) => [key, roleOf(key)])) }
}

function base({ kind }: ManifestSplitterOptions, now: Manifest | undefined): Manifest {
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

function alone(
  options: ManifestSplitterOptions,
  now: Manifest | undefined,
  stable: Entry,
): Manifest {
  const manifest = base(options, now)
  const withdrawn = manifest.withdrawn.filter((name) => name !== stable.name)
  const { keys } = options
  const all = keys && { partitions: Object.fromEntries(keys.map((key) => [key, 'stable'])) }
  return { ...manifest, stable, withdrawn, ...all }
}

function promoted(
  options: ManifestSplitterOptions,
  roles: BothRoles,
  now: Manifest | undefined,
): Manifest {
  const canary = options.entryOf(roles.canary, now)
  if (now?.stable.name === canary.name) return alone(options, now, canary)
  return { ...alone(options, now, canary), previous: options.entryOf(roles.stable, now) }
}

function rolledBack(
  options: ManifestSplitterOptions,
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

interface Change extends Before {
  readonly next: Manifest
}

async function write(
  options: ManifestSplitterOptions,
  { roles, now, next }: Change,
): Promise<Split> {
  // What says the same is not written again: its generation would say that something had changed.
  if (now === undefined || manifestText(now) !== manifestText(next)) {
    await options.file.write(manifestText({ ...next, generation: next.generation + 1 }))
  }
  return splitOf(options, roles, await options.file.read())
}
