import { afterEach, describe, expect, it } from '@jest/globals'
import type { Splitter } from '../../../../../src/ports/splitter.js'
import { FILE, type GitopsWorld, liveWeights, ROLES, ROUTE, startWorld } from './bench.js'

let world: GitopsWorld

afterEach(async () => {
  const { github } = world.under
  await world.close()
  expect(github.violations).toEqual([])
  expect(github.failures.pending).toBe(0)
  expect(world.argo.violations).toEqual([])
})

async function start(more: object = {}, files?: Record<string, string>): Promise<Splitter> {
  world = await startWorld(files)
  return (await world.open(more)).splitter
}

async function admitted(splitter: Splitter, roles = ROLES) {
  const { revision } = await splitter.read({ stable: roles.stable, canary: undefined })
  return splitter.admit(roles, { revision })
}

const NO_COPIES = (weight: number) => ({ weight, mirror: 0 })

describe('pull requests', () => {
  const BY_PULL = { deliver: 'pull-request' }

  it('waits until a person merges, and leaves no branch behind', async () => {
    const splitter = await start({ ...BY_PULL, merge: 'person' })
    const before = await admitted(splitter)
    const { github } = world.under
    const { sleep } = world.tools
    let looks = 0
    const merging = await world.open({ ...BY_PULL, merge: 'person' })
    Object.assign(world.tools, { sleep })
    github.state.mergeRefused = undefined
    const { merge } = await import('../../../../fakes/github/merging.js')
    const watched = new Proxy(github.state.pulls, {
      get: (pulls, key) => {
        const pull = [...pulls.values()].find(({ headRef }) => headRef.startsWith('modelway/'))
        if (pull?.state === 'open' && key === 'get' && ++looks === 3) merge(github.state, pull)
        const value: unknown = Reflect.get(pulls, key, pulls)
        return typeof value === 'function' ? value.bind(pulls) : value
      },
    })
    Object.assign(github.state, { pulls: watched })
    await merging.splitter.share(ROLES, NO_COPIES(10), before)
    expect(liveWeights(world).get('churn-green')).toBe(10)
    expect([...github.state.refs.keys()].filter((ref) => ref.startsWith('modelway/'))).toEqual([])
  })

  it('closes one that nobody merges in time: it must not be merged hours later', async () => {
    const splitter = await start({ ...BY_PULL, merge: 'person', 'review-timeout': '1m' })
    const before = await admitted(splitter)
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(
      /MW-DEPLOY-417.*nobody has merged it/,
    )
    const { pulls, refs } = world.under.github.state
    expect([...pulls.values()].at(-1)?.state).toBe('closed')
    expect([...refs.keys()].filter((ref) => ref.startsWith('modelway/'))).toEqual([])
  })

  it('says what the rules of the branch wait for', async () => {
    const splitter = await start({ ...BY_PULL, 'review-timeout': '1m' })
    world.under.github.state.mergeRefused = 'Required status check "ci" is expected.'
    const attempt = splitter.share(ROLES, NO_COPIES(10), await admitted(splitter))
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-417.*"ci" is expected/)
  })

  it('ends the rollout where a person closes it', async () => {
    const splitter = await start({ ...BY_PULL, merge: 'person' })
    const before = await admitted(splitter)
    const { state } = world.under.github
    const { now } = world.tools
    Object.assign(world.tools, {
      now: () => {
        for (const pull of state.pulls.values()) {
          if (pull.headRef.startsWith('modelway/')) pull.state = 'closed'
        }
        return now()
      },
    })
    const again = (await world.open({ ...BY_PULL, merge: 'person' })).splitter
    await expect(again.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(/MW-DEPLOY-416/)
  })

  it('is withdrawn by a rollback, which is a commit where that is said', async () => {
    const splitter = await start({ ...BY_PULL, rollback: 'commit' })
    await splitter.share(ROLES, NO_COPIES(10), await admitted(splitter))
    // What a run that was killed while it waited has left.
    const { github } = world.under
    const writer = world.tools.openRepository?.()
    const [used] = github.journal.flatMap(({ operation, body }) =>
      operation === 'pulls/create' ? [(body as { head: string }).head] : [],
    )
    const own = used ?? ''
    const files = new Map([[FILE, { text: ROUTE.replace('100', '50'), mode: '100644' }]])
    const parent = world.head()
    await writer?.place(own, (await writer.commit({ parent, message: 'left', files })) ?? '')
    const left = await writer?.openPull({ from: own, into: 'main', title: 'left', body: '' })
    await splitter.rollback(ROLES)
    expect(world.text()).toBe(ROUTE)
    expect(github.state.pulls.get(left?.number ?? 0)?.state).toBe('closed')
    expect(github.state.refs.has(own)).toBe(false)
  })

  it('is made again where the branch has gone on in the same file', async () => {
    const splitter = await start(BY_PULL)
    const before = await admitted(splitter)
    const { state } = world.under.github
    const created = state.refs.set.bind(state.refs)
    let raced = 0
    state.refs.set = (key, value) => {
      created(key, value)
      if (key.startsWith('modelway/') && raced++ === 0) world.push(FILE, `${ROUTE}# more\n`)
      return state.refs
    }
    await splitter.share(ROLES, NO_COPIES(10), before)
    expect(world.text()).toContain('# more')
    expect(liveWeights(world).get('churn-green')).toBe(10)
  })
})
