import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openTraefik } from '../../../src/adapters/traffic/traefik/open.js'
import { TraefikTarget } from '../../../src/config/deploy/traefik.js'
import type { TrafficSetting } from '../../../src/ports/traffic.js'
import { ensureTraefik } from '../../../tools/install/traefik.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { send } from '../haproxy/versions.js'
import { until } from '../kubernetes/processes.js'
import {
  divide,
  expectNothingLost,
  expectShare,
  ROLES,
  STABLE,
  startBench,
  TOOLS,
} from '../proxies/bench.js'
import { systemSuite } from '../system-suite.js'
import { startTraefik, type Traefik } from './server.js'

/** What Traefik's routers may lag behind its API. */
const FOLLOW_MS = 300

// @evidence Traefik file provider: live (3.7.15)
await systemSuite('Traefik', ensureTraefik, (program) => {
  let traefik: Traefik
  beforeAll(async () => {
    traefik = await startTraefik(program())
  })
  afterAll(() => traefik?.close())

  const openWith = (more: object) =>
    openTraefik(
      TraefikTarget.parse({
        file: traefik.file,
        service: 'model',
        api: traefik.api,
        'copies-suffix': '-copies',
        ...more,
      }),
      TOOLS,
    )
  const open = () => openWith({})
  const set = (traffic: TrafficSetting) => divide(open, traffic)
  const bench = () => ({ port: traefik.port, open, followMs: FOLLOW_MS })
  const signalsOf = async (more: object = {}) => {
    const { signals } = await openWith(more)
    if (signals?.mark === undefined) throw new Error('Traefik has signals of its own')
    await signals.mark({ stable: 'model-1', canary: 'model-2' })
    return () => signals.between({ from: 0, to: 1, stable: 'model-1', canary: 'model-2' })
  }
  afterEach(async () => {
    for (const version of traefik.versions) version.behave('answers')
    await (await open()).splitter.rollback(ROLES)
    await sleep(FOLLOW_MS)
  })

  trafficContract('a weighted service of Traefik', () => startBench(bench()))

  describe('users of Traefik', () => {
    it('lose no request over 60 changes of weights', () => expectNothingLost(bench(), 30), 60_000)

    it.each([5, 12.5, 0.5])('meet the canary in %s percent', (weight) =>
      expectShare(bench(), weight),
    )

    it('meet the same weights after a restart', async () => {
      await set({ weight: 30, mirror: 10 })
      await traefik.restart()
      expect(await (await open()).splitter.read(ROLES)).toMatchObject({ weight: 30, mirror: 10 })
    })

    it('do not feel a shadow that never answers', async () => {
      await set({ weight: 0, mirror: 100 })
      await sleep(FOLLOW_MS)
      const [, shadow] = traefik.versions
      shadow.behave('hangs')
      const before = shadow.seen()
      const answers = await send(traefik.port, 200)
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
        new Set(['200 model-1']),
      )
      await until('200 copies', async () => shadow.seen() - before === 200, 5000)
    })

    it('are sent no copies after a rollback', async () => {
      await set({ weight: 10, mirror: 100 })
      expect(await (await open()).splitter.rollback(ROLES)).toMatchObject({ weight: 0, mirror: 0 })
      await sleep(FOLLOW_MS)
      const before = traefik.versions[1].seen()
      await send(traefik.port, 50)
      await sleep(100)
      expect(traefik.versions[1].seen()).toBe(before)
    })
  })

  describe('what Traefik counts', () => {
    it('is the errors that a version answers', async () => {
      await set({ weight: 100, mirror: 0 })
      await sleep(FOLLOW_MS)
      const between = await signalsOf()
      traefik.versions[1].behave('fails')
      await send(traefik.port, 20)
      await sleep(50)
      const { canary, stable } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 20, unreachable: 0 })
      expect(stable).toMatchObject({ requests: 0, errors: 0 })
    })

    it('is the requests that a version rejects', async () => {
      await set({ weight: 100, mirror: 0 })
      await sleep(FOLLOW_MS)
      const between = await signalsOf()
      traefik.versions[1].behave('rejects')
      await send(traefik.port, 20)
      await sleep(50)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 0, rejected: 20 })
    })

    it('is the requests that a version never answers, too', async () => {
      await set({ weight: 100, mirror: 0 })
      await sleep(FOLLOW_MS)
      const between = await signalsOf()
      traefik.versions[1].behave('hangs')
      expect((await send(traefik.port, 2)).map(({ status }) => status)).toEqual([504, 504])
      await sleep(50)
      const gained = await between()
      expect(gained?.counters.canary).toMatchObject({ requests: 2, errors: 2, unreachable: 2 })
      expect(gained?.latencyBounds).toEqual([10, 100, 1000])
      expect(gained?.counters.canary.latency).toEqual([0, 0, 0, 2])
    })

    it('tells copies from users only where they have a service of their own', async () => {
      await set({ weight: 0, mirror: 100 })
      await sleep(FOLLOW_MS)
      const apart = await signalsOf()
      const mixed = await signalsOf({ 'copies-suffix': undefined })
      await send(traefik.port, 30)
      await sleep(100)
      expect(await mixed()).toBeUndefined()
      const { stable, canary } = (await apart())?.counters ?? {}
      expect([stable?.requests, canary?.requests]).toEqual([30, 0])
    })

    it('is not known of a stretch in which Traefik started anew', async () => {
      await send(traefik.port, 3)
      const between = await signalsOf()
      await traefik.restart()
      expect(await between()).toBeUndefined()
    })
  })

  describe('Traefik that cannot divide', () => {
    it('is not written over what another hand has written', async () => {
      const { splitter } = await open()
      const { revision } = await splitter.read(ROLES)
      await set({ weight: 10, mirror: 0 })
      const stale = splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision })
      await expect(stale).rejects.toThrow(/MW-DEPLOY-004/)
      await writeFile(traefik.file, 'http: {}\n')
      await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-170/)
    })

    it('is not given a service that it does not have', async () => {
      const { splitter } = await open()
      const { revision } = await splitter.read(ROLES)
      const canary = { version: '3', name: 'model-3' }
      const attempt = splitter.admit({ stable: STABLE, canary }, { revision })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-177: .*model-3/)
      expect((await splitter.read(ROLES)).revision).toBe(revision)
      const back = await splitter.rollback({ stable: STABLE, canary })
      expect(back).toMatchObject({ weight: 0, mirror: 0 })
    })

    it('says that the canary is out of service', async () => {
      const { splitter } = await open()
      const roles = { stable: STABLE, canary: { version: '9', name: 'model-down' } }
      const { revision } = await splitter.read(roles)
      await splitter.share(roles, { weight: 0.5, mirror: 0 }, { revision })
      await until('DOWN', async () => (await splitter.read(roles)).ejected !== undefined, 5000)
      expect((await splitter.read(roles)).ejected).toBe(
        'Traefik says that every server of model-down is DOWN',
      )
    })

    it('does not take the file of a service that is defined elsewhere', async () => {
      const { splitter } = await openWith({ file: `${traefik.file}.other.yml` })
      await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-176/)
    })
  })
})
