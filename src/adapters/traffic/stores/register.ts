import type { Registers } from '../../../ports/forge.js'
import type { RolloutStore } from '../../../ports/rollout-store.js'
import { keptText, overtaken, parseKept } from './kept-text.js'

/** Another writer's turn passes in so many tries of a forced write. */
const FORCED_TRIES = 8

/**
 * The record in a register of the forge (on GitHub a reference under refs/modelway/): for targets that cannot hold it. Each
 * write is a compare-and-swap.
 */
export function createRegisterRolloutStore(registers: Registers, name: string): RolloutStore {
  const where = `refs/modelway/${name}`
  let version: string | undefined
  return {
    name: where,
    read: async () => {
      const found = await registers.read(name)
      version = found?.version
      return found === undefined ? undefined : parseKept(found.content, where)
    },
    write: async (kept, how) => {
      const tries = how?.force === true ? FORCED_TRIES : 1
      for (let attempt = 0; attempt < tries; attempt++) {
        if (how?.force === true) version = (await registers.read(name))?.version
        const text = keptText(kept)
        if (await registers.write(name, text, version)) {
          const found = await registers.read(name)
          // What another run wrote right after us must not pass for ours at our next write.
          if (found?.content === text) version = found.version
          return
        }
      }
      throw overtaken(where)
    },
  }
}
