import { type KubernetesClient, type Operation, UNTRUE } from '../../kubernetes/client/index.js'
import type { ResourceRef } from '../../kubernetes/client/resource.js'
import { at, pointer, textAt } from '../../kubernetes/json.js'

const TRIES = 5

/** Sets annotations of an object; a write between is read again. */
export async function annotate(
  client: KubernetesClient,
  ref: ResourceRef,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const object = await client.get(ref)
    const all = pointer('metadata', 'annotations')
    const version = textAt(object, 'metadata', 'resourceVersion')
    const isFirst = at(object, 'metadata', 'annotations') === undefined
    const operations: readonly Operation[] = [
      { op: 'test', path: pointer('metadata', 'resourceVersion'), value: version },
      ...(isFirst ? [{ op: 'add', path: all, value: {} } as const] : []),
      ...Object.entries(annotations).map(
        ([name, value]) => ({ op: 'add', path: all + pointer(name), value }) as const,
      ),
    ]
    if ((await client.patch(ref, operations)) !== UNTRUE) return
  }
}
