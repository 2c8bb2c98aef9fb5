/** What an action decided. `inconclusive` blocks wherever `fail` would, unless the policy says otherwise. */
export type Decision = 'pass' | 'warn' | 'fail' | 'inconclusive'

/** Which decisions block: `inconclusive` means that fail and inconclusive both do. */
export type FailOn = 'inconclusive' | 'fail' | 'never'

/** Whether a decision stops the pipeline under a policy. */
export function blocks(decision: Decision, failOn: FailOn): boolean {
  if (failOn === 'never') return false
  if (decision === 'fail') return true
  return decision === 'inconclusive' && failOn === 'inconclusive'
}

const SEVERITY: Readonly<Record<Decision, number>> = { pass: 0, warn: 1, inconclusive: 2, fail: 3 }

/** The most severe of several decisions; none at all is a pass. */
export function worst(decisions: readonly Decision[]): Decision {
  let result: Decision = 'pass'
  for (const decision of decisions) if (SEVERITY[decision] > SEVERITY[result]) result = decision
  return result
}
