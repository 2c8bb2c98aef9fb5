import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  commentWorkflow,
  createLiveComment,
} from '../../../../src/actions/deploy-canary/live-comment.js'
import { issueThread, liveThread } from '../../../../src/actions/deploy-canary/thread.js'
import type { LiveRollout } from '../../../../src/domain/report/rollout/live.js'
import { shaOf } from '../../../fakes/github/setup.js'
import { COMMIT, PeopleWorld } from './people-world.js'

const LIVE: LiveRollout = {
  ...{ environment: 'production', version: 'census-2', previousVersion: null, mode: 'canary' },
  ...{ target: 'embedded', phase: 'observing', weight: 5, planned: [5, 50], step: 0, steps: [] },
  ...{ looks: [], reasons: [], lastLook: undefined, nextLook: undefined, runUrl: undefined },
  ...{ pins: { commit: COMMIT, digest: undefined }, commands: ['rollback'] },
}

// @evidence GitHub REST API, the comment of a rollout: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('the comment of a rollout under way', () => {
  let world: PeopleWorld
  beforeEach(async () => {
    world = await PeopleWorld.start()
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const open = (number: number, environment = 'production') =>
    createLiveComment({
      ...{ comments: world.forge.commentsOn(number), project: 'census' },
      workflow: commentWorkflow(environment),
      ...{ everyMs: 30_000, now: world.now, log: world.log },
    })
  const writes = () =>
    world.github.journal.filter(({ method, path }) => method !== 'GET' && /comments/.test(path))

  it('is one comment, which is written at most so often and then with what is true', async () => {
    const live = open(7)
    for (const weight of [5, 6, 7]) {
      live.show({ ...LIVE, weight })
      await live.settled()
      world.wait(20_000)
    }
    expect(writes()).toHaveLength(2)
    expect(world.said()).toHaveLength(1)
    expect(world.said()[0]).toContain('at 7%')
  })

  it('stands beside those of other environments, and gives way to the end’s own section', async () => {
    const production = open(7)
    production.show(LIVE)
    await production.settled()
    const staging = open(7, 'staging')
    staging.show({ ...LIVE, environment: 'staging', weight: 50 })
    await staging.settled()
    const text = () => world.said().join()
    expect([text().includes('at 5%'), text().includes('at 50%')]).toEqual([true, true])
    expect(world.said()).toHaveLength(2)
    await world.forge.commentsOn(7).publish({
      ...{ project: 'census', workflow: commentWorkflow('production'), section: 'deploy-canary' },
      markdown: '### Rollout: pass',
    })
    expect(world.said()).toHaveLength(2)
    expect(text()).toContain('### Rollout: pass')
    expect([text().includes('at 5%'), text().includes('at 50%')]).toEqual([false, true])
  })

  it('that cannot be written is a warning, and is given up after three', async () => {
    const live = open(7)
    world.github.addWorkflowToken('ghs_workflow', { permissions: { 'pull-requests': 'read' } })
    for (let count = 0; count < 6; count++) {
      live.show(LIVE)
      await live.settled()
      world.wait(60_000)
    }
    expect(world.warnings).toHaveLength(3)
    expect(world.warnings[0]).toContain('could not be written')
  })

  it('is not waited for, and a slow forge gets no queue', async () => {
    const held: (() => void)[] = []
    const live = createLiveComment({
      comments: {
        publish: () => new Promise((resolve) => held.push(() => resolve({ url: '' }))),
      },
      ...{ project: 'p', workflow: 'w', everyMs: 1, now: world.now, log: world.log },
    })
    for (let count = 0; count < 5; count++) {
      live.show(LIVE)
      world.wait(60_000)
    }
    expect(held).toHaveLength(1)
    held[0]?.()
    await live.settled()
    live.show(LIVE)
    expect(held).toHaveLength(2)
  })

  it('stands nowhere without a thread', async () => {
    const none = createLiveComment({
      ...{ comments: undefined, project: 'p', workflow: 'w', everyMs: 1 },
      ...{ now: world.now, log: world.log },
    })
    none.show(LIVE)
    await none.settled()
    expect(world.github.journal).toEqual([])
  })

  describe('stands', () => {
    const place = (commit: string | undefined, pullRequest?: number) => ({
      ...{ forge: world.forge, run: { pullRequest }, project: 'census' },
      ...{ environment: 'production', commit },
    })
    const find = (on: 'auto' | 'issue' | 'off', commit = COMMIT, pullRequest?: number) =>
      liveThread(on, place(commit, pullRequest), world.log)

    it('on the pull request of the run, else on the newest of the commit, else nowhere', async () => {
      expect(await find('auto', COMMIT, 3)).toMatchObject({ kind: 'pull-request', number: 3 })
      expect(await find('auto')).toMatchObject({ kind: 'pull-request', number: 7 })
      world.github.addPullRequest({ number: 9, headSha: COMMIT })
      expect(await find('auto')).toMatchObject({ number: 9 })
      expect(await find('auto', shaOf('direct'))).toBeUndefined()
      expect(await find('off')).toBeUndefined()
    })

    it('in one issue of the environment, which is closed at the end and opened again', async () => {
      const thread = await find('issue')
      const live = open(thread?.number ?? 0)
      live.show(LIVE)
      await live.settled()
      expect(world.github.state.comments.at(-1)).toMatchObject({ issue: thread?.number })
      await thread?.close('It was promoted.')
      const again = await issueThread(place(shaOf('next')))
      expect(again.number).toBe(thread?.number)
      expect([...world.github.state.tracked.values()]).toMatchObject([{ state: 'open' }])
    })

    it('nowhere where the forge does not answer: that is a warning', async () => {
      world.github.failNext('repos/list-pull-requests-associated-with-commit', 500, 5)
      expect(await find('auto')).toBeUndefined()
      expect(world.warnings.join()).toContain('is not shown')
    })
  })
})
