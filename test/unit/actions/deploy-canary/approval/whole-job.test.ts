import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DeploySection } from '../../../../../src/config/deploy.js'
import type { JobContext } from '../../../../../src/runtime/job.js'
import { RolloutPredicate } from '../../../../../src/statements/schemas/rollout.js'
import { SETTINGS, systemWith } from '../memory-world.js'
import { COMMIT, PeopleWorld, PIN, RUN } from '../people-world.js'

describe('a rollout that needs an approval', () => {
  let people: PeopleWorld
  const records: string[] = []
  beforeEach(async () => {
    people = await PeopleWorld.start()
    records.splice(0)
  })
  afterEach(async () => expect(await people.close()).toEqual([]))

  function bench(meanwhile: () => void = () => undefined) {
    const context: Partial<JobContext<DeploySection>> = {
      forge: people.forge,
      now: people.now,
      run: {
        ...{ sha: COMMIT, runId: String(RUN), runAttempt: 1, actor: 'mia', workflow: 'deploy' },
      } as JobContext<DeploySection>['run'],
      deployments: {
        create: async ({ environment }) => {
          records.push(environment)
          return { id: '1' }
        },
        update: async () => undefined,
        retireBefore: async () => undefined,
        list: async () => [],
      },
    }
    const afterPause = (milliseconds: number) => {
      people.wait(milliseconds)
      meanwhile()
    }
    const made = systemWith({ canaryErrors: 0 }, { context, afterPause })
    made.system.clock.now = people.now().getTime()
    return made
  }
  const settings = (approval: object, more: object = {}) => ({
    ...SETTINGS,
    live: { on: 'off' },
    approval,
    ...more,
  })

  it('changes nothing where the environment asks nobody: no traffic, no record, no state', async () => {
    const { world, store } = bench()
    await expect(world.deploy(settings({ require: 'reviewers' }))).rejects.toThrow('MW-DEPLOY-361')
    expect(records).toEqual([])
    expect(await store().read()).toBeUndefined()
  })

  it('says in its statement who approved, when, and by which rule', async () => {
    people.github.addEnvironment('production', ['max'])
    people.github.addApproval({ runId: RUN, environment: 'production', login: 'max' })
    const { world } = bench()
    const { predicate } = await world.deploy(settings({ require: 'reviewers' }))
    expect(RolloutPredicate.parse(predicate)).toMatchObject({
      outcome: 'promoted',
      approvals: [
        {
          ...{ environment: 'production', by: 'max', via: 'environment', commit: COMMIT },
          rule: 'required reviewers: max',
        },
      ],
    })
    expect(records).toEqual(['production'])
  })

  it('begins when somebody says yes, and users meet nothing new before', async () => {
    let saidAt = 0
    const { world } = bench(() => {
      if (saidAt > 0) return
      saidAt = people.now().getTime()
      expect(records).toEqual([])
      people.github.addComment(7, 'max', `/approve ${PIN}`)
    })
    const { predicate } = await world.deploy(settings({ require: 'any', fallback: 'comment' }))
    const { steps, approvals } = RolloutPredicate.parse(predicate)
    expect(approvals).toMatchObject([{ by: 'max', via: 'comment' }])
    expect(Date.parse(steps[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(saidAt)
  })

  it('goes nowhere when somebody says no', async () => {
    const { world, store } = bench(() => people.github.addComment(7, 'max', `/deny ${PIN}`))
    const asked = settings({ require: 'any', fallback: 'comment' })
    await expect(world.deploy(asked)).rejects.toThrow('MW-DEPLOY-365')
    expect([records, await store().read()]).toEqual([[], undefined])
  })

  it('asks nobody for the way back', async () => {
    people.github.addEnvironment('production', ['max'])
    people.github.addApproval({ runId: RUN, environment: 'production', login: 'max' })
    const { world } = bench()
    await world.deploy(settings({ require: 'reviewers' }))
    people.github.state.approvals.splice(0)
    const back = await world.deploy(settings({ require: 'reviewers' }, { mode: 'rollback' }))
    expect(back.predicate).toMatchObject({ outcome: 'rolled-back' })
  })
})
