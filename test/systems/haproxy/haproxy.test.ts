import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openHaproxy } from '../../../src/adapters/traffic/haproxy/open.js'
import { createRuntimeApi } from '../../../src/adapters/traffic/haproxy/runtime-api.js'
import { createKeptTarget } from '../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../src/adapters/traffic/stores/file.js'
import { HaproxyTarget } from '../../../src/config/deploy/haproxy.js'
import type { Signals } from '../../../src/ports/signals.js'
import type { Backend } from '../../../src/ports/traffic.js'
import { ensureHaproxy } from '../../../tools/install/haproxy.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { type Haproxy, startHaproxy } from './server.js'
import { send, underLoad } from './versions.js'

const STABLE: Backend = { version: '1', name: 'model-1' }
const CANARY: Backend = { version: '2', name: 'model-2' }
const ROLES = { stable: STABLE, canary: CANARY }

// @evidence HAProxy: live (2.6.12)
await systemSuite('HAProxy', ensureHaproxy, (program) => {
  let haproxy: Haproxy
  beforeAll(async () => {
    haproxy = await startHaproxy(program())
  })
  afterAll(() => haproxy?.close())

  const settings = (more: object = {}) =>
    HaproxyTarget.parse({
      socket: haproxy.socket,
      backend: 'model',
      'state-file': haproxy.stateFile,
      ...more,
    })
  const open = (more: object = {}) => openHaproxy(settings(more))
  const weigh = async (weight: number) => {
    const { splitter } = await open()
    const { revision } = await splitter.read(ROLES)
    return splitter.share(ROLES, { weight, mirror: 0 }, { revision })
  }
  const api = () => createRuntimeApi({ socket: haproxy.socket, timeoutMs: 2000 })
  const signalsOf = async () => {
    const { signals } = await open()
    if (signals?.mark === undefined) throw new Error('HAProxy has signals of its own')
    await signals.mark({ stable: 'model-1', canary: 'model-2' })
    return () => signals.between({ from: 0, to: 1, stable: 'model-1', canary: 'model-2' })
  }
  afterEach(async () => {
    for (const version of haproxy.versions) version.behave('answers')
    await (await open()).splitter.rollback(ROLES)
  })

  trafficContract('servers of HAProxy', async () => {
    const { splitter, signals } = await open()
    await splitter.rollback(ROLES)
    const folder = await mkdtemp(join(tmpdir(), 'modelway-record-'))
    const target = () =>
      createKeptTarget({
        splitter,
        store: createFileRolloutStore(folder),
        signals: signals && inOneBucket(signals),
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
        (await send(haproxy.port, count)).map(
          ({ body }) => [STABLE, CANARY].find(({ name }) => name === body)?.version ?? body,
        ),
      settled: () => sleep(50),
      end: () => rm(folder, { recursive: true, force: true }),
    }
  })

  describe('users of HAProxy', () => {
    it('lose no request over 200 changes of weights', async () => {
      const { splitter } = await open()
      const weights = [0, 5, 25, 50, 75, 100, 50, 0.5, 10, 30]
      const { sent, statuses } = await underLoad(haproxy.port, async () => {
        for (let change = 0; change < 200; change++) {
          const { revision } = await splitter.read(ROLES)
          const weight = weights[change % weights.length] ?? 0
          const split = await splitter.share(ROLES, { weight, mirror: 0 }, { revision })
          expect(split.weight).toBeCloseTo(weight, 9)
        }
      })
      expect(sent).toBeGreaterThan(500)
      expect([...statuses]).toEqual([[200, sent]])
    })

    it.each([5, 12.5, 0.5, 50])('meet the canary in exactly %s percent', async (weight) => {
      await weigh(weight)
      const seen = (await send(haproxy.port, 800)).filter(({ body }) => body === 'model-2').length
      // Rounds of HAProxy's turns begin anywhere.
      expect(Math.abs(seen - 8 * weight)).toBeLessThanOrEqual(1)
    })

    it('meet the same shares after HAProxy has started anew, by its state file', async () => {
      await weigh(30)
      await haproxy.restart()
      expect((await (await open()).splitter.read(ROLES)).weight).toBe(30)
      await (await open()).splitter.rollback(ROLES)
      await haproxy.restart()
      expect((await (await open()).splitter.read(ROLES)).weight).toBe(0)
    })

    it('are never without a server while a rollback from 100 percent is written', async () => {
      const { splitter } = await open()
      const { statuses } = await underLoad(haproxy.port, async () => {
        for (let round = 0; round < 50; round++) {
          await weigh(100)
          expect((await splitter.rollback(ROLES)).weight).toBe(0)
        }
      })
      expect([...statuses.keys()]).toEqual([200])
    })
  })

  describe('what HAProxy counts', () => {
    it('is the requests of each version, and errors that it answers', async () => {
      await weigh(50)
      const between = await signalsOf()
      haproxy.versions[1].behave('fails')
      await send(haproxy.port, 40)
      await sleep(50)
      const gained = await between()
      expect(gained?.counters.stable).toMatchObject({ assigned: 20, requests: 20, errors: 0 })
      expect(gained?.counters.canary).toMatchObject({ requests: 20, errors: 20, unreachable: 0 })
      expect((await between())?.counters.canary.requests).toBe(0)
    })

    it('is the requests that a version never answers, too', async () => {
      await weigh(50)
      const between = await signalsOf()
      haproxy.versions[1].behave('hangs')
      const statuses = (await send(haproxy.port, 4)).map(({ status }) => status).sort()
      expect(statuses).toEqual([200, 200, 504, 504])
      await sleep(50)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ assigned: 2, requests: 2, errors: 2, unreachable: 2 })
    })

    it('is not known of a stretch in which HAProxy started anew', async () => {
      await send(haproxy.port, 3)
      await sleep(50)
      const between = await signalsOf()
      await haproxy.restart()
      expect(await between()).toBeUndefined()
    })
  })

  describe('HAProxy that cannot divide', () => {
    const shareIn = async (backend: string, more: object = {}) => {
      const { splitter } = await open({ backend, 'state-file': undefined, ...more })
      const { revision } = await splitter.read(ROLES)
      return splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
    }

    it('is asked over TCP as well', async () => {
      expect((await shareIn('model', { socket: haproxy.tcp })).weight).toBe(10)
    })

    it.each([
      ['three', /MW-DEPLOY-156: .*also sends to server model-3/],
      ['bound', /MW-DEPLOY-157: .*a cookie binds users to server model-1/],
      ['fixed', /MW-DEPLOY-158: .*static/],
      ['none', /MW-DEPLOY-153: .*no backend none with servers\. Found: model, three, bound, fixed/],
    ])('says why: backend %s', async (backend, why) => {
      await expect(shareIn(backend)).rejects.toThrow(why)
    })

    it('says that its socket does not allow it', async () => {
      const socket = join(haproxy.socket, '..', 'low.sock')
      await expect(shareIn('model', { socket })).rejects.toThrow(/MW-DEPLOY-158: .*denied/i)
    })

    it('says that the canary is out of service', async () => {
      await weigh(10)
      await api()(['set server model/model-2 state maint'])
      const { ejected } = await (await open()).splitter.read(ROLES)
      await api()(['set server model/model-2 state ready'])
      expect(ejected).toBe('HAProxy says that server model-2 is MAINT')
    })
  })
})

/** HAProxy knows no latencies; the contract wants each request in a bucket. */
function inOneBucket(signals: Signals): Signals {
  return {
    ...signals,
    between: async (stretch) => {
      const gained = await signals.between(stretch)
      if (gained === undefined) return undefined
      const { stable, canary, mirror } = gained.counters
      const all = (arm: typeof stable) => ({ ...arm, latency: [arm.requests, 0] })
      const counters = { stable: all(stable), canary: all(canary), mirror }
      return { ...gained, counters, latencyBounds: [60_000] }
    },
  }
}
