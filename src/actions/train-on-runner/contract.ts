import { TrainSection } from '../../config/train.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'train-on-runner',
  title: 'Modelway: train on runner',
  description:
    'Runs your training command, follows it, measures what it uses, and records what went in and what came out; skips it when nothing changed.',
  branding: { icon: 'cpu', color: 'purple' },
  statement: 'training',
  section: 'train',
  settings: TrainSection,
  inputs: {
    run: { kind: 'yaml' },
    backend: { kind: 'text' },
    params: { kind: 'yaml' },
    model: { kind: 'list' },
    metrics: { kind: 'text' },
    predictions: { kind: 'text' },
    'timeout-minutes': { kind: 'number' },
    'skip-unchanged': { kind: 'boolean' },
  },
  outputs: {
    model: { description: 'The model files, one a line, relative to the working directory.' },
    metrics: { description: 'The metrics as one line of JSON.' },
    predictions: { description: 'The path of the predictions.' },
    fingerprint: {
      description: 'The digest of code, data, parameters, environment and command, `sha256:…`.',
    },
    skipped: { description: '`true` when an earlier run with the same fingerprint was used.' },
    'duration-seconds': {
      description: 'How long the command ran; that of the earlier run when it was skipped.',
    },
  },
  permissions: { contents: 'read: to check out the repository' },
} as const satisfies ActionContract<typeof TrainSection>
