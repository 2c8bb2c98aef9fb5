import type { Trainer } from '../../../ports/compute.js'
import { runCommand } from './command.js'
import { describeMachine } from './environment.js'
import { watchGpus } from './gpu.js'
import { watchMemory } from './memory.js'

/** This runner: the command is a child process, and what it uses is sampled while it runs. */
export function createLocalTrainer(graceMs?: number): Trainer {
  return {
    train: async (request) => {
      const gpu = await watchGpus()
      const started = performance.now()
      try {
        const command = runCommand(request, graceMs)
        const memory = watchMemory(command.pid)
        const end = await command.ended.finally(() => memory.stop())
        const durationSeconds = (performance.now() - started) / 1000
        const resources = { ...gpu.stop(), peakRssBytes: memory.peakBytes() }
        return { ...end, durationSeconds, resources }
      } finally {
        gpu.stop()
      }
    },
    environment: describeMachine,
  }
}
