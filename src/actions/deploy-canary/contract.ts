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
    target: {
      kind: 'text',
      description: 'What splits the traffic: `embedded` is a router process on this machine.',
    },
    mode: { kind: 'text', description: '`canary`, `shadow`, `direct`, `promote` or `rollback`.' },
    steps: {
      kind: 'text',
      description: 'Weights of the canary in percent, ascending: `5 25 50 100`.',
    },
    interval: { kind: 'text', description: 'Time between two looks, such as `5s` or `2m`.' },
    analysis: {
      kind: 'yaml',
      description:
        'What is looked at: a YAML list of `error-rate`, `latency`, `quality`, `disagreement`.',
    },
    environment: { kind: 'text', description: 'The environment of the deployment record.' },
    resume: {
      kind: 'text',
      description:
        'What to do with a rollout that an earlier run left unfinished: `auto`, `finish`, `rollback` or `off`.',
    },
    'fail-on': {
      kind: 'text',
      description: 'Which decisions fail the step: `inconclusive`, `fail` or `never`.',
    },
  },
  outputs: {
    decision: { description: '`pass`, `fail` or `inconclusive`.' },
    weight: { description: 'The weight of the new version now, in percent.' },
    version: { description: 'The version that was deployed.' },
    'previous-version': { description: 'The version that was in use before.' },
    'deployment-id': { description: "The forge's deployment record." },
    url: { description: 'Where users send their requests.' },
    report: { description: 'The path of the HTML report.' },
  },
  permissions: {
    contents: 'read: to check out the repository',
    deployments: 'write: to keep the deployment record',
  },
} as const satisfies ActionContract<typeof DeploySection>
