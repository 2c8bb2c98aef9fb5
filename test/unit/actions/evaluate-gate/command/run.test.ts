import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { OVERRIDE_CONTEXT } from '../../../../../src/actions/evaluate-gate/command/read-overrides.js'
import { recordOverride } from '../../../../../src/actions/evaluate-gate/command/record-override.js'
import { runCommand } from '../../../../../src/actions/evaluate-gate/command/run.js'
import { requireForge } from '../../../../../src/runtime/require-forge.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import { errorOf } from '../../../temporary-folder.js'
import { CommandWorld, FORK, HEAD, PULL } from './command-world.js'

describe('mode command', () => {
  let world: CommandWorld
  beforeEach(async () => {
    world = await CommandWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const statuses = () =>
    world.github.state.statuses.map(({ context, state, sha, targetUrl, description }) => ({
      ...{ context, state, sha, targetUrl, description },
    }))

  async function refused(login: string, body: string, prepare: () => void = () => undefined) {
    const comment = world.says(login, body)
    prepare()
    const answered = await world.answer(comment)
    expect(answered.code).toBe(0)
    expect(answered.outputs.get('proceed')).toBe('false')
    expect(answered.outputs.has('sha')).toBe(false)
    expect(answered.reactions).toEqual(['confused'])
    expect(answered.replies).toHaveLength(1)
    expect(answered.replies[0]).toMatch(/^Nothing was done: /)
    expect(world.github.state.statuses).toEqual([])
    return answered.replies[0] ?? ''
  }

  describe('/evaluate', () => {
    it('by a person with write permission lets the next job run with the head that they saw', async () => {
      world.ran()
      const { code, outputs, reactions, replies } = await world.answer(
        world.says('carol', '/evaluate'),
      )
      expect(code).toBe(0)
      expect(Object.fromEntries(outputs)).toMatchObject({
        proceed: 'true',
        sha: HEAD,
        'pull-request': String(PULL),
      })
      expect([reactions, replies]).toEqual([['rocket'], []])
      expect(statuses()).toEqual([
        {
          context: 'modelway/evaluate',
          state: 'pending',
          sha: HEAD,
          targetUrl: 'https://github.com/modelway-ml/demo/actions/runs/77',
          description: 'Evaluating on trusted runners.',
        },
      ])
    })

    it.each(['reader', 'nobody', 'stranger'])('by %s is refused', async (login) => {
      world.ran()
      expect(await refused(login, '/evaluate')).toContain('Only people with write permission')
    })

    it('is refused for a commit that was pushed between comment and answer', async () => {
      world.ran()
      const reply = await refused('ann', '/evaluate', () => {
        world.github.push(PULL, shaOf('evil'))
        world.ran()
      })
      expect(reply).toContain('may have been pushed after it was written')
    })

    it('is refused when nothing ran for the head yet', async () => {
      expect(await refused('ann', '/evaluate')).toContain('No workflow run')
    })

    it('is not fooled by a run for the commit on another branch or in another pull request', async () => {
      world.github.addRun({ headSha: HEAD, headBranch: 'topic', headRepository: 'stranger/else' })
      world.github.addRun({ headSha: HEAD, headBranch: 'other', headRepository: FORK })
      expect(await refused('ann', '/evaluate')).toContain('No workflow run')
    })

    it('is refused when the head was another one, and was put back after the comment', async () => {
      world.github.push(PULL, shaOf('evil'))
      world.ran()
      world.github.push(PULL, shaOf('harmless'))
      world.ran()
      const reply = await refused('ann', '/evaluate', () => world.github.push(PULL, shaOf('evil')))
      expect(reply).toContain('had another head')
    })

    it('is refused after a force-push that started no run', async () => {
      world.github.push(PULL, shaOf('evil'))
      world.ran()
      world.github.push(PULL, shaOf('harmless [skip ci]'), { force: true })
      const reply = await refused('ann', '/evaluate', () => world.github.push(PULL, shaOf('evil')))
      expect(reply).toContain('force&#45;pushed')
    })

    it('with the full SHA needs no run, and is refused for any other head', async () => {
      const { outputs } = await world.answer(world.says('ann', `/evaluate ${HEAD}`))
      expect(outputs.get('sha')).toBe(HEAD)
      world.github.state.statuses.length = 0
      expect(await refused('ann', `/evaluate ${shaOf('x')}`)).toContain('but the head is')
    })

    it('is refused when it was edited, before or during the answer', async () => {
      world.ran()
      const comment = world.says('ann', 'looks good')
      world.github.editComment(comment.id, '/evaluate')
      const answered = await world.answer(comment)
      expect(answered.replies[0]).toContain('was edited')
      const other = world.says('ann', '/evaluate now')
      expect((await world.answer(other, { body: '/evaluate' })).replies[0]).toContain('was edited')
      expect(world.github.state.statuses).toEqual([])
    })

    it('is ignored when edited into being, deleted, by a bot, or no command', async () => {
      world.ran()
      const edited = await world.answer(world.says('ann', '/evaluate'), { action: 'edited' })
      const bot = await world.answer(world.says('helper[bot]', '/evaluate'))
      const talk = await world.answer(world.says('ann', 'What does /evaluate do?'))
      const gone = world.says('ann', '/evaluate')
      world.github.state.comments.pop()
      for (const one of [edited, bot, talk, await world.answer(gone)]) {
        expect(one).toMatchObject({ code: 0, replies: [], reactions: [] })
        expect(one.outputs.get('proceed')).toBe('false')
      }
      expect(world.github.state.statuses).toEqual([])
    })

    it('is refused for a pull request that is closed', async () => {
      world.ran()
      expect(
        await refused('ann', '/evaluate', () =>
          Object.assign(world.github.state.pulls.get(PULL) ?? {}, { state: 'closed' }),
        ),
      ).toContain('not open')
    })

    it('goes on with a warning where the token may not answer', async () => {
      world.ran()
      world.github.addWorkflowToken('ghs_workflow', {
        permissions: { actions: 'read', 'pull-requests': 'read' },
      })
      const { outputs, printed } = await world.answer(world.says('ann', '/evaluate'))
      expect(outputs.get('proceed')).toBe('true')
      expect(printed).toContain('The answer could not be written')
    })

    it('changes nothing in a dry run', async () => {
      world.ran()
      const { outputs, replies, reactions } = await world.answer(world.says('ann', '/evaluate'), {
        inputs: [['dry-run', 'true']],
      })
      expect(outputs.get('proceed')).toBe('true')
      expect([replies, reactions, world.github.state.statuses]).toEqual([[], [], []])
    })
  })

  describe('/override-gate', () => {
    it('is recorded on the commit, answered, and runs the failed gate again', async () => {
      const gate = world.ran('failure')
      world.github.addArtifact({
        name: 'modelway-evaluate-gate-gate-1',
        runId: gate.id,
        sizeInBytes: 1,
      })
      const other = world.github.addRun({
        pull: PULL,
        path: '.github/workflows/lint.yml',
        conclusion: 'failure',
      })
      const comment = world.says('ann', '/override-gate known @team regression')
      const { code, outputs, replies, reactions } = await world.answer(comment)
      expect(code).toBe(0)
      expect(outputs.get('proceed')).toBe('false')
      expect(statuses()).toEqual([
        {
          context: OVERRIDE_CONTEXT,
          state: 'success',
          sha: HEAD,
          targetUrl: `https://github.com/modelway-ml/demo/pull/${PULL}#issuecomment-${comment.id}`,
          description: 'ann: known @team regression',
        },
      ])
      expect(reactions).toEqual(['+1'])
      expect(replies).toHaveLength(1)
      expect(replies[0]).toContain('ann overrides the gate')
      expect(replies[0]).toContain(`run ${gate.id}`)
      expect(replies[0]).not.toContain('@team')
      expect([gate.attempt, other.attempt]).toEqual([2, 1])
    })

    it.each([
      ['reader', 'Only people with write permission'],
      ['nobody', 'Only people with write permission'],
      ['carol', 'does not name this person'],
      ['stranger', 'author of a pull request may not override'],
    ])('by %s is refused', async (login, why) => {
      world.ran('failure')
      // The author has write permission, and is on the list.
      world.github.addCollaborator('stranger', 'write')
      world.github.addCollaborator('reader', 'read')
      const listed = login === 'carol' || login === 'stranger' ? '' : `, ${login}`
      world.github.addFile(
        shaOf('base'),
        'modelway.yml',
        `gate: { overrides: { allow: [ann, stranger${listed}] } }`,
      )
      expect(await refused(login, '/override-gate because')).toContain(why)
    })

    it('is refused where the base branch allows nobody, whatever the pull request says', async () => {
      world.ran('failure')
      world.github.addFile(HEAD, 'modelway.yml', 'gate: { overrides: { allow: [ann] } }')
      world.github.addFile(shaOf('base'), 'modelway.yml', 'gate: {}')
      expect(await refused('ann', '/override-gate because')).toContain('names nobody')
    })

    it('by the author is taken where the policy says so', async () => {
      world.ran('failure')
      world.github.addCollaborator('stranger', 'write')
      world.github.addFile(
        shaOf('base'),
        'modelway.yml',
        'gate: { overrides: { allow: [stranger], author: true } }',
      )
      const { replies } = await world.answer(world.says('stranger', '/override-gate because'))
      expect(replies[0]).toContain('stranger overrides the gate')
      expect(replies[0]).toContain('by hand')
    })

    it('waits for as many people as the policy requires, and counts nobody twice', async () => {
      world.github.addFile(
        shaOf('base'),
        'modelway.yml',
        'gate: { overrides: { allow: [ann, bob], require: 2 } }',
      )
      const gate = world.ran('failure')
      world.github.addArtifact({ name: 'modelway-verdict', runId: gate.id, sizeInBytes: 1 })
      for (const again of [1, 2]) {
        const { replies } = await world.answer(world.says('ann', `/override-gate reason ${again}`))
        expect(replies[0]).toContain('1 of 2 people agree')
      }
      expect(gate.attempt).toBe(1)
      await world.answer(world.says('bob', '/override-gate me too'))
      expect(statuses().map(({ state }) => state)).toEqual(['pending', 'pending', 'success'])
      expect(gate.attempt).toBe(2)
    })

    it('counts both of two people who override at the same time', async () => {
      const gate = world.ran('failure')
      world.github.addArtifact({ name: 'modelway-verdict', runId: gate.id, sizeInBytes: 1 })
      const policy = { allow: ['ann', 'bob'], require: 2, author: false }
      const { forge } = world
      const pull = await forge.pulls.get(PULL)
      const comments = await Promise.all(
        ['ann', 'bob'].map((who) =>
          forge.conversation.comment(world.says(who, '/override-gate yes').id),
        ),
      )
      const answers = await Promise.all(
        comments.map((comment) =>
          pull !== undefined && comment !== undefined
            ? recordOverride(forge, { comment, pull, policy, reason: 'yes' })
            : '',
        ),
      )
      expect(answers.filter((text) => text.includes('The gate runs again'))).not.toEqual([])
    })

    it('says what to do where the token may not run the gate again', async () => {
      const gate = world.ran('failure')
      world.github.addArtifact({ name: 'modelway-verdict', runId: gate.id, sizeInBytes: 1 })
      world.github.addWorkflowToken('ghs_workflow', {
        permissions: {
          actions: 'read',
          'pull-requests': 'write',
          statuses: 'write',
          contents: 'read',
        },
      })
      const { replies } = await world.answer(world.says('ann', '/override-gate because'))
      expect(replies[0]).toContain('again by hand')
    })

    it('tells how to write it', async () => {
      world.ran('failure')
      expect(await refused('ann', '/override-gate')).toContain('&#60;reason&#62;')
    })

    it('is an error where the policy on the base branch cannot be read', async () => {
      world.ran('failure')
      world.github.addFile(shaOf('base'), 'modelway.yml', 'gate: { overrides: { allow: ann } }')
      const { code, printed } = await world.answer(world.says('ann', '/override-gate because'))
      expect(code).toBe(2)
      expect(printed).toMatch(
        /MW-HOST-022: modelway\.yml at refs\/heads\/main: .*gate\.overrides allow/,
      )
    })
  })

  it('is a mistake in another event (MW-HOST-023), and where there is no forge (MW-HOST-020)', async () => {
    const context = { run: { ...world.under.host.run, event: 'push', comment: undefined } }
    const error = await errorOf(() => runCommand(context as never, world.forge))
    expect(error.message).toMatch(/^MW-HOST-023: gate\.mode: .*this run is for push/)
    expect(() => requireForge({ forge: undefined })).toThrow('MW-HOST-020')
  })
})
