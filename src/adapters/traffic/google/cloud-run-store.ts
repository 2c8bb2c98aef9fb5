import { Conflict } from '../../../clouds/google-failures.js'
import type { RolloutStore } from '../../../ports/rollout-store.js'
import { refuseTooLong } from '../stores/annotation-size.js'
import { keptText, overtaken, parseKept } from '../stores/kept-text.js'
import type { CloudRunApi } from './cloud-run-api.js'

const ANNOTATION = 'modelway.dev/rollout'
const TRIES = 8
const PAUSE_MS = 500

/** The record in an annotation of the service, which makes no new revision. */
export function createCloudRunStore(api: CloudRunApi): RolloutStore {
  const where = `annotation ${ANNOTATION} of ${api.title}`
  let last: { readonly text: string | undefined } | undefined
  return {
    name: where,
    read: async () => {
      const text = (await api.read()).annotations[ANNOTATION]
      last = { text }
      return text === undefined ? undefined : parseKept(text, where)
    },
    write: async (kept, how) => {
      const text = keptText(kept).trim()
      refuseTooLong(text, where)
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const { etag, annotations } = await api.read()
        const now = annotations[ANNOTATION]
        // A write whose answer was lost is found here.
        const isDone = now === text
        if (!isDone && how?.force !== true && last !== undefined && now !== last.text) {
          throw overtaken(where)
        }
        if (
          isDone ||
          (await written(api, { etag, annotations: { ...annotations, [ANNOTATION]: text } }))
        ) {
          last = { text }
          return
        }
        await api.client.sleep(PAUSE_MS * attempt)
      }
      throw overtaken(where)
    },
  }
}

interface Guarded {
  readonly etag: string
  readonly annotations: Readonly<Record<string, string>>
}

/** The annotation is there at once; what Cloud Run makes of the rest of the service does not matter for it. */
async function written(api: CloudRunApi, change: Guarded): Promise<boolean> {
  try {
    await api.patch(change)
    return true
  } catch (error) {
    if (error instanceof Conflict) return false
    throw error
  }
}
