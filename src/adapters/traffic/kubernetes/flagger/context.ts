import { trafficProblems } from '../../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from '../client/index.js'
import { DEPLOYMENT, type ResourceRef, refTo, titleOf } from '../client/resource.js'
import { at, type Json, pointer, textAt } from '../json.js'
import { requireVersionPlace, type VersionField, versionPlace } from '../template-version.js'
import { type Progress, untilInForce } from '../wait.js'
import { intervalOf, otherThanWeights } from './analysis.js'
import { otherStrategy } from './problems.js'
import { HOLD_ANNOTATION, type Seen } from './status.js'

export interface Context {
  readonly client: KubernetesClient
  /** The Canary. */
  readonly ref: ResourceRef
  readonly where: string
  readonly field: VersionField
  readonly timeoutMs: number
  /** The weights that will be asked for, where that is known. Percent. */
  readonly weights: readonly number[]
}

const TRIES = 10
const MOST_MS = 2000
/** Flagger is seen several times before it takes its next step. */
const LOOKS = 8

/** Throws UserError where the Canary is of no use here. */
export async function look(context: Context, given?: Json): Promise<Seen> {
  const { client, ref, where, field } = context
  const canary = given ?? (await client.get(ref))
  const other = otherThanWeights(canary)
  if (other !== undefined) throw otherStrategy(where, other)
  const targetRef = targetOf(context, canary)
  const primaryRef = refTo(DEPLOYMENT, ref.namespace, `${targetRef.name}-primary`)
  const [target, primary] = await Promise.all([client.get(targetRef), client.find(primaryRef)])
  const { value } = requireVersionPlace(target, field, titleOf(targetRef))
  const primaryValue = primary === undefined ? undefined : versionPlace(primary, field)?.value
  return { canary, target, value, primary, primaryValue }
}

export function targetOf({ ref }: Context, canary: Json): ResourceRef {
  return refTo(DEPLOYMENT, ref.namespace, textAt(canary, 'spec', 'targetRef', 'name') ?? '')
}

/** Looks until it is so, several times between two steps of Flagger. */
export async function waitFor(
  context: Context,
  progress: (seen: Seen) => Progress | Promise<Progress>,
): Promise<Seen> {
  const { client, ref, timeoutMs } = context
  const mostMs = Math.min(MOST_MS, intervalOf(await client.get(ref)) / LOOKS)
  let last: Seen | undefined
  const canary = await untilInForce({
    client,
    ref,
    limitMs: timeoutMs,
    mostMs,
    progress: async (now) => {
      last = await look(context, now)
      return progress(last)
    },
  })
  return last ?? look(context, canary)
}

/** What of a Canary is ours to set. */
export interface Hold {
  readonly suspend: boolean
  readonly skipAnalysis?: boolean | undefined
  /** Whose it is; undefined: nobody's any more. */
  readonly mark: 'held' | 'going-back' | undefined
}

/** Only over what was read where `over` is given; else in any case. */
export async function hold(context: Context, how: Hold, over?: Json): Promise<void> {
  const { client, ref, where } = context
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const canary = over !== undefined && attempt === 0 ? over : await client.get(ref)
    const operations = changes(canary, how)
    if (operations.length === 0) return
    const version = textAt(canary, 'metadata', 'resourceVersion')
    const test: Operation = { op: 'test', path: '/metadata/resourceVersion', value: version }
    if ((await client.patch(ref, [test, ...operations])) !== UNTRUE) return
    if (over !== undefined) break
  }
  throw trafficProblems(where).changed({ weight: 0 })
}

function changes(canary: Json, { suspend, skipAnalysis, mark }: Hold): readonly Operation[] {
  const operations: Operation[] = []
  const set = (key: string, value: boolean | undefined) => {
    if (value === undefined || (at(canary, 'spec', key) === true) === value) return
    operations.push({ op: 'add', path: `/spec/${key}`, value })
  }
  set('suspend', suspend)
  set('skipAnalysis', skipAnalysis)
  const annotations = pointer('metadata', 'annotations')
  const path = annotations + pointer(HOLD_ANNOTATION)
  const now = textAt(canary, 'metadata', 'annotations', HOLD_ANNOTATION)
  if (now === mark) return operations
  if (mark === undefined) return [...operations, { op: 'remove', path }]
  if (at(canary, 'metadata', 'annotations') === undefined) {
    operations.push({ op: 'add', path: annotations, value: {} })
  }
  return [...operations, { op: 'add', path, value: mark }]
}
