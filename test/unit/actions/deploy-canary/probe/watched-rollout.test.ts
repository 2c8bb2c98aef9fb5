import { describe, expect, it } from '@jest/globals'
import { openProbing } from '../../../../../src/actions/deploy-canary/probe/probing.js'
import { DeploySection } from '../../../../../src/config/deploy.js'
import type { JobContext } from '../../../../../src/runtime/job.js'
import { createFakeTarget, createFakeTraffic } from '../fake-target.js'
import { createFakeEndpoint, type FakeEndpoint } from './endpoint.js'

const STABLE = { version: '1', url: 'http://stable:1' }
const CANARY = { version: '2', url: 'http://canary:2' }
const ROLLOUT = { id: 'r', owner: 'me', state: {} }

async function watched(settings: object = {}, probe: object = {}) {
  const opened = new Map<string, FakeEndpoint>()
  const warnings: string[] = []
  let wake: (() => void)[] = []
  const context: Partial<JobContext<DeploySection>> = {
    settings: DeploySection.parse({
      ...settings,
      probe: {
        ...probe,
        protocol: 'json',
        path: '/p',
        watch: { every: '1s', failures: 2, 'users-url': 'http://users' },
      },
    }),
    now: () => new Date(0),
    workspace: { resolve: (path: string) => `/nowhere/${path}` } as never,
    log: { warn: (text: string) => void warnings.push(text), info: () => undefined } as never,
  }
  const probing = await openProbing({
    context: context as JobContext<DeploySection>,
    open: (url) => {
      const endpoint = createFakeEndpoint(url)
      opened.set(url, endpoint)
      return endpoint
    },
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        wake.push(resolve)
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const traffic = createFakeTraffic(STABLE)
  const target = probing.watched(createFakeTarget(traffic), STABLE)
  const looks = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const sleeping = wake
      wake = []
      for (const resolve of sleeping) resolve()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { probing, target, opened, warnings, looks }
}

describe('a rollout that is watched', () => {
  it('asks nobody before there is a canary, then all three addresses', async () => {
    const { probing, target, opened, looks } = await watched()
    await target.observe()
    expect([...opened.keys()]).toEqual([])
    await target.prepare(ROLLOUT, CANARY)
    await looks(2)
    expect([...opened.keys()].sort()).toEqual([
      'http://canary:2',
      'http://stable:1',
      'http://users',
    ])
    expect((await target.observe()).reading.canaryReachable).toBe(true)
    await probing.close()
    expect([...opened.values()].every(({ closed }) => closed)).toBe(true)
  })

  it('says at every look that the canary cannot be reached, once it has failed often enough', async () => {
    const { probing, target, opened, warnings, looks } = await watched()
    await target.prepare(ROLLOUT, CANARY)
    await looks(1)
    const canary = opened.get('http://canary:2')
    if (canary !== undefined) canary.ready = false
    await looks(3)
    const { reading, state } = await target.observe()
    expect(reading.canaryReachable).toBe(false)
    expect(state.ejected).toBe(warnings[0])
    expect(warnings).toEqual([
      expect.stringMatching(/^The canary did not answer 2 checks in a row/),
    ])
    await probing.close()
    expect(probing.report()?.watch).toMatchObject({ stop: warnings[0] })
  })

  it('is watched too where a later run finds it, and no longer when the canary has left', async () => {
    const { probing, target, opened, looks } = await watched()
    await target.prepare(ROLLOUT, CANARY)
    await target.rollback({ reason: 'undone', to: 'stable' })
    const canary = opened.get('http://canary:2')
    await looks(3)
    const asked = canary?.asked.length
    await looks(3)
    expect(canary?.asked.length).toBe(asked)
    await target.observe()
    expect(canary?.asked.length).toBe(asked)
    const next = { version: '3', url: 'http://canary:3' }
    await target.prepare({ ...ROLLOUT, id: 's' }, next)
    await looks(2)
    expect(opened.get('http://canary:3')?.asked.length).toBeGreaterThan(0)
    await probing.close()
  })

  it('is watched by its health alone where it is gone on with and the examples are away', async () => {
    const golden = { golden: { file: 'golden.csv' } }
    await expect(watched({}, golden)).rejects.toThrow('MW-DATA-001')
    const { probing, target, opened, warnings, looks } = await watched({ mode: 'continue' }, golden)
    expect(warnings).toEqual([
      expect.stringMatching(/^The probe goes on without its examples: MW-DATA-001: golden\.csv/),
    ])
    await target.prepare(ROLLOUT, CANARY)
    await looks(2)
    expect(new Set(opened.get('http://canary:2')?.asked)).toEqual(new Set(['health']))
    await probing.close()
  })
})
