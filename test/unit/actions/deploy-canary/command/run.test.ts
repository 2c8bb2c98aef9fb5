import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runCommand } from '../../../../../src/actions/deploy-canary/command/run.js'
import { CommandSettings } from '../../../../../src/actions/deploy-canary/command/settings.js'
import type { Deployments, RunFacts } from '../../../../../src/ports/host.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import { COMMIT, DIGEST, PeopleWorld, PIN } from '../people-world.js'

const UNDER_WAY = { payload: payload(), state: 'in_progress' }

function payload(more: object = {}) {
  return { modelway: 1, version: 'census-2', digest: DIGEST, commit: COMMIT, ...more }
}

describe('a command where no job waits for it', () => {
  let world: PeopleWorld
  beforeEach(async () => {
    world = await PeopleWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  interface Asked {
    readonly body: string
    readonly login?: string
    readonly records?: readonly { readonly state?: string | undefined; readonly payload: unknown }[]
    readonly action?: string
    readonly settings?: object
    readonly prepare?: (comment: number) => void
    readonly more?: object
  }
  const ask = async ({ body, login = 'max', action = 'created', prepare, ...rest }: Asked) => {
    const { id } = world.github.addComment(7, login, body)
    prepare?.(id)
    const records = rest.records ?? [UNDER_WAY]
    const list = async (environment: string) => (environment === 'production' ? records : [])
    const { outputs, reason } = await runCommand(
      {
        settings: CommandSettings.parse({ mode: 'command', ...rest.settings }),
        run: { comment: { id, action, author: login, body } } as RunFacts,
        log: world.log,
        dryRun: false,
        deployments: { list } as unknown as Deployments,
        ...rest.more,
      },
      world.forge,
    )
    return { outputs, reason, reactions: world.reactions(id), said: world.said() }
  }

  it('ends the rollout that is under way, and leaves the answer to whoever drives it', async () => {
    const { outputs, reactions, said } = await ask({ body: `/rollback ${PIN} p99` })
    expect(outputs).toEqual({ proceed: true, 'next-mode': 'abort' })
    expect([reactions, said]).toEqual([['eyes'], []])
  })

  it('takes back what all users are on, and says so', async () => {
    const records = [
      { payload: { of: 'GitHub itself' }, state: 'success' },
      { ...UNDER_WAY, state: 'success' },
    ]
    const { outputs, reactions, said } = await ask({ body: `/rollback ${DIGEST}`, records })
    expect(outputs).toEqual({ proceed: true, 'next-mode': 'rollback' })
    expect(reactions).toEqual(['rocket'])
    expect(said[0]).toMatch(/^<!-- modelway-answer comment=\d+ -->\n<code>max<\/code> takes/)
  })

  it('knows what users are on after a rollout that went back, and not after a way back by hand', async () => {
    const failed = { state: 'failure', payload: payload({ digest: `sha256:${'e'.repeat(64)}` }) }
    const dead = { state: undefined, payload: payload({ commit: shaOf('killed') }) }
    const before = { ...UNDER_WAY, state: 'success' }
    const body = `/rollback ${PIN}`
    const after = await ask({ body, records: [dead, failed, before] })
    expect(after.outputs).toEqual({ proceed: true, 'next-mode': 'rollback' })
    for (const mode of ['rollback', 'abort']) {
      const back = { state: 'success', payload: payload({ mode }) }
      expect((await ask({ body, records: [back, before] })).outputs).toEqual({ proceed: false })
    }
    const retired = { ...UNDER_WAY, state: 'inactive' }
    expect((await ask({ body, records: [retired, before] })).outputs).toEqual({ proceed: false })
  })

  it.each(['promote', 'hold', 'resume', 'status'])(
    'lets a run go on with a rollout to read /%s, and does nothing where none is under way',
    async (name) => {
      const body = `/${name} ${PIN}`
      expect((await ask({ body })).outputs).toEqual({ proceed: true, 'next-mode': 'continue' })
      const ended = await ask({ body, records: [{ ...UNDER_WAY, state: 'success' }] })
      expect(ended.outputs).toEqual({ proceed: false })
      expect(ended.said.at(-1)).toContain('No rollout to production is under way')
    },
  )

  it.each<[string, Asked]>([
    ['of somebody who may not', { body: `/rollback ${PIN}`, login: 'rea' }],
    ['of nobody here', { body: `/rollback ${PIN}`, login: 'stranger' }],
    ['of the author to promote', { body: `/promote ${PIN}`, login: 'ann' }],
    ['for another commit', { body: `/rollback ${shaOf('else')}` }],
    ['without a commit', { body: '/rollback' }],
    ['that is not allowed', { body: `/rollback ${PIN}`, settings: { commands: { allow: [] } } }],
    [
      'for an environment without one',
      { body: `/rollback ${PIN}`, settings: { environment: 'x' } },
    ],
    [
      'after a rollout that went back',
      { body: `/rollback ${PIN}`, records: [{ ...UNDER_WAY, state: 'failure' }] },
    ],
    [
      'with a forged record',
      {
        body: `/rollback ${PIN}`,
        records: [{ ...UNDER_WAY, payload: { modelway: 1, digest: 7 } }],
      },
    ],
  ])('%s is refused', async (_what, asked) => {
    expect((await ask(asked)).outputs).toEqual({ proceed: false })
    const records = (asked.records ?? [UNDER_WAY]).map(({ state, payload: what }) => ({
      state: state === 'in_progress' ? 'success' : state,
      payload: what,
    }))
    const ended = await ask({ ...asked, records })
    expect(ended.outputs).toEqual({ proceed: false })
    expect(ended.reactions).toEqual(['confused'])
    expect(ended.said.at(-1)).toContain('Nothing was done')
  })

  it('that is none, is a bot’s, was deleted or is about an edit, gets no answer', async () => {
    const edit = (id: number) => world.github.editComment(id, `/rollback ${PIN}`)
    for (const asked of [
      { body: 'nice' },
      { body: `/rollback ${PIN}`, login: 'deploy[bot]' },
      { body: `/rollback ${PIN}`, action: 'edited' },
      { body: `/rollback ${PIN}`, prepare: () => void world.github.state.comments.pop() },
      { body: `/promote ${PIN}`, prepare: edit },
    ]) {
      expect((await ask(asked)).outputs).toEqual({ proceed: false })
    }
    expect(world.said()).toEqual([])
  })

  it('goes on only where the forge answers', async () => {
    world.github.failNext('repos/get-collaborator-permission-level', 500, 5)
    await expect(ask({ body: `/rollback ${PIN}` })).rejects.toThrow('MW-HOST-003')
  })

  it('needs a comment, and the records of deployments', async () => {
    await expect(ask({ body: '/status', more: { run: { event: 'push' } } })).rejects.toThrow(
      'MW-DEPLOY-380',
    )
    await expect(ask({ body: '/status', more: { deployments: undefined } })).rejects.toThrow(
      'MW-DEPLOY-381',
    )
  })
})
