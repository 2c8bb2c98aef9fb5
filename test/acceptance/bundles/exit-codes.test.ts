import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import { Project, pipeline, pullRequestEvent, runStep, Step, sendTraffic, TOKEN } from './bundle.js'

let github: GitHubFake
let project: Project
beforeEach(async () => {
  github = await startGitHub()
  github.addWorkflowToken(TOKEN)
  github.addPullRequest({ number: 1 })
  project = new Project()
})
afterEach(async () => {
  project.remove()
  await github.close()
  expect(github.violations).toEqual([])
})

function step(action: (typeof pipeline)[number], inputs: Readonly<Record<string, string>> = {}) {
  return runStep(action, { project, api: github.url, event: pullRequestEvent(), inputs })
}

/** The actions before one, so that it has what it needs. */
async function upTo(action: (typeof pipeline)[number]): Promise<void> {
  for (const before of pipeline.slice(0, pipeline.indexOf(action))) {
    expect((await step(before, { comment: 'off' })).code).toBe(0)
  }
}

/** An answer of 5xx for as long as anybody asks. */
const FOR_LONG = 50

describe('a bundle ends', () => {
  it('with 1 where the decision is fail, with all outputs, the statement and the comment', async () => {
    await upTo('evaluate-gate')
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
    await upTo('evaluate-gate')
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
    await upTo('deploy-canary')
    github.failNext('repos/create-deployment', 500, FOR_LONG)
    const { code, stdout, outputs } = await step('deploy-canary')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^::error::MW-HOST-003: GitHub/m)
    expect(stdout).not.toMatch(/^ +at /m)
    expect(outputs).toEqual({})
    expect(project.router()).toBeUndefined()
    expect(existsSync(project.at('.modelway', 'rollout.json'))).toBe(false)
  })

  it('with 0 and a warning where GitHub loses the statuses of the deployment for long', async () => {
    await upTo('deploy-canary')
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

  it('with 130 at SIGTERM, and what was started is stopped', async () => {
    await upTo('train-on-runner')
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
    running.child.kill('SIGTERM')
    const { code, stdout, outputs } = await running.finished()
    expect({ code, outputs }).toEqual({ code: 130, outputs: {} })
    const pid = Number(/training as (\d+)/.exec(stdout)?.[1])
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(existsSync(project.at('.modelway', 'training.json'))).toBe(false)
  })
})

describe('the comment', () => {
  it('of a run for a fork fails with a warning that says what to do, and the decision stands', async () => {
    await upTo('evaluate-gate')
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
    const enterprise = await startGitHub({ basePath: '/api/v3' })
    enterprise.addWorkflowToken(TOKEN)
    enterprise.addPullRequest({ number: 1 })
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
