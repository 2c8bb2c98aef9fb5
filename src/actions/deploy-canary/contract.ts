import { DeploySection } from '../../config/deploy.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'deploy-canary',
  title: 'Modelway: deploy canary',
  description:
    'Gives users the registered model step by step, as far as the evidence allows at every look, and always comes back.',
  branding: { icon: 'git-merge', color: 'yellow' },
  statement: 'rollout',
  section: 'deploy',
  settings: DeploySection,
  inputs: {
    target: { kind: 'text' },
    mode: { kind: 'text' },
    steps: { kind: 'text' },
    interval: { kind: 'text' },
    analysis: { kind: 'yaml' },
    environment: { kind: 'text' },
    resume: { kind: 'text' },
    'fail-on': { kind: 'text' },
  },
  outputs: {
    decision: { description: '`pass`, `fail` or `inconclusive`.' },
    weight: { description: 'The weight of the new version now, in percent.' },
    version: { description: 'The version that was deployed.' },
    'previous-version': { description: 'The version that was in use before.' },
    'deployment-id': { description: "The forge's deployment record." },
    url: { description: 'Where users send their requests.' },
    report: { description: 'The path of the HTML report.' },
    proceed: {
      description:
        'In mode command: `true` when somebody who may has asked for something that the next job is to do, else `false`.',
    },
    'next-mode': {
      description: 'In mode command: the mode of that job: `abort`, `rollback` or `continue`.',
    },
  },
  permissions: {
    contents:
      'read: to check out the repository; write for deploy.record: forge, which keeps the rollout in it',
    deployments: 'write: to keep the deployment record',
    actions: 'read: to see who let the run into the environment; only with deploy.approval',
    'pull-requests':
      'write: to show the rollout while it goes on, to take commands, and to ask for an approval',
    issues: 'write: the same in an issue; only with fallback: issue or live.on: issue',
  },
} as const satisfies ActionContract<typeof DeploySection>
