import { afterEach, describe, expect, it } from '@jest/globals'
import type { Splitter } from '../../../../../src/ports/splitter.js'
import { FILE, type GitopsWorld, liveWeights, ROLES, ROUTE, STABLE, startWorld } from './bench.js'

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

describe('weights in git', () => {
  it('changes the two scalars and no other character, in one commit', async () => {
    const splitter = await start()
    await splitter.share(ROLES, NO_COPIES(25), await admitted(splitter))
    expect(world.text()).toBe(
      ROUTE.replace('weight: 100}', 'weight: 75}').replace('weight:   0 ', 'weight:   25 '),
    )
    const { journal } = world.under.github
    const commits = journal.filter(({ operation }) => operation === 'git/create-commit')
    const messages = commits.map(({ body }) => (body as { message: string }).message)
    expect(messages.filter((message) => message.startsWith('Rollout: 25 %'))).toHaveLength(1)
    expect(world.argo.live).toBe(world.head())
  })

  it('says hundredths of a percent by parts of ten thousand', async () => {
    const splitter = await start()
    const split = await splitter.share(ROLES, NO_COPIES(0.5), await admitted(splitter))
    expect(split.weight).toBe(0.5)
    expect([...liveWeights(world).values()]).toEqual([9950, 50])
  })

  it('resolves only when that commit is in force', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    world.argo.looks = 5
    const from = world.clock.now
    await splitter.share(ROLES, NO_COPIES(10), before)
    expect(world.clock.now - from).toBeGreaterThanOrEqual(8000)
    expect(liveWeights(world).get('churn-green')).toBe(10)
  })

  it("takes a commit after ours that left our values alone, and keeps other people's changes", async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    let pushes = 0
    world.argo.onLook = () => {
      if (pushes++ === 0) world.push('apps/other.yaml', 'x: 1\n')
    }
    await splitter.share(ROLES, NO_COPIES(10), before)
    await splitter.rollback(ROLES)
    expect(world.text('apps/other.yaml')).toBe('x: 1\n')
    expect(world.text()).toBe(ROUTE)
  })

  it('makes its change again on top of another push', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    const { state } = world.under.github
    const set = state.refs.set.bind(state.refs)
    let raced = 0
    // Between the commit and the move of the branch.
    state.parents.set = function race(sha: string, parent: string) {
      Map.prototype.set.call(this, sha, parent)
      if (raced++ === 0) set('main', pushed())
      return this
    }
    const pushed = () => world.push('apps/other.yaml', 'x: 1\n')
    await splitter.share(ROLES, NO_COPIES(10), before)
    expect(world.text('apps/other.yaml')).toBe('x: 1\n')
    expect(liveWeights(world).get('churn-green')).toBe(10)
  })

  it('refuses where another hand has changed our values, and goes back all the same', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    world.push(FILE, ROUTE.replace('weight:   0', 'weight:   7'))
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(/MW-DEPLOY-004/)
    expect((await splitter.read(ROLES)).weight).toBeCloseTo(6.54, 2)
    expect((await splitter.rollback(ROLES)).weight).toBe(0)
    expect(world.text()).toBe(ROUTE)
  })

  it('says that our values were changed while the commit was applied', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    let pushes = 0
    world.argo.onLook = () => {
      if (pushes++ === 0) world.push(FILE, ROUTE.replace('weight:   0', 'weight:   7'))
    }
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('gives up on a branch that never holds still', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    const { state } = world.under.github
    let depth = 0
    state.parents.set = function race(sha: string, parent: string) {
      Map.prototype.set.call(this, sha, parent)
      if (depth++ === 0) state.refs.set('main', world.push('other', String(world.clock.now)))
      depth = 0
      return this
    }
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(/MW-DEPLOY-415/)
    state.parents.set = Map.prototype.set
  })

  it('goes back in one commit to the very text of before, twice as once, with nothing to change left', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    await splitter.share(ROLES, NO_COPIES(50), before)
    await splitter.rollback(ROLES)
    expect(world.text()).toBe(ROUTE)
    const head = world.head()
    await splitter.rollback(ROLES)
    expect(world.head()).toBe(head)
  })

  it('goes back whatever was written down about the canary', async () => {
    const splitter = await start()
    await splitter.share(ROLES, NO_COPIES(50), await admitted(splitter))
    const canary = { version: '2', name: 'no such\nname' }
    await splitter.rollback({ stable: STABLE, canary })
    expect(world.text()).toBe(ROUTE)
  })

  it.each([
    [
      'backendRefs',
      /MW-DEPLOY-409/,
      (text: string) => text.replaceAll('churn-blue', 'x').replaceAll('churn-green', 'y'),
    ],
    ['the canary', /MW-DEPLOY-408/, (text: string) => text.replaceAll('churn-green', 'y')],
    ['a weight', /MW-DEPLOY-403/, (text: string) => text.replace(', weight: 100', '')],
    [
      'a third',
      /MW-DEPLOY-410/,
      (text: string) => text.replace('      - name', '      - {name: z, weight: 3}\n      - name'),
    ],
    [
      'the route',
      /MW-DEPLOY-402/,
      (text: string) => text.replace('kind: HTTPRoute', 'kind: GRPCRoute'),
    ],
    ['YAML', /MW-DEPLOY-401/, () => 'kind: [\n'],
  ])('refuses a manifest without %s', async (_what, message, change) => {
    const splitter = await start({}, { [FILE]: change(ROUTE) })
    const head = world.head()
    await expect(admitted(splitter)).rejects.toThrow(message)
    expect(world.head()).toBe(head)
  })

  it('refuses files and branches that are not there, and tokens that may not', async () => {
    const splitter = await start({}, { other: '' })
    await expect(admitted(splitter)).rejects.toThrow(/MW-DEPLOY-400/)
    const none = (await world.open({ branch: 'none' })).splitter
    await expect(admitted(none)).rejects.toThrow(/MW-DEPLOY-414/)
  })

  it('needs a forge', async () => {
    world = await startWorld()
    const { openRepository: _none, ...tools } = world.tools
    const { openGitops } = await import('../../../../../src/adapters/traffic/gitops/open.js')
    const { GitopsTarget } = await import('../../../../../src/config/deploy/gitops.js')
    const settings = GitopsTarget.parse({
      manifests: [{ file: FILE, 'http-route': 'churn' }],
      sync: { 'argo-cd': { url: world.argo.url, application: 'churn' } },
    })
    await expect(openGitops(settings, tools)).rejects.toThrow(/MW-DEPLOY-425/)
  })

  it.each([
    { version: '2', name: 'a b' },
    { version: '2', name: 'x'.repeat(1025) },
  ])('does not write a name that is none: %j', async (canary) => {
    const splitter = await start()
    const roles = { stable: STABLE, canary }
    await expect(admitted(splitter, roles)).rejects.toThrow(/MW-DEPLOY-411/)
  })
})
