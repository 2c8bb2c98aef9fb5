import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readRunFacts } from '../../../../../src/adapters/host/github/facts.js'
import type { RunFacts } from '../../../../../src/ports/host.js'
import { pullRequestEvent } from '../../../../contracts/github-host.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-facts-'))
})
afterAll(() => rm(folder, { recursive: true }))

const RUNNER = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'modelway-ml/demo',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SHA: 'merge-sha',
  GITHUB_REF: 'refs/heads/main',
}

async function facts(name: string, event: unknown, env = {}): Promise<RunFacts> {
  const file = join(folder, 'event.json')
  await writeFile(file, typeof event === 'string' ? event : JSON.stringify(event))
  const all = { ...RUNNER, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file, ...env }
  return readRunFacts(all, () => undefined)
}

function change({ pullRequest, headSha, fromFork }: RunFacts) {
  return { pullRequest, headSha, fromFork }
}

const nothing = { pullRequest: undefined, headSha: undefined, fromFork: false }

describe('the facts of a run on GitHub', () => {
  it('know the pull request and its head, which is not the merge commit', async () => {
    const found = await facts('pull_request', pullRequestEvent(5, 'modelway-ml/demo'))
    expect(found).toMatchObject({ pullRequest: 5, headSha: 'f'.repeat(40), sha: 'merge-sha' })
    expect(found.fromFork).toBe(false)
  })

  it('tell a fork by the head’s repository, and a deleted fork by its absence', async () => {
    const fork = await facts('pull_request', pullRequestEvent(5, 'mallory/demo'))
    expect(fork.fromFork).toBe(true)
    const gone = await facts('pull_request_target', pullRequestEvent(5, null))
    expect(gone.fromFork).toBe(true)
    const same = await facts('pull_request', pullRequestEvent(5, 'ModelWay-ML/Demo'))
    expect(same.fromFork).toBe(false)
  })

  it.each([
    ['push', { ref: 'refs/heads/main' }],
    ['schedule', { schedule: '0 3 * * *' }],
    ['workflow_dispatch', { inputs: null }],
    ['issue_comment', { issue: { number: 3 } }],
  ])('name no pull request for %s without one', async (name, event) => {
    expect(change(await facts(name, event))).toEqual(nothing)
  })

  it('know the pull request on which somebody commented', async () => {
    const event = {
      issue: { number: 9, pull_request: { url: 'u' } },
      comment: { body: '/evaluate' },
    }
    expect(change(await facts('issue_comment', event))).toEqual({ ...nothing, pullRequest: 9 })
  })

  it('name the queue’s commit for merge_group and no pull request: it may hold several', async () => {
    const event = {
      merge_group: { head_sha: 'queue-sha', head_ref: 'gh-readonly-queue/main/pr-9-x' },
    }
    expect(change(await facts('merge_group', event))).toEqual({ ...nothing, headSha: 'queue-sha' })
  })

  it('know the pull request of a workflow_run when there is exactly one', async () => {
    const run = (numbers: readonly number[], head: string) => ({
      repository: { full_name: 'modelway-ml/demo' },
      workflow_run: {
        head_sha: 'h',
        head_repository: { full_name: head },
        repository: { full_name: 'modelway-ml/demo' },
        pull_requests: numbers.map((number) => ({ number })),
      },
    })
    const one = await facts('workflow_run', run([4], 'modelway-ml/demo'))
    expect(change(one)).toEqual({ pullRequest: 4, headSha: 'h', fromFork: false })
    const two = await facts('workflow_run', run([4, 5], 'modelway-ml/demo'))
    expect(two.pullRequest).toBeUndefined()
    const fork = await facts('workflow_run', run([], 'mallory/demo'))
    expect(change(fork)).toEqual({ pullRequest: undefined, headSha: 'h', fromFork: true })
  })

  it.each([
    ['cut off', '{"pull_request": {"number": 5'],
    ['a list', '[1, 2]'],
    ['null', 'null'],
    ['of wrong types', '{"pull_request": {"number": "5", "head": [], "base": 7}}'],
    ['empty', ''],
  ])('stay undefined when the event file is %s', async (_, text) => {
    expect(change(await facts('pull_request', text))).toEqual(nothing)
  })

  it('stay undefined when the event file is missing, and say so', () => {
    const told: string[] = []
    const env = { ...RUNNER, GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: '/nowhere/event.json' }
    expect(change(readRunFacts(env, (message) => told.push(message)))).toEqual(nothing)
    expect(told).toHaveLength(1)
  })

  it('link to the attempt, on the server of the run', async () => {
    expect((await facts('push', {})).runUrl).toBe(
      'https://github.com/modelway-ml/demo/actions/runs/77',
    )
    const again = { GITHUB_SERVER_URL: 'https://ghe.example/', GITHUB_RUN_ATTEMPT: '3' }
    expect((await facts('push', {}, again)).runUrl).toBe(
      'https://ghe.example/modelway-ml/demo/actions/runs/77/attempts/3',
    )
  })

  it('are all undefined outside of a run', () => {
    const { fromFork, ...rest } = readRunFacts({}, () => undefined)
    expect(fromFork).toBe(false)
    expect(new Set(Object.values(rest))).toEqual(new Set([undefined]))
  })

  it('knows the base of a pull request and of a queue’s group', async () => {
    const event = {
      pull_request: { number: 1, head: { sha: 'h' }, base: { ref: 'release/1', sha: 'b' } },
    }
    expect(await facts('pull_request', event)).toMatchObject({ baseRef: 'release/1', baseSha: 'b' })
    const group = { head_sha: 'h', base_sha: 'b', base_ref: 'refs/heads/main' }
    expect(await facts('merge_group', { merge_group: group })).toMatchObject({
      headSha: 'h',
      baseRef: 'main',
      baseSha: 'b',
      pullRequest: undefined,
    })
  })

  it('knows the run whose end started this one', async () => {
    const workflow_run = {
      id: 5,
      run_attempt: 2,
      event: 'pull_request',
      name: 'Gate',
      conclusion: 'failure',
      head_sha: 'h',
      head_branch: 'topic',
      head_repository: { full_name: 'Stranger/demo' },
      html_url: 'https://github.com/o/r/actions/runs/5',
      pull_requests: [],
    }
    const { triggeringRun } = await facts('workflow_run', { workflow_run })
    expect(triggeringRun).toEqual({
      id: 5,
      attempt: 2,
      event: 'pull_request',
      workflow: 'Gate',
      conclusion: 'failure',
      headSha: 'h',
      headRef: 'topic',
      headRepository: 'Stranger/demo',
      url: 'https://github.com/o/r/actions/runs/5',
    })
    const gone = await facts('workflow_run', {
      workflow_run: { ...workflow_run, head_repository: null },
    })
    expect(gone.triggeringRun?.headRepository).toBeUndefined()
    const bad = await facts('workflow_run', { workflow_run: { ...workflow_run, id: 'x' } })
    expect(bad.triggeringRun).toBeUndefined()
  })

  it('knows the comment that started the run, and no commit for it', async () => {
    const event = {
      action: 'created',
      issue: { number: 9, pull_request: {} },
      comment: { id: 77, body: '/evaluate', user: { login: 'ann' } },
    }
    const said = await facts('issue_comment', event)
    expect(said).toMatchObject({ pullRequest: 9, headSha: undefined })
    expect(said.comment).toEqual({ id: 77, action: 'created', author: 'ann', body: '/evaluate' })
    const onIssue = await facts('issue_comment', { ...event, issue: { number: 9 } })
    expect(onIssue).toMatchObject({ pullRequest: undefined, comment: { id: 77 } })
  })

  it.each(['schedule', 'workflow_dispatch', 'push'])('knows no change for %s', async (name) => {
    const none = { pullRequest: undefined, headSha: undefined, fromFork: false }
    const said = await facts(name, { ref: 'refs/heads/main' })
    expect(said).toMatchObject(none)
    expect([said.baseRef, said.triggeringRun, said.comment]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
