import type { GateSection } from '../../config/gate.js'
import type { GateRequest } from '../../domain/gate/evaluate.js'
import type { GatePolicy } from '../../domain/gate/policy.js'
import type { Source } from '../../domain/gate/source.js'

/** The rules of the settings as the domain takes them. */
export function policyOf(settings: GateSection): GatePolicy {
  const { task, rules, confidence, correction, seed, pairing, baseline } = settings
  return {
    task,
    rules,
    confidence,
    correction,
    seed,
    comparesWithBaseline: baseline !== 'none',
    baselinePoints: baseline.startsWith('metrics:'),
    pairing,
  }
}

/** Two models' predictions, and how the settings say that they are read. */
export function filesOf(
  settings: GateSection,
  candidate: Source,
  baseline: Source | undefined,
): NonNullable<GateRequest['files']> {
  return {
    candidate,
    baseline,
    columns: settings.columns,
    positive: settings.positive,
    minOverlap: settings['min-overlap'],
    multiLabel: settings['multi-label'],
    abstentions: settings.abstentions,
    pairing: settings.pairing,
  }
}
