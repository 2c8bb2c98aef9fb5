import { ExternalError, UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import type { OwnFile } from '../own-file.js'
import { trafficProblems } from '../problems.js'
import type { CaddyApi } from './api.js'
import { sharesOf, textOf } from './shares.js'
import type { Wiring } from './wiring.js'

export interface CaddySplitterOptions {
  readonly api: CaddyApi
  readonly file: OwnFile
}

/** Where the two versions stand. */
interface Places {
  readonly below: string
  readonly above: string
  readonly isCanaryBelow: boolean
}

/**
 * Divides by a file that Caddy compares each request's random UUID with: by chance. Nothing is reloaded, which would close kept
 * connections with requests on their way, so a write is in force with the next request.
 */
export function createCaddySplitter(options: CaddySplitterOptions): Splitter {
  const guarded = (roles: BothRoles, weight: number, guard: Guard) =>
    share(options, roles, { weight, guard })
  return {
    kind: 'caddy',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(options, placesBy(await options.api.wiring(), roles)),
    admit: (roles, guard) => guarded(roles, 0, guard),
    share: (roles, { weight }, guard) => guarded(roles, weight, guard),
    promote: (roles, guard) => guarded(roles, 100, guard),
    rollback: async (roles) => {
      const places = await placesWithoutWords(options, roles)
      await write(options, places, 0)
      return splitOf(options, places)
    },
  }
}

function nameOf({ name, version }: Backend): string {
  return name ?? version
}

/** Throws UserError MW-DEPLOY-181 where the two versions are not the two ways. */
function placesBy({ below, others }: Wiring, roles: Roles): Places {
  const stable = nameOf(roles.stable)
  const canary = roles.canary && nameOf(roles.canary)
  const other = (set: ReadonlySet<string>) => (canary === undefined ? '' : within(set, canary))
  if (below.has(stable)) {
    return { below: stable, above: other(others), isCanaryBelow: false }
  }
  return { below: other(below), above: within(others, stable), isCanaryBelow: true }
}

function within(names: ReadonlySet<string>, wanted: string): string {
  if (names.has(wanted)) return wanted
  throw new UserError({
    code: 'MW-DEPLOY-181',
    where: 'deploy.backends',
    what: `Caddy does not send to ${JSON.stringify(wanted)} where it should: this side has ${[...names].join(', ') || 'nothing'}.`,
    fix: 'Name the two versions by their servers of Caddy or by what reverse_proxy dials: one in the route that the file chooses, the other outside of it.',
  })
}

/** A rollback needs no answer of Caddy where the file says who stands where. */
async function placesWithoutWords(
  { api, file }: CaddySplitterOptions,
  roles: Roles,
): Promise<Places> {
  try {
    return placesBy(await api.wiring(), roles)
  } catch (error) {
    const { names } = sharesOf(await file.read(), file.path)
    const stable = nameOf(roles.stable)
    if (!(error instanceof ExternalError) || names === undefined) throw error
    if (names.below !== stable && names.above !== stable) throw error
    return { ...names, isCanaryBelow: names.above === stable }
  }
}

async function splitOf({ file }: CaddySplitterOptions, places: Places): Promise<Split> {
  const revision = await file.read()
  const { below } = sharesOf(revision, file.path)
  const weight = places.isCanaryBelow ? below : Number((100 - below).toFixed(6))
  return { weight, mirror: 0, revision, url: undefined, ejected: undefined }
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

async function share(
  options: CaddySplitterOptions,
  roles: BothRoles,
  { weight, guard }: Change,
): Promise<Split> {
  const places = placesBy(await options.api.wiring(), roles)
  const now = await splitOf(options, places)
  if (now.revision !== guard.revision) throw trafficProblems(options.file.path).changed(now)
  await write(options, places, weight)
  return splitOf(options, places)
}

async function write(
  { file }: CaddySplitterOptions,
  { below, above, isCanaryBelow }: Places,
  weight: number,
): Promise<void> {
  const share = isCanaryBelow ? weight : 100 - weight
  await file.write(textOf({ below: share, names: { below, above } }))
}
