import type { BothRoles, Guard, Split, Splitter } from '../../../../ports/splitter.js'
import { trafficProblems } from '../../problems.js'
import { type KubernetesClient, UNTRUE } from '../client/index.js'
import { FLAGGER_CANARY, refTo, titleOf } from '../client/resource.js'
import { at, textAt } from '../json.js'
import { refuseFromGit } from '../owners.js'
import {
  CONTAINERS,
  refuseSameValue,
  requireVersionPlace,
  templateValue,
  type VersionField,
} from '../template-version.js'
import { IN_FORCE, type Progress } from '../wait.js'
import { weightsOf } from './analysis.js'
import { type Context, hold, look, targetOf, waitFor } from './context.js'
import { notResting, noWeight, skipsAnalysis, suspended, wentPast } from './problems.js'
import { restarted } from './restart.js'
import { rollback } from './rollback.js'
import {
  failureOf,
  holdOf,
  isPromoted,
  isResting,
  isSuspended,
  phaseOf,
  type Seen,
  splitOf,
  weightOf,
  wordsOf,
} from './status.js'

export interface FlaggerOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  readonly canary: string
  readonly field: VersionField
  /** How long Flagger may take to its next weight, or to promote. Milliseconds. */
  readonly timeoutMs: number
  /** The weights that will be asked for, where that is known: Flagger must come by each. Percent. */
  readonly weights?: readonly number[] | undefined
}

/**
 * Follows Flagger from weight to weight: it is let go, and suspended where the weight is that was asked for, until there is evidence
 * enough. Routes, replicas and the primary stay Flagger's; a new version is a change of its target's template.
 */
export function createFlaggerSplitter(options: FlaggerOptions): Splitter {
  const { client, field, timeoutMs, weights = [] } = options
  const ref = refTo(FLAGGER_CANARY, options.namespace ?? client.namespace, options.canary)
  const context: Context = { client, ref, field, where: titleOf(ref), timeoutMs, weights }
  return {
    kind: 'flagger',
    capabilities: { mirror: false, split: 'controller' },
    read: async (roles) => splitOf(await look(context), roles, context.where),
    admit: (roles, guard) => admit(context, roles, guard),
    share: (roles, { weight }, guard) => share(context, roles, { weight, guard }),
    promote: (roles, guard) => promote(context, roles, guard),
    rollback: (roles) => rollback(context, roles),
  }
}

async function guarded(context: Context, roles: BothRoles, guard: Guard): Promise<Seen> {
  const { where } = context
  refuseSameValue(templateValue(roles.stable), templateValue(roles.canary), where)
  const seen = await look(context)
  const split = splitOf(seen, roles, where)
  if (split.revision !== guard.revision) throw trafficProblems(where).changed(split)
  return seen
}

/** Held first: until it is let go Flagger does not see the new version, and no user meets it. */
async function admit(context: Context, roles: BothRoles, guard: Guard): Promise<Split> {
  const { client, ref, field, where } = context
  const seen = await guarded(context, roles, guard)
  const wanted = templateValue(roles.canary)
  requireReady(seen, roles, where)
  for (const weight of context.weights) requireWeight(seen, weight, where)
  const targetRef = targetOf(context, seen.canary)
  refuseFromGit(ref, seen.canary, [['spec', 'suspend']])
  if (seen.value !== wanted) refuseFromGit(targetRef, seen.target, [CONTAINERS])
  await hold(context, { suspend: true, mark: 'held' }, seen.canary)
  if (seen.value !== wanted) {
    const { path, value, tests } = requireVersionPlace(seen.target, field, where)
    const done = await client.patch(targetRef, [
      ...tests,
      { op: 'test', path, value },
      { op: 'replace', path, value: wanted },
    ])
    if (done === UNTRUE) throw trafficProblems(where).changed({ weight: 0 })
  }
  const split = splitOf(await look(context), roles, where)
  return share(context, roles, { weight: 0, guard: split })
}

function requireReady({ canary, value, primaryValue }: Seen, roles: BothRoles, where: string) {
  const isOurs = holdOf(canary) === 'held'
  if (at(canary, 'spec', 'skipAnalysis') === true) throw skipsAnalysis(where)
  if (isSuspended(canary) && !isOurs) throw suspended(where)
  if (primaryValue !== templateValue(roles.stable)) {
    throw notResting(where, `its primary, which users meet, is ${primaryValue ?? 'not there yet'}.`)
  }
  if (value !== templateValue(roles.canary) && !isResting(canary)) {
    throw notResting(
      where,
      `a rollout that was not started here is under way (${phaseOf(canary)}).`,
    )
  }
}

function requireWeight({ canary }: Seen, weight: number, where: string): void {
  const weights = weightsOf(canary)
  if (weight !== 0 && !weights.includes(weight)) throw noWeight(where, weight, weights)
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

async function share(
  context: Context,
  roles: BothRoles,
  { weight, guard }: Change,
): Promise<Split> {
  const { client, where } = context
  const seen = await guarded(context, roles, guard)
  const { canary, target } = seen
  requireWeight(seen, weight, where)
  requireRunning(seen, roles, where)
  const now = weightOf(seen)
  if (now > weight) await client.patch(targetOf(context, canary), restarted(target))
  if (now !== weight) {
    await hold(context, { suspend: false, mark: 'held' }, canary)
    const before = now > weight ? textAt(canary, 'status', 'lastAppliedSpec') : undefined
    try {
      await waitFor(context, arrival(weight, before))
    } catch (error) {
      // What Flagger has taken back is not held: so it is told from what has not begun.
      if (failureOf(await look(context)) === undefined) await keep(context)
      throw error
    }
  }
  await keep(context)
  const held = await look(context)
  if (weightOf(held) === weight) return splitOf(held, roles, where)
  throw wentPast(where, weight, `${weightOf(held)} % (${phaseOf(held.canary)})`)
}

function keep(context: Context): Promise<void> {
  return hold(context, { suspend: true, mark: 'held' })
}

function requireRunning(seen: Seen, roles: BothRoles, where: string): void {
  if (seen.value !== templateValue(roles.canary)) throw trafficProblems(where).noCanary()
  const failure = failureOf(seen)
  if (failure !== undefined)
    throw notResting(where, `Flagger has taken the canary back: ${failure}`)
  if (isPromoted(seen) || ['Promoting', 'Finalising'].includes(phaseOf(seen.canary))) {
    throw notResting(where, 'Flagger is promoting the canary, or has promoted it.')
  }
}

/** Whether Flagger is at a weight, or past it; `before` is the revision that it must have left. */
function arrival(weight: number, before: string | undefined): (seen: Seen) => Progress {
  let hasBegun = false
  return (seen) => {
    const { canary } = seen
    hasBegun ||= !isResting(canary)
    if (hasBegun && isResting(canary)) {
      return { is: 'refused', because: wordsOf(canary) ?? phaseOf(canary) }
    }
    const isNew = before === undefined || textAt(canary, 'status', 'lastAppliedSpec') !== before
    const isThere = hasBegun && isNew && weightOf(seen) >= weight
    const on = `Flagger is at ${weightOf(seen)} % (${phaseOf(canary)})`
    return isThere ? IN_FORCE : { is: 'waiting', on }
  }
}

/** Lets Flagger go to the end, by its own analysis. */
async function promote(context: Context, roles: BothRoles, guard: Guard): Promise<Split> {
  const { where } = context
  const seen = await guarded(context, roles, guard)
  if (seen.value !== templateValue(roles.canary)) throw trafficProblems(where).noCanary()
  await hold(context, { suspend: false, mark: undefined }, seen.canary)
  let hasBegun = false
  const promoted = await waitFor(context, (now): Progress => {
    const isOver = isResting(now.canary)
    hasBegun ||= !isOver
    if (isOver && now.primaryValue === now.value) return IN_FORCE
    if (hasBegun && isOver) {
      return { is: 'refused', because: wordsOf(now.canary) ?? phaseOf(now.canary) }
    }
    return { is: 'waiting', on: `Flagger is at ${weightOf(now)} % (${phaseOf(now.canary)})` }
  })
  return splitOf(promoted, roles, where)
}
