import { GateSection } from '../../config/gate.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'evaluate-gate',
  title: 'Modelway: evaluate gate',
  description:
    'Judges a model by rules, against its baseline on the same examples, with intervals and corrected tests, and says so on the pull request.',
  branding: { icon: 'check-circle', color: 'green' },
  statement: 'verdict',
  section: 'gate',
  settings: GateSection,
  inputs: {
    predictions: {
      kind: 'text',
      description: "The candidate's predictions, one example a row: CSV or Parquet.",
    },
    baseline: {
      kind: 'text',
      description:
        'What the candidate is compared with: `file:<path>`, `registry:<alias>` or `none`.',
    },
    task: { kind: 'text', description: '`classification` or `regression`.' },
    columns: {
      kind: 'yaml',
      description:
        'Which columns hold what: a map of `id`, `label`, `prediction`, `score`, `groups`.',
    },
    rules: { kind: 'yaml', description: 'What must hold: a YAML list of rules.' },
    confidence: { kind: 'number', description: 'The confidence of the two-sided intervals.' },
    correction: {
      kind: 'text',
      description:
        'How claims of failure are corrected: `none`, `bonferroni`, `holm` or `benjamini-hochberg`.',
    },
    seed: {
      kind: 'number',
      description: 'The seed of all resampling: the same seed gives the same verdict.',
    },
    'fail-on': {
      kind: 'text',
      description: 'Which decisions fail the step: `inconclusive`, `fail` or `never`.',
    },
  },
  outputs: {
    decision: { description: '`pass`, `warn`, `fail` or `inconclusive`.' },
    metrics: { description: "The candidate's metrics over all examples, as one line of JSON." },
    table: { description: 'The table of the checks, as Markdown.' },
    'comment-url': { description: 'Where the comment is, when one was written.' },
    report: { description: 'The path of the HTML report.' },
  },
  permissions: {
    contents: 'read: to check out the repository',
    'pull-requests': 'write: to write the comment',
  },
} as const satisfies ActionContract<typeof GateSection>
