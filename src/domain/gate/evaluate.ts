import type { Checked } from '../problem.js'
import type { RandomSource } from '../stats/random.js'
import { examplesProblems } from './check-examples.js'
import { policyProblems } from './check-policy.js'
import { decideGate } from './decide.js'
import { columnNeeds } from './needs.js'
import { comparesModels, type GatePolicy } from './policy.js'
import { type ExamplesRequest, readExamples } from './read-examples.js'
import type { VerdictBody } from './verdict.js'

export interface GateRequest {
  readonly policy: GatePolicy
  readonly files: Omit<ExamplesRequest, 'task' | 'needs' | 'baselineNeeds'>
  /** The same seed gives the same verdict, byte for byte. */
  readonly random: RandomSource
}

/**
 * From tables of predictions to the verdict, or to everything that the user has to mend first. The one function of the gate
 * that a caller needs.
 */
export function evaluateGate(request: GateRequest): Checked<VerdictBody> {
  const { policy, files, random } = request
  const early = policyProblems(policy)
  if (early.length > 0) return { problems: early }
  const needs = columnNeeds(policy.rules)
  const baselineNeeds = columnNeeds(policy.rules.filter(comparesModels))
  const examples = readExamples({ ...files, task: policy.task, needs, baselineNeeds })
  if (examples.value === undefined) return examples
  const late = examplesProblems(policy, examples.value)
  if (late.length > 0) return { problems: late }
  return { value: decideGate(policy, examples.value, random) }
}
