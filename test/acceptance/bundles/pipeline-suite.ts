import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type GitHubFake, startGitHub } from '../../fakes/github/start-github.js'
import {
  type ActionName,
  actionFile,
  Project,
  pipeline,
  pullRequestEvent,
  runStep,
  type StepResult,
  sendTraffic,
  TOKEN,
} from './bundle.js'

/** Outputs of evaluate-gate that its modes report and command set. */
const OF_OTHER_MODES = new Set(['next-mode', 'proceed', 'sha', 'pull-request'])

/** All six bundles in turn for one pull request, as the runner starts them, by the Node that `node` names. */
export function describePipeline(): void {
  let github: GitHubFake
  let project: Project
  const results = new Map<ActionName, StepResult>()

  beforeAll(async () => {
    github = await startGitHub()
    github.addWorkflowToken(TOKEN, {
      permissions: { contents: 'read', 'pull-requests': 'write', deployments: 'write' },
    })
    github.addPullRequest({ number: 1 })
    project = new Project()
    const traffic = sendTraffic(project)
    for (const action of pipeline) {
      const options = { project, api: github.url, event: pullRequestEvent() }
      results.set(action, await runStep(action, options))
    }
    await traffic.stop()
  })
  afterAll(async () => {
    Project.removeAll()
    await github.close()
  })

  function resultOf(action: ActionName): StepResult {
    const result = results.get(action)
    if (result === undefined) throw new Error(`${action} did not run`)
    return result
  }

  describe.each(pipeline)('the bundle of %s', (action) => {
    it('ends with 0', () => {
      const { code, stdout, stderr } = resultOf(action)
      expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
        code: 0,
        stderr: '',
        stdout: '',
      })
    })

    it('sets every output that its action.yml declares, and no other', () => {
      const { outputs } = resultOf(action)
      const declared = Object.keys(actionFile(action).outputs)
      expect(declared).toEqual(expect.arrayContaining(Object.keys(outputs)))
      const left = declared.filter((name) => !(name in outputs) && !OF_OTHER_MODES.has(name))
      expect(left).toEqual([])
    })

    it('gives the statement, its digest, and everything as one line of JSON', () => {
      const { outputs } = resultOf(action)
      const statement = readFileSync(outputs['statement'] ?? '')
      const digest = `sha256:${createHash('sha256').update(statement).digest('hex')}`
      const json = JSON.parse(outputs['json'] ?? '')
      expect(outputs['json']).not.toContain('\n')
      expect(json).toMatchObject({ schema_version: 1, action, statement_digest: digest })
      if (action !== 'register-model') expect(outputs['digest']).toBe(digest)
    })

    it('writes the summary, and its section of the one comment', () => {
      const [comment, ...others] = github.state.comments
      expect(others).toEqual([])
      expect(comment?.body).toContain(`<!-- modelway:section name=${action} `)
      expect(resultOf(action).summary).not.toBe('')
    })

    it('masks the token, and shows it nowhere', () => {
      const { stdout, stderr, outputs, summary } = resultOf(action)
      const mask = `::add-mask::${TOKEN}`
      expect(stdout).toContain(mask)
      const shown = [stdout.replaceAll(mask, ''), stderr, summary, JSON.stringify(outputs)]
      for (const text of shown) expect(text).not.toContain(TOKEN)
    })
  })

  it('the deployment is recorded from its start to success', () => {
    const [deployment, ...others] = github.state.deployments
    expect(others).toEqual([])
    expect(deployment).toMatchObject({ environment: 'production', sha: 'd'.repeat(40) })
    expect(deployment?.statuses.map(({ state }) => state)).toEqual([
      ...['in_progress', 'in_progress', 'success'],
    ])
  })

  it('no statement holds the token, and GitHub understands every call', () => {
    for (const action of pipeline) {
      expect(readFileSync(resultOf(action).outputs['statement'] ?? '', 'utf8')).not.toContain(TOKEN)
    }
    expect(github.state.comments[0]?.body).not.toContain(TOKEN)
    expect(github.violations).toEqual([])
  })
}
