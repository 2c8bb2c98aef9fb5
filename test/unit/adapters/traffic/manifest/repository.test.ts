// @evidence Manifests in a repository: strict fake (GitHub's REST API)
import { afterEach, describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { openBatch } from '../../../../../src/adapters/traffic/manifest/open.js'
import type { SystemTools } from '../../../../../src/adapters/traffic/system.js'
import { BatchTarget } from '../../../../../src/config/deploy/batch.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { commitOnTop } from '../../../../fakes/github/routes/git.js'
import { CANARY, createWorld, openLogOf, type Read, readerOf, STABLE } from './reader.js'

const PATH = 'scoring/manifest.json'
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: {} }

async function start(place: object = {}) {
  const under = await startGitHubHost()
  const { state } = under.github
  const first = 'b'.repeat(40)
  under.github.addRef('main', first)
  under.github.addFile(first, 'README.md', 'jobs\n')
  const head = () => state.refs.get('main') ?? ''
  const text = (path = PATH) => state.files.get(`${head()}:${path}`)?.toString()
  const push = (path: string, content: string) => {
    state.refs.set('main', commitOnTop(state, head(), new Map([[path, content]])))
  }
  const manifest = () => {
    const found = text()
    return found === undefined ? undefined : (JSON.parse(found) as Read)
  }
  const world = createWorld(manifest)
  const { clock } = world
  const tools: SystemTools = {
    env: {},
    home: '/nowhere',
    now: () => clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds
    },
    openRepository: under.another().forge?.openRepository,
    register: registerOf(under),
  }
  const open = async () => {
    const settings = BatchTarget.parse({ repository: { path: PATH, ...place } })
    const { splitter, store } = await openBatch(settings, tools)
    if (store === undefined) throw new Error('no store')
    return createKeptTarget({
      splitter,
      store,
      signals: await openLogOf(world),
      stable: STABLE,
      now: tools.now,
      sleep: tools.sleep,
      settleMs: 0,
    })
  }
  const end = async () => {
    world.end()
    await under.close()
  }
  return { under, open, manifest, push, text, world, tools, end }
}

function registerOf(under: GitHubUnderTest): SystemTools['register'] {
  const { forge } = under.another()
  if (forge === undefined) throw new Error('no forge')
  return { registers: forge.registers, name: 'rollouts/census/production' }
}

trafficContract('a manifest in a repository', async () => {
  const { open, world, end } = await start()
  const again = await open()
  return {
    target: await open(),
    again: () => again,
    stable: STABLE,
    canary: CANARY,
    dead: undefined,
    send: async (count) => world.send(count),
    settled: async () => {
      world.clock.now += 4
    },
    end,
  }
})

describe('a manifest in a repository', () => {
  let ended: (() => Promise<void>) | undefined
  afterEach(async () => {
    await ended?.()
    ended = undefined
  })
  const begin = async (place?: object) => {
    const found = await start(place)
    ended = found.end
    return found
  }

  it('is a commit for each change, beside what others push', async () => {
    const { open, manifest, push, text } = await begin()
    const target = await open()
    await target.prepare(ROLLOUT, CANARY)
    push('README.md', 'changed\n')
    await target.set({ weight: 25, mirror: 0 })
    expect(manifest()).toMatchObject({ share: 25, generation: 2 })
    expect(text('README.md')).toBe('changed\n')
    const before = manifest()
    await target.set({ weight: 25, mirror: 0 })
    expect(manifest()).toEqual(before)
  })

  it('is not written over what somebody has changed in it, but for the way back', async () => {
    const { open, manifest, push } = await begin()
    const target = await open()
    await target.prepare(ROLLOUT, CANARY)
    push(PATH, JSON.stringify({ ...manifest(), share: 77, below: 'f000000000000000' }))
    await expect(target.set({ weight: 25, mirror: 0 })).rejects.toThrow(
      /MW-DEPLOY-004|somebody else/,
    )
    expect(manifest()?.share).toBe(77)
    await target.rollback({ reason: 'other hand', to: 'stable' })
    expect(readerOf(manifest(), 'any').role).toBe('stable')
    expect(manifest()).toMatchObject({ stable: STABLE, canary: null })
  })

  it('needs the branch, and a forge', async () => {
    const { open, tools } = await begin({ branch: 'released' })
    const target = await open()
    await expect(target.observe()).rejects.toThrow(/MW-DEPLOY-462|no branch/)
    const settings = BatchTarget.parse({ repository: { path: PATH } })
    const without = openBatch(settings, { ...tools, openRepository: undefined })
    await expect(without).rejects.toThrow(/MW-DEPLOY-461|no forge/)
  })
})
