import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openEnvoy } from '../../../src/adapters/traffic/envoy/open.js'
import { createKeptTarget } from '../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../src/adapters/traffic/stores/file.js'
import { EnvoyTarget } from '../../../src/config/deploy/envoy.js'
import type { Backend, TrafficSetting } from '../../../src/ports/traffic.js'
import { ensureEnvoy } from '../../../tools/install/envoy.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { send, underLoad } from '../haproxy/versions.js'
import { until } from '../kubernetes/processes.js'
import { systemSuite } from '../system-suite.js'
import { type Envoy, startEnvoy } from './server.js'

const STABLE: Backend = { version: '1', name: 'model-1' }
const CANARY: Backend = { version: '2', name: 'model-2' }
const ROLES = { stable: STABLE, canary: CANARY }

// @evidence Envoy: live (1.40.0)
await systemSuite('Envoy', ensureEnvoy, (program) => {
  let envoy: Envoy
  beforeAll(async () => {
    envoy = await startEnvoy(program())
  })
  afterAll(() => envoy?.close())

  const open = (more: object = {}) =>
    openEnvoy(
      EnvoyTarget.parse({
        admin: envoy.admin,
        'runtime-key-prefix': 'split',
        mirror: { 'runtime-key': 'model.mirror', cluster: 'model-2' },
        ...more,
      }),
    )
  const divide = async (traffic: TrafficSetting) => {
    const { splitter } = await open()
    const { revision } = await splitter.read(ROLES)
    return splitter.share(ROLES, traffic, { revision })
  }
  const signalsOf = async (more: object = {}) => {
    const { signals } = await open(more)
    if (signals?.mark === undefined) throw new Error('Envoy has signals of its own')
    await signals.mark({ stable: 'model-1', canary: 'model-2' })
    return () => signals.between({ from: 0, to: 1, stable: 'model-1', canary: 'model-2' })
  }
  afterEach(async () => {
    for (const version of envoy.versions) version.behave('answers')
    await (await open()).splitter.rollback(ROLES)
  })

  trafficContract('clusters of Envoy', async () => {
    const { splitter, signals } = await open()
    await splitter.rollback(ROLES)
    const folder = await mkdtemp(join(tmpdir(), 'modelway-record-'))
    const target = () =>
      createKeptTarget({
        splitter,
        store: createFileRolloutStore(folder),
        signals,
        stable: STABLE,
        isReady: async ({ name }) => name !== 'dead',
        now: Date.now,
        sleep: async (ms) => void (await sleep(ms)),
        settleMs: 0,
      })
    return {
      target: target(),
      again: target,
      stable: STABLE,
      canary: CANARY,
      dead: { version: 'dead', name: 'dead' },
      send: async (count) =>
        (await send(envoy.port, count)).map(
          ({ body }) => [STABLE, CANARY].find(({ name }) => name === body)?.version ?? body,
        ),
      // Latencies come with the next flush of statistics.
      settled: () => sleep(500),
      end: () => rm(folder, { recursive: true, force: true }),
    }
  })

  describe('users of Envoy', () => {
    it('lose no request over 100 changes of weights', async () => {
      const weights = [0, 5, 25, 50, 75, 100, 50, 0.5, 10, 30]
      const { sent, statuses } = await underLoad(envoy.port, async () => {
        for (let change = 0; change < 100; change++) {
          const weight = weights[change % weights.length] ?? 0
          expect((await divide({ weight, mirror: 0 })).weight).toBeCloseTo(weight, 9)
        }
      })
      expect(sent).toBeGreaterThan(500)
      expect([...statuses]).toEqual([[200, sent]])
    })

    it('do not feel a shadow that never answers', async () => {
      await divide({ weight: 0, mirror: 100 })
      const [, shadow] = envoy.versions
      shadow.behave('hangs')
      const before = shadow.seen()
      const answers = await send(envoy.port, 200)
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
        new Set(['200 model-1']),
      )
      await until('200 copies', async () => shadow.seen() - before === 200, 5000)
      // Until the copies have timed out: the next test's counts would have them.
      await sleep(1000)
    })

    it('are sent no copies after a rollback', async () => {
      await divide({ weight: 10, mirror: 100 })
      const split = await (await open()).splitter.rollback(ROLES)
      expect(split).toMatchObject({ weight: 0, mirror: 0 })
      const before = envoy.versions[1].seen()
      await send(envoy.port, 50)
      await sleep(100)
      expect(envoy.versions[1].seen()).toBe(before)
    })
  })

  describe('what Envoy counts', () => {
    it('is the errors that a version answers', async () => {
      await divide({ weight: 100, mirror: 0 })
      const between = await signalsOf()
      envoy.versions[1].behave('fails')
      await send(envoy.port, 20)
      await sleep(300)
      const { canary, stable } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 20, unreachable: 0 })
      expect(stable).toMatchObject({ requests: 0, errors: 0 })
    })

    it('is the requests that a version rejects', async () => {
      await divide({ weight: 100, mirror: 0 })
      const between = await signalsOf()
      envoy.versions[1].behave('rejects')
      await send(envoy.port, 20)
      await sleep(300)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 0, rejected: 20 })
    })

    it('is the requests that a version never answers, too', async () => {
      await divide({ weight: 100, mirror: 0 })
      // Copies of the test before, which time out only now, are none of theirs.
      const between = await signalsOf({ origin: 'external' })
      envoy.versions[1].behave('hangs')
      expect((await send(envoy.port, 2)).map(({ status }) => status)).toEqual([504, 504])
      await sleep(300)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 2, errors: 2, unreachable: 2 })
    })

    it('tells copies from users only where users are external', async () => {
      await divide({ weight: 0, mirror: 100 })
      const mixed = await signalsOf()
      const external = await signalsOf({ origin: 'external' })
      await send(envoy.port, 30)
      await sleep(300)
      expect(await mixed()).toBeUndefined()
      const { stable, canary } = (await external())?.counters ?? {}
      expect([stable?.requests, canary?.requests]).toEqual([30, 0])
    })

    it('is not known of a stretch in which Envoy started anew', async () => {
      await send(envoy.port, 3)
      const between = await signalsOf()
      await envoy.restart()
      expect(await between()).toBeUndefined()
    })
  })

  it('is not divided by a prefix that its runtime does not know', async () => {
    const { splitter } = await open({ 'runtime-key-prefix': 'other' })
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-164: .*other\.model-1/)
  })
})
