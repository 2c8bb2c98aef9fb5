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
    mode: { kind: 'text' },
    predictions: { kind: 'text' },
    metrics: { kind: 'text' },
    baseline: { kind: 'text' },
    'policy-ref': { kind: 'text' },
    task: { kind: 'text' },
    columns: { kind: 'yaml' },
    rules: { kind: 'yaml' },
    confidence: { kind: 'number' },
    correction: { kind: 'text' },
    seed: { kind: 'number' },
    'fail-on': { kind: 'text' },
  },
  outputs: {
    decision: { description: '`pass`, `warn`, `fail` or `inconclusive`.' },
    metrics: { description: "The candidate's metrics over all examples, as one line of JSON." },
    table: { description: 'The table of the checks, as Markdown.' },
    'comment-url': { description: 'Where the comment is, when one was written.' },
    report: { description: 'The path of the HTML report.' },
    proceed: {
      description:
        'In mode command: `true` when somebody who may asked for an evaluation of `sha`, else `false`.',
    },
    sha: {
      description:
        'In modes report and command: the head commit of the pull request that it is about.',
    },
    'pull-request': { description: 'In modes report and command: the number of the pull request.' },
  },
  permissions: {
    contents: 'read: to check out the repository',
    'pull-requests': 'write: to write the comment',
    statuses: 'read: to see who overrode the gate; only with gate.overrides',
    actions: 'read: to find the baseline that a run kept (baseline ref:), and with gate.overrides',
  },
} as const satisfies ActionContract<typeof GateSection>
