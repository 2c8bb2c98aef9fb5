import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import type { BeforeStore } from './before.js'
import { type Change, type Delivery, deliver, headOf, withdraw } from './deliver.js'
import type { Field, Names } from './fields.js'
import type { Manifests } from './manifests.js'
import {
  canaryName,
  nameOf,
  promoteStages,
  rollbackStages,
  type Stage,
  shareStage,
  weightOf,
} from './plan.js'
import { manifestProblems } from './problems.js'
import { type Sync, untilSynced } from './sync/sync.js'

export interface GitopsOptions {
  readonly delivery: Delivery
  readonly before: BeforeStore
  readonly sync: Sync
  readonly by: Change['by']
  readonly rollbackBy: Change['by']
  /** How long a change may take to be applied and healthy. Milliseconds. */
  readonly limitMs: number
}

const ROLLBACK_TRIES = 3

/** Divides by values in a repository that somebody else applies: each change is a commit, and holds once that commit is in force. */
export function createGitopsSplitter(options: GitopsOptions): Splitter {
  const { delivery } = options
  return {
    kind: 'gitops',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => {
      const names = namesOf(roles)
      const manifests = await delivery.read(await headOf(delivery), names)
      requireFields(manifests)
      return splitOf(manifests, names)
    },
    admit: (roles, guard) => admit(options, roles, guard),
    share: (roles, { weight }, guard) => share(options, roles, { weight, guard }),
    promote: (roles, guard) => promote(options, roles, guard),
    rollback: (roles) => rollback(options, roles),
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return { stable: nameOf(stable, 'stable'), canary: canaryName(canary) }
}

function bothNames({ stable, canary }: BothRoles): Required<Names> & { readonly canary: string } {
  return { stable: nameOf(stable, 'stable'), canary: nameOf(canary, 'canary') }
}

function splitOf({ fields, revision }: Manifests, names: Names): Split {
  const weight = weightOf(fields, names)
  return { weight, mirror: 0, revision, url: undefined, ejected: undefined }
}

function requireFields({ fields, problems }: Manifests): void {
  const [problem] = problems
  if (fields.length === 0 && problem !== undefined) throw problem
}

/** What a rollout cannot be written over. */
function refuseFor(names: Names): (manifests: Manifests) => void {
  return ({ fields, problems }) => {
    const [problem] = problems
    if (problem !== undefined) throw problem
    for (const { place, holds } of fields) {
      const isVersion = holds === 'latest' || holds === 'stable'
      if (isVersion && place.value !== names.stable && place.value !== names.canary) {
        throw manifestProblems.otherVersion(place.title, String(place.value))
      }
    }
  }
}

async function admit(options: GitopsOptions, roles: BothRoles, guard: Guard): Promise<Split> {
  const { delivery, before } = options
  const names = bothNames(roles)
  const manifests = await delivery.read(await headOf(delivery), names)
  refuseFor(names)(manifests)
  await before.keep(names.stable, valuesOf(manifests.fields))
  return share(options, roles, { weight: 0, guard })
}

function valuesOf(fields: readonly Field[]): Record<string, string | number> {
  return Object.fromEntries(fields.map(({ place }) => [place.title, place.value]))
}

interface Weighed {
  readonly weight: number
  readonly guard: Guard
}

function share(options: GitopsOptions, roles: BothRoles, weighed: Weighed): Promise<Split> {
  const names = bothNames(roles)
  const { weight, guard } = weighed
  return inStages(options, {
    names,
    stages: [shareStage(names, weight)],
    title: `Rollout: ${weight} % of the users to ${names.canary}`,
    by: options.by,
    guard: guard.revision,
    refuse: refuseFor(names),
  })
}

async function promote(options: GitopsOptions, roles: BothRoles, guard: Guard): Promise<Split> {
  const { delivery, before } = options
  const names = bothNames(roles)
  const { fields } = await delivery.read(await headOf(delivery), names)
  const split = await inStages(options, {
    names,
    stages: promoteStages(names, fields),
    title: `Rollout: ${names.canary} for all users`,
    by: options.by,
    guard: guard.revision,
    refuse: refuseFor(names),
  })
  await before.forget()
  return split
}

/** Over whatever is there; what somebody might merge later is withdrawn. */
async function rollback(options: GitopsOptions, roles: Roles): Promise<Split> {
  const { delivery, before } = options
  const names = namesOf(roles)
  const withdrawn = await withdraw(delivery).then(
    () => true,
    () => false,
  )
  // What cannot be read of the time before must not keep users with the canary.
  const old = await before.read(names.stable).catch(() => ({}))
  for (let attempt = 1; ; attempt++) {
    try {
      const { fields } = await delivery.read(await headOf(delivery), names)
      const split = await inStages(options, {
        names,
        stages: rollbackStages(names, fields, old),
        title: `Rollback to ${names.stable}`,
        by: options.rollbackBy,
        guard: undefined,
        refuse: requireFields,
      })
      if (!withdrawn) await withdraw(delivery)
      await before.forget()
      return { ...split, weight: 0 }
    } catch (error) {
      if (!isOvertaken(error) || attempt >= ROLLBACK_TRIES) throw error
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof UserError && error.problems.some(({ code }) => code === 'MW-DEPLOY-004')
}

interface InStages extends Omit<Change, 'stage'> {
  readonly stages: readonly Stage[]
}

/** Each commit is in force before the next one is made. */
async function inStages(options: GitopsOptions, change: InStages): Promise<Split> {
  const { stages, ...rest } = change
  let { guard } = change
  let last: Split | undefined
  for (const stage of stages) {
    const manifests = await deliver(options.delivery, { ...rest, stage, guard })
    await untilInForce(options, manifests, change.names)
    if (guard !== undefined) guard = manifests.revision
    last = splitOf(manifests, change.names)
  }
  if (last === undefined) throw new RangeError('a change without stages')
  return last
}

function untilInForce(options: GitopsOptions, wanted: Manifests, names: Names): Promise<void> {
  const { sync, limitMs, delivery } = options
  const { now, sleep, writer, branch } = delivery
  const known = new Map([[wanted.commit, true]])
  const isOurs = async (commit: string): Promise<boolean> => {
    const is = known.get(commit) ?? (await writer.contains(commit, wanted.commit))
    if (is && !known.has(commit)) {
      const there = await delivery.read(commit, names)
      if (there.revision !== wanted.revision) {
        const where = `branch ${branch} of ${writer.repository}`
        throw trafficProblems(where).changed({ weight: weightOf(there.fields, names) })
      }
    }
    known.set(commit, is)
    return is
  }
  return untilSynced({ sync, commit: wanted.commit, isOurs, limitMs, now, sleep })
}
