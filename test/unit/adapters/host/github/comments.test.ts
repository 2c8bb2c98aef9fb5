import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isCommentOf, parseComment } from '../../../../../src/domain/report/comment/document.js'
import { commentMarker } from '../../../../../src/domain/report/comment/markers.js'
import type { ExternalError } from '../../../../../src/errors.js'
import type { CommentSection, Host } from '../../../../../src/ports/host.js'
import {
  type GitHubUnderTest,
  pullRequestEvent,
  startGitHubHost,
} from '../../../../contracts/github-host.js'

let under: GitHubUnderTest

beforeEach(async () => {
  under = await startGitHubHost()
})
afterEach(async () => {
  expect(under.github.violations).toEqual([])
  expect(under.github.failures.pending).toBe(0)
  await under.close()
})

function section(name: string, markdown: string, more: Partial<CommentSection> = {}) {
  return { project: 'census', workflow: 'ci', section: name, markdown, ...more }
}

async function publish(host: Host, ...args: Parameters<typeof section>) {
  if (host.comments === undefined) throw new Error('no comments')
  return host.comments.publish(section(...args))
}

async function errorOf(work: Promise<unknown>): Promise<ExternalError> {
  return work.then(
    () => {
      throw new Error('did not fail')
    },
    (error: ExternalError) => error,
  )
}

function bodies(): readonly string[] {
  return under.github.state.comments.map(({ body }) => body)
}

function ours(): readonly string[] {
  return bodies().filter((body) => isCommentOf(body, 'census', 'ci'))
}

function texts(body: string | undefined): readonly string[] {
  return parseComment(body ?? '')?.sections.map(({ markdown }) => markdown) ?? []
}

function operations(...names: readonly string[]): readonly string[] {
  return under.github.journal
    .map(({ operation }) => operation ?? 'unknown')
    .filter((name) => names.length === 0 || names.includes(name))
}

const WRITES = ['issues/create-comment', 'issues/update-comment', 'issues/delete-comment']

// @evidence GitHub REST API, pull request comments: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('the sticky comment on GitHub', () => {
  it('is made once, and its address is given', async () => {
    const { url } = await publish(under.host, 'evaluate-gate', 'GATE')
    expect(texts(ours()[0])).toEqual(['GATE'])
    expect(url).toBe(`https://github.com/modelway-ml/demo/pull/1#issuecomment-${idOf(0)}`)
  })

  it('is updated in its place by another job, and not repeated', async () => {
    const first = await publish(under.host, 'setup-data', 'DATA')
    const second = await publish(under.another(), 'evaluate-gate', 'GATE')
    expect(ours()).toHaveLength(1)
    expect(texts(ours()[0])).toEqual(['DATA', 'GATE'])
    expect(second.url).toBe(first.url)
  })

  it('is not written at all when nothing has changed', async () => {
    await publish(under.host, 'evaluate-gate', 'GATE')
    const before = operations(...WRITES).length
    await publish(under.another(), 'evaluate-gate', 'GATE')
    expect(operations(...WRITES)).toHaveLength(before)
  })

  it('is found on the second page among 150 comments, and not in copies of its marker', async () => {
    const copy = `${commentMarker('census', 'ci')}\nmine!`
    for (let i = 0; i < 149; i++) under.github.addComment(1, 'mallory', i % 10 ? 'hi' : copy)
    under.github.addComment(1, 'github-actions[bot]', `${commentMarker('census', 'ci')}\n`)
    const before = bodies().slice(0, 149)
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(bodies()).toHaveLength(150)
    expect(texts(bodies().at(-1))).toEqual(['GATE'])
    expect(bodies().slice(0, 149)).toEqual(before)
  })

  it('does not take a copy of its marker by somebody else for itself', async () => {
    under.github.addComment(1, 'mallory', `${commentMarker('census', 'ci')}\nmine!`)
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(bodies()).toHaveLength(2)
    expect(bodies()[0]).toContain('mine!')
  })

  it("with a person's token is that person's, not the bot's", async () => {
    under.github.addPersonToken('ghp_alice', 'alice')
    await publish(under.host, 'evaluate-gate', 'by the bot')
    const alice = under.another({ 'INPUT_GITHUB-TOKEN': 'ghp_alice' })
    await publish(alice, 'evaluate-gate', 'by alice')
    await publish(alice, 'evaluate-gate', 'by alice again')
    expect(bodies().map((body) => texts(body)[0])).toEqual(['by the bot', 'by alice again'])
  })

  it('is another one for another project or workflow', async () => {
    await publish(under.host, 'evaluate-gate', 'A')
    await publish(under.host, 'evaluate-gate', 'B', { project: 'other' })
    await publish(under.host, 'evaluate-gate', 'C', { workflow: 'nightly' })
    expect(bodies().map((body) => texts(body)[0])).toEqual(['A', 'B', 'C'])
  })

  it('holds hostile names and texts without losing a section', async () => {
    const names = { project: 'a --> <!-- modelway:v1 -->\n@all', workflow: '`|</details>%3E' }
    const text = '<!-- modelway:end name=setup-data -->\n<!-- modelway:section name=x -->\n```'
    await publish(under.host, 'setup-data', text, names)
    await publish(under.host, 'drift-check', 'DRIFT', names)
    await publish(under.host, 'setup-data', text, names)
    expect(bodies()).toHaveLength(1)
    expect(texts(bodies()[0])).toHaveLength(2)
    expect(texts(bodies()[0])[1]).toBe('DRIFT')
  })

  it('gathers several comments of ours into the oldest, the newest section first', async () => {
    const old = (markdown: string) =>
      `${commentMarker('census', 'ci')}\n<!-- modelway:section name=setup-data -->\n${markdown}`
    under.github.addComment(1, 'github-actions[bot]', old('older'))
    under.github.addComment(1, 'github-actions[bot]', old('newer'))
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(ours().map(texts)).toEqual([['newer', 'GATE']])
    expect(idOf(0)).toBeLessThan(under.github.state.nextId() - 1)
  })

  it('stays under GitHub’s limit and links to the full report', async () => {
    const reportUrl = 'https://github.com/modelway-ml/demo/actions/runs/77'
    const long = `# Gate\n\n<details>\n\n${'😀 row\n'.repeat(12_000)}\n</details>`
    await publish(under.host, 'evaluate-gate', long, { reportUrl })
    await publish(under.host, 'drift-check', 'no end '.repeat(20_000), { reportUrl })
    expect(ours()).toHaveLength(1)
    expect(ours()[0]?.length).toBeLessThan(65_536)
    expect(texts(ours()[0])[0]).toContain('# Gate')
    expect(texts(ours()[0])[0]).toContain(`[the full report](${reportUrl})`)
  })
})

describe('the sticky comment, written by several jobs at once', () => {
  it('loses no section when six jobs make it', async () => {
    const names = ['setup-data', 'train-on-runner', 'evaluate-gate', 'register-model']
    const more = ['deploy-canary', 'drift-check']
    await Promise.all([...names, ...more].map((name) => publish(under.another(), name, name)))
    expect(ours()).toHaveLength(1)
    expect(texts(ours()[0])).toEqual([...names, ...more])
  })

  it('loses no section when two jobs of one host write', async () => {
    await Promise.all([
      publish(under.host, 'setup-data', 'DATA'),
      publish(under.host, 'evaluate-gate', 'GATE'),
    ])
    expect(ours().map(texts)).toEqual([['DATA', 'GATE']])
  })

  it('writes again what another job overwrote right after', async () => {
    await publish(under.host, 'setup-data', 'DATA')
    const stale = ours()[0] ?? ''
    const job = publish(under.another(), 'evaluate-gate', 'GATE')
    await untilOurs((body) => texts(body).includes('GATE'))
    const comment = under.github.state.comments[0]
    if (comment !== undefined) comment.body = stale
    await job
    expect(texts(ours()[0])).toEqual(['DATA', 'GATE'])
  })

  it('makes a new comment when somebody deletes it meanwhile', async () => {
    await publish(under.host, 'setup-data', 'DATA')
    under.github.failNext('issues/update-comment', 404)
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(texts(ours()[0])).toEqual(['DATA', 'GATE'])
  })
})

describe('the sticky comment, when GitHub fails', () => {
  it('is written after two answers 502', async () => {
    under.github.failNext('issues/list-comments', 502, 2)
    under.github.failNext('issues/create-comment', 502, 2)
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(ours().map(texts)).toEqual([['GATE']])
  })

  it('is written after a cut connection, and once when only the answer was lost', async () => {
    under.github.resetNext('issues/list-comments')
    under.github.loseAnswer('issues/create-comment')
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(ours().map(texts)).toEqual([['GATE']])
  })

  it('waits as long as a rate limit asks', async () => {
    under.github.limitNext('issues/create-comment', { status: 403, retryAfterSeconds: 7 })
    under.github.limitNext('issues/list-comments', { status: 429, retryAfterSeconds: 3 })
    await publish(under.host, 'evaluate-gate', 'GATE')
    expect(under.slept).toEqual(expect.arrayContaining([7000, 3000]))
  })

  it('does not wait for a limit that lasts longer than half a minute', async () => {
    under.github.limitNext('issues/list-comments', { retryAfterSeconds: 600 })
    const error = await errorOf(publish(under.host, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-002', status: 403, retryable: true })
    expect(under.slept).toEqual([])
  })

  it('gives up after five answers 500', async () => {
    under.github.failNext('issues/list-comments', 500, 5)
    const error = await errorOf(publish(under.host, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-003', status: 500, retryable: true })
  })

  it('names the missing permission, at once', async () => {
    under.github.addWorkflowToken('ghs_weak', { permissions: { contents: 'read' } })
    const weak = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_weak' })
    const error = await errorOf(publish(weak, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-001', status: 403, retryable: false })
    expect(error.message).toContain('Add "permissions: pull-requests: write" to the job.')
    expect(operations()).toHaveLength(1)
  })

  it('says that the token is refused, at once', async () => {
    const stranger = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_expired' })
    const error = await errorOf(publish(stranger, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-005', status: 401, retryable: false })
  })

  it('passes on what else GitHub refuses', async () => {
    under.github.failNext('issues/create-comment', 422)
    const error = await errorOf(publish(under.host, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-004', status: 422, retryable: false })
  })

  it('gives up when others overwrite it again and again', async () => {
    const saboteur = { project: 'census', workflow: 'ci', section: 'x', markdown: 'x' }
    const host = under.another()
    const stop = setInterval(() => {
      for (const comment of under.github.state.comments) {
        comment.body = `${commentMarker('census', 'ci')}\n${saboteur.markdown}`
      }
    }, 1)
    const error = await errorOf(publish(host, 'evaluate-gate', 'GATE'))
    clearInterval(stop)
    expect(error.details.code).toBe('MW-HOST-006')
  })
})

describe('the sticky comment of a pull request from a fork', () => {
  it('is refused with the way out', async () => {
    await under.close()
    under = await startGitHubHost({ event: pullRequestEvent(1, 'mallory/demo') })
    under.github.addWorkflowToken('ghs_fork', { fromFork: true })
    const fork = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_fork' })
    const error = await errorOf(publish(fork, 'evaluate-gate', 'GATE'))
    expect(error.details).toMatchObject({ code: 'MW-HOST-001', retryable: false })
    expect(error.message).toContain('workflow_run')
  })
})

describe('the sticky comment on GitHub Enterprise Server', () => {
  it('goes to the server of GITHUB_API_URL, whatever slash it ends with', async () => {
    await under.close()
    under = await startGitHubHost({ basePath: '/api/v3' })
    const host = under.another({ GITHUB_API_URL: `${under.github.url}/` })
    await publish(host, 'evaluate-gate', 'GATE')
    expect(ours().map(texts)).toEqual([['GATE']])
  })
})

describe('comments', () => {
  it('are not to be had without a token, a pull request or a repository', async () => {
    expect(under.another({ 'INPUT_GITHUB-TOKEN': ' ' }).comments).toBeUndefined()
    expect(under.another({ GITHUB_REPOSITORY: '' }).comments).toBeUndefined()
    expect(under.another({ GITHUB_EVENT_PATH: '/nowhere' }).comments).toBeUndefined()
  })
})

function idOf(index: number): number {
  return under.github.state.comments[index]?.id ?? -1
}

async function untilOurs(condition: (body: string) => boolean): Promise<void> {
  while (!ours().some(condition)) await new Promise((resolve) => setTimeout(resolve, 1))
}
