import type { ProbeSection } from '../../../config/deploy/probe.js'
import type { Availability } from '../../../domain/probe/availability.js'
import type { Backend } from '../../../ports/traffic.js'
import type { Watch } from './watch.js'

interface Watches {
  /** Goes on with the watch of this version, or ends that of another and begins anew. */
  start(settings: WatchSettings, canary: Backend): void
  end(): Promise<void>
  /** By the last watch; undefined before the first. */
  seen(): Availability | undefined
}

type WatchSettings = NonNullable<ProbeSection['watch']>

/** One watch at a time: a rollout that is undone first has another canary than the one that follows. */
export function createWatches(begin: (settings: WatchSettings, canary: Backend) => Watch): Watches {
  let last: Watch | undefined
  let version: string | undefined
  const ending: Promise<unknown>[] = []
  const end = (): void => {
    version = undefined
    if (last !== undefined) ending.push(last.stop())
  }
  return {
    start: (settings, canary) => {
      if (version === canary.version) return
      end()
      version = canary.version
      last = begin(settings, canary)
    },
    end: async () => {
      end()
      await Promise.all(ending.splice(0))
    },
    seen: () => last?.seen(),
  }
}
