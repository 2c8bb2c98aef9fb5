import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import { makeZip } from '../../fakes/zip.js'
import { Project, runStep, type StepResult, TOKEN } from './bundle.js'
import { Stages } from './stages.js'

const REPOSITORY = 'modelway-ml/demo'
const KEPT = 'modelway-baseline-small'

let stages: Stages
let github: GitHubFake
let project: Project
beforeAll(async () => {
  stages = await Stages.make()
})
afterAll(() => Project.removeAll())
beforeEach(async () => {
  github = await startGitHub()
  github.addWorkflowToken(TOKEN)
  project = stages.before('evaluate-gate')
})
afterEach(async () => {
  project.remove()
  await github.close()
  expect(github.violations).toEqual([])
})

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=n', '-c', 'user.email=e', '-c', 'init.defaultBranch=main']
  return execFileSync('git', ['-C', project.folder, ...who, ...args], { encoding: 'utf8' }).trim()
}

/** A commit of modelway.yml and the code, as a repository has them: results of a training are not in it. */
function commit(message: string): string {
  git('add', 'modelway.yml', 'train.mjs', 'data')
  git('commit', '-q', '--allow-empty', '-m', message)
  return git('rev-parse', 'HEAD')
}

interface GateOptions {
  readonly payload?: object
  readonly inputs?: Readonly<Record<string, string>>
}

function gate(event: string, sha: string, options: GateOptions = {}): Promise<StepResult> {
  const { payload = {}, inputs = {} } = options
  return runStep('evaluate-gate', {
    ...{ project, api: github.url, event: payload, inputs },
    env: { GITHUB_EVENT_NAME: event, GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' },
  })
}

/** What a run for a commit kept: the predictions that are here, and the verdict on them. */
async function keep(sha: string, event = 'push'): Promise<void> {
  const inputs = { baseline: 'none', rules: '[{ metric: accuracy, at-least: 0.1 }]' }
  const judged = await gate('push', sha, { inputs })
  expect(judged.code).toBe(0)
  const zip = makeZip([
    { name: 'predictions.csv', data: readFileSync(project.at('predictions.csv')) },
    { name: '.modelway/verdict.json', data: readFileSync(project.at('.modelway/verdict.json')) },
  ])
  const { id } = github.addRun({ headSha: sha, event, headBranch: 'main' })
  github.addArtifact({ name: KEPT, runId: id, zip })
}

function verdict(): {
  readonly baseline: { readonly source: string } | null
  readonly policySource?: { readonly ref: string }
  readonly change: object
} {
  return JSON.parse(project.read('.modelway/verdict.json')).predicate
}

describe('the gate', () => {
  let before: string
  let head: string
  beforeEach(async () => {
    project.change('modelway.yml', 'baseline: none', 'baseline: ref:main')
    project.change(
      'modelway.yml',
      'accuracy, at-least: 0.8 }',
      'accuracy, no-worse-than: baseline, margin: 0.2 }',
    )
    git('init', '-q')
    before = commit('before')
    head = commit('head')
  })

  it.each(['push', 'schedule', 'workflow_dispatch'])(
    'for %s makes the first baseline of a branch with a warning, and compares with the commit before the next time',
    async (event) => {
      const first = await gate(event, head)
      expect([first.code, first.outputs['decision']]).toEqual([0, 'warn'])
      expect(first.stdout).toContain('no baseline yet')
      await keep(before)
      const next = await gate(event, head)
      expect([next.code, next.outputs['decision']]).toEqual([0, 'pass'])
      expect(verdict()).toMatchObject({
        baseline: { source: `ref:main (commit ${before.slice(0, 12)})` },
        change: { commit: head, pullRequest: null },
      })
      expect(github.state.comments).toEqual([])
    },
  )

  describe('for a group of the merge queue', () => {
    let group: string
    const queued = () =>
      gate('merge_group', group, {
        payload: {
          merge_group: { head_sha: group, base_sha: head, base_ref: 'refs/heads/main' },
        },
      })
    beforeEach(() => {
      git('update-ref', 'refs/remotes/origin/main', head)
      git('checkout', '-q', '-b', 'queue')
      group = commit('group')
    })

    it('compares with the branch that the queue is for, and comments nowhere', async () => {
      await keep(head)
      const { code, outputs } = await queued()
      expect([code, outputs['decision']]).toEqual([0, 'pass'])
      expect(verdict()).toMatchObject({
        baseline: { source: `ref:main (commit ${head.slice(0, 12)})` },
        change: { commit: group, pullRequest: null },
      })
      expect(github.state.comments).toEqual([])
    })

    it('is no first baseline: without one it stops', async () => {
      const { code, stdout } = await queued()
      expect(code).toBe(2)
      expect(stdout).toContain('MW-GATE-116')
    })

    it('takes no baseline that a pull request kept', async () => {
      await keep(head, 'pull_request')
      expect((await queued()).stdout).toContain('MW-GATE-116')
    })
  })

  it('for a pull request compares with what it began from', async () => {
    github.addPullRequest({ number: 1, headSha: head })
    git('update-ref', 'refs/remotes/origin/main', before)
    await keep(before)
    const { code, outputs } = await gate('pull_request', 'c'.repeat(40), {
      payload: {
        pull_request: {
          number: 1,
          head: { sha: head, ref: 'topic-1', repo: { full_name: REPOSITORY } },
          base: { sha: before, ref: 'main', repo: { full_name: REPOSITORY } },
        },
      },
    })
    expect([code, outputs['decision']]).toEqual([0, 'pass'])
    expect(verdict()).toMatchObject({
      baseline: { source: `ref:main (commit ${before.slice(0, 12)})` },
      policySource: { ref: 'head' },
      change: { commit: head, pullRequest: 1 },
    })
    expect(github.state.comments).toHaveLength(1)
  })

  it.each([
    ['actions/list-workflow-run-artifacts', 403, 3],
    ['actions/list-workflow-runs-for-repo', 404, 3],
    ['actions/download-artifact', 410, 2],
    ['actions/download-artifact', 403, 3],
  ])(
    'stops where %s answers %i, and compares with nothing instead',
    async (operation, status, code) => {
      await keep(before)
      github.failNext(operation, status, 9)
      const stopped = await gate('push', head)
      expect(stopped.code).toBe(code)
      expect(stopped.stdout).toMatch(/^::error.*MW-HOST-/m)
      expect(stopped.outputs['decision']).toBeUndefined()
    },
  )
})
