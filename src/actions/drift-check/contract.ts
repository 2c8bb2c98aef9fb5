import { DriftSection } from '../../config/drift.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'drift-check',
  title: 'Modelway: drift check',
  description:
    'Compares the data that the model meets now with the data that it was trained on: effect and significance, column by column.',
  branding: { icon: 'activity', color: 'orange' },
  statement: 'drift',
  section: 'drift',
  settings: DriftSection,
  inputs: {
    reference: { kind: 'list' },
    current: { kind: 'list' },
    columns: { kind: 'yaml' },
    tests: { kind: 'yaml' },
    correction: { kind: 'text' },
    engine: { kind: 'text' },
    triggers: { kind: 'list' },
    'fail-on': { kind: 'text' },
  },
  outputs: {
    decision: { description: '`pass`, `warn`, `fail` or `inconclusive`.' },
    drifted: {
      description: 'The columns that drifted, one a line; a line break in a name is written `\\n`.',
    },
    'drifted-share': { description: 'The share of the columns that drifted, 0 to 1.' },
    report: { description: 'The path of the HTML report.' },
  },
  permissions: {
    contents:
      'read: to check out the repository; write where triggers send something: what fired is kept in the repository',
    'pull-requests': 'write: for the comment',
    issues: 'write: for the trigger `issue`',
    actions:
      'write: for the trigger `workflow-dispatch`; read for `repository-dispatch` in a private repository, to see what an earlier run has started',
  },
} as const satisfies ActionContract<typeof DriftSection>
