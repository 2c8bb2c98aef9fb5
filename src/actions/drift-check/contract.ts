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
    reference: {
      kind: 'list',
      description: 'What the model was trained on: files or globs, one a line.',
    },
    current: { kind: 'list', description: 'What the model meets now: files or globs, one a line.' },
    columns: {
      kind: 'yaml',
      description: 'What the columns are: a map of `numeric`, `categorical`, `ignore`, `critical`.',
    },
    tests: {
      kind: 'yaml',
      description: 'The test for `numeric` and `categorical` columns, or for a column by name.',
    },
    correction: {
      kind: 'text',
      description: '`none`, `bonferroni`, `holm` or `benjamini-hochberg`.',
    },
    engine: { kind: 'text', description: 'Where the statistics are computed: `embedded`.' },
    triggers: { kind: 'list', description: 'What drift sets off, one a line.' },
    'fail-on': {
      kind: 'text',
      description: 'Which decisions fail the step: `inconclusive`, `fail` or `never`.',
    },
  },
  outputs: {
    decision: { description: '`pass`, `warn`, `fail` or `inconclusive`.' },
    drifted: { description: 'The columns that drifted, one a line.' },
    'drifted-share': { description: 'The share of the columns that drifted, 0 to 1.' },
    report: { description: 'The path of the HTML report.' },
  },
  permissions: { contents: 'read: to check out the repository' },
} as const satisfies ActionContract<typeof DriftSection>
