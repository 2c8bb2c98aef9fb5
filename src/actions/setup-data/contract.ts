import { DataSection } from '../../config/data.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'setup-data',
  title: 'Modelway: set up data',
  description:
    'Brings versioned data to the runner, checks it against a contract, and records exactly which data it was.',
  branding: { icon: 'database', color: 'blue' },
  statement: 'dataset',
  section: 'data',
  settings: DataSection,
  inputs: {
    source: { kind: 'list' },
    revision: { kind: 'text' },
    path: { kind: 'text' },
    contract: { kind: 'text' },
    baseline: { kind: 'text' },
    cache: { kind: 'boolean' },
    'fail-on': { kind: 'text' },
  },
  outputs: {
    decision: { description: '`pass`, `warn` or `fail`: what the data contract says.' },
    path: {
      description:
        'The file, or the folder that holds all files, relative to the working directory.',
    },
    revision: {
      description:
        'What was delivered, in terms of the source; the fingerprint where it has no versions.',
    },
    fingerprint: { description: 'The digest of all paths and contents, `sha256:…`.' },
    'cache-hit': { description: '`true` when nothing had to be transferred.' },
    rows: { description: 'The number of rows of all tabular files.' },
    changed: {
      description: '`true` when the fingerprint differs from the baseline, or there is none.',
    },
  },
  permissions: { contents: 'read: to check out the repository' },
} as const satisfies ActionContract<typeof DataSection>
