import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Octokit } from '@octokit/rest'
import { matchOperation, responseProblems } from '../../../fakes/github/openapi.js'
import { shaOf } from '../../../fakes/github/setup.js'
import { type GitHubFake, startGitHub } from '../../../fakes/github/start-github.js'

const owner = 'modelway-ml'
const repo = 'demo'
const silent = { debug() {}, info() {}, warn() {}, error() {} }

let github: GitHubFake
beforeEach(async () => {
  github = await startGitHub({ repository: `${owner}/${repo}` })
  github.addWorkflowToken('ghs_all')
  github.addPullRequest({ number: 5 })
})
afterEach(() => github.close())

function client(auth: string | undefined = 'ghs_all'): Octokit {
  return new Octokit({ auth, baseUrl: github.url, log: silent })
}

function raw(method: string, path: string, options: { token?: string; body?: string } = {}) {
  const headers = { authorization: `Bearer ${options.token ?? 'ghs_all'}` }
  return fetch(`${github.url}/repos/${owner}/${repo}${path}`, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body: options.body }),
  })
}

const comment = { owner, repo, issue_number: 5 }

describe('comments', () => {
  it('are created, read, changed, listed and deleted, as github-actions[bot]', async () => {
    const { issues } = client()
    const { data } = await issues.createComment({ ...comment, body: 'one' })
    expect(data.user).toMatchObject({ login: 'github-actions[bot]', id: 41898282, type: 'Bot' })
    expect(data.html_url).toBe(`https://github.com/${owner}/${repo}/pull/5#issuecomment-${data.id}`)
    const at = { owner, repo, comment_id: data.id }
    await issues.updateComment({ ...at, body: 'two' })
    expect((await issues.getComment(at)).data.body).toBe('two')
    expect((await issues.listComments(comment)).data.map(({ id }) => id)).toEqual([data.id])
    await issues.deleteComment(at)
    await expect(issues.getComment(at)).rejects.toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })

  it('of another App’s bot name the App, those of a person do not', async () => {
    github.addPersonToken('ghs_app', 'reviewer[bot]')
    github.addPersonToken('ghp_ada', 'ada')
    for (const token of ['ghs_app', 'ghp_ada']) {
      await client(token).issues.createComment({ ...comment, body: 'x' })
    }
    const { data } = await client().issues.listComments(comment)
    expect(data.map((one) => [one.user?.type, one.performed_via_github_app?.slug])).toEqual([
      ['Bot', 'reviewer'],
      ['User', undefined],
    ])
    await expect(client('ghs_app').users.getAuthenticated()).rejects.toMatchObject({ status: 403 })
    expect(github.violations).toEqual([])
  })

  it('come in pages with links, thirty by default and at most a hundred', async () => {
    for (let index = 0; index < 230; index += 1) github.addComment(5, 'octocat', `c${index}`)
    const { issues } = client()
    const first = await issues.listComments(comment)
    expect(first.data).toHaveLength(30)
    expect(first.headers.link).toContain('page=2>; rel="next"')
    expect(first.headers.link).toContain('page=8>; rel="last"')
    const all = await client().paginate(issues.listComments, { ...comment, per_page: 100 })
    expect(all.map(({ body }) => body)).toEqual([...Array(230).keys()].map((n) => `c${n}`))
    const last = await issues.listComments({ ...comment, per_page: 100, page: 3 })
    expect(last.headers.link).not.toContain('rel="next"')
    expect((await issues.listComments({ ...comment, page: 99 })).data).toEqual([])
    const pages = github.journal.filter(({ path }) => path.includes('per_page=100'))
    expect(pages).toHaveLength(4)
    expect(github.violations).toEqual([])
  })

  it.each([
    ['65,537 characters', 'x'.repeat(65_537), 'Body is too long (maximum is 65536 characters)'],
    ['nothing but blanks', ' \n ', 'Body cannot be blank'],
  ])('of %s are refused with 422 and nothing is kept', async (_name, body, message) => {
    const refused = client().issues.createComment({ ...comment, body })
    await expect(refused).rejects.toMatchObject({
      status: 422,
      response: { data: { message: 'Validation Failed', errors: [{ message }] } },
    })
    expect(github.state.comments).toEqual([])
  })

  it('of exactly 65,536 characters are taken', async () => {
    const { data } = await client().issues.createComment({ ...comment, body: 'x'.repeat(65_536) })
    expect(data.body).toHaveLength(65_536)
  })

  it('of an issue that does not exist are not found', async () => {
    const asked = client().issues.createComment({ ...comment, issue_number: 6, body: 'x' })
    await expect(asked).rejects.toMatchObject({ status: 404 })
  })
})

describe('tokens', () => {
  it('that are unknown get 401', async () => {
    const asked = client('ghs_other').issues.listComments(comment)
    await expect(asked).rejects.toMatchObject({
      status: 401,
      response: { data: { message: 'Bad credentials' } },
    })
  })

  it('are needed', async () => {
    const answer = await fetch(`${github.url}/repos/${owner}/${repo}/pulls/5`)
    expect(answer.status).toBe(401)
  })

  it('without the permission get 403, and one of two permissions is enough for a comment', async () => {
    github.addWorkflowToken('ghs_none', { permissions: { contents: 'read' } })
    github.addWorkflowToken('ghs_pulls', { permissions: { 'pull-requests': 'write' } })
    await expect(
      client('ghs_none').issues.createComment({ ...comment, body: 'x' }),
    ).rejects.toMatchObject({
      status: 403,
      response: { data: { message: 'Resource not accessible by integration' } },
    })
    await client('ghs_pulls').issues.createComment({ ...comment, body: 'x' })
    expect(github.state.comments).toHaveLength(1)
  })

  it('of a fork may read and not write, whatever the workflow asks for', async () => {
    github.addWorkflowToken('ghs_fork', { fromFork: true })
    await client('ghs_fork').issues.listComments(comment)
    const asked = client('ghs_fork').issues.createComment({ ...comment, body: 'x' })
    await expect(asked).rejects.toMatchObject({ status: 403 })
  })

  it('of a workflow have no user, those of a person do', async () => {
    github.addPersonToken('ghp_ada', 'ada')
    await expect(client().users.getAuthenticated()).rejects.toMatchObject({ status: 403 })
    expect((await client('ghp_ada').users.getAuthenticated()).data.login).toBe('ada')
  })

  it('of one repository do not find another', async () => {
    const asked = client().pulls.list({ owner, repo: 'other' })
    await expect(asked).rejects.toMatchObject({ status: 404 })
  })
})

describe('pull requests', () => {
  it('are got, listed by head and found by commit', async () => {
    github.addPullRequest({ number: 6, fork: 'eve/demo', headRef: 'topic-5' })
    const { pulls, repos } = client()
    const pull = await pulls.get({ owner, repo, pull_number: 6 })
    expect(pull.data.head.repo?.full_name).toBe('eve/demo')
    const byHead = await pulls.list({ owner, repo, head: 'eve:topic-5' })
    expect(byHead.data.map(({ number }) => number)).toEqual([6])
    const commit_sha = shaOf('head 5')
    const ofCommit = await repos.listPullRequestsAssociatedWithCommit({ owner, repo, commit_sha })
    expect(ofCommit.data.map(({ number }) => number)).toEqual([5])
    expect(github.violations).toEqual([])
  })
})

describe('statuses and checks', () => {
  const sha = shaOf('head 5')

  it('keep the newest status of each context', async () => {
    const { repos } = client()
    await repos.createCommitStatus({ owner, repo, sha, state: 'pending', context: 'gate' })
    await repos.createCommitStatus({ owner, repo, sha, state: 'success', context: 'gate' })
    const combined = await repos.getCombinedStatusForRef({ owner, repo, ref: sha })
    expect(combined.data).toMatchObject({ state: 'success', total_count: 1 })
    const all = await repos.listCommitStatusesForRef({ owner, repo, ref: 'topic-5' })
    expect(all.data.map(({ state }) => state)).toEqual(['success', 'pending'])
    expect(github.violations).toEqual([])
  })

  it('refuse a description of more than 140 characters', async () => {
    const description = 'x'.repeat(141)
    const asked = client().repos.createCommitStatus({
      owner,
      repo,
      sha,
      state: 'success',
      description,
    })
    await expect(asked).rejects.toMatchObject({ status: 422 })
  })

  it('complete a check run', async () => {
    const { checks } = client()
    const { data } = await checks.create({ owner, repo, head_sha: sha, name: 'gate' })
    expect(data.status).toBe('queued')
    const done = await checks.update({
      owner,
      repo,
      check_run_id: data.id,
      conclusion: 'success',
      output: { title: 't', summary: 's' },
    })
    expect(done.data).toMatchObject({ status: 'completed', output: { summary: 's' } })
    expect(github.violations).toEqual([])
  })
})

describe('deployments', () => {
  const request = { owner, repo, ref: 'topic-5', environment: 'production' }

  it('carry their payload and statuses, newest first', async () => {
    const { repos } = client()
    const { data } = await repos.createDeployment({
      ...request,
      required_contexts: [],
      auto_merge: false,
      payload: { version: 3 },
    })
    if (!('id' in data)) throw new Error('not created')
    const at = { owner, repo, deployment_id: data.id }
    await repos.createDeploymentStatus({ ...at, state: 'in_progress' })
    await repos.createDeploymentStatus({ ...at, state: 'success', description: 'done' })
    const statuses = await repos.listDeploymentStatuses(at)
    expect(statuses.data.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    const listed = await repos.listDeployments({ owner, repo, environment: 'production' })
    expect(listed.data.map(({ payload }) => payload)).toEqual([{ version: 3 }])
    expect(github.violations).toEqual([])
  })

  it('conflict with a failed status unless the contexts are said not to matter', async () => {
    const { repos } = client()
    const sha = shaOf('head 5')
    await repos.createCommitStatus({ owner, repo, sha, state: 'failure', context: 'ci' })
    await expect(repos.createDeployment(request)).rejects.toMatchObject({ status: 409 })
    const done = await repos.createDeployment({ ...request, required_contexts: [] })
    expect(done.status).toBe(201)
  })

  it('merge the default branch into one that is behind, and create nothing, unless told not to', async () => {
    github.addRef('old', shaOf('old'), { behind: true })
    const { repos } = client()
    expect((await repos.createDeployment({ ...request, ref: 'old' })).status).toBe(202)
    expect(github.state.deployments).toEqual([])
    const done = await repos.createDeployment({ ...request, ref: 'old', auto_merge: false })
    expect(done.status).toBe(201)
  })

  it('retire earlier ones of a test environment, and not of production', async () => {
    const { repos } = client()
    for (const environment of ['staging', 'staging', 'production', 'production']) {
      const { data } = await repos.createDeployment({ ...request, environment })
      if (!('id' in data)) throw new Error('not created')
      await repos.createDeploymentStatus({ owner, repo, deployment_id: data.id, state: 'success' })
    }
    const last = github.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)
    expect(last).toEqual(['inactive', 'success', 'success', 'success'])
  })

  it('of an unknown ref, with a long description or a script as link are refused', async () => {
    const { repos } = client()
    await expect(repos.createDeployment({ ...request, ref: 'none' })).rejects.toMatchObject({
      status: 422,
    })
    const { data } = await repos.createDeployment(request)
    if (!('id' in data)) throw new Error('not created')
    const at = { owner, repo, deployment_id: data.id, state: 'success' as const }
    const long = repos.createDeploymentStatus({ ...at, description: 'x'.repeat(141) })
    await expect(long).rejects.toMatchObject({ status: 422 })
    const script = repos.createDeploymentStatus({ ...at, environment_url: 'javascript:alert(1)' })
    await expect(script).rejects.toMatchObject({ status: 422 })
  })
})

describe('the rest of the repository', () => {
  it('takes a dispatch and remembers it', async () => {
    const client_payload = { drifted: ['age'] }
    await client().repos.createDispatchEvent({ owner, repo, event_type: 'retrain', client_payload })
    expect(github.state.dispatches).toEqual([
      { eventType: 'retrain', clientPayload: client_payload },
    ])
    expect(github.violations).toEqual([])
  })

  it('knows environments, approvals and artifacts', async () => {
    github.addEnvironment('production', ['ada'])
    github.addApproval({ runId: 7, environment: 'production', login: 'ada' })
    github.addArtifact({ name: 'report', runId: 7, sizeInBytes: 10 })
    github.addArtifact({ name: 'report', runId: 8, sizeInBytes: 10 })
    const { repos, actions } = client()
    const environment = await repos.getEnvironment({ owner, repo, environment_name: 'production' })
    expect(environment.data.protection_rules).toHaveLength(1)
    const reviews = await actions.getReviewsForRun({ owner, repo, run_id: 7 })
    expect(reviews.data[0]?.user.login).toBe('ada')
    const ofRun = await actions.listWorkflowRunArtifacts({ owner, repo, run_id: 7 })
    expect(ofRun.data.total_count).toBe(1)
    const named = await actions.listArtifactsForRepo({ owner, repo, name: 'report' })
    expect(named.data.artifacts).toHaveLength(2)
    expect((await repos.get({ owner, repo })).data.full_name).toBe(`${owner}/${repo}`)
    expect(github.violations).toEqual([])
  })
})

describe('GitHub’s own description', () => {
  it.each([
    ['a missing body', 'POST', '/issues/5/comments', '{}', 'request'],
    ['a body of another type', 'POST', '/issues/5/comments', '{"body":3}', 'request'],
    [
      'a name that is not documented',
      'POST',
      '/issues/5/comments',
      '{"body":"x","bod":1}',
      'request',
    ],
    ['a state that is not one', 'POST', `/statuses/${shaOf('a')}`, '{"state":"done"}', 'request'],
    ['text that is not JSON', 'POST', '/issues/5/comments', '{', 'request'],
    ['a query that is not documented', 'GET', '/issues/5/comments?perpage=3', undefined, 'request'],
    ['a path variable that is no number', 'GET', '/pulls/five', undefined, 'request'],
  ])('refuses %s with 422 and records it', async (_name, method, path, body, kind) => {
    const answer = await raw(method, path, body === undefined ? {} : { body })
    expect(answer.status).toBe(422)
    expect(github.violations.map((violation) => violation.kind)).toEqual([kind])
    expect(github.state.comments).toEqual([])
  })

  it('records a route that it does not have', async () => {
    const answer = await raw('POST', '/issues/5/coments', { body: '{}' })
    expect(answer.status).toBe(500)
    expect(github.violations.map(({ kind }) => kind)).toEqual(['undocumented-route'])
  })

  it('finds an answer that GitHub would not give', () => {
    const match = matchOperation('GET', `/repos/${owner}/${repo}/issues/comments/3`)
    if (match === undefined) throw new Error('no match')
    expect(responseProblems(match, 200, { id: 'three' }).join()).toMatch(/id.*integer/)
    expect(responseProblems(match, 418, {})).toEqual(['status 418 is not documented'])
  })

  it('finds when a document of the stand-in itself is not GitHub’s', async () => {
    github.state.approvals.push({
      runId: 7,
      environment: 'x',
      state: 'approved',
      user: { login: 'ada', id: 1.5, type: 'User' },
      comment: '',
    })
    const answer = await raw('GET', '/actions/runs/7/approvals')
    expect(answer.status).toBe(500)
    expect(github.violations.map(({ kind }) => kind)).toEqual(['response'])
  })
})

describe('ordered faults', () => {
  it('come as often as ordered and leave nothing behind', async () => {
    github.failNext('issues/create-comment', 502, 2)
    const statuses: number[] = []
    for (let index = 0; index < 3; index += 1) {
      const answer = await raw('POST', '/issues/5/comments', { body: '{"body":"x"}' })
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([502, 502, 201])
    expect(github.state.comments).toHaveLength(1)
    expect(github.failures.pending).toBe(0)
  })

  it('limit the rate in both of GitHub’s ways', async () => {
    github.limitNext('pulls/get', { status: 429, limit: 'secondary', retryAfterSeconds: 2 })
    github.limitNext('pulls/get', { status: 403, limit: 'primary', retryAfterSeconds: 60 })
    const secondary = await raw('GET', '/pulls/5')
    expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([429, '2'])
    const primary = await raw('GET', '/pulls/5')
    expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
    expect((await raw('GET', '/pulls/5')).status).toBe(200)
  })

  it('cut the connection before the work, or after it', async () => {
    github.resetNext('issues/create-comment')
    github.loseAnswer('issues/create-comment')
    const post = () => raw('POST', '/issues/5/comments', { body: '{"body":"x"}' })
    await expect(post()).rejects.toThrow()
    expect(github.state.comments).toHaveLength(0)
    await expect(post()).rejects.toThrow()
    expect(github.state.comments).toHaveLength(1)
    expect(github.journal.map(({ status }) => status)).toEqual([0, 0])
  })

  it('of an operation that GitHub does not have cannot be ordered', () => {
    expect(() => github.failNext('issues/make-comment', 500)).toThrow('issues/create-comment')
  })
})

it('stands under the path of an Enterprise Server', async () => {
  const server = await startGitHub({ repository: `${owner}/${repo}`, basePath: '/api/v3' })
  server.addWorkflowToken('ghs_all')
  server.addPullRequest({ number: 5 })
  const octokit = new Octokit({ auth: 'ghs_all', baseUrl: server.url, log: silent })
  const { data } = await octokit.pulls.get({ owner, repo, pull_number: 5 })
  expect(data.url).toBe(`${server.url}/repos/${owner}/${repo}/pulls/5`)
  expect(server.violations).toEqual([])
  await server.close()
})
