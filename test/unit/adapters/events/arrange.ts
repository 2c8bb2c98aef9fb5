import type { SenderContext } from '../../../../src/adapters/events/index.js'
import type { KeyedEvent } from '../../../../src/domain/drift/acting/event.js'
import type { Log } from '../../../../src/ports/host.js'

export const EVENT: KeyedEvent = {
  key: 'modelway-0123456789abcdef',
  project: 'census',
  repository: 'modelway-ml/demo',
  outcome: 'fail',
  decision: 'fail',
  reason: '3 of 10 columns drifted',
  drifted: ['naïve|<b>', 'a\nb'],
  driftedCount: 2,
  window: '2026-11-22',
  at: '2026-11-23T12:00:00.000Z',
}

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  group: (_title, work) => work(),
}

export interface Arranged extends SenderContext {
  readonly masked: string[]
}

export function context(
  env: Readonly<Record<string, string>> = {},
  more: Partial<SenderContext> = {},
): Arranged {
  const masked: string[] = []
  return {
    ...{ env, log: SILENT, dispatches: undefined, masked },
    mask: (secret) => {
      masked.push(secret)
    },
    ...more,
  }
}

export const NEVER = new AbortController().signal

export async function failure(work: () => Promise<unknown>): Promise<Error> {
  try {
    await work()
  } catch (error) {
    return error as Error
  }
  throw new Error('did not fail')
}
