import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type CommandsContext,
  createCommands,
  type PersonCommand,
} from '../../../../src/actions/deploy-canary/commands.js'
import { DeploySection } from '../../../../src/config/deploy.js'
import { shaOf } from '../../../fakes/github/setup.js'
import { COMMIT, DIGEST, PeopleWorld, PIN } from './people-world.js'

const PULL = 7

// @evidence GitHub REST API, commands by comments: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('people speak to a rollout', () => {
  let world: PeopleWorld
  beforeEach(async () => {
    world = await PeopleWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const says = (login: string, body: string) => world.github.addComment(PULL, login, body)
  const listen = (settings: object = {}, more: Partial<CommandsContext> = {}) =>
    createCommands({
      forge: world.forge,
      log: world.log,
      thread: PULL,
      pins: { commit: COMMIT, digest: DIGEST, rollout: 'census-2-x' },
      since: world.now().toISOString(),
      settings: DeploySection.parse({ commands: settings }).commands,
      authors: ['ann'],
      ...more,
    })
  const names = (commands: readonly PersonCommand[]) => commands.map(({ name, by }) => [name, by])

  it('in the order in which they wrote, each command once', async () => {
    const commands = listen()
    expect(await commands.next()).toEqual([])
    const hold = says('wes', `/hold ${PIN} let me look`)
    says('max', 'What do you see?')
    says('max', `/resume ${PIN}`)
    const found = await commands.next()
    expect(found[0]).toMatchObject({
      ...{ name: 'hold', by: 'wes', reason: 'let me look', comment: hold.id, at: hold.createdAt },
      url: expect.stringContaining(`#issuecomment-${hold.id}`),
    })
    expect(names(found)).toEqual([
      ['hold', 'wes'],
      ['resume', 'max'],
    ])
    expect(await commands.next()).toEqual([])
  })

  it('and are answered when it is done; whoever comes later knows that it was', async () => {
    const comment = says('max', `/rollback ${PIN}`)
    const [command] = await listen().next()
    // Killed before it was done: the next run is given it again.
    expect(names(await listen().next())).toEqual([['rollback', 'max']])
    await command?.done('All traffic went back.')
    expect(world.reactions(comment.id)).toEqual(['+1'])
    expect(world.said()[0]).toContain('All traffic went back.')
    expect(await listen().next()).toEqual([])
  })

  it('and what the rollout’s state has as done is not given again', async () => {
    const { id } = says('max', `/rollback ${PIN}`)
    expect(await listen({}, { applied: [id] }).next()).toEqual([])
  })

  it('and an answer that somebody else has forged hides no command', async () => {
    const { id } = says('max', `/rollback ${PIN}`)
    says('eve', `<!-- modelway-answer comment=${id} -->\nDone.`)
    const ours = says('github-actions[bot]', 'The rollout is shown here.')
    world.github.editComment(ours.id, `<!-- modelway-answer comment=${id} -->`)
    expect(names(await listen().next())).toEqual([['rollback', 'max']])
  })

  it('by the model’s digest or the rollout’s id, too', async () => {
    says('max', '/hold census-2-x')
    says('max', `/resume ${DIGEST}`)
    says('rea', '/status')
    says('wes', '/status')
    expect(names(await listen().next())).toEqual([
      ['hold', 'max'],
      ['resume', 'max'],
      ['status', 'wes'],
    ])
  })

  it.each([
    ['rea', `/rollback ${PIN}`, 'permission write'],
    ['nobody', `/status ${PIN}`, 'permission write'],
    ['wes', `/promote ${PIN}`, 'permission maintain'],
    ['wes', `/resume ${PIN}`, 'permission maintain'],
    ['Ann', `/promote ${PIN}`, 'may not promote'],
    ['max', '/promote', `/promote ${PIN}`],
    ['max', `/promote ${shaOf('else')}`, 'not what is being deployed'],
    ['max', '/rollback main', `/rollback ${PIN}`],
  ])('but %s is not taken for %j, and is told why, once', async (login, body, why) => {
    const comment = says(login, body)
    const commands = listen()
    expect(await commands.next()).toEqual([])
    expect(await commands.next()).toEqual([])
    expect(await listen().next()).toEqual([])
    expect(world.reactions(comment.id)).toEqual(['confused'])
    expect(world.said()).toHaveLength(1)
    expect(
      world.said()[0]?.replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(code)),
    ).toContain(why)
  })

  it('but nobody promotes where it cannot be known who made the change', async () => {
    says('max', `/promote ${PIN}`)
    says('max', `/rollback ${PIN}`)
    const commands = listen({}, { authors: undefined })
    expect(names(await commands.next())).toEqual([['rollback', 'max']])
  })

  it('but bots, edited comments and comments from before the rollout are not taken', async () => {
    says('max', `/rollback ${PIN}`)
    world.wait(120_000)
    const commands = listen()
    world.github.addCollaborator('deploy[bot]', 'admin')
    says('deploy[bot]', `/rollback ${PIN}`)
    says('github-actions[bot]', `/rollback ${PIN}`)
    const edited = says('max', 'hm')
    world.github.editComment(edited.id, `/rollback ${PIN}`)
    expect(await commands.next()).toEqual([])
    expect(world.said().filter((text) => text.includes('edited'))).toHaveLength(1)
  })

  it('but not who loses the permission, or edits, while they are looked up', async () => {
    const { people } = world.forge
    const during = (work: () => void) => ({
      ...world.forge,
      people: {
        ...people,
        permissionOf: async (login: string) => {
          work()
          return people.permissionOf(login)
        },
      },
    })
    const comment = says('max', `/promote ${PIN}`)
    const demote = during(() => world.github.addCollaborator('max', 'read'))
    expect(await listen({}, { forge: demote }).next()).toEqual([])
    world.github.addCollaborator('max', 'admin')
    world.github.state.comments.splice(1)
    const edit = during(() => world.github.editComment(comment.id, 'no'))
    expect(await listen({}, { forge: edit }).next()).toEqual([])
  })

  it('and only what the policy allows', async () => {
    says('max', `/promote ${PIN}`)
    expect(await listen({ allow: [] }).next()).toEqual([])
    expect(world.github.journal).toEqual([])
    expect(await listen({ allow: ['rollback'] }).next()).toEqual([])
    expect(world.said()[0]).toContain('not allowed')
  })

  it('and a forge that fails loses no command, and lets none overtake another', async () => {
    const commands = listen()
    says('max', `/hold ${PIN}`)
    says('max', `/resume ${PIN}`)
    world.github.failNext('issues/list-comments', 503, 5)
    expect(await commands.next()).toEqual([])
    world.github.failNext('repos/get-collaborator-permission-level', 503, 5)
    expect(await commands.next()).toEqual([])
    expect(world.warnings).toHaveLength(2)
    expect(names(await commands.next())).toEqual([
      ['hold', 'max'],
      ['resume', 'max'],
    ])
  })

  it('and an answer that cannot be written changes nothing', async () => {
    says('max', `/hold ${PIN}`)
    const [command] = await listen().next()
    world.github.failNext('issues/create-comment', 403)
    await command?.done('Held.')
    expect(world.warnings.join()).toContain('could not be written')
  })

  it('and strangers are answered ten times at most', async () => {
    for (let count = 0; count < 30; count++) says(`troll-${count}`, `/promote ${PIN} @all <b>`)
    expect(await listen().next()).toEqual([])
    expect(world.said()).toHaveLength(10)
    expect(world.said().join()).not.toMatch(/@all|<b>/)
  })
})
