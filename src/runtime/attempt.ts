import type { Host } from '../ports/host.js'

/** Does what may fail with a warning: it decides nothing. */
export async function attempt(what: string, host: Host, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    host.log.warn(`${what} could not be written: ${messageOf(error)}`)
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
