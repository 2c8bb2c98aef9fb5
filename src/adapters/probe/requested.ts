import type { ProbeSection } from '../../config/deploy/probe.js'

/**
 * The outputs that are asked for by name: those with expected values, where each is named. Some servers give further ones only when
 * they are asked for (MLServer's predict_proba). Nothing named -> none, and the server gives its own.
 */
export function requestedOutputs({ golden }: ProbeSection): readonly string[] {
  const named = (golden?.expected ?? []).map(({ output }) => output)
  const names = named.filter((name) => name !== undefined)
  return names.length === named.length ? [...new Set(names)] : []
}
