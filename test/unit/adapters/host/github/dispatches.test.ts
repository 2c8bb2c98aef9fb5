import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ExternalError } from '../../../../../src/errors.js'
import type { Dispatches } from '../../../../../src/ports/forge.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import type { GitHubState } from '../../../../fakes/github/state.js'

let under: GitHubUnderTest
let state: GitHubState
let dispatches: Dispatches

function dispatchesOf(token: string): Dispatches {
  const { forge } = under.another({ 'INPUT_GITHUB-TOKEN': token })
  if (forge === undefined) throw new Error('no forge')
  return forge.dispatches
}

beforeEach(async () => {
  under = await startGitHubHost()
  state = under.github.state
  dispatches = dispatchesOf('ghs_workflow')
})
afterEach(async () => {
  await under.close()
  expect(under.github.violations).toEqual([])
})

function failure(work: Promise<unknown>): Promise<ExternalError> {
  return work.then(
    () => {
      throw new Error('did not fail')
    },
    (error: ExternalError) => error,
  )
}

const EVENT = { eventType: 'modelway-drift', payload: { key: 'k', drifted: ['naïve|<b>'] } }

// @evidence GitHub REST API, dispatches: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('repository_dispatch', () => {
  it('carries type and payload', async () => {
    await dispatches.repository(EVENT)
    expect(state.dispatches).toEqual([
      { eventType: 'modelway-drift', clientPayload: { key: 'k', drifted: ['naïve|<b>'] } },
    ])
  })

  it('says which repository is not there or not to be seen', async () => {
    const error = await failure(dispatches.repository({ ...EVENT, repository: 'else/where' }))
    expect(error.details).toMatchObject({ code: 'MW-HOST-030', status: 404, retryable: false })
    expect(error.message).toContain('else/where was not found')
  })

  it('names the permission that is missing', async () => {
    under.github.addWorkflowToken('ghs_none', { permissions: { contents: 'read' } })
    const error = await failure(dispatchesOf('ghs_none').repository(EVENT))
    expect(error.details).toMatchObject({ code: 'MW-HOST-001', status: 403 })
    expect(error.message).toContain('permissions: contents: write')
  })

  it('says why GitHub refuses the event', async () => {
    const payload = { text: 'x'.repeat(70_000) }
    const error = await failure(dispatches.repository({ ...EVENT, payload }))
    expect(error.details).toMatchObject({ code: 'MW-HOST-030', status: 422, retryable: false })
    expect(error.message).toContain('too large')
  })

  it('is repeated after a lost connection', async () => {
    under.github.resetNext('repos/create-dispatch-event', 2)
    await dispatches.repository(EVENT)
    expect(state.dispatches).toHaveLength(1)
  })

  it('is not sent twice where the answer was lost but a run has started', async () => {
    state.listeners.set('modelway-drift', 'train.yml')
    state.setClock(Date.now())
    under.github.loseAnswer('repos/create-dispatch-event')
    await dispatches.repository(EVENT)
    expect(state.dispatches).toHaveLength(1)
    expect(state.runs).toHaveLength(1)
  })

  it('finds the run that such an event has started since', async () => {
    state.listeners.set('modelway-drift', 'train.yml')
    await dispatches.repository(EVENT)
    const [run] = state.runs
    const at = run?.createdAt ?? ''
    expect(await dispatches.startedSince({ eventType: 'modelway-drift' }, at)).toEqual({
      url: `https://github.com/modelway-ml/demo/actions/runs/${run?.id}`,
    })
    expect(await dispatches.startedSince({ eventType: 'another' }, at)).toBeUndefined()
    const later = new Date(Date.parse(at) + 2000).toISOString()
    expect(await dispatches.startedSince({ eventType: 'modelway-drift' }, later)).toBeUndefined()
    const longBefore = new Date(Date.parse(at) - 10 * 60_000).toISOString()
    const then = dispatches.startedSince({ eventType: 'modelway-drift' }, longBefore)
    expect(await then).toBeUndefined()
  })
})

describe('workflow_dispatch', () => {
  beforeEach(() => {
    under.github.addWorkflow('train.yml', ['reason', 'key'])
    under.github.addWorkflow('ci.yml', undefined)
  })

  it('starts the workflow on the default branch, and gives the run', async () => {
    const { url } = await dispatches.workflow({
      workflow: 'train.yml',
      inputs: { reason: 'drift' },
    })
    expect(state.workflowDispatches).toEqual([
      { workflow: 'train.yml', ref: 'main', inputs: { reason: 'drift' } },
    ])
    expect(url).toBe(`https://github.com/modelway-ml/demo/actions/runs/${state.runs[0]?.id}`)
  })

  it('starts it at a branch', async () => {
    under.github.addRef('release', 'b'.repeat(40))
    await dispatches.workflow({ workflow: 'train.yml', ref: 'release', inputs: {} })
    expect(state.workflowDispatches).toMatchObject([{ ref: 'release' }])
  })

  it('does without the run where an older server cannot give it', async () => {
    state.before2026 = true
    expect(await dispatches.workflow({ workflow: 'train.yml', inputs: {} })).toEqual({
      url: undefined,
    })
    expect(state.workflowDispatches).toHaveLength(1)
  })

  it.each([
    ['a workflow that is not there', { workflow: 'none.yml' }, 404, 'no workflow none.yml'],
    ['one without the trigger', { workflow: 'ci.yml' }, 422, "does not have 'workflow_dispatch'"],
    ['an unknown branch', { workflow: 'train.yml', ref: 'gone' }, 422, 'No ref found for: gone'],
    ['an unknown input', { workflow: 'train.yml', inputs: { x: '1' } }, 422, 'Unexpected inputs'],
  ])('says what is wrong with %s', async (_, dispatch, status, text) => {
    const error = await failure(dispatches.workflow({ inputs: {}, ...dispatch }))
    expect(error.details).toMatchObject({ code: 'MW-HOST-030', status, retryable: false })
    expect(error.message).toContain(text)
  })

  it('names the permission that is missing', async () => {
    under.github.addWorkflowToken('ghs_none', { permissions: { actions: 'read' } })
    const asked = dispatchesOf('ghs_none').workflow({ workflow: 'train.yml', inputs: {} })
    expect((await failure(asked)).message).toContain('permissions: actions: write')
  })

  it('gives up at a rate limit that lasts longer than a run should wait', async () => {
    const limit = { limit: 'primary', retryAfterSeconds: 3600 } as const
    under.github.limitNext('actions/create-workflow-dispatch', limit)
    const asked = dispatches.workflow({ workflow: 'train.yml', ref: 'main', inputs: {} })
    expect((await failure(asked)).details).toMatchObject({ code: 'MW-HOST-002', retryable: true })
    expect(state.workflowDispatches).toEqual([])
  })

  it('finds the run of the same workflow only', async () => {
    await dispatches.workflow({ workflow: 'train.yml', inputs: {} })
    const since = state.runs[0]?.createdAt ?? ''
    const found = await dispatches.startedSince({ workflow: 'train.yml' }, since)
    expect(found?.url).toContain(String(state.runs[0]?.id))
    expect(await dispatches.startedSince({ workflow: 'ci.yml' }, since)).toBeUndefined()
  })
})
