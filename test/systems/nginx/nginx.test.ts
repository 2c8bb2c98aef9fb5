import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { openNginx } from '../../../src/adapters/traffic/nginx/open.js'
import { NginxTarget } from '../../../src/config/deploy/nginx.js'
import type { TrafficSetting } from '../../../src/ports/traffic.js'
import { ensureNginx } from '../../../tools/install/nginx.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { send } from '../haproxy/versions.js'
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
import { type Nginx, startNginx } from './server.js'

// @evidence nginx: live (1.31.3)
await systemSuite('nginx', ensureNginx, (program) => {
  let nginx: Nginx
  beforeAll(async () => {
    nginx = await startNginx(program())
  })
  afterAll(() => nginx?.close())

  const openWith = (more: object) => {
    const { configuration, file, status, accessLog } = nginx
    const words = [program(), '-e', '/dev/null']
    const log = { 'access-log': accessLog }
    const settings = { program: words, configuration, file, status, ...log, ...more }
    return openNginx(NginxTarget.parse(settings), { ...TOOLS, env: process.env })
  }
  const open = () => openWith({})
  const set = (traffic: TrafficSetting) => divide(open, traffic)
  const bench = () => ({ port: nginx.port, open, followMs: 100 })
  const bodies = async (count: number) =>
    new Set((await send(nginx.port, count)).map(({ status, body }) => `${status} ${body}`))
  afterEach(async () => {
    for (const version of nginx.versions) version.behave('answers')
    await nginx.edit('', '')
    await (await open()).splitter.rollback(ROLES)
  })

  trafficContract('a split of nginx', () => startBench(bench()))

  describe('users of nginx', () => {
    it('lose no request over 52 reloads', () => expectNothingLost(bench(), 26), 120_000)

    it.each([5, 12.34, 0.5, 50])('meet the canary in %s percent', (weight) =>
      expectShare(bench(), weight),
    )

    it('meet the same weights after a restart', async () => {
      await set({ weight: 100, mirror: 0 })
      await nginx.restart()
      expect((await (await open()).splitter.read(ROLES)).weight).toBe(100)
      expect(await bodies(10)).toEqual(new Set(['200 model-2']))
    })

    it('are copied as often as was set', async () => {
      await set({ weight: 0, mirror: 25 })
      const before = nginx.versions[1].seen()
      expect(await bodies(800)).toEqual(new Set(['200 model-1']))
      await sleep(100)
      const copies = nginx.versions[1].seen() - before
      expect(Math.abs(copies - 200)).toBeLessThan(5 * Math.sqrt(800 * 0.25 * 0.75))
      await (await open()).splitter.rollback(ROLES)
      const after = nginx.versions[1].seen()
      await bodies(50)
      await sleep(100)
      expect(nginx.versions[1].seen()).toBe(after)
    })

    it('wait for a shadow that never answers no longer than its short timeouts', async () => {
      await set({ weight: 0, mirror: 100 })
      nginx.versions[1].behave('hangs')
      const start = Date.now()
      expect(await bodies(5)).toEqual(new Set(['200 model-1']))
      // Five times 300 ms, and as much again for a slow machine; without limits it would be five minutes.
      expect(Date.now() - start).toBeLessThan(3500)
    })
  })

  describe('what nginx logs', () => {
    const signalsOf = async () => {
      const { signals } = await open()
      await signals?.mark?.({ stable: 'model-1', canary: 'model-2' })
      return async () => signals?.between({ from: 0, to: 1, stable: 'model-1', canary: 'model-2' })
    }

    it('is the errors that a version answers, and never copies', async () => {
      await set({ weight: 0, mirror: 100 })
      const between = await signalsOf()
      nginx.versions[0].behave('fails')
      await send(nginx.port, 20)
      await sleep(50)
      const { canary, stable } = (await between())?.counters ?? {}
      expect(stable).toMatchObject({ requests: 20, errors: 20, unreachable: 0 })
      expect(canary).toMatchObject({ requests: 0, errors: 0 })
    })

    it('is the requests that a version rejects', async () => {
      await set({ weight: 100, mirror: 0 })
      const between = await signalsOf()
      nginx.versions[1].behave('rejects')
      await send(nginx.port, 20)
      await sleep(50)
      const { canary } = (await between())?.counters ?? {}
      expect(canary).toMatchObject({ requests: 20, errors: 0, rejected: 20 })
    })

    it('is the requests that a version never answers, too', async () => {
      await set({ weight: 100, mirror: 0 })
      const between = await signalsOf()
      nginx.versions[1].behave('hangs')
      expect((await send(nginx.port, 2)).map(({ status }) => status)).toEqual([504, 504])
      await sleep(50)
      const gained = await between()
      expect(gained?.counters.canary).toMatchObject({ requests: 2, errors: 2, unreachable: 2 })
      const late = gained?.counters.canary.latency.slice(gained.latencyBounds.indexOf(1000))
      expect(late?.reduce((sum, count) => sum + count, 0)).toBe(2)
    })

    it('is not known of a stretch in which its log became another file', async () => {
      await send(nginx.port, 3)
      const between = await signalsOf()
      await rename(nginx.accessLog, `${nginx.accessLog}.1`)
      await nginx.restart()
      await send(nginx.port, 3)
      expect(await between()).toBeUndefined()
      expect(await between()).toBeUndefined()
      await send(nginx.port, 4)
      await sleep(50)
      expect((await between())?.counters.stable.requests).toBe(4)
    })
  })

  describe('nginx is refused', () => {
    it.each([
      ['keepalive_min_timeout 8s;', '', /MW-DEPLOY-190: .*closed after 0 ms/],
      ['keepalive_min_timeout 8s;', 'keepalive_min_timeout 4s;', /MW-DEPLOY-190: .*after 4000 ms/],
      ['pid ', 'worker_shutdown_timeout 5s;\npid ', /MW-DEPLOY-191: .*worker_shutdown_timeout 5s/],
      ['mirror /_copies;', '', /MW-DEPLOY-192/],
      ['proxy_read_timeout 300ms;', '', /MW-DEPLOY-193: .*_copies proxy_read_timeout/],
      ['upstream model-2', 'upstream model-9', /MW-DEPLOY-189: .*no upstream model-2/],
      [
        'worker_processes 2;',
        'worker_processes two;',
        /MW-DEPLOY-195: .*"worker_processes" directive invalid value/,
      ],
      ['include split.conf;', '', /MW-DEPLOY-(188|195)/],
    ])('where its configuration has for %j: %j', async (from, to, why) => {
      const { splitter } = await open()
      const { revision } = await splitter.read(ROLES)
      const before = await readFile(nginx.file, 'utf8')
      await nginx.edit(from, to)
      const attempt = splitter.share(ROLES, { weight: 10, mirror: 5 }, { revision })
      await expect(attempt).rejects.toThrow(why)
      expect(await readFile(nginx.file, 'utf8')).toBe(before)
    })

    it('where its file is none that it includes', async () => {
      const { splitter } = await openWith({ file: `${nginx.file}.other.conf` })
      const { revision } = await splitter.read(ROLES)
      const attempt = splitter.admit(ROLES, { revision })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-188/)
    })

    it('where its status says something else', async () => {
      const { splitter } = await openWith({ status: `http://127.0.0.1:${nginx.port}/` })
      await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-196: .*model-1/)
    })

    it('where another version has users', async () => {
      await set({ weight: 10, mirror: 0 })
      const { splitter } = await open()
      const canary = { version: '3', name: 'model-3' }
      const read = splitter.read({ stable: STABLE, canary })
      await expect(read).rejects.toThrow(/MW-DEPLOY-199: .*10 % to model-2/)
    })
  })

  it('is not written over what another hand has written, in force or not', async () => {
    const { splitter } = await open()
    const { revision } = await splitter.read(ROLES)
    await set({ weight: 10, mirror: 0 })
    const stale = splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision })
    await expect(stale).rejects.toThrow(/MW-DEPLOY-004/)
    const now = await splitter.read(ROLES)
    await writeFile(nginx.file, `${await readFile(nginx.file, 'utf8')}# mine\n`)
    const other = splitter.share(ROLES, { weight: 20, mirror: 0 }, now)
    await expect(other).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('is read as it divides, where a run was killed between its write and its reload', async () => {
    await set({ weight: 50, mirror: 0 })
    const written = await readFile(nginx.file, 'utf8')
    await (await open()).splitter.rollback(ROLES)
    await writeFile(nginx.file, written)
    const { splitter } = await open()
    const now = await splitter.read(ROLES)
    expect(now.weight).toBe(0)
    expect(await splitter.share(ROLES, { weight: 50, mirror: 0 }, now)).toMatchObject({
      weight: 50,
    })
  })

  it('is brought back also where it would be refused', async () => {
    await set({ weight: 50, mirror: 0 })
    await nginx.edit('keepalive_min_timeout 8s;', '')
    expect(await (await open()).splitter.rollback(ROLES)).toMatchObject({ weight: 0 })
    expect(await bodies(20)).toEqual(new Set(['200 model-1']))
  })
})
