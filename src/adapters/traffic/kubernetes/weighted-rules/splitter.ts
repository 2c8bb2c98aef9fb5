import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../../ports/splitter.js'
import type { TrafficSetting } from '../../../../ports/traffic.js'
import { trafficProblems } from '../../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from '../client/index.js'
import { type ResourceRef, titleOf } from '../client/resource.js'
import { type Json, ordered, pointer } from '../json.js'
import { canaryName, clusterName } from '../names.js'
import { refuseFromGit } from '../owners.js'
import { type Progress, untilInForce } from '../wait.js'
import { type Dialect, NO_CANARY } from './dialect.js'
import { edited, type Names, ourRules, revisionOf, settingOf, type Wanted } from './edit.js'

export interface WeightedRulesOptions {
  readonly client: KubernetesClient
  readonly ref: ResourceRef
  readonly dialect: Dialect
  /** Only the rule of that name; else each that sends to one of the versions. */
  readonly rule?: string | undefined
  readonly limitMs: number
  readonly progress: (object: Json) => Progress
  readonly urlOf: (object: Json) => string | undefined
  /** Throws UserError where the data plane cannot mirror so. */
  readonly refuseMirror: (object: Json, percent: number) => Promise<void>
}

/** Other writers of the same rules may come between reading and writing. */
const TRIES = 6

/** Divides by the weights of an object's rules, all of them in one patch that is refused where they have changed. */
export function createWeightedRules(options: WeightedRulesOptions): Splitter {
  const { client, ref, dialect } = options
  const read = async (names: Names) => inspect(options, await client.get(ref), names)
  const both = async (roles: BothRoles, setting: TrafficSetting, guard: Guard) => {
    const names = namesOf(dialect, roles)
    const canary = clusterName(roles.canary, dialect.what)
    // Said before anything is written: a share that the weights cannot say.
    dialect.weights(setting.weight)
    return write(options, {
      names,
      guard,
      wanted: { to: 'both', stable: names.stable, canary, setting },
    })
  }
  return {
    kind: dialect.kind,
    capabilities: { mirror: true, split: dialect.split },
    read: async (roles) => (await read(namesOf(dialect, roles))).split,
    admit: (roles, guard) => both(roles, NO_CANARY, guard),
    share: async (roles, traffic, guard) => {
      if (traffic.mirror > 0) await options.refuseMirror(await client.get(ref), traffic.mirror)
      return both(roles, traffic, guard)
    },
    promote: (roles, guard) => {
      const names = namesOf(dialect, roles)
      const name = clusterName(roles.canary, dialect.what)
      return write(options, { names, guard, wanted: { to: 'one', name, without: names.stable } })
    },
    rollback: (roles) => {
      const names = namesOf(dialect, roles)
      const wanted = { to: 'one', name: names.stable, without: names.canary } as const
      return write(options, { names, guard: undefined, wanted })
    },
  }
}

function namesOf({ what }: Dialect, { stable, canary }: Roles): Names {
  return {
    stable: clusterName(stable, what),
    canary: canaryName(canary),
  }
}

function inspect(options: WeightedRulesOptions, object: Json, names: Names) {
  const { dialect, ref, rule } = options
  const rules = ourRules(dialect, object, { names, rule, where: titleOf(ref) })
  const split: Split = {
    ...settingOf(dialect, rules, names.canary),
    revision: revisionOf(dialect, rules),
    url: options.urlOf(object),
    ejected: undefined,
  }
  return { rules, split }
}

interface Write {
  readonly names: Names
  /** Undefined: whatever others have written. */
  readonly guard: Guard | undefined
  readonly wanted: Wanted
}

async function write(options: WeightedRulesOptions, change: Write): Promise<Split> {
  const { client, ref, dialect, limitMs, progress } = options
  const { names, guard, wanted } = change
  const where = titleOf(ref)
  let seen = NO_CANARY.weight
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const object = await client.get(ref)
    const { rules, split } = inspect(options, object, names)
    seen = split.weight
    const operations = rules.flatMap(({ index, rule }): readonly Operation[] => {
      const path = pointer(...dialect.list, index)
      const next = edited(dialect, rule, { wanted, where, isForced: guard === undefined })
      if (ordered(next) === ordered(rule)) return []
      return [
        { op: 'test', path, value: rule },
        { op: 'replace', path, value: next },
      ]
    })
    // On a further attempt our own write may be what has changed it: its answer was lost.
    const isOurs = attempt > 0 && operations.length === 0
    if (guard !== undefined && split.revision !== guard.revision && !isOurs) break
    if (operations.length > 0) {
      if (guard !== undefined) refuseFromGit(ref, object, [dialect.list])
      if ((await client.patch(ref, operations)) === UNTRUE) continue
    }
    const settled = await untilInForce({ client, ref, limitMs, progress })
    return inspect(options, settled, finalNames(wanted, names)).split
  }
  throw trafficProblems(where).changed({ weight: seen })
}

/** After one version was left alone the rules know only that one. */
function finalNames(wanted: Wanted, names: Names): Names {
  return wanted.to === 'one' ? { stable: wanted.name, canary: names.canary } : names
}
