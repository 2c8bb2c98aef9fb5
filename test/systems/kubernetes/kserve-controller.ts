import { setTimeout as sleep } from 'node:timers/promises'
import {
  at,
  type Json,
  numberAt,
  objectsAt,
  textAt,
} from '../../../src/adapters/traffic/kubernetes/json.js'
import type { Cluster } from './cluster.js'

const PATH = '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices'

interface Target {
  readonly revisionName: string
  readonly percent: number
  readonly latestRevision: boolean
  readonly tag?: string
}

interface Known {
  /** What each revision serves. */
  readonly models: Map<string, string>
  created: string
  ready: string
  rolledOut: string
  previous: string
}

/** What runs KServe's controller and Knative in the tests of canaryTrafficPercent. */
export interface KserveController {
  /** Which model gets how much of the traffic, by what the status says. */
  shares(name: string): Promise<ReadonlyMap<string, number>>
  /** The revision that serves each model which has traffic, as the label revision_name has it. */
  revisions(name: string): Promise<ReadonlyMap<string, string>>
  /** Models whose servers never become ready. */
  readonly broken: Set<string>
  /** All models that ever got traffic, in order, per InferenceService. */
  readonly met: Map<string, string[]>
  stop(): Promise<void>
}

/**
 * Does to an InferenceService's status what KServe 0.20 does in the mode Serverless: createKnativeService
 * (reconcilers/knative/ksvc_reconciler.go) for the targets, PropagateStatus (inference_service_status.go) for the revisions. Of
 * Knative it has that a change of the model makes a revision, which is ready a moment later.
 */
export function startKserveController(cluster: Cluster): KserveController {
  const known = new Map<string, Known>()
  const broken = new Set<string>()
  const met = new Map<string, string[]>()
  let isOn = true
  const round = async () => {
    const list = await cluster.raw({ method: 'GET', path: PATH })
    for (const object of objectsAt(list, 'items')) {
      if (textAt(object, 'metadata', 'annotations', 'test/ignored') !== 'true')
        await reconcile(object)
    }
  }
  const reconcile = async (object: Json) => {
    const name = textAt(object, 'metadata', 'name') ?? ''
    const model = textAt(object, 'spec', 'predictor', 'model', 'storageUri') ?? ''
    const state = known.get(name) ?? {
      models: new Map<string, string>(),
      created: '',
      ready: '',
      rolledOut: '',
      previous: '',
    }
    known.set(name, state)
    if (state.models.get(state.created) !== model) {
      state.created = `${name}-predictor-${String(state.models.size + 1).padStart(5, '0')}`
      state.models.set(state.created, model)
    } else if (!broken.has(model)) {
      state.ready = state.created
    }
    const traffic = targets(state, numberAt(object, 'spec', 'predictor', 'canaryTrafficPercent'))
    propagate(state, traffic)
    for (const { revisionName, percent } of traffic) {
      const one = state.models.get(revisionName) ?? ''
      const seen = met.get(name) ?? []
      met.set(name, seen)
      if (percent > 0 && seen.at(-1) !== one) seen.push(one)
    }
    await cluster.raw({
      method: 'PATCH',
      path: `${PATH}/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: {
          deploymentMode: 'Serverless',
          url: `http://${name}.test`,
          modelStatus: {
            transitionStatus: broken.has(model) ? 'BlockedByFailedLoad' : 'UpToDate',
            ...(broken.has(model)
              ? { lastFailureInfo: { message: 'no such model', reason: 'ModelLoadFailed' } }
              : { lastFailureInfo: null }),
          },
          components: {
            predictor: {
              latestCreatedRevision: state.created,
              latestReadyRevision: state.ready,
              latestRolledoutRevision: state.rolledOut,
              previousRolledoutRevision: state.previous,
              traffic,
            },
          },
        },
      },
    })
  }
  const done = (async () => {
    while (isOn) {
      await round().catch(() => undefined)
      await sleep(30)
    }
  })()
  return {
    broken,
    met,
    shares: async (name) => {
      const object = await cluster.raw({ method: 'GET', path: `${PATH}/${name}` })
      const shares = new Map<string, number>()
      for (const target of objectsAt(object, 'status', 'components', 'predictor', 'traffic')) {
        const model = known.get(name)?.models.get(textAt(target, 'revisionName') ?? '') ?? ''
        shares.set(model, (shares.get(model) ?? 0) + (numberAt(target, 'percent') ?? 0))
      }
      return shares
    },
    revisions: async (name) => {
      const object = await cluster.raw({ method: 'GET', path: `${PATH}/${name}` })
      const traffic = objectsAt(object, 'status', 'components', 'predictor', 'traffic')
      return new Map(
        traffic
          .filter((target) => (numberAt(target, 'percent') ?? 0) > 0)
          .map((target) => textAt(target, 'revisionName') ?? '')
          .map((revision) => [known.get(name)?.models.get(revision) ?? '', revision]),
      )
    },
    stop: async () => {
      isOn = false
      await done
    },
  }
}

/** createKnativeService, with Knative's answer: the latest target leads to the latest revision that is ready. */
function targets(state: Known, percent: number | undefined): readonly Target[] {
  if (state.ready === '') return []
  if (percent === undefined || state.rolledOut === '') {
    return [{ revisionName: state.ready, percent: 100, latestRevision: true }]
  }
  const latest = { revisionName: state.ready, percent, latestRevision: true }
  if (percent >= 100) return [latest]
  const rest = { percent: 100 - percent, latestRevision: false, tag: 'prev' }
  return [latest, { revisionName: state.rolledOut, ...rest }]
}

/** PropagateStatus. */
function propagate(state: Known, traffic: readonly Target[]): void {
  const latest = traffic.find((one) => one.latestRevision && one.revisionName === state.ready)
  if (latest === undefined) return
  if (state.rolledOut !== state.ready) {
    if (latest.percent !== 100) return
    state.previous = state.rolledOut
    state.rolledOut = state.ready
    return
  }
  const own = traffic
    .filter(({ revisionName }) => revisionName === latest.revisionName)
    .reduce((sum, { percent }) => sum + percent, 0)
  const isBack = state.ready === state.created && latest.percent < 100 && own === 100
  if (isBack && state.previous !== '') state.rolledOut = state.previous
}

export function specOf(object: Json): { readonly uri: unknown; readonly percent: unknown } {
  return {
    uri: at(object, 'spec', 'predictor', 'model', 'storageUri'),
    percent: at(object, 'spec', 'predictor', 'canaryTrafficPercent'),
  }
}
