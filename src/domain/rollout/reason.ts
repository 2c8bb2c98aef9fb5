/** Why a look decided as it did: a code for machines, a sentence for people. */
export interface Reason {
  readonly code:
    | 'canary-unreachable'
    | 'all-failed'
    | 'all-rejected'
    | 'budget-spent'
    | 'sample-ratio'
    | 'labels-unlike'
    | 'worse'
    | 'step-done'
    | 'not-worse'
    | 'too-few-requests'
    | 'evidence-open'
    | 'horizon'
    | 'hold-ended'
    | 'cancelled'
    | 'interrupted'
    | 'no-readings'
    | 'shadow-done'
    | 'soaking'
    | 'stable-failing'
    | 'soaked'
    | 'record-open'
    | 'held'
    | 'told'
    | 'unattended'
    | 'weight-changed'
  readonly text: string
}

/** A number as a sentence has it. */
export function brief(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'infinite'
}
