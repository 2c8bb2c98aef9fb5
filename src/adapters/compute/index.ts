import type { Trainer } from '../../ports/compute.js'

const backends = {
  local: async () => (await import('./local/index.js')).createLocalTrainer(),
} as const satisfies Readonly<Record<string, () => Promise<Trainer>>>

/** Opens a backend by name; only the one that is named is loaded. */
export function openTrainer(backend: keyof typeof backends): Promise<Trainer> {
  return backends[backend]()
}
