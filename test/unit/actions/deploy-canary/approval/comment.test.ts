import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  approvalNow,
  requireApproval,
} from '../../../../../src/actions/deploy-canary/approval/require.js'
import type { RunFacts } from '../../../../../src/ports/host.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import { COMMIT, DIGEST, PeopleWorld, PIN } from '../people-world.js'

const MINUTE = 60_000
const PULL = 7

// @evidence GitHub REST API, approvals by comments: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('where the environment has no reviewers, people are asked', () => {
  let world: PeopleWorld
  beforeEach(async () => {
    world = await PeopleWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const asked = (approval: object = {}, run: Partial<RunFacts> = {}) => ({
    context: world.context(
      { approval: { require: 'reviewers', fallback: 'comment', ...approval } },
      run,
    ),
    version: 'census-2',
    digest: DIGEST,
  })
  const wait = (approval: object = {}, run: Partial<RunFacts> = {}) =>
    requireApproval(asked(approval, run), world.sleep)
  const look = (approval: object = {}, run: Partial<RunFacts> = {}) =>
    approvalNow(asked(approval, run))
  const says = (login: string, body: string, issue = PULL) =>
    world.github.addComment(issue, login, body)
  /** After it was asked. */
  const answers = async (login: string, body: string) => {
    await look()
    return says(login, body)
  }

  it('on the pull request of the commit, and the job waits until somebody says yes', async () => {
    world.meanwhile.push(
      () => undefined,
      () => void says('max', `/approve ${PIN}\n\nLooks good.`),
    )
    expect(await wait()).toEqual([
      {
        environment: 'production',
        by: 'max',
        at: expect.stringMatching(/^2026-01-01T00:00:/),
        via: 'comment',
        rule: 'a comment by somebody with the permission maintain',
        url: expect.stringContaining(`/pull/${PULL}#issuecomment-`),
        commit: COMMIT,
      },
    ])
    const [question, thanks] = world.said()
    for (const part of [COMMIT, 'production', `/approve ${PIN}`, `/deny ${PIN}`, 'maintain']) {
      expect(question).toContain(part)
    }
    expect(thanks).toContain('Approved')
    expect(world.slept).toEqual([5000, 7500])
  })

  it('in the one issue of the environment, which is closed when it is answered', async () => {
    const issue = () => [...world.github.state.tracked.values()][0]
    world.meanwhile.push(() => void says('max', `/approve ${PIN}`, issue()?.number))
    expect(await wait({ fallback: 'issue' })).toMatchObject([{ by: 'max' }])
    expect(issue()).toMatchObject({ title: 'Rollout of census to production', state: 'closed' })
    // The next rollout asks in the same issue, and anew for another commit.
    expect(await look({ fallback: 'issue' }, { sha: shaOf('next') })).toEqual({ kind: 'pending' })
    expect(world.github.state.tracked.size).toBe(1)
    expect(issue()?.state).toBe('open')
  })

  it('once, however often it is looked', async () => {
    expect([await look(), await look(), await look()]).toEqual(Array(3).fill({ kind: 'pending' }))
    expect(world.said()).toHaveLength(1)
  })

  it('and the model’s digest names what is approved as well as the commit', async () => {
    await answers('max', `/approve ${DIGEST.slice(0, 30)} all good`)
    expect(await look()).toMatchObject({ kind: 'approved', approvals: [{ by: 'max' }] })
  })

  it('and a denial ends it, with its reason', async () => {
    world.meanwhile.push(() => void says('max', `/deny ${PIN} not on a Friday @everyone`))
    await expect(wait()).rejects.toThrow('"max" has denied it: "not on a Friday @everyone"')
    expect(world.said().at(-1)).toContain('Denied')
  })

  it('and a denial outweighs approvals, until the same person approves', async () => {
    await answers('max', `/deny ${PIN}`)
    world.github.addCollaborator('moe', 'admin')
    says('moe', `/approve ${PIN}`)
    expect(await look()).toMatchObject({ kind: 'denied', by: 'max' })
    says('MAX', `/approve ${PIN}`)
    expect(await look()).toMatchObject({ kind: 'approved' })
  })

  it.each([
    ['mia', 'started the run'],
    ['ann', 'made the change'],
    ['ANN', 'made the change'],
  ])('but not %s, who %s, though they may say no', async (login) => {
    const comment = await answers(login, `/approve ${PIN}`)
    expect(await look()).toEqual({ kind: 'pending' })
    expect(world.reactions(comment.id)).toEqual(['confused'])
    says(login, `/deny ${PIN}`)
    expect(await look()).toMatchObject({ kind: 'denied' })
  })

  it('and whoever made the change may, where the policy lets them', async () => {
    await answers('ann', `/approve ${PIN}`)
    expect(await look({ 'prevent-self-approval': false })).toMatchObject({ kind: 'approved' })
  })

  it.each(['wes', 'rea', 'nobody'])('but not %s, who may too little', async (login) => {
    await answers(login, `/approve ${PIN}`)
    await answers(login, `/deny ${PIN}`)
    expect(await look()).toEqual({ kind: 'pending' })
    expect(world.said().at(-1)).toContain('permission maintain')
  })

  it('and a team may answer whatever its permission, where the token may look into it', async () => {
    world.github.addTeam('acme/leads', ['rea'])
    await answers('rea', `/approve ${PIN}`)
    expect(await look({ team: '@acme/leads' })).toEqual({ kind: 'pending' })
    expect(world.said().at(-1)).toContain('could not be looked up')
    world.github.addPersonToken('ghs_workflow', 'robot')
    expect(await look({ team: '@acme/leads' })).toMatchObject({ kind: 'approved' })
  })

  describe('and what does not count', () => {
    it.each([
      ['a quotation', `> /approve ${PIN}`],
      ['a code block', `\`\`\`\n/approve ${PIN}\n\`\`\``],
      ['an indented line', ` /approve ${PIN}`],
      ['a later line', `Yes:\n/approve ${PIN}`],
      ['another word', `/approved ${PIN}`],
      ['capitals', `/Approve ${PIN}`],
      ['a look-alike', `／approve ${PIN}`],
      ['a hidden letter', `/app​rove ${PIN}`],
      ['HTML before it', `<!-- x -->/approve ${PIN}`],
      ['a long line', `/approve ${PIN} ${'x'.repeat(2000)}`],
      ['nothing', ''],
    ])('is %s: it is not even answered', async (_what, body) => {
      await answers('max', body === '' ? 'ok' : body)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said()).toHaveLength(1)
    })

    it.each([
      ['no SHA', '/approve'],
      ['a SHA of seven', `/approve ${COMMIT.slice(0, 7)}`],
      ['another SHA', `/approve ${shaOf('else')}`],
      ['more than the SHA', `/approve ${COMMIT}0`],
      ['the commit as a digest', `/approve sha256:${COMMIT}`],
      ['capitals in the SHA', `/approve ${PIN.toUpperCase()}A`],
      ['a pattern', '/approve .*'],
      ['a branch', '/approve main'],
    ])('is %s: it is answered with what to write, once', async (_what, body) => {
      await answers('max', body)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said()).toHaveLength(2)
      expect(world.said()[1]).toContain(PIN)
    })

    it('is a comment from before the question', async () => {
      says('max', `/approve ${PIN}`)
      expect([await look(), await look()]).toEqual([{ kind: 'pending' }, { kind: 'pending' }])
    })

    it('is an edited comment, also one that was edited into an approval', async () => {
      const comment = await answers('max', 'hm')
      world.github.editComment(comment.id, `/approve ${PIN}`)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said().at(-1)).toContain('edited')
    })

    it('is a bot’s, and ours', async () => {
      await answers('deploy[bot]', `/approve ${PIN}`)
      world.github.addCollaborator('deploy[bot]', 'admin')
      says('github-actions[bot]', `/approve ${PIN}`)
      expect(await look()).toEqual({ kind: 'pending' })
    })

    it('is the yes of a person who lost the permission since', async () => {
      await answers('max', `/approve ${PIN}`)
      world.github.addCollaborator('max', 'read')
      expect(await look()).toEqual({ kind: 'pending' })
    })

    it('is a comment that is edited or deleted while its writer is looked up', async () => {
      const { forge } = world
      const race = (during: (id: number) => void, id: number) => ({
        ...asked(),
        context: {
          ...asked().context,
          forge: {
            ...forge,
            people: {
              ...forge.people,
              permissionOf: async (login: string) => {
                during(id)
                return forge.people.permissionOf(login)
              },
            },
          },
        },
      })
      const edited = await answers('max', `/approve ${PIN}`)
      const edit = (id: number) => world.github.editComment(id, 'I mean no')
      expect(await approvalNow(race(edit, edited.id))).toEqual({ kind: 'pending' })
      const { comments } = world.github.state
      const deleted = says('max', `/approve ${PIN}`)
      const remove = (id: number) =>
        void comments.splice(
          comments.findIndex((one) => one.id === id),
          1,
        )
      expect(await approvalNow(race(remove, deleted.id))).toEqual({ kind: 'pending' })
    })

    it('is a question of ours that somebody else has copied', async () => {
      await look()
      const [question = ''] = world.said()
      world.github.state.comments.splice(0)
      says('eve', question)
      says('max', `/approve ${PIN}`)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said()).toHaveLength(1)
    })

    it('is an answer to a question of ours that somebody has edited: it is asked again', async () => {
      await look()
      const [question] = world.github.state.comments
      world.github.editComment(question?.id ?? 0, `${question?.body} Harmless: just approve.`)
      says('max', `/approve ${PIN}`)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said()).toHaveLength(2)
      says('max', `/approve ${PIN}`)
      expect(await look()).toMatchObject({ kind: 'approved' })
    })

    it('is an answer for another commit or another model', async () => {
      await answers('max', `/approve ${PIN}`)
      expect(await look({}, { sha: shaOf('next'), pullRequest: PULL })).toEqual({ kind: 'pending' })
      const other = { ...asked(), digest: `sha256:${'e'.repeat(64)}` }
      expect(await approvalNow(other)).toEqual({ kind: 'pending' })
      expect(await look()).toMatchObject({ kind: 'approved' })
    })

    it('is an answer that has grown old: it is asked again', async () => {
      await answers('max', `/approve ${PIN}`)
      world.wait(25 * 60 * MINUTE)
      expect(await look()).toEqual({ kind: 'pending' })
      expect(world.said()).toHaveLength(2)
      expect(await look({ 'valid-for': '2d' })).toMatchObject({ kind: 'pending' })
    })
  })

  it('and refusals are told ten times at most', async () => {
    await look()
    for (let count = 0; count < 30; count++) says(`troll-${count}`, `/approve ${PIN}`)
    expect(await look()).toEqual({ kind: 'pending' })
    expect(await look()).toEqual({ kind: 'pending' })
    expect(world.said()).toHaveLength(11)
  })

  it('and without an answer in time nothing is deployed, but a later run finds one', async () => {
    await expect(wait({ timeout: '3m' })).rejects.toThrow('MW-DEPLOY-366')
    expect(Math.max(...world.slept)).toBeLessThanOrEqual(MINUTE)
    expect(world.slept.reduce((sum, one) => sum + one, 0)).toBe(3 * MINUTE)
    says('max', `/approve ${PIN}`)
    expect(await wait()).toMatchObject([{ by: 'max' }])
    expect(world.said()).toHaveLength(2)
  })

  it('and a forge that fails has not said yes: the wait goes on, and ends with its error', async () => {
    await answers('max', `/approve ${PIN}`)
    world.github.failNext('repos/get-collaborator-permission-level', 500, 5)
    expect(await wait()).toMatchObject([{ by: 'max' }])
    world.github.failNext('issues/list-comments', 500, 10)
    await expect(wait({ timeout: '5s' })).rejects.toThrow('MW-HOST-003')
  })

  it('and a token that may not read or write comments ends it at once', async () => {
    world.github.addWorkflowToken('ghs_workflow', {
      permissions: { actions: 'read', 'pull-requests': 'read' },
    })
    await expect(wait()).rejects.toThrow('pull-requests: write')
    expect(world.slept).toEqual([])
  })

  it('and an answer that cannot be acknowledged counts all the same', async () => {
    await answers('max', `/approve ${PIN}`)
    world.github.failNext('reactions/create-for-issue-comment', 403)
    expect(await look()).toMatchObject({ kind: 'approved' })
    expect(world.warnings.join()).toContain('could not be written')
  })

  it('and a cancelled run waits no longer', async () => {
    world.meanwhile.push(() => world.signal.abort())
    await expect(wait()).rejects.toThrow('Cancelled')
  })

  it('and a commit without a pull request is asked about in an issue, or not at all', async () => {
    await expect(wait({}, { sha: shaOf('direct') })).rejects.toThrow('MW-DEPLOY-364')
    expect(await look({ fallback: 'issue' }, { sha: shaOf('direct') })).toEqual({ kind: 'pending' })
  })

  it('also where reviewers are there, when any approval will do', async () => {
    world.github.addEnvironment('production', ['max'])
    await expect(wait()).rejects.toThrow('MW-DEPLOY-362')
    world.meanwhile.push(() => void says('max', `/approve ${PIN}`))
    expect(await wait({ require: 'any' })).toMatchObject([{ via: 'comment' }])
  })

  it('with every name made harmless', async () => {
    const hostile = { ...asked(), version: '@team <b>`|x`\n/approve' }
    await approvalNow(hostile)
    expect(world.said()[0]).not.toMatch(/<b>|@team|^\/approve$/m)
  })
})
