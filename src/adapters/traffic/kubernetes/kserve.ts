import { ExternalError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, SeenAs, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from './client/index.js'
import { INFERENCE_SERVICE, type ResourceRef, refTo, titleOf } from './client/resource.js'
import { at, type Json, numberAt, textAt } from './json.js'
import { noFirstRevision, noModel, noStorageUri, otherModel, rawMode } from './kserve-problems.js'
import {
  awayFrom,
  failureOf,
  revisionsOf,
  revisionsSeen,
  sharedProgress,
  shareOfLatest,
} from './kserve-status.js'
import { refuseFromGit } from './owners.js'
import { type Progress, untilInForce } from './wait.js'
import { requireWholePercent } from './whole-percent.js'

export interface KserveOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  readonly inferenceService: string
  /** How long a revision may take to load its model. Milliseconds. */
  readonly timeoutMs: number
}

const URI = ['spec', 'predictor', 'model', 'storageUri'] as const
const PERCENT = ['spec', 'predictor', 'canaryTrafficPercent'] as const
const URI_PATH = '/spec/predictor/model/storageUri'
const PERCENT_PATH = '/spec/predictor/canaryTrafficPercent'
const TRIES = 6

interface Context {
  readonly client: KubernetesClient
  readonly ref: ResourceRef
  readonly timeoutMs: number
}

/**
 * Divides between the last revision that was rolled out and the newest one of a serverless InferenceService. A version's name is the
 * storageUri of its model: what the InferenceService knows before there is a revision.
 */
export function createKserveSplitter(options: KserveOptions): Splitter {
  const { client, timeoutMs } = options
  const namespace = options.namespace ?? client.namespace
  const ref = refTo(INFERENCE_SERVICE, namespace, options.inferenceService)
  const context: Context = { client, ref, timeoutMs }
  return {
    kind: 'kserve',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(await client.get(ref), roles, titleOf(ref)),
    admit: (roles, guard) => share(context, roles, { percent: 0, guard }),
    share: (roles, { weight }, guard) => share(context, roles, { percent: weight, guard }),
    promote: (roles, guard) => share(context, roles, { percent: undefined, guard }),
    rollback: (roles) => rollback(context, roles),
  }
}

const URI_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^\s\p{Cc}]+$/u

function uriOf({ name, version }: Backend): string {
  if (name !== undefined && URI_FORM.test(name)) return name
  throw noStorageUri(version)
}

/** Reading and going back must not fail because of what was written down about a canary. */
function canaryUri(canary: Backend | undefined): string | undefined {
  const name = canary?.name
  return name !== undefined && URI_FORM.test(name) ? name : undefined
}

function refuseOtherModes(object: Json, where: string): void {
  const mode =
    textAt(object, 'status', 'deploymentMode') ??
    textAt(object, 'metadata', 'annotations', 'serving.kserve.io/deploymentMode')
  if (mode === 'RawDeployment' || mode === 'Standard' || mode === 'ModelMesh') {
    throw rawMode(where, mode)
  }
  if (textAt(object, ...URI) === undefined) throw noModel(where)
}

function splitOf(object: Json, roles: Roles, where: string): Split {
  refuseOtherModes(object, where)
  const uri = textAt(object, ...URI) ?? ''
  const percent = numberAt(object, ...PERCENT)
  const canary = canaryUri(roles.canary)
  if (uri !== uriOf(roles.stable) && uri !== canary) throw otherModel(where, uri)
  return {
    weight: uri === canary ? shareOfLatest(object) : 0,
    mirror: 0,
    revision: JSON.stringify([uri, percent ?? null]),
    url: textAt(object, 'status', 'url'),
    ejected: uri === canary ? failureOf(object) : undefined,
    seenAs: revisionsSeen(object, uri === canary ? { percent } : undefined),
  }
}

interface Change {
  /** Undefined: no share any more, all traffic to the newest revision. */
  readonly percent: number | undefined
  readonly guard: Guard
}

async function share(context: Context, roles: BothRoles, change: Change): Promise<Split> {
  const { client, ref, timeoutMs } = context
  const { percent, guard } = change
  const where = titleOf(ref)
  if (percent !== undefined) requireWholePercent(percent)
  const uri = uriOf(roles.canary)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const object = await client.get(ref)
    const split = splitOf(object, roles, where)
    const operations = changes(object, { uri, percent })
    const isOurs = attempt > 0 && operations.length === 0
    if (split.revision !== guard.revision && !isOurs) {
      throw trafficProblems(where).changed({ weight: split.weight })
    }
    // Without a revision that was rolled out a share is passed over, and all users would meet the new model.
    const before = revisionsOf(object)
    if (before.rolledOut === undefined) throw noFirstRevision(where)
    refuseFromGit(ref, object, [URI, PERCENT])
    if (operations.length > 0 && (await client.patch(ref, operations)) === UNTRUE) continue
    const isNew = textAt(object, ...URI) !== uri
    const progress = (now: Json): Progress =>
      sharedProgress(now, { percent: percent ?? 100, not: isNew ? before.created : undefined })
    return splitOf(await untilInForce({ client, ref, limitMs: timeoutMs, progress }), roles, where)
  }
  throw trafficProblems(where).changed({ weight: 0 })
}

interface Wanted {
  readonly uri: string
  readonly percent: number | undefined
}

/** One guarded patch to a model and a share; none where they are so already. */
function changes(object: Json, { uri, percent }: Wanted): readonly Operation[] {
  const now = { uri: textAt(object, ...URI), percent: at(object, ...PERCENT) }
  if (now.uri === uri && now.percent === percent) return []
  const operations: Operation[] = [{ op: 'test', path: URI_PATH, value: now.uri }]
  if (now.percent !== undefined) {
    operations.push({ op: 'test', path: PERCENT_PATH, value: now.percent })
  }
  if (percent !== undefined) operations.push({ op: 'add', path: PERCENT_PATH, value: percent })
  else if (now.percent !== undefined) operations.push({ op: 'remove', path: PERCENT_PATH })
  if (now.uri !== uri) operations.push({ op: 'replace', path: URI_PATH, value: uri })
  return operations
}

/**
 * First all users go to the revision that was rolled out before, then the model is put back to stable's, and only when
 * that is ready the share is taken away: whoever takes it away at 0 % with the canary's model there would promote it.
 */
async function rollback(context: Context, roles: Roles): Promise<Split> {
  const { client, ref } = context
  const where = titleOf(ref)
  const stable = uriOf(roles.stable)
  const object = await client.get(ref)
  refuseOtherModes(object, where)
  let before: SeenAs = {}
  if (textAt(object, ...URI) !== stable) {
    const { created, rolledOut } = revisionsOf(object)
    const bad = created
    before = revisionsSeen(object, { percent: numberAt(object, ...PERCENT) })
    if (rolledOut !== undefined && rolledOut === created) {
      // It counts as rolled out: at 0 % KServe itself goes back to the revision before, as long as its model is named.
      await force(context, [{ op: 'add', path: PERCENT_PATH, value: 0 }])
      await waitFor(context, (now) => awayFrom(now, bad))
    }
    await force(context, [
      { op: 'add', path: PERCENT_PATH, value: 0 },
      { op: 'replace', path: URI_PATH, value: stable },
    ])
    await waitFor(context, (now) => awayFrom(now, bad))
    await waitFor(context, (now) => sharedProgress(now, { percent: 0, not: bad }))
  }
  const restored = await client.get(ref)
  if (at(restored, ...PERCENT) !== undefined) {
    await waitFor(context, (now) =>
      sharedProgress(now, { percent: numberAt(now, ...PERCENT) ?? 0, not: undefined }),
    )
    await force(context, [{ op: 'remove', path: PERCENT_PATH }])
  }
  const progress = (now: Json) => sharedProgress(now, { percent: 100, not: undefined })
  const split = splitOf(await waitFor(context, progress), roles, where)
  return { ...split, seenAs: { ...before, ...split.seenAs } }
}

function waitFor({ client, ref, timeoutMs }: Context, progress: (object: Json) => Progress) {
  return untilInForce({ client, ref, limitMs: timeoutMs, progress })
}

async function force({ client, ref }: Context, operations: readonly Operation[]): Promise<void> {
  if ((await client.patch(ref, operations)) !== UNTRUE) return
  throw new ExternalError({
    code: 'MW-DEPLOY-113',
    service: titleOf(ref),
    what: 'an unguarded change was not taken.',
    retryable: true,
  })
}
