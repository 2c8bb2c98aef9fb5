import { openSignals } from '../../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../../src/config/deploy/signals.js'
import type { Signals } from '../../../../src/ports/signals.js'

/** The signals that a section of settings names. */
export async function open(section: object, env: Record<string, string> = {}): Promise<Signals> {
  const settings = SignalsSection.parse(section)
  const signals = await openSignals(settings, { env, signal: new AbortController().signal })
  if (signals === undefined) throw new Error('The section names none.')
  return signals
}

/** A minute of 2026. */
export const FROM = Date.UTC(2026, 0, 1)
export const STRETCH = { from: FROM, to: FROM + 60_000, stable: 'one', canary: 'two' }
