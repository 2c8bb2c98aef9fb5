import { UserError } from '../../../../errors.js'
import type { KubernetesClient } from '../../kubernetes/client/index.js'
import {
  type ResourceKind,
  type ResourceRef,
  refTo,
  titleOf,
} from '../../kubernetes/client/resource.js'
import { at, type Json, numberAt, objectsAt, textAt } from '../../kubernetes/json.js'
import { annotate } from './annotate.js'
import type { Sync, SyncLook } from './sync.js'

const KUSTOMIZATION: ResourceKind = {
  group: 'kustomize.toolkit.fluxcd.io',
  version: 'v1',
  plural: 'kustomizations',
  kind: 'Kustomization',
}
const HELM_RELEASE: ResourceKind = {
  group: 'helm.toolkit.fluxcd.io',
  version: 'v2',
  plural: 'helmreleases',
  kind: 'HelmRelease',
}
const GIT_REPOSITORY: ResourceKind = {
  group: 'source.toolkit.fluxcd.io',
  version: 'v1',
  plural: 'gitrepositories',
  kind: 'GitRepository',
}

/** Of a Kustomization that is not ready, these say that what was tried will not do as it is. */
const FINAL = new Set(['BuildFailed', 'HealthCheckFailed', 'ReconciliationFailed', 'PruneFailed'])

export interface FluxOf {
  readonly namespace?: string | undefined
  readonly kustomization: string
  readonly 'helm-releases': readonly string[]
}

/** Flux by its objects: the source and the Kustomization are asked for a look, and say what they have applied. */
export function createFluxSync(client: KubernetesClient, of: FluxOf): Sync {
  const namespace = of.namespace ?? client.namespace
  const ref = refTo(KUSTOMIZATION, namespace, of.kustomization)
  const releases = of['helm-releases'].map((name) => refTo(HELM_RELEASE, namespace, name))
  return {
    title: titleOf(ref),
    nudge: async () => {
      const kustomization = await client.get(ref)
      requireFollowable(kustomization, ref)
      const asked = { 'reconcile.fluxcd.io/requestedAt': new Date(client.now()).toISOString() }
      await annotate(client, sourceOf(kustomization, namespace), asked)
      await annotate(client, ref, asked)
    },
    look: async () => {
      const kustomization = await client.get(ref)
      const look = lookAtKustomization(kustomization)
      if (look.is === 'waiting') return withSource(client, look, sourceOf(kustomization, namespace))
      return look.is === 'in-force' ? withReleases(client, look, releases) : look
    },
  }
}

function requireFollowable(kustomization: Json, ref: ResourceRef): void {
  const refuse = (what: string, fix: string) => {
    throw new UserError({ code: 'MW-DEPLOY-420', where: titleOf(ref), what, fix })
  }
  if (at(kustomization, 'spec', 'suspend') === true) {
    refuse('it is suspended: no commit is applied.', 'Resume it (flux resume kustomization).')
  }
  const isWaiting =
    at(kustomization, 'spec', 'wait') === true ||
    objectsAt(kustomization, 'spec', 'healthChecks').length > 0
  if (!isWaiting) {
    refuse(
      'it does not wait for what it applies to be healthy, and calls itself ready at once.',
      'Set spec.wait: true.',
    )
  }
  if (textAt(kustomization, 'spec', 'sourceRef', 'kind') !== 'GitRepository') {
    refuse('its source is no GitRepository.', 'Roll out by a Kustomization that applies a branch.')
  }
}

function sourceOf(kustomization: Json, namespace: string): ResourceRef {
  const source = (key: string) => textAt(kustomization, 'spec', 'sourceRef', key)
  return refTo(GIT_REPOSITORY, source('namespace') ?? namespace, source('name') ?? '')
}

/** `main@sha1:<commit>`, and what older versions wrote: `main/<commit>`. */
function commitOf(revision: string | undefined): readonly string[] {
  const commit = /(?:^|[:/])([0-9a-f]{64}|[0-9a-f]{40})$/.exec(revision ?? '')?.[1]
  return commit === undefined ? [] : [commit]
}

function lookAtKustomization(object: Json): SyncLook {
  const { status, reason, message } = readyOf(object)
  const applied = commitOf(textAt(object, 'status', 'lastAppliedRevision'))
  const attempted = commitOf(textAt(object, 'status', 'lastAttemptedRevision'))
  const said = `${reason}: ${message}`
  if (!isObserved(object))
    return { is: 'waiting', revisions: applied, on: 'it was changed just now' }
  if (status === 'True') return { is: 'in-force', revisions: applied, on: said }
  if (status === 'False' && FINAL.has(reason))
    return { is: 'failed', revisions: attempted, on: said }
  return { is: 'waiting', revisions: attempted, on: said }
}

function readyOf(object: Json) {
  const ready = objectsAt(object, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'Ready',
  )
  return {
    status: textAt(ready, 'status'),
    reason: textAt(ready, 'reason') ?? 'not looked at yet',
    message: (textAt(ready, 'message') ?? '').slice(0, 500),
  }
}

function isObserved(object: Json): boolean {
  return (
    numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation')
  )
}

/** Why a commit does not come may be the source's to say. */
async function withSource(
  client: KubernetesClient,
  look: SyncLook,
  ref: ResourceRef,
): Promise<SyncLook> {
  const source = await client.find(ref)
  if (source === undefined) return { ...look, on: `there is no ${titleOf(ref)}` }
  const { status, reason, message } = readyOf(source)
  return status === 'False' ? { ...look, on: `${titleOf(ref)}: ${reason}: ${message}` } : look
}

/** A release is made of what the Kustomization has applied, and takes its own time. */
async function withReleases(
  client: KubernetesClient,
  look: SyncLook,
  releases: readonly ResourceRef[],
): Promise<SyncLook> {
  for (const ref of releases) {
    const object = await client.get(ref)
    const { status, reason, message } = readyOf(object)
    const on = `${titleOf(ref)}: ${reason}: ${message}`
    if (isObserved(object) && status === 'True') continue
    const isFinal = isObserved(object) && status === 'False' && reason !== 'DependencyNotReady'
    return { ...look, is: isFinal ? 'degraded' : 'waiting', on }
  }
  return look
}
