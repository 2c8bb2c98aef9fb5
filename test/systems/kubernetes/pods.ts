import { at, type Json, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import type { Cluster } from './cluster.js'

/** Pods that are ready and not about to go, by their labels. */
async function readyPods(
  cluster: Cluster,
  labels: Readonly<Record<string, unknown>>,
): Promise<readonly Json[]> {
  const pods = await cluster.raw({ method: 'GET', path: '/api/v1/namespaces/default/pods' })
  return objectsAt(pods, 'items').filter(
    (pod) =>
      Object.entries(labels).every(
        ([key, value]) => textAt(pod, 'metadata', 'labels', key) === value,
      ) &&
      textAt(pod, 'metadata', 'deletionTimestamp') === undefined &&
      objectsAt(pod, 'status', 'conditions').some(
        (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
      ),
  )
}

async function podsBehind(cluster: Cluster, service: string): Promise<readonly Json[]> {
  const path = `/api/v1/namespaces/default/services/${service}`
  const selector = at(await cluster.raw({ method: 'GET', path }), 'spec', 'selector')
  return readyPods(cluster, selector as Record<string, unknown>)
}

/** How many ready pods of each image a Service leads to. */
export async function imagesBehind(
  cluster: Cluster,
  service: string,
): Promise<ReadonlyMap<string, number>> {
  const images = new Map<string, number>()
  for (const pod of await podsBehind(cluster, service)) {
    const image = textAt(pod, 'spec', 'containers', 0, 'image') ?? ''
    images.set(image, (images.get(image) ?? 0) + 1)
  }
  return images
}

/** What a label of the ready pods behind Services is, by their image. */
export async function labelsByImage(
  cluster: Cluster,
  services: Iterable<string>,
  label: string,
): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>()
  for (const service of services) {
    for (const pod of await podsBehind(cluster, service)) {
      const image = textAt(pod, 'spec', 'containers', 0, 'image') ?? ''
      labels.set(image, textAt(pod, 'metadata', 'labels', label) ?? '')
    }
  }
  return labels
}

/** Who gets a request, of the images behind weighted Services: each weight goes evenly to the pods of its Service. */
export async function imagesByWeight(
  cluster: Cluster,
  weights: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const shares = new Map<string, number>()
  for (const [service, weight] of weights) {
    if (weight === 0) continue
    const images = await imagesBehind(cluster, service)
    const all = [...images.values()].reduce((sum, count) => sum + count, 0)
    if (all === 0) shares.set(`nobody behind ${service}`, weight)
    for (const [image, count] of images) {
      shares.set(image, (shares.get(image) ?? 0) + (weight * count) / all)
    }
  }
  return shares
}
