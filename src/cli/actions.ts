import type { Action } from '../runtime/run-action.js'

/** The six actions, in the order of the pipeline; one is loaded when it is called. */
export const actions = {
  'setup-data': async () => (await import('../actions/setup-data/action.js')).action,
  'train-on-runner': async () => (await import('../actions/train-on-runner/action.js')).action,
  'evaluate-gate': async () => (await import('../actions/evaluate-gate/action.js')).action,
  'register-model': async () => (await import('../actions/register-model/action.js')).action,
  'deploy-canary': async () => (await import('../actions/deploy-canary/action.js')).action,
  'drift-check': async () => (await import('../actions/drift-check/action.js')).action,
} as const satisfies Readonly<Record<string, () => Promise<Action>>>

export type ActionName = keyof typeof actions

/** What each action does, for `modelway --help` without loading any of them. */
export const actionSummaries: Readonly<Record<ActionName, string>> = {
  'setup-data': 'bring versioned data here, check it against a contract, record exactly what it is',
  'train-on-runner': 'run your training command and record what went in and what came out',
  'evaluate-gate': 'judge the model against rules and against the baseline, with intervals',
  'register-model': 'register the very model that the gate passed',
  'deploy-canary': 'give users the model step by step, as far as the evidence allows',
  'drift-check': 'find out whether the data has changed since the model was trained',
}
