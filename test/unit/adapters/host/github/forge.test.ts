import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import type { Forge } from '../../../../../src/ports/forge.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { shaOf } from '../../../../fakes/github/setup.js'

const FORK = 'stranger/demo'

/** A job of its own, which asks anew who it is. */
function forgeAgain(under: GitHubUnderTest): Forge {
  const { forge } = under.another()
  if (forge === undefined) throw new Error('no forge')
  return forge
}

describe('GitHub as a forge', () => {
  let under: GitHubUnderTest
  let github: GitHubUnderTest['github']
  let forge: Forge
  beforeEach(async () => {
    under = await startGitHubHost()
    github = under.github
    if (under.host.forge === undefined) throw new Error('no forge')
    forge = under.host.forge
  })
  afterEach(async () => {
    await under.close()
    expect(github.violations).toEqual([])
  })

  describe('pull requests', () => {
    it('are found by number, with what GitHub says of them', async () => {
      github.addPullRequest({ number: 4, fork: FORK, author: 'stranger', baseSha: shaOf('b') })
      expect(await forge.pulls.get(4)).toEqual({
        number: 4,
        open: true,
        author: 'stranger',
        headSha: shaOf('head 4'),
        headRef: 'topic-4',
        headRepository: FORK,
        baseRef: 'main',
        baseSha: shaOf('b'),
        fromFork: true,
        url: 'https://github.com/modelway-ml/demo/pull/4',
      })
      expect(await forge.pulls.get(99)).toBeUndefined()
    })

    it('are found by branch, of that repository only, and open only', async () => {
      github.addPullRequest({ number: 4, fork: FORK, headRef: 'topic' })
      github.addPullRequest({
        number: 5,
        fork: 'stranger/another-of-the-network',
        headRef: 'topic',
      })
      github.addPullRequest({ number: 6, fork: 'else/demo', headRef: 'topic' })
      github.addPullRequest({ number: 7, fork: FORK, headRef: 'topic', state: 'closed' })
      const found = await forge.pulls.ofBranch('stranger/DEMO', 'topic')
      expect(found.map(({ number }) => number)).toEqual([4])
    })

    it('are found by commit', async () => {
      github.addPullRequest({ number: 4, headSha: shaOf('x') })
      expect((await forge.pulls.ofCommit(shaOf('x'))).map(({ number }) => number)).toEqual([4])
      expect(await forge.pulls.ofCommit(shaOf('y'))).toEqual([])
    })

    it('say over all pages when their branch was rewritten', async () => {
      for (let count = 0; count < 120; count++) github.addEvent(1, 'locked')
      github.push(1, shaOf('forced'), { force: true })
      github.addEvent(1, 'head_ref_deleted')
      const times = github.state.events.slice(-2).map(({ createdAt }) => createdAt)
      expect(await forge.pulls.headRewrites(1)).toEqual(times)
    })
  })

  describe('runs', () => {
    it('are found by commit, newest first, by workflow and result', async () => {
      const bad = github.addRun({ pull: 1, conclusion: 'failure' })
      const good = github.addRun({ pull: 1, name: 'Gate', path: '.github/workflows/gate.yml' })
      github.addRun({ headSha: shaOf('else') })
      const sha = good.headSha
      expect((await forge.runs.ofCommit(sha)).map(({ id }) => id)).toEqual([good.id, bad.id])
      for (const workflow of ['Gate', 'gate.yml', '.github/workflows/gate.yml']) {
        expect(await forge.runs.ofCommit(sha, { workflow })).toMatchObject([{ id: good.id }])
      }
      expect(await forge.runs.ofCommit(sha, { successful: true })).toMatchObject([
        { id: good.id, conclusion: 'success' },
      ])
      expect(await forge.runs.ofCommit(sha, { event: 'push' })).toEqual([])
    })

    it('are found by branch since a time, of that repository only', async () => {
      github.addRun({ pull: 1 })
      const since = github.addRun({ pull: 1 })
      github.addRun({ headBranch: since.headBranch, headRepository: FORK })
      const last = github.addRun({ pull: 1, headSha: shaOf('other') })
      const found = await forge.runs.ofBranch('modelway-ml/demo', since.headBranch, since.createdAt)
      expect(found.map(({ id }) => id)).toEqual([last.id, since.id])
    })

    it('are repeated where they failed, and where the token may', async () => {
      const bad = github.addRun({ pull: 1, conclusion: 'failure' })
      await forge.runs.rerunFailed(bad.id)
      expect(await forge.runs.get(bad.id)).toMatchObject({
        attempt: 2,
        status: 'queued',
        conclusion: undefined,
      })
      expect(await forge.runs.get(404)).toBeUndefined()
      github.addWorkflowToken('ghs_workflow', { permissions: { actions: 'read' } })
      await expect(forge.runs.rerunFailed(bad.id)).rejects.toThrow(
        /MW-HOST-001.*permissions: actions: write/,
      )
    })
  })

  describe('files', () => {
    const sha = shaOf('tree')
    it('are read at a branch or a commit, whatever they hold', async () => {
      const content = Buffer.from([0, 255, 10, 13, 200])
      github.addRef('main', sha)
      github.addFile(sha, 'a/naïve |.yml', content)
      for (const ref of ['main', 'refs/heads/main', sha]) {
        expect(await forge.files.fileAt(ref, 'a/naïve |.yml')).toEqual(content)
      }
    })

    it('are undefined where there is none, or a folder', async () => {
      github.addRef('main', sha)
      github.addFile(sha, 'a/b.yml', 'x')
      for (const path of ['none.yml', 'a', '', '../a/b.yml', 'a/../a/b.yml', '/a/b.yml']) {
        expect(await forge.files.fileAt('main', path)).toBeUndefined()
      }
      expect(await forge.files.fileAt('no-such-branch', 'a/b.yml')).toBeUndefined()
    })

    it('over the limit are refused; those over a megabyte come whole when they may', async () => {
      const large = Buffer.alloc(2 ** 20 + 1, 'x') // GitHub gives no more than this with the file's description.
      github.addFile(sha, 'large', large)
      const refused = await forge.files.fileAt(sha, 'large').catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(UserError)
      expect(String(refused)).toMatch(/MW-HOST-010: large at .*1048577 bytes; at most 1048576/)
      expect(await forge.files.fileAt(sha, 'large', 2 ** 21)).toEqual(large)
    })

    it('have a history: merge base and commits', async () => {
      github.addRef('main', sha)
      github.addMergeBase(sha, shaOf('head'), shaOf('merge'))
      expect(await forge.files.mergeBase('main', shaOf('head'))).toBe(shaOf('merge'))
      expect(await forge.files.mergeBase('main', shaOf('unrelated'))).toBeUndefined()
      expect(await forge.files.commitOf('main')).toBe(sha)
      expect(await forge.files.commitOf('none')).toBeUndefined()
      expect(await forge.files.parentOf(sha)).toBeUndefined()
      github.addParent(sha, shaOf('before'))
      expect(await forge.files.parentOf(sha)).toBe(shaOf('before'))
      expect(await forge.files.parentOf('none')).toBeUndefined()
    })
  })

  describe('people', () => {
    it.each([
      ['admin', 'admin', 'admin'],
      ['write', 'maintain', 'maintain'],
      ['write', 'write', 'write'],
      ['read', 'triage', 'triage'],
      ['read', 'read', 'read'],
      ['write', 'security-champion', 'write'],
      ['read', 'write-docs', 'read'],
      ['none', 'none', 'none'],
    ])('with permission %s and role %s may %s', async (permission, role, expected) => {
      github.addCollaborator('Ann', permission, role)
      expect(await forge.people.permissionOf('ann')).toBe(expected)
    })

    it('who are nobody here may nothing', async () => {
      expect(await forge.people.permissionOf('stranger')).toBe('none')
    })

    it('are in a team, are not, or cannot be told by a workflow’s own token', async () => {
      github.addTeam('acme/leads', ['ann'])
      expect(await forge.people.isMember('acme/leads', 'ann')).toBeUndefined()
      expect(await forge.people.isMember('no-team', 'ann')).toBe(false)
      github.addPersonToken('ghs_workflow', 'boss')
      expect(await forge.people.isMember('acme/leads', 'ann')).toBe(true)
      expect(await forge.people.isMember('acme/leads', 'bob')).toBeUndefined()
    })
  })

  it('comments are read one by one and all together, answered, and reacted to', async () => {
    const first = github.addComment(1, 'ann', '/evaluate')
    for (let count = 0; count < 110; count++) github.addComment(1, 'bob', `talk ${count}`)
    expect(await forge.conversation.comment(first.id)).toEqual({
      id: first.id,
      issue: 1,
      body: '/evaluate',
      author: 'ann',
      isBot: false,
      createdAt: first.createdAt,
      updatedAt: first.createdAt,
      url: `https://github.com/modelway-ml/demo/pull/1#issuecomment-${first.id}`,
    })
    expect(await forge.conversation.comment(5)).toBeUndefined()
    expect(await forge.conversation.commentsOf(1)).toHaveLength(111)
    under.host.io.mask('s3cr3t-value')
    await forge.conversation.reply(1, 'no s3cr3t-value')
    await forge.conversation.react(first.id, 'rocket')
    expect(github.state.comments.at(-1)).toMatchObject({ issue: 1, body: 'no ***' })
    expect(github.state.reactions).toMatchObject([{ comment: first.id, content: 'rocket' }])
  })

  it('comments of a thread say which are ours, oldest first, also on an issue and since a time', async () => {
    const { number } = github.addIssue('ann', { title: 't', body: 'b' })
    const old = github.addComment(number, 'ann', 'old')
    await forge.conversation.reply(number, 'ours')
    const bot = github.addComment(number, 'other[bot]', 'a bot')
    const all = await forge.conversation.commentsOf(number)
    expect(all.map(({ body, isOurs, isBot }) => [body, isOurs, isBot])).toEqual([
      ['old', false, false],
      ['ours', true, true],
      ['a bot', true, true],
    ])
    const later = await forge.conversation.commentsOf(number, bot.createdAt)
    expect(later.map(({ body }) => body)).toEqual(['a bot'])
    expect(all[0]?.id).toBe(old.id)
    github.addPersonToken('ghs_workflow', 'Ann')
    const again = await forgeAgain(under).conversation.commentsOf(number)
    expect(again.map(({ isOurs }) => isOurs)).toEqual([true, false, false])
  })

  it('statuses are written within GitHub’s limits and listed over all pages, newest first', async () => {
    const sha = shaOf('s')
    for (let count = 0; count < 101; count++) {
      await forge.statuses.create(sha, {
        ...{ state: 'success', context: 'c', description: `${count} ${'ä\n'.repeat(200)}` },
        targetUrl: 'https://example.com',
      })
    }
    const all = await forge.statuses.list(sha)
    expect(all).toHaveLength(101)
    expect(all[0]).toMatchObject({
      state: 'success',
      context: 'c',
      targetUrl: 'https://example.com',
    })
    expect(all[0]?.description.startsWith('100 ä ä')).toBe(true)
    expect([...(all[0]?.description ?? '')]).toHaveLength(140)
  })

  it('says which permission a call needs', async () => {
    github.addWorkflowToken('ghs_workflow', { permissions: {} })
    const calls: readonly [string, () => Promise<unknown>][] = [
      ['pull-requests: read', () => forge.pulls.get(1)],
      ['actions: read', () => forge.runs.ofCommit(shaOf('x'))],
      ['actions: read', () => forge.runArtifacts.ofRun(1)],
      ['contents: read', () => forge.files.fileAt('main', 'x')],
      ['statuses: read', () => forge.statuses.list(shaOf('x'))],
      ['pull-requests: write (issues: write for an issue)', () => forge.conversation.reply(1, 'x')],
    ]
    for (const [needs, call] of calls) {
      const error = await call().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ExternalError)
      expect(String(error)).toContain(`Add "permissions: ${needs}" to the job.`)
    }
  })

  it('works at the address of an Enterprise Server', async () => {
    const server = await startGitHubHost({
      basePath: '/api/v3',
      env: { GITHUB_SERVER_URL: 'https://ghe.example.com' },
    })
    expect(await server.host.forge?.pulls.get(1)).toMatchObject({ number: 1 })
    expect(server.github.violations).toEqual([])
    await server.close()
  })
})
