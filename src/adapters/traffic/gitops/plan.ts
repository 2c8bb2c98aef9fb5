import type { Backend } from '../../../ports/traffic.js'
import { requireWholePercent } from '../kubernetes/whole-percent.js'
import type { Field, Names } from './fields.js'
import { manifestProblems } from './problems.js'
import type { Edit } from './yaml-text.js'

/** Values before a rollout, by the titles of their places. */
export type Before = Readonly<Record<string, string | number>>

/** One commit of a change: what it makes of the fields as they are. */
export type Stage = (fields: readonly Field[]) => readonly Edit[]

const NAME = /^[^\s\p{Cc}\p{Cs}]{1,1024}$/u

/** What manifests call a version. */
export function nameOf({ name, version }: Backend, role: 'stable' | 'canary'): string {
  const called = name ?? version
  if (NAME.test(called)) return called
  throw manifestProblems.badName(role)
}

/** The same of a canary that need not be there: going back must not fail because of what was written down about it. */
export function canaryName(canary: Backend | undefined): string | undefined {
  const called = canary?.name ?? canary?.version
  return called !== undefined && NAME.test(called) ? called : undefined
}

/** Parts of ten thousand say a hundredth of a percent. */
const FINE = 10_000

/** Percent of users that the canary gets by what the fields say. */
export function weightOf(fields: readonly Field[], { canary }: Names): number {
  if (canary === undefined) return 0
  const latest = fields.filter(({ holds }) => holds === 'latest')
  if (latest.length > 0 && !latest.some(({ place }) => place.value === canary)) return 0
  if (!hasWeights(fields)) return latest.length > 0 ? 100 : 0
  const weights = fields.filter(({ holds }) => holds.endsWith('-weight'))
  const groups = [...new Set(weights.map(({ group }) => group))]
  // The most that any of them says: what is not so yet must not pass for less.
  const shares = groups.map((group) => shareIn(weights.filter((one) => one.group === group)))
  return Math.max(0, ...shares)
}

function shareIn(group: readonly Field[]): number {
  const sum = (holds: string) =>
    group
      .filter((one) => one.holds === holds)
      .reduce((all, { place }) => all + Number(place.value), 0)
  const canary = sum('canary-weight')
  if (group.length === 1) {
    return group[0]?.holds === 'stable-weight' ? 100 - sum('stable-weight') : canary
  }
  const total = canary + sum('stable-weight') + sum('other-weight')
  return total > 0 ? (100 * canary) / total : 0
}

function hasWeights(fields: readonly Field[]): boolean {
  return fields.some(({ holds }) => holds.endsWith('-weight'))
}

interface Wanted {
  readonly weight: number
  readonly latest: string
  readonly canary?: string | undefined
  readonly stable?: string | undefined
}

function edits(fields: readonly Field[], wanted: Wanted): readonly Edit[] {
  return fields.flatMap((field) => {
    const value = wantedOf(field, fields, wanted)
    return value === undefined ? [] : [{ place: field.place, value }]
  })
}

function wantedOf(
  { holds, whole, group, place }: Field,
  fields: readonly Field[],
  wanted: Wanted,
): string | number | undefined {
  if (holds === 'latest' || holds === 'canary' || holds === 'stable') {
    const name = wanted[holds]
    if (name !== undefined) requireSameForm(place.title, name)
    return name
  }
  const { weight } = wanted
  if (whole) requireWholePercent(weight)
  const isAlone = fields.filter((one) => one.group === group).length === 1
  const total = isAlone || Number.isInteger(weight) ? 100 : FINE
  const canary = isAlone ? weight : Math.round((weight / 100) * total)
  if (holds === 'canary-weight') return canary
  return holds === 'stable-weight' ? total - canary : 0
}

/** A digest in a field for tags, or a tag in one for digests, would name another image than is meant. */
function requireSameForm(title: string, name: string): void {
  const isDigest = name.startsWith('sha256:')
  const isWrong = isDigest ? title.endsWith('.newTag') : title.endsWith('].digest')
  if (isWrong) throw manifestProblems.digest(title)
}

/** The canary in its place with a share of the users. */
export function shareStage(names: Required<Names>, weight: number): Stage {
  return (fields) => {
    const { canary, stable } = both(names)
    const isDivided = hasWeights(fields)
    if (!isDivided && weight > 0 && weight < 100) throw manifestProblems.noWeights(weight)
    // Without weights the newest version has all users: it is written only when it is to have them.
    const latest = isDivided || weight === 100 ? canary : stable
    return edits(fields, { weight, latest, canary })
  }
}

function both({ stable, canary }: Names): { readonly stable: string; readonly canary: string } {
  if (canary === undefined) throw new RangeError('a share needs a canary')
  return { stable, canary }
}

/**
 * All users to the canary for good. Where there is a place for stable, the canary's version is put there while users are with the
 * canary, and then they are led there.
 */
export function promoteStages(names: Required<Names>, fields: readonly Field[]): readonly Stage[] {
  const { canary } = both(names)
  const all = { latest: canary, canary }
  if (!fields.some(({ holds }) => holds === 'stable'))
    return [(now) => edits(now, { ...all, weight: 100 })]
  return [
    (now) => edits(now, { ...all, stable: canary, weight: 100 }),
    (now) => edits(now, { ...all, stable: canary, weight: 0 }),
  ]
}

/**
 * Back to what was there before. A model server that divides between its newest revision and the one before (KServe) is first left
 * without users of the newest, then given stable's model, and only then its old share: in any other order the canary would be promoted.
 */
export function rollbackStages(
  names: Names,
  fields: readonly Field[],
  before: Before,
): readonly Stage[] {
  const { stable } = names
  const isBefore = (now: readonly Field[]) => restored(now, names, before)
  const latest = fields.filter(({ holds }) => holds === 'latest')
  const byRevision = latest.length > 0 && hasWeights(fields)
  if (!byRevision) return [isBefore]
  const isStable = latest.every(({ place }) => place.value === stable)
  const away: Stage = (now) => edits(now, { weight: 0, latest: names.canary ?? stable })
  const back: Stage = (now) => edits(now, { weight: 0, latest: stable })
  if (isStable) return weightsAtRest(fields) ? [isBefore] : [back, isBefore]
  return weightOf(fields, names) >= 100 ? [away, back, isBefore] : [back, isBefore]
}

function weightsAtRest(fields: readonly Field[]): boolean {
  return fields
    .filter(({ holds }) => holds === 'canary-weight')
    .every(({ place }) => Number(place.value) >= 100)
}

function restored(fields: readonly Field[], { stable }: Names, before: Before): readonly Edit[] {
  const byRevision = fields.some(({ holds }) => holds === 'latest')
  const plain = edits(fields, { weight: byRevision ? 100 : 0, latest: stable, stable })
  const planned = new Map(plain.map((edit) => [edit.place.title, edit]))
  return fields.flatMap((field) => {
    const { place, holds } = field
    const old = before[place.title]
    const edit = planned.get(place.title)
    const isOld = holds === 'canary' || (old !== undefined && !byRevision && isSame(field, old))
    if (isOld) return old === undefined ? [] : [{ place, value: old }]
    return edit === undefined ? [] : [edit]
  })
}

/** Whether an old weight says what stable alone with users means. */
function isSame({ holds }: Field, old: string | number): boolean {
  if (holds === 'stable-weight') return Number(old) > 0
  return (holds === 'canary-weight' || holds === 'other-weight') && Number(old) === 0
}
