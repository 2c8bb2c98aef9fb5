import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type GitHubFake,
  type GitHubOptions,
  startGitHub,
} from '../../fakes/github/start-github.js'
import {
  type ActionName,
  Project,
  pipeline,
  pullRequestEvent,
  runStep,
  Step,
  type StepResult,
  sendTraffic,
  TOKEN,
} from './bundle.js'
import { Stages } from './stages.js'

/** An answer of 5xx for as long as anybody asks. */
const FOR_LONG = 50

let stages: Stages
let github: GitHubFake
let project: Project
/** Begun before all others, since it waits most of its time. */
let refused: Promise<StepResult>
let refusing: GitHubFake
let refusedProject: Project
beforeAll(async () => {
  stages = await Stages.make()
  refusing = await startTestGitHub()
  refusing.failNext('repos/create-deployment', 500, FOR_LONG)
  refusedProject = stages.before('deploy-canary')
  refused = runStep('deploy-canary', {
    ...{ project: refusedProject, api: refusing.url, event: pullRequestEvent() },
  })
})
afterAll(async () => {
  await refused
  Project.removeAll()
  await refusing.close()
})
beforeEach(async () => {
  github = await startTestGitHub()
  project = new Project()
})
afterEach(async () => {
  project.remove()
  await github.close()
  expect(github.violations).toEqual([])
})

async function startTestGitHub(options: GitHubOptions = {}): Promise<GitHubFake> {
  const started = await startGitHub(options)
  started.addWorkflowToken(TOKEN)
  started.addPullRequest({ number: 1 })
  return started
}

function step(action: ActionName, inputs: Readonly<Record<string, string>> = {}) {
  return runStep(action, { project, api: github.url, event: pullRequestEvent(), inputs })
}

/** Puts the project where it is before an action. */
function upTo(action: ActionName): void {
  project.remove()
  project = stages.before(action)
}

describe('a bundle ends', () => {
  it('with 1 where the decision is fail, with all outputs, the statement and the comment', async () => {
    upTo('evaluate-gate')
    const rules = '[{ metric: accuracy, at-least: 0.99 }]'
    const { code, outputs, stdout, summary } = await step('evaluate-gate', { rules })
    expect({ code, decision: outputs['decision'] }).toEqual({ code: 1, decision: 'fail' })
    expect(stdout).toMatch(/^::error.*accuracy\.at-least/m)
    expect(summary).toContain('**Fail**')
    expect(github.state.comments[0]?.body).toContain('**Fail**')
    expect(existsSync(outputs['statement'] ?? '')).toBe(true)
    const refused = await step('register-model')
    expect(refused.code).toBe(2)
    expect(refused.stdout).toContain('::error::MW-REGISTRY-011: verdict.json: ')
    expect(existsSync(project.at('registry'))).toBe(false)
  })

  it('with 0 where fail-on says that the decision does not block', async () => {
    upTo('evaluate-gate')
    const inputs = { rules: '[{ metric: accuracy, at-least: 0.99 }]', 'fail-on': 'never' }
    const { code, outputs } = await step('evaluate-gate', inputs)
    expect({ code, decision: outputs['decision'] }).toEqual({ code: 0, decision: 'fail' })
  })

  it.each(pipeline)(
    '%s with 2, and every problem at once, where its inputs are wrong',
    async (action) => {
      const inputs = { comment: 'sometimes', 'dry-run': 'perhaps', config: 'absent.yml' }
      const { code, stdout, outputs, summary } = await step(action, inputs)
      expect(code).toBe(2)
      for (const problem of [
        'MW-INPUT-001: input comment',
        'MW-INPUT-001: input dry-run',
        'MW-CONFIG-001: absent.yml',
      ])
        expect(stdout).toContain(`::error::${problem}`)
      expect(stdout).not.toMatch(/^ +at /m)
      expect({ outputs, summary }).toEqual({ outputs: {}, summary: '' })
      expect(existsSync(project.at('.modelway'))).toBe(false)
    },
  )

  it('with 3, and no traffic is changed, where GitHub refuses the deployment for long', async () => {
    const { code, stdout, outputs } = await refused
    expect(code).toBe(3)
    expect(stdout).toMatch(/^::error::MW-HOST-003: GitHub/m)
    expect(stdout).not.toMatch(/^ +at /m)
    expect(outputs).toEqual({})
    expect(refusedProject.router()).toBeUndefined()
    expect(existsSync(refusedProject.at('.modelway', 'rollout.json'))).toBe(false)
    expect(refusing.violations).toEqual([])
  })

  it('with 0 and a warning where GitHub loses the statuses of the deployment for long', async () => {
    upTo('deploy-canary')
    github.failNext('repos/create-deployment-status', 403, FOR_LONG)
    const traffic = sendTraffic(project)
    const { code, outputs, stdout } = await step('deploy-canary', { comment: 'off' })
    await traffic.stop()
    expect({ code, decision: outputs['decision'], weight: outputs['weight'] }).toEqual({
      code: 0,
      decision: 'pass',
      weight: '100',
    })
    expect(stdout).toMatch(/^::warning::The deployment record could not be updated/m)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'with 130 at %s, and what was started is stopped',
    async (signal) => {
      upTo('train-on-runner')
      project.change(
        'train.mjs',
        "console.log('training')",
        "console.log('training as', process.pid)",
      )
      const env = { TRAIN_MILLISECONDS: '60000' }
      const running = new Step('train-on-runner', {
        ...{ project, api: github.url, event: pullRequestEvent(), env },
      })
      await running.said('training as')
      running.child.kill(signal)
      const { code, stdout, outputs } = await running.finished()
      expect({ code, outputs }).toEqual({ code: 130, outputs: {} })
      const pid = Number(/training as (\d+)/.exec(stdout)?.[1])
      expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      expect(existsSync(project.at('.modelway', 'training.json'))).toBe(false)
    },
  )
})

describe('the comment', () => {
  it('of a run for a fork fails with a warning that says what to do, and the decision stands', async () => {
    upTo('evaluate-gate')
    github.addWorkflowToken(TOKEN, { fromFork: true })
    const event = pullRequestEvent('somebody/fork')
    const { code, outputs, stdout } = await runStep('evaluate-gate', {
      ...{ project, api: github.url, event },
    })
    expect({ code, decision: outputs['decision'] }).toEqual({ code: 0, decision: 'pass' })
    expect(outputs).not.toHaveProperty('comment-url')
    expect(stdout).toMatch(/^::warning::The comment could not be written: .*read-only token/m)
    expect(github.state.comments).toEqual([])
  })

  it('is written on an Enterprise Server, under its own address', async () => {
    const enterprise = await startTestGitHub({ basePath: '/api/v3' })
    const { code } = await runStep('setup-data', {
      ...{ project, api: enterprise.url, event: pullRequestEvent() },
      env: { GITHUB_SERVER_URL: 'https://github.example.org' },
    })
    await enterprise.close()
    expect(code).toBe(0)
    expect(enterprise.state.comments).toHaveLength(1)
    expect(enterprise.state.comments[0]?.body).toContain('<!-- modelway:section name=setup-data')
    expect(enterprise.violations).toEqual([])
  })
})

it('a bundle needs no variable of GitHub: it works in the folder it is started in', async () => {
  const { code, stdout } = await runStep('setup-data', { project })
  expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' })
  expect(existsSync(project.at('.modelway', 'dataset.json'))).toBe(true)
  expect(stdout.replace(`::add-mask::${TOKEN}`, '')).not.toContain(TOKEN)
})
