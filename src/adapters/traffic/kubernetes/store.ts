import type { RolloutStore } from '../../../ports/rollout-store.js'
import { refuseTooLong } from '../stores/annotation-size.js'
import { keptText, overtaken, parseKept } from '../stores/kept-text.js'
import { type KubernetesClient, type Operation, UNTRUE } from './client/index.js'
import { type ResourceRef, titleOf } from './client/resource.js'
import { at, type Json, pointer, textAt } from './json.js'

export const ROLLOUT_ANNOTATION = 'modelway.dev/rollout'
const TRIES = 8

/** The record in the annotation `modelway.dev/rollout` of the object that divides the traffic. */
export function createAnnotationStore(client: KubernetesClient, ref: ResourceRef): RolloutStore {
  const where = `annotation ${ROLLOUT_ANNOTATION} of ${titleOf(ref)}`
  let last: { readonly text: string | undefined } | undefined
  return {
    name: where,
    read: async () => {
      const text = annotationOf(await client.get(ref))
      last = { text }
      return text === undefined ? undefined : parseKept(text, where)
    },
    write: async (kept, how) => {
      const text = keptText(kept).trim()
      refuseTooLong(text, where)
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const object = await client.get(ref)
        const now = annotationOf(object)
        // A write whose answer was lost is found here.
        if (now === text) {
          last = { text }
          return
        }
        if (how?.force !== true && last !== undefined && now !== last.text) {
          throw overtaken(where)
        }
        if ((await client.patch(ref, operations(object, text))) === UNTRUE) continue
        last = { text }
        return
      }
      throw overtaken(where)
    },
  }
}

function annotationOf(object: Json): string | undefined {
  return textAt(object, 'metadata', 'annotations', ROLLOUT_ANNOTATION)
}

function operations(object: Json, text: string): readonly Operation[] {
  const version = textAt(object, 'metadata', 'resourceVersion')
  const annotations = pointer('metadata', 'annotations')
  const isFirst = at(object, 'metadata', 'annotations') === undefined
  return [
    { op: 'test', path: pointer('metadata', 'resourceVersion'), value: version },
    ...(isFirst ? [{ op: 'add', path: annotations, value: {} } as const] : []),
    { op: 'add', path: annotations + pointer(ROLLOUT_ANNOTATION), value: text },
  ]
}
