import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { actionNames } from '../../../tools/action-names.js'
import { ensureAct } from '../../../tools/install/act.js'
import { ensureAzurite } from '../../../tools/install/azurite.js'
import { command } from '../../../tools/install/command.js'
import { ensureNode24 } from '../../../tools/install/node24.js'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import { type Results, startResults } from '../../fakes/results/start-results.js'
import { makeZip } from '../../fakes/zip.js'
import { systemSuite } from '../system-suite.js'
import { toolkit } from '../toolkit.js'
import { bundleStandIns, cloneClean, makeRepository } from './repositories.js'
import { type ActResult, runAct } from './run-act.js'

const REPOSITORY = 'acme/small'
const FORK = 'stranger/small'
const root = fileURLToPath(new URL('../../../', import.meta.url))

async function install(): Promise<string> {
  await ensureAct()
  await ensureNode24()
  return ensureAzurite()
}

// @evidence GitHub Actions: emulated (act 0.2.89, Node 24, in host mode)
// @evidence GitHub artifacts: emulated (@actions/artifact with Azurite)
// @evidence GitHub REST API: contract (a stateful fake that checks requests and answers by the OpenAPI description)
await systemSuite('the workflows for forks and commands', install, (azuriteDir) => {
  let folder: string
  let repository: string
  let sha: string
  let github: GitHubFake
  let results: Results
  let actions: Readonly<Record<string, string>>
  let judged: ActResult
  /** What the untrusted job tried to change on GitHub. */
  let written: number
  let reported: ActResult

  async function run(event: string, payload: object, name: string): Promise<ActResult> {
    const eventFile = join(folder, `${event}.json`)
    await writeFile(eventFile, JSON.stringify(payload))
    return runAct({
      ...{ cwd: repository, event, eventFile, localRepositories: actions },
      repo: REPOSITORY,
      workflow: `.github/workflows/${name}.yml`,
      secrets: { GITHUB_TOKEN: `ghs_${name}` },
      env: { CHECKOUT_SOURCE: repository },
      resultsUrl: results.url,
      githubUrl: github.url,
      ...(event === 'issue_comment' ? { job: 'command' } : {}),
    })
  }

  /** What GitHub does between two workflows: the artifact of one is there for the other. */
  async function handOver(from: ActResult): Promise<void> {
    const path = join(folder, 'handed')
    await mkdir(path)
    const where = { resultsUrl: results.url, runId: from.runId, folder }
    await toolkit(where, 'download', { name: 'modelway-verdict', path })
    const zip = makeZip([
      { name: 'verdict.json', data: await readFile(join(path, 'verdict.json')) },
    ])
    github.addArtifact({ name: 'modelway-verdict', runId: Number(from.runId), zip })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-forks-'))
    const source = join(folder, 'source')
    await cp(join(root, 'test/acceptance/bundles/project'), source, { recursive: true })
    await mkdir(join(source, '.github/workflows'), { recursive: true })
    for (const name of ['pull-request', 'report', 'command']) {
      const file = `modelway-gate-${name}.yml`
      await cp(join(root, 'action-templates', file), join(source, '.github/workflows', file))
    }
    repository = await makeRepository(source, join(folder, 'repository'))
    sha = (await command('git', ['rev-parse', 'HEAD'], { cwd: repository })).trim()
    github = await startGitHub({ repository: REPOSITORY })
    github.addWorkflowToken('ghs_modelway-gate-pull-request', { fromFork: true })
    github.addWorkflowToken('ghs_modelway-gate-report', {
      permissions: { actions: 'read', 'pull-requests': 'write' },
    })
    github.addWorkflowToken('ghs_modelway-gate-command', {
      permissions: {
        actions: 'write',
        contents: 'read',
        'pull-requests': 'write',
        statuses: 'write',
      },
    })
    github.addCollaborator('ann', 'write')
    github.addPullRequest({
      number: 7,
      fork: FORK,
      headRef: 'topic',
      headSha: sha,
      author: 'stranger',
    })
    results = await startResults({ azuriteDir: azuriteDir() })
    const clone = await cloneClean(join(folder, 'modelway'))
    actions = {
      ...(await bundleStandIns(join(folder, 'stand-ins'), { checkout: true })),
      ...Object.fromEntries(
        actionNames().map((name) => [`modelway-ml/modelway@${name}/v1`, clone]),
      ),
    }
    const head = { sha, ref: 'topic', repo: { full_name: FORK } }
    const base = { ref: 'main', sha, repo: { full_name: REPOSITORY } }
    judged = await run(
      'pull_request',
      { number: 7, pull_request: { number: 7, head, base } },
      'modelway-gate-pull-request',
    )
    written = github.journal.filter(({ method }) => method !== 'GET').length
    github.addRun({ pull: 7, id: Number(judged.runId) })
    await handOver(judged)
    reported = await run('workflow_run', workflowRun(), 'modelway-gate-report')
  }, 400_000)
  afterAll(async () => {
    await github?.close()
    await results?.close()
    await rm(folder, { recursive: true, force: true })
  })

  function workflowRun(): object {
    return {
      action: 'completed',
      workflow_run: {
        ...{
          id: Number(judged.runId),
          run_attempt: 1,
          name: 'Modelway gate',
          event: 'pull_request',
        },
        ...{ conclusion: 'success', head_sha: sha, head_branch: 'topic', pull_requests: [] },
        head_repository: { id: 5, full_name: FORK },
        repository: { full_name: REPOSITORY },
      },
    }
  }

  it('judge a fork’s pull request with a token that may only read, and upload the verdict alone', () => {
    const log = judged.exitCode === 0 ? '' : judged.log
    expect({ jobs: judged.jobs.map(({ id, result }) => `${id}: ${result}`), log }).toEqual({
      jobs: ['gate: success'],
      log: '',
    })
    const names = results.artifacts.map(({ name }) => name)
    expect(names).toContain('modelway-verdict')
    expect(written).toBe(0)
  })

  it('report it on the pull request that GitHub names, as self-reported', () => {
    const log = reported.exitCode === 0 ? '' : reported.log
    expect({ jobs: reported.jobs.map(({ id, result }) => `${id}: ${result}`), log }).toEqual({
      jobs: ['report: success'],
      log: '',
    })
    expect(github.state.comments).toMatchObject([{ issue: 7 }])
    const body = github.state.comments[0]?.body ?? ''
    expect(body).toContain('**Pass**')
    expect(body).toMatch(/self-reported/i)
    expect(body).toContain(`actions/runs/${judged.runId}`)
  })

  it('give the commit to the next job for a comment of somebody who may, and to nobody else', async () => {
    const asked = async (login: string) => {
      const comment = github.addComment(7, login, '/evaluate')
      const payload = {
        action: 'created',
        issue: { number: 7, pull_request: {} },
        comment: { id: comment.id, body: comment.body, user: { login } },
      }
      return run('issue_comment', payload, 'modelway-gate-command')
    }
    const maintainer = await asked('ann')
    expect(maintainer.outputs['command']?.['command']).toMatchObject({ proceed: 'true', sha })
    const stranger = await asked('stranger')
    expect(stranger.exitCode).toBe(0)
    expect(stranger.outputs['command']?.['command']).toMatchObject({ proceed: 'false' })
    expect(github.state.comments.at(-1)?.body).toContain('Only people with write permission')
  }, 400_000)

  it('leave the comment as it is when the head has moved on, and ask GitHub nothing that it does not know', async () => {
    const before = github.state.comments[0]?.body
    github.push(7, 'f'.repeat(40))
    const late = await run('workflow_run', workflowRun(), 'modelway-gate-report')
    expect(late.exitCode).toBe(0)
    expect(github.state.comments[0]?.body).toBe(before)
    expect(github.violations).toEqual([])
    for (const one of [judged, reported, late]) expect(one.fetched).toEqual([])
  }, 400_000)
})
