import { ExternalError } from '../../../errors.js'
import type { KubernetesClient } from './client/index.js'
import { type ResourceRef, titleOf } from './client/resource.js'
import { type Json, numberAt } from './json.js'

/** What the cluster says about a change: in force, refused (why), or still under way (what is missing). */
export type Progress =
  | { readonly is: 'in-force' }
  | { readonly is: 'waiting'; readonly on: string }
  | { readonly is: 'refused'; readonly because: string }

export const IN_FORCE: Progress = { is: 'in-force' }

export interface Wait {
  readonly client: KubernetesClient
  readonly ref: ResourceRef
  readonly limitMs: number
  readonly progress: (object: Json) => Progress | Promise<Progress>
  /** The longest pause between two looks. Milliseconds. */
  readonly mostMs?: number | undefined
}

const FIRST_MS = 50
const MOST_MS = 2000

/** Reads the object until its controller says that what was written is in force. */
export async function untilInForce(wait: Wait): Promise<Json> {
  const { client, ref, limitMs, progress, mostMs = MOST_MS } = wait
  const until = client.now() + limitMs
  let pause = FIRST_MS
  for (;;) {
    const object = await client.get(ref)
    const now = await progress(object)
    if (now.is === 'in-force') return object
    if (now.is === 'refused') {
      throw new ExternalError({
        code: 'MW-DEPLOY-113',
        service: titleOf(ref),
        what: `its controller does not take the change: ${now.because}`,
        retryable: false,
      })
    }
    if (client.now() >= until) {
      throw new ExternalError({
        code: 'MW-DEPLOY-112',
        service: titleOf(ref),
        what: `the change was written and is not in force after ${limitMs} ms: ${now.on}.`,
        retryable: true,
      })
    }
    await client.sleep(pause)
    pause = Math.min(mostMs, pause * 1.6)
  }
}

export function generationOf(object: Json): number {
  return numberAt(object, 'metadata', 'generation') ?? 0
}
