import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DeploySection } from '../../../../src/config/deploy.js'
import type { RolloutState } from '../../../../src/domain/rollout/state.js'
import type { JobContext } from '../../../../src/runtime/job.js'
import type { RolloutPredicate } from '../../../../src/statements/schemas/rollout.js'
import { SETTINGS, systemWith } from './memory-world.js'
import { COMMIT, PeopleWorld, PIN } from './people-world.js'

const PULL = 7
const SLOW = { ...SETTINGS, 'min-requests': 1e9, 'max-hold': '2h' }

// @evidence GitHub REST API, a rollout that people speak to: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('a rollout under way in a pull request', () => {
  let people: PeopleWorld
  beforeEach(async () => {
    people = await PeopleWorld.start()
  })
  afterEach(async () => expect(await people.close()).toEqual([]))

  /** `says` is written once the rollout has had its first look. */
  function bench(says: readonly (readonly [login: string, body: string])[], after = 70_000) {
    const left = [...says]
    let passed = 0
    const afterPause = (milliseconds: number) => {
      people.wait(milliseconds)
      passed += milliseconds
      if (passed < after) return
      for (const [login, body] of left.splice(0)) people.github.addComment(PULL, login, body)
    }
    const context: Partial<JobContext<DeploySection>> = {
      forge: people.forge,
      now: people.now,
      run: {
        sha: COMMIT,
        pullRequest: PULL,
        workflow: 'deploy',
        actor: 'mia',
      } as JobContext<DeploySection>['run'],
    }
    const made = systemWith({ canaryErrors: 0 }, { context, afterPause })
    made.system.clock.now = people.now().getTime()
    return { ...made, context }
  }
  const outcomeOf = ({ predicate }: { readonly predicate: object }) => predicate as RolloutPredicate

  it('shows itself, and its last word takes the place of that', async () => {
    const { world } = bench([])
    const outcome = await world.deploy(SETTINGS)
    // In the comment that the run has on its own pull request anyway.
    expect(outcome).toMatchObject({ commentOn: PULL, commentWorkflow: 'deploy' })
    expect(people.said().join('\n')).toContain('### Rollout to')
    expect(people.warnings).toEqual([])
  })

  it('goes back when a person who may says so, within the pause of a look, and answers once', async () => {
    const { system, world } = bench([['wes', `/rollback ${PIN} users complain`]])
    const outcome = await world.deploy({ ...SLOW, interval: '10m' })
    expect(outcomeOf(outcome)).toMatchObject({
      outcome: 'rolled-back',
      reason: 'Rolled back by wes.',
    })
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
    const answers = people.said().filter((body) => body.includes('takes it back'))
    expect(answers).toHaveLength(1)
    expect(answers[0]).toContain('users complain')
  })

  it('gives all users the new version when a person who may says so, and says that the evidence was not there', async () => {
    const { world } = bench([['max', `/promote ${PIN}`]])
    const outcome = await world.deploy(SLOW)
    expect(outcomeOf(outcome)).toMatchObject({
      outcome: 'promoted',
      reason: 'Promoted by max, before the evidence was there.',
    })
  })

  it('does not say that it lets go on what nobody holds', async () => {
    const { world } = bench([['max', `/resume ${PIN}`]])
    await world.deploy({ ...SLOW, horizon: '10m', 'max-hold': '1m' })
    expect(people.said().join('\n')).toContain('Nothing was done: Nobody holds the rollout')
    expect(people.said().join('\n')).not.toContain('lets it go on')
  })

  it('does not say that it promotes a shadow', async () => {
    const { world, system } = bench([['max', `/promote ${PIN}`]])
    Object.assign(system.splitter, { capabilities: { mirror: true, split: 'chance' } })
    const predictions = { files: 'none.jsonl' }
    const shadow = { mode: 'shadow', signals: { ...SETTINGS.signals, predictions } }
    await world.deploy({ ...SLOW, ...shadow, horizon: '10m', 'max-hold': '1m' })
    expect(system.weights.get('census-1')).toBe(100)
    expect(people.said().join('\n')).toContain('A shadow gives the new version no user')
    expect(people.said().join('\n')).not.toContain('promotes it')
  })

  it('does nothing for who may not', async () => {
    const { world } = bench([['rea', `/promote ${PIN}`]])
    const outcome = await world.deploy({ ...SLOW, horizon: '10m', 'max-hold': '1m' })
    expect(outcomeOf(outcome).outcome).toBe('rolled-back')
    expect(people.said().join('\n')).toContain('Nothing was done')
  })

  it('is held at its weight until it is told to go on', async () => {
    const { store, world, runWith, context, users } = bench([['wes', `/hold ${PIN}`]], 61_000)
    await world.deploy({ ...SETTINGS, detach: true, 'min-requests': 1e9 })
    const run = () => runWith({ context }).deploy({ ...SETTINGS, mode: 'continue', detach: true })
    users(60_000)
    await run()
    const held = (await store().read())?.rollout?.state as RolloutState
    expect(held.hold?.by).toBe('wes')
    expect(held.applied).toHaveLength(1)
    people.github.addComment(PULL, 'max', `/resume ${PIN}`)
    users(60_000)
    await run()
    const on = (await store().read())?.rollout?.state as RolloutState
    expect(on.hold).toBeNull()
    expect(on.applied).toHaveLength(2)
  })

  it('answers who asks how it stands', async () => {
    const { world } = bench([['wes', '/status']])
    await world.deploy({ ...SLOW, horizon: '10m', 'max-hold': '1m' })
    expect(people.said().join('\n')).toMatch(/The rollout is at 5%/)
  })
})
