import { rm, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openCaddy } from '../../../src/adapters/traffic/caddy/open.js'
import { CaddyTarget } from '../../../src/config/deploy/caddy.js'
import { ensureCaddy } from '../../../tools/install/caddy.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { send } from '../haproxy/versions.js'
import { divide, expectNothingLost, expectShare, ROLES, startBench } from '../proxies/bench.js'
import { systemSuite } from '../system-suite.js'
import { type Caddy, startCaddy } from './server.js'

// @evidence Caddy: live (2.11.7)
await systemSuite('Caddy', ensureCaddy, (program) => {
  let caddy: Caddy
  beforeAll(async () => {
    caddy = await startCaddy(program())
  })
  afterAll(() => caddy?.close())

  const openWith = (more: object) =>
    openCaddy(CaddyTarget.parse({ admin: caddy.admin, file: caddy.file, ...more }))
  const open = () => openWith({})
  const set = (weight: number) => divide(open, { weight, mirror: 0 })
  const bench = () => ({ port: caddy.port, open, followMs: 0 })
  const splitNow = async () => (await open()).splitter.read(ROLES)
  const signals = async () => {
    const { signals: own } = await open()
    if (own?.mark === undefined) throw new Error('Caddy has signals of its own')
    await own.mark({ stable: 'model-1', canary: 'model-2' })
    return () => own.between({ from: 0, to: 1, stable: 'model-1', canary: 'model-2' })
  }
  const seenOf = async (count: number) =>
    new Set((await send(caddy.port, count)).map((a) => a.body))
  afterEach(async () => {
    for (const version of caddy.versions) version.behave('answers')
    await (await open()).splitter.rollback(ROLES)
  })

  trafficContract('a file of Caddy', () => startBench(bench()))

  describe('users of Caddy', () => {
    it('lose no request over 200 changes of weights', () => expectNothingLost(bench(), 100), 60_000)

    it.each([5, 12.5, 0.5, 50])('meet the canary in %s percent', (weight) =>
      expectShare(bench(), weight),
    )

    it('meet the new weights with the next request, on the connections that they have', async () => {
      for (let round = 0; round < 5; round++) {
        await set(100)
        expect(await seenOf(10)).toEqual(new Set(['model-2']))
        await set(0)
        expect(await seenOf(10)).toEqual(new Set(['model-1']))
      }
    })

    it('meet the same weights after a restart', async () => {
      await set(100)
      await caddy.restart()
      expect((await splitNow()).weight).toBe(100)
      expect(await seenOf(10)).toEqual(new Set(['model-2']))
    })

    it('are all sent one way where there is no file yet, and where it is none of ours', async () => {
      await rm(caddy.file, { force: true })
      expect((await splitNow()).weight).toBe(0)
      expect(await seenOf(10)).toEqual(new Set(['model-1']))
      await writeFile(caddy.file, '')
      expect(await seenOf(10)).toEqual(new Set(['model-1']))
    })

    it('are divided the other way round after a promotion', async () => {
      const back = { stable: ROLES.canary, canary: ROLES.stable }
      const { splitter } = await open()
      const { revision } = await splitter.promote(ROLES, await splitter.read(ROLES))
      expect(await splitter.share(back, { weight: 25, mirror: 0 }, { revision })).toMatchObject({
        weight: 25,
      })
      const seen = (await send(caddy.port, 400)).filter(({ body }) => body === 'model-1').length
      expect(Math.abs(seen - 100)).toBeLessThan(5 * Math.sqrt(400 * 0.25 * 0.75))
    })
  })

  describe('what Caddy counts', () => {
    it('is the errors that a version answers', async () => {
      await set(100)
      const between = await signals()
      caddy.versions[1].behave('fails')
      await send(caddy.port, 20)
      const { canary, stable } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 20, unreachable: 0 })
      expect(stable).toMatchObject({ requests: 0, errors: 0 })
    })

    it('is the requests that a version rejects', async () => {
      await set(100)
      const between = await signals()
      caddy.versions[1].behave('rejects')
      await send(caddy.port, 20)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 0, rejected: 20 })
    })

    it('is the requests that a version never answers, too', async () => {
      await set(100)
      const between = await signals()
      caddy.versions[1].behave('hangs')
      expect((await send(caddy.port, 2)).map(({ status }) => status)).toEqual([504, 504])
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 2, errors: 2, unreachable: 2 })
      expect(canary?.latency.reduce((sum, count) => sum + count, 0)).toBe(2)
    })

    it('is not known of a stretch in which Caddy started anew', async () => {
      await send(caddy.port, 3)
      const between = await signals()
      await caddy.restart()
      expect(await between()).toBeUndefined()
    })
  })

  describe('Caddy that cannot divide', () => {
    it('is not written over what another hand has written', async () => {
      const { splitter } = await open()
      const { revision } = await splitter.read(ROLES)
      await set(10)
      const stale = splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision })
      await expect(stale).rejects.toThrow(/MW-DEPLOY-004/)
    })

    it('says that its routes do not read the file', async () => {
      const { splitter } = await openWith({ file: `${caddy.file}-other` })
      await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-180/)
    })

    it('says what it sends to', async () => {
      const { splitter } = await open()
      const canary = { version: '3', name: 'model-3' }
      const read = splitter.read({ stable: ROLES.stable, canary })
      await expect(read).rejects.toThrow(/MW-DEPLOY-181: .*"model-3".*two\.sock, model-2/)
    })
  })
})
