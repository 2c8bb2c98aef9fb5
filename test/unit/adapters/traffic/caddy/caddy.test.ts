import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { openCaddy } from '../../../../../src/adapters/traffic/caddy/open.js'
import { sharesOf, textOf } from '../../../../../src/adapters/traffic/caddy/shares.js'
import { wiringOf } from '../../../../../src/adapters/traffic/caddy/wiring.js'
import { CaddyTarget } from '../../../../../src/config/deploy/caddy.js'
import { ExternalError } from '../../../../../src/errors.js'

const FILE = '/run/split'
const RULE = '{http.request.uuid} < {http.vars.split}'
const ROLES = { stable: { version: 'a' }, canary: { version: 'b' } }

const proxy = (dial: string) => ({ handler: 'reverse_proxy', upstreams: [{ dial }] })

/** As Caddy shows it: two servers that count, and the one of users. */
function configuration(file: string, match: unknown = [{ expression: { expr: RULE } }]) {
  const ways = [
    { handle: [{ handler: 'vars', split: `{file.${file}}` }] },
    {
      group: 'g',
      match,
      handle: [{ handler: 'subroute', routes: [{ handle: [proxy('unix//b')] }] }],
    },
    { group: 'g', handle: [proxy('127.0.0.1:81')] },
  ]
  return {
    apps: {
      http: {
        metrics: {},
        servers: {
          users: { listen: [':80'], routes: [{ handle: [{ handler: 'subroute', routes: ways }] }] },
          a: { listen: ['tcp/localhost:81'], routes: [{ handle: [proxy('10.0.0.1:9000')] }] },
          b: { listen: ['unix//b|0222'], routes: [{ handle: [proxy('10.0.0.2:9000')] }] },
        },
      },
    },
  }
}

describe('the text that UUIDs are compared with', () => {
  const names = { below: 'b', above: 'a' }

  it('is below a share of all UUIDs, and above the others', () => {
    const share = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100)
    const digits = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(share, digits, (below, number) => {
        const uuid = `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
        const bound = Math.round((below / 100) * 2 ** 32)
        expect(uuid < textOf({ below, names })).toBe(number < bound)
      }),
    )
  })

  it('tells the share and the names again', () => {
    const share = fc.integer({ min: 0, max: 1_000_000 }).map((parts) => parts / 10_000)
    fc.assert(
      fc.property(share, fc.string(), fc.string(), (below, first, second) => {
        const written = { below, names: { below: first, above: second } }
        expect(sharesOf(textOf(written), FILE)).toEqual(written)
      }),
    )
  })

  it.each([-1, 100.1, Number.NaN])('is none for %s percent', (below) => {
    expect(() => textOf({ below, names })).toThrow(/MW-DEPLOY-184/)
  })

  it.each(['x', '4', '40000000', '40000000 below=a', '40000000 below=a above=b\n'])(
    'is not what another has written: %j',
    (text) => {
      expect(() => sharesOf(text, FILE)).toThrow(/MW-DEPLOY-182/)
    },
  )
})

describe("Caddy's configuration", () => {
  it('says what stands on which side of the file', () => {
    const wiring = wiringOf(configuration(FILE), FILE)
    expect([...wiring.below]).toEqual(['unix//b', 'b'])
    expect(wiring.others).toEqual(new Set(['127.0.0.1:81', '10.0.0.1:9000', '10.0.0.2:9000', 'a']))
    expect(['a', 'b', '127.0.0.1:81', 'unix//b', '10.0.0.1:9000'].map(wiring.serverOf)).toEqual([
      'a',
      'b',
      'a',
      'b',
      undefined,
    ])
  })

  it('takes the short form of an expression', () => {
    expect([...wiringOf(configuration(FILE, [{ expression: RULE }]), FILE).below]).toContain('b')
  })

  it.each([
    ['another file', configuration('/other')],
    ['another rule', configuration(FILE, [{ expression: `${RULE} || true` }])],
    ['one condition more', configuration(FILE, [{ expression: RULE, path: ['/v2/*'] }])],
    ['one way more', configuration(FILE, [{ expression: RULE }, { path: ['/v2/*'] }])],
    ['nothing', null],
    ['no object', 'x'],
  ])('with %s is refused', (_what, shown) => {
    expect(() => wiringOf(shown, FILE)).toThrow(/MW-DEPLOY-180/)
  })
})

describe('Caddy', () => {
  let server: Server
  let folder: string
  let shown: unknown
  let metrics: string
  const file = () => join(folder, 'split')
  const admin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const open = (more: object = {}) =>
    openCaddy(CaddyTarget.parse({ admin: admin(), file: file(), timeout: '300ms', ...more }))

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'modelway-caddy-'))
    shown = configuration(file())
    metrics = ''
    server = createServer(({ url }, outgoing) => {
      if (shown === undefined) outgoing.statusCode = 500
      outgoing.end(url === '/metrics' ? metrics : JSON.stringify(shown))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  })

  it('is brought back without an answer of its own where the file says who stands where', async () => {
    const { splitter } = await open()
    const { revision } = await splitter.read(ROLES)
    await splitter.share(ROLES, { weight: 40, mirror: 0 }, { revision })
    shown = undefined
    expect((await splitter.rollback(ROLES)).weight).toBe(0)
    expect(readFileSync(file(), 'utf8')).toBe('00000000 below=b above=a')
    const other = { stable: { version: 'b' }, canary: { version: 'a' } }
    expect((await splitter.rollback(other)).weight).toBe(0)
    expect(readFileSync(file(), 'utf8')).toBe('g below=b above=a')
    const stranger = splitter.rollback({ stable: { version: 'c' }, canary: { version: 'a' } })
    await expect(stranger).rejects.toThrow(ExternalError)
  })

  it('is brought back whatever the file holds', async () => {
    writeFileSync(file(), 'theirs')
    const { splitter } = await open()
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-182/)
    expect((await splitter.rollback(ROLES)).weight).toBe(0)
  })

  it('does not divide versions that stand on one side', async () => {
    const { splitter } = await open()
    const same = { stable: { version: 'a' }, canary: { version: '10.0.0.1:9000' } }
    await expect(splitter.read(same)).rejects.toThrow(/MW-DEPLOY-181: .*"10\.0\.0\.1:9000"/)
  })

  it('says that its file cannot be used', async () => {
    const path = join(file(), 'in', 'a', 'file')
    writeFileSync(file(), '')
    shown = configuration(path)
    const { splitter } = await open({ file: path })
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-178: .*a part of its path/)
  })

  it('counts by the servers that stand before the versions, each request once', async () => {
    const line = (server: string, handler: string, count: number) =>
      `caddy_http_request_duration_seconds_bucket{code="200",handler="${handler}",server="${server}",le="+Inf"} ${count}`
    const { signals } = await open()
    await signals?.mark?.({ stable: 'a', canary: 'b' })
    metrics = [
      line('a', 'encode', 7),
      line('a', 'reverse_proxy', 7),
      line('b', 'subroute', 3),
      line('users', 'subroute', 10),
    ].join('\n')
    const gained = await signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    expect([gained?.counters.stable.requests, gained?.counters.canary.requests]).toEqual([7, 3])
  })

  it('is said to count nothing where it does not', async () => {
    const { signals } = await open()
    const unknown = signals?.between({ from: 0, to: 1, stable: 'a', canary: '10.0.0.2:9000' })
    await expect(unknown).rejects.toThrow(/MW-DEPLOY-183: .*none of them stands before/)
    const { apps } = configuration(file())
    shown = { apps: { http: { servers: apps.http.servers } } }
    const without = signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    await expect(without).rejects.toThrow(/MW-DEPLOY-183: .*`metrics` is not set/)
  })
})
