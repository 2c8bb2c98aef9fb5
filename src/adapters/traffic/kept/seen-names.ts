import type { VersionNames } from '../../../ports/signals.js'
import type { BothRoles, Roles, SeenAs, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'

/** What signals call each version: as it was seen last, also after the system has moved on. */
export interface SeenNames {
  /** What the system says now. */
  learn(roles: Roles, seenAs: SeenAs | undefined): void
  /** What an earlier run knew; what the system has said since goes first. */
  recall(roles: Roles, seenAs: SeenAs | undefined): void
  of(roles: BothRoles): VersionNames
  /** What is worth keeping; undefined where all are seen by their names. */
  toKeep(roles: Roles): SeenAs | undefined
}

export function createSeenNames(): SeenNames {
  const byVersion = new Map<string, string>()
  const note = (version: string | undefined, name: string | undefined) => {
    if (version !== undefined && name !== undefined) byVersion.set(version, name)
  }
  const seen = (backend: Backend | undefined) => backend && byVersion.get(backend.version)
  const nameOf = (backend: Backend) => seen(backend) ?? backend.name ?? backend.version
  return {
    learn: ({ stable, canary }, seenAs) => {
      note(stable.version, seenAs?.stable)
      note(canary?.version, seenAs?.canary)
    },
    recall: ({ stable, canary }, seenAs) => {
      if (seen(stable) === undefined) note(stable.version, seenAs?.stable)
      if (seen(canary) === undefined) note(canary?.version, seenAs?.canary)
    },
    of: ({ stable, canary }) => ({
      stable: nameOf(stable),
      canary: nameOf(canary),
      versions: { stable, canary },
    }),
    toKeep: (roles) => {
      const [stable, canary] = [seen(roles.stable), seen(roles.canary)]
      return stable === undefined && canary === undefined ? undefined : { stable, canary }
    },
  }
}

/** The same splitter; what it says that versions are seen as is noted. */
export function noting(splitter: Splitter, names: SeenNames): Splitter {
  const noted = async (roles: Roles, said: Promise<Split>): Promise<Split> => {
    const split = await said
    names.learn(roles, split.seenAs)
    return split
  }
  return {
    kind: splitter.kind,
    capabilities: splitter.capabilities,
    read: (roles) => noted(roles, splitter.read(roles)),
    admit: (roles, guard) => noted(roles, splitter.admit(roles, guard)),
    share: (roles, traffic, guard) => noted(roles, splitter.share(roles, traffic, guard)),
    promote: (roles, guard) => noted(roles, splitter.promote(roles, guard)),
    rollback: (roles) => noted(roles, splitter.rollback(roles)),
  }
}
