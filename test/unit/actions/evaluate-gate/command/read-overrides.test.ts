import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readOverridePolicy } from '../../../../../src/actions/evaluate-gate/command/override-policy.js'
import {
  OVERRIDE_CONTEXT,
  readOverrides,
} from '../../../../../src/actions/evaluate-gate/command/read-overrides.js'
import { GateOverrides } from '../../../../../src/config/gate-overrides.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import type { Comment } from '../../../../fakes/github/state.js'
import { CommandWorld, HEAD, PULL } from './command-world.js'

const POLICY = GateOverrides.parse({ allow: ['ann', 'bob', 'stranger'] })

describe('readOverrides', () => {
  let world: CommandWorld
  beforeEach(async () => {
    world = await CommandWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const read = (policy: GateOverrides | undefined = POLICY, sha = HEAD) =>
    readOverrides(world.forge, { sha, pullRequest: PULL, policy })

  /** What any workflow with `statuses: write` can do. */
  const point = (target: string, sha = HEAD) =>
    world.forge.statuses.create(sha, {
      ...{ state: 'success', context: OVERRIDE_CONTEXT, description: 'x', targetUrl: target },
    })
  const pointTo = (comment: Comment, sha = HEAD) =>
    point(`https://github.com/modelway-ml/demo/pull/${PULL}#issuecomment-${comment.id}`, sha)

  it('gives what was recorded by a command', async () => {
    world.ran('failure')
    const comment = world.says('ann', '/override-gate known |regression|')
    await world.answer(comment)
    expect(await read()).toEqual({
      overrides: [
        {
          by: 'ann',
          reason: 'known |regression|',
          at: comment.createdAt,
          url: `https://github.com/modelway-ml/demo/pull/${PULL}#issuecomment-${comment.id}`,
          commit: HEAD,
        },
      ],
      people: ['ann'],
      refused: [],
    })
  })

  it('gives nothing for another commit, and asks nothing where nobody may override', async () => {
    world.ran()
    await world.answer(world.says('ann', '/override-gate because'))
    expect((await read(POLICY, shaOf('later'))).overrides).toEqual([])
    const calls = world.github.journal.length
    const nobody = { sha: HEAD, pullRequest: PULL, policy: undefined }
    expect((await readOverrides(world.forge, nobody)).overrides).toEqual([])
    expect(
      (
        await readOverrides(world.forge, {
          sha: HEAD,
          pullRequest: PULL,
          policy: GateOverrides.parse({}),
        })
      ).overrides,
    ).toEqual([])
    expect(world.github.journal).toHaveLength(calls)
  })

  it.each<[string, (world: CommandWorld) => Promise<unknown>, string]>([
    [
      'a status without a comment',
      () => point(`https://x.example/#issuecomment-99`),
      'was deleted',
    ],
    [
      'a comment that was deleted since',
      async () => {
        const comment = world.says('ann', '/override-gate x')
        await pointTo(comment)
        const { comments } = world.github.state
        comments.splice(comments.indexOf(comment), 1)
      },
      'was deleted',
    ],
    [
      'a comment that was edited since',
      async () => {
        const comment = world.says('ann', '/override-gate x')
        await pointTo(comment)
        world.github.editComment(comment.id, '/override-gate y')
      },
      'was edited',
    ],
    [
      'a comment by the author',
      async () => pointTo(world.says('stranger', '/override-gate x')),
      'author',
    ],
    [
      'a comment by an outsider',
      async () => pointTo(world.says('nobody', '/override-gate x')),
      'write permission',
    ],
    [
      'a person who has lost the permission',
      async () => {
        await pointTo(world.says('bob', '/override-gate x'))
        world.github.addCollaborator('bob', 'read')
      },
      'write permission',
    ],
    [
      'a person who is not on the list',
      async () => pointTo(world.says('carol', '/override-gate x')),
      'does not name',
    ],
    [
      'a comment that is no override',
      async () => pointTo(world.says('ann', 'I would /override-gate x')),
      'no override',
    ],
    ['a bot', async () => pointTo(world.says('ann[bot]', '/override-gate x')), 'bot'],
    [
      'a comment on another pull request',
      async () => {
        world.github.addCollaborator('stranger', 'write')
        await pointTo(world.github.addComment(1, 'ann', '/override-gate x'))
      },
      'another pull request',
    ],
    [
      'an old override that is pointed to from a new commit',
      async () => {
        const comment = world.says('ann', '/override-gate x')
        world.github.push(PULL, HEAD)
        world.github.state.runs.length = 0
        world.ran()
        await pointTo(comment)
      },
      'No workflow run',
    ],
    [
      'an override that names another commit',
      async () => pointTo(world.says('ann', `/override-gate ${shaOf('else')} x`)),
      'but the head is',
    ],
  ])('does not count %s', async (_what, prepare, why) => {
    world.ran()
    await prepare(world)
    const found = await read()
    expect([found.overrides, found.people]).toEqual([[], []])
    expect(found.refused).toHaveLength(1)
    expect(found.refused[0]).toContain(why)
  })

  it('counts people, not comments, up to what the policy requires', async () => {
    world.ran()
    const policy = GateOverrides.parse({ allow: ['ann', 'bob'], require: 2 })
    for (const reason of ['one', 'two'])
      await pointTo(world.says('ann', `/override-gate ${reason}`))
    expect(await read(policy)).toMatchObject({ overrides: [], people: ['ann'] })
    await pointTo(world.says('BOB', '/override-gate three'))
    const { overrides } = await read(policy)
    expect(overrides.map(({ by, reason }) => [by, reason])).toEqual([
      ['ann', 'one'],
      ['BOB', 'three'],
    ])
  })

  it('counts a team where the token may look, and says when it may not', async () => {
    world.ran()
    world.github.addTeam('acme/leads', ['carol'])
    await pointTo(world.says('carol', '/override-gate x'))
    const policy = GateOverrides.parse({ allow: ['acme/leads'] })
    expect((await read(policy)).refused[0]).toContain('members: read')
    world.github.addPersonToken('ghs_workflow', 'boss')
    expect((await read(policy)).people).toEqual(['carol'])
  })

  it('overrides nothing when GitHub does not answer, and says so', async () => {
    world.ran()
    await pointTo(world.says('ann', '/override-gate x'))
    world.github.failNext('issues/get-comment', 404)
    expect((await read()).overrides).toEqual([])
    world.github.addWorkflowToken('ghs_workflow', { permissions: {} })
    expect(await read()).toMatchObject({
      overrides: [],
      refused: [expect.stringContaining('statuses: read')],
    })
  })

  it('looks at no more than fifty comments', async () => {
    world.ran()
    for (let count = 0; count < 60; count++)
      await point(`https://x.example/#issuecomment-${count + 1}`)
    expect((await read()).refused).toHaveLength(50)
  })

  it('reads the policy of the base branch', async () => {
    const policy = (ref: string) =>
      readOverridePolicy(world.forge.files, { ref, path: 'modelway.yml' })
    expect(await policy('main')).toEqual({
      allow: ['Ann', 'bob', 'stranger'],
      require: 1,
      author: false,
    })
    expect(await policy('none')).toBeUndefined()
    world.github.addFile(shaOf('base'), 'modelway.yml', 'gate: [')
    await expect(policy('main')).rejects.toThrow(/MW-HOST-022.*not valid YAML/)
    world.github.addFile(shaOf('base'), 'modelway.yml', 'project: x')
    expect(await policy('main')).toBeUndefined()
  })
})
