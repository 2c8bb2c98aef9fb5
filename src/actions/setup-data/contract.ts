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
    source: {
      kind: 'list',
      description: 'The data: files, globs, `file:` or `https:` URLs, one a line.',
    },
    revision: {
      kind: 'text',
      description: 'The version to deliver; for `https:` the digest, `sha256:…`.',
    },
    path: { kind: 'text', description: 'The folder that fetched data is put in.' },
    contract: { kind: 'text', description: 'A YAML file with the data contract.' },
    baseline: {
      kind: 'text',
      description: 'An earlier dataset statement to compare the fingerprint with.',
    },
    cache: { kind: 'boolean', description: 'Keep fetched data between runs.' },
    'fail-on': {
      kind: 'text',
      description: 'Which decisions fail the step: `inconclusive`, `fail` or `never`.',
    },
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
