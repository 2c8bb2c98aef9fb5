import { UserError } from '../../../../errors.js'
import type { TrafficSetting } from '../../../../ports/traffic.js'
import { type Json, objectsAt, ordered, textAt } from '../json.js'
import type { Dialect } from './dialect.js'

/** The two versions by the cluster's names; the canary may not be there yet. */
export interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/** The rules that are ours to divide, with their place in the object. */
export interface OurRule {
  readonly index: number
  readonly rule: Json
}

interface Choice {
  /** Only the rule of that name. */
  readonly rule?: string | undefined
  /** For messages. */
  readonly where: string
}

/** The rules that send to one of the versions. Throws UserError where none does. */
export function ourRules(
  dialect: Dialect,
  object: Json,
  choice: Choice & { readonly names: Names },
): readonly OurRule[] {
  const { names, where } = choice
  const rules = objectsAt(object, ...dialect.list)
  const sendingTo = (name: string | undefined): readonly OurRule[] =>
    rules.flatMap((rule, index) => {
      const isMeant = choice.rule === undefined || textAt(rule, 'name') === choice.rule
      const isOurs = objectsAt(rule, dialect.backends).some(
        (backend) => name !== undefined && dialect.nameOf(backend) === name,
      )
      return isMeant && isOurs ? [{ index, rule }] : []
    })
  // Where stable is, a rule for the canary alone is a way in for its testers; after a promotion there are no others.
  const ofStable = sendingTo(names.stable)
  const ours = ofStable.length > 0 ? ofStable : sendingTo(names.canary)
  if (ours.length > 0) return ours
  const found = rules.flatMap((rule) =>
    objectsAt(rule, dialect.backends).map((backend) => dialect.nameOf(backend) ?? '?'),
  )
  const of = choice.rule === undefined ? 'no rule' : `no rule named ${JSON.stringify(choice.rule)}`
  throw new UserError({
    code: 'MW-DEPLOY-115',
    where,
    what: `${of} sends to ${dialect.what} ${names.stable}. Found: ${[...new Set(found)].join(', ') || 'none'}.`,
    fix: `Name the ${dialect.what} that users meet now with deploy.backends.stable.name.`,
  })
}

/** What is set now, by the rule that gives the canary most. */
export function settingOf(
  dialect: Dialect,
  rules: readonly OurRule[],
  canary: string | undefined,
): TrafficSetting {
  if (canary === undefined) return { weight: 0, mirror: 0 }
  return {
    weight: Math.max(...rules.map(({ rule }) => weightOf(dialect, rule, canary))),
    mirror: Math.max(...rules.map(({ rule }) => dialect.mirrorOf(rule, canary))),
  }
}

function weightOf(dialect: Dialect, rule: Json, canary: string): number {
  const backends = objectsAt(rule, dialect.backends)
  const weights = backends.map((backend) => dialect.weightOf(backend, backends.length))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const own = backends.reduce(
    (sum, backend, i) => (dialect.nameOf(backend) === canary ? sum + (weights[i] ?? 0) : sum),
    0,
  )
  return total === 0 ? 0 : (100 * own) / total
}

/** Changes with what we write, and with nothing else. */
export function revisionOf(dialect: Dialect, rules: readonly OurRule[]): string {
  const { backends } = dialect
  return ordered(
    rules.map(({ rule }) => [
      objectsAt(rule, backends).map((one) => [
        dialect.nameOf(one),
        dialect.weightOf(one, objectsAt(rule, backends).length),
      ]),
      rule['filters'],
      rule['mirror'],
      rule['mirrorPercentage'],
    ]),
  )
}

export type Wanted =
  | {
      readonly to: 'both'
      readonly stable: string
      readonly canary: string
      readonly setting: TrafficSetting
    }
  | { readonly to: 'one'; readonly name: string; readonly without: string | undefined }

export interface Edit {
  readonly wanted: Wanted
  /** Third versions go too, whoever brought them in: all traffic is to be on one. */
  readonly isForced: boolean
  readonly where: string
}

/** The rule with what is wanted; what else is in it stays as it is. */
export function edited(dialect: Dialect, rule: Json, { wanted, isForced, where }: Edit): Json {
  const backends = objectsAt(rule, dialect.backends)
  const ours = wanted.to === 'both' ? [wanted.stable, wanted.canary] : [wanted.name, wanted.without]
  const model = backends.find((backend) => ours.includes(dialect.nameOf(backend)))
  if (model === undefined) return rule
  if (!isForced) refuseOthers(dialect, backends, { ours, where })
  const find = (name: string): Json =>
    backends.find((backend) => dialect.nameOf(backend) === name) ?? dialect.renamed(model, name)
  if (wanted.to === 'one') {
    const unwanted = wanted.without === undefined ? undefined : find(wanted.without)
    const only = { ...find(wanted.name), weight: dialect.weights(0).stable }
    const next = { ...rule, [dialect.backends]: [only] }
    return unwanted === undefined ? next : dialect.withMirror(next, unwanted, 0)
  }
  const { weight, mirror } = wanted.setting
  const weights = dialect.weights(weight)
  const canary = find(wanted.canary)
  const next = {
    ...rule,
    [dialect.backends]: [
      { ...find(wanted.stable), weight: weights.stable },
      { ...canary, weight: weights.canary },
    ],
  }
  return dialect.withMirror(next, canary, mirror)
}

/** A third version with traffic would make a share mean nothing; one without is what an earlier rollout left. */
function refuseOthers(
  dialect: Dialect,
  backends: readonly Json[],
  { ours, where }: { ours: readonly (string | undefined)[]; where: string },
): void {
  const other = backends.find(
    (backend) =>
      !ours.includes(dialect.nameOf(backend)) && dialect.weightOf(backend, backends.length) > 0,
  )
  if (other === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-115',
    where,
    what: `the rule also sends to ${dialect.what} ${dialect.nameOf(other) ?? '?'}, which is neither stable nor canary.`,
    fix: 'Give it weight 0 or a rule of its own first.',
  })
}
