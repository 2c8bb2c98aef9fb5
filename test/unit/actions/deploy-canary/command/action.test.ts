import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runCommand } from '../../../../../src/actions/deploy-canary/command/run.js'
import { CommandSettings } from '../../../../../src/actions/deploy-canary/command/settings.js'
import { contract } from '../../../../../src/actions/deploy-canary/contract.js'
import { requireForge } from '../../../../../src/runtime/require-forge.js'
import { actionMode, runAction } from '../../../../../src/runtime/run-action.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

const SHA = 'c'.repeat(40)
const DIGEST = `sha256:${'d'.repeat(64)}`

const action = {
  contract,
  job: () => Promise.reject(new Error('a rollout was begun')),
  modes: {
    command: actionMode(CommandSettings, (context) => runCommand(context, requireForge(context))),
  },
}

// @evidence GitHub REST API, a command to what was deployed: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('the workflow for comments to a rollout', () => {
  let under: GitHubUnderTest
  let id = 0
  beforeEach(async () => {
    const body = `/rollback ${SHA.slice(0, 12)} users complain`
    const event = {
      action: 'created',
      issue: { number: 1, pull_request: {} },
      // The first id that the stand-in gives.
      comment: { id: 1001, body, user: { login: 'max' } },
    }
    under = await startGitHubHost({
      inputs: new Map([['mode', 'command']]),
      event,
      env: { GITHUB_EVENT_NAME: 'issue_comment' },
    })
    id = under.github.addComment(1, 'max', body).id
    under.github.addCollaborator('max', 'write')
    under.github.addRef('main', SHA)
  })
  afterEach(async () => {
    expect(under.github.violations).toEqual([])
    await under.close()
  })

  const deployed = async (state: 'in_progress' | 'success') => {
    const payload = { modelway: 1, version: 'census-2', digest: DIGEST, commit: SHA }
    const request = { environment: 'production', ref: 'main', description: 'x', payload }
    const made = await under.host.deployments?.create(request)
    await under.host.deployments?.update(made?.id ?? '', { state, description: '' })
  }
  const run = async () => {
    const code = await runAction(action, {
      host: under.another(),
      cwd: under.folder,
      env: {},
      distribution: new URL('file:///dist/'),
      now: () => new Date(0),
      debug: false,
    })
    return { code, outputs: Object.fromEntries(await under.outputs()) }
  }

  it.each([
    ['success', 'rollback'],
    ['in_progress', 'abort'],
  ] as const)('lets the next job act where the deployment is %s (%s)', async (state, mode) => {
    await deployed(state)
    expect(id).toBe(1001)
    const { code, outputs } = await run()
    expect([code, outputs]).toMatchObject([0, { proceed: 'true', 'next-mode': mode }])
  })

  it('lets nothing happen where nothing is deployed', async () => {
    const { code, outputs } = await run()
    expect([code, outputs]).toMatchObject([0, { proceed: 'false' }])
    expect(outputs['next-mode'] ?? '').toBe('')
  })
})
