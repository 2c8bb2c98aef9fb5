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
    run: {
      kind: 'yaml',
      description:
        'The command: a YAML list is a program and its arguments, started without a shell; a text is given to the shell.',
    },
    backend: { kind: 'text', description: 'Where to train: `local` is this runner.' },
    params: { kind: 'yaml', description: 'Parameters: a YAML map of names to values.' },
    model: {
      kind: 'list',
      description: 'The model files or folders that the command writes, one a line.',
    },
    metrics: {
      kind: 'text',
      description: 'A JSON file of numbers by name that the command writes.',
    },
    predictions: {
      kind: 'text',
      description: 'The predictions that the command writes, for the gate.',
    },
    'timeout-minutes': {
      kind: 'number',
      description: 'After this long the command is stopped and the step fails.',
    },
    'skip-unchanged': {
      kind: 'boolean',
      description: 'Skip the command when nothing that it depends on changed.',
    },
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
