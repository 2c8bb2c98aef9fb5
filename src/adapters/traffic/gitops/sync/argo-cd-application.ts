import type { KubernetesClient } from '../../kubernetes/client/index.js'
import { type ResourceKind, refTo, titleOf } from '../../kubernetes/client/resource.js'
import { annotate } from './annotate.js'
import { lookAt } from './argo-cd-state.js'
import type { Sync } from './sync.js'

const APPLICATION: ResourceKind = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural: 'applications',
  kind: 'Application',
}

/** Argo CD by the Application on its cluster: the annotation has it look again, and is taken away by it. */
export function createApplicationSync(
  client: KubernetesClient,
  of: { readonly namespace?: string | undefined; readonly application: string },
): Sync {
  const ref = refTo(APPLICATION, of.namespace ?? client.namespace, of.application)
  return {
    title: titleOf(ref),
    nudge: () => annotate(client, ref, { 'argocd.argoproj.io/refresh': 'normal' }),
    look: async () => lookAt(await client.get(ref)),
  }
}
