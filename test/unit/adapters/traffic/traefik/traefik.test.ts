import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openTraefik } from '../../../../../src/adapters/traffic/traefik/open.js'
import { TraefikTarget } from '../../../../../src/config/deploy/traefik.js'

const ROLES = { stable: { version: 'a' }, canary: { version: 'b' } }

let server: Server
let folder: string
/** What the API answers by service; anything else is what the file says. */
let answers: Record<string, { status: number; text: string }>
let follows: boolean

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-traefik-'))
  answers = {}
  follows = true
  server = createServer(({ url = '/' }, outgoing) => {
    const [name = ''] = decodeURIComponent(url).split('/').slice(-1)
    const { status, text } = answers[name] ?? shownBy(name.replace('@file', ''))
    outgoing.statusCode = status
    outgoing.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const file = () => join(folder, 'ours.yml')

function shownBy(name: string): { status: number; text: string } {
  if (['a', 'b', 'b-copies'].includes(name)) {
    return { status: 200, text: JSON.stringify({ status: 'enabled', loadBalancer: {} }) }
  }
  const text =
    follows && readdirSync(folder).includes('ours.yml') ? readFileSync(file(), 'utf8') : ''
  const service = text === '' ? undefined : JSON.parse(text).http.services[name]
  if (service === undefined) return { status: 404, text: '{"message":"service not found"}' }
  return { status: 200, text: JSON.stringify({ status: 'enabled', ...service }) }
}

let clock = 0
const open = (more: object = {}) =>
  openTraefik(
    TraefikTarget.parse({
      file: file(),
      service: 'm',
      api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      timeout: '200ms',
      ...more,
    }),
    {
      now: () => clock,
      sleep: async (ms) => {
        clock += ms
      },
    },
  )

async function share(weight: number, mirror = 0, more: object = {}) {
  const { splitter } = await open(more)
  const { revision } = await splitter.read(ROLES)
  return splitter.share(ROLES, { weight, mirror }, { revision })
}

const written = () => JSON.parse(readFileSync(file(), 'utf8')).http.services

describe('the file of Traefik', () => {
  it('divides by hundredths, and is whole', async () => {
    expect(await share(12.34)).toMatchObject({ weight: 12.34, mirror: 0 })
    expect(written()).toEqual({
      m: {
        weighted: {
          services: [
            { name: 'a', weight: 8766 },
            { name: 'b', weight: 1234 },
          ],
        },
      },
    })
    expect(readdirSync(folder)).toEqual(['ours.yml'])
  })

  it('sends copies to the service that counts them', async () => {
    expect(await share(10, 20, { 'copies-suffix': '-copies' })).toMatchObject({ mirror: 20 })
    const mirrors = [{ name: 'b-copies', percent: 20 }]
    expect(written().m).toEqual({ mirroring: { service: 'm-shares', mirrors } })
  })

  it.each([
    [0.001, 0],
    [101, 0],
    [-1, 0],
    [10, 0.5],
    [10, 101],
    [Number.NaN, 0],
  ])('is not written for weight %s and mirror %s', async (weight, mirror) => {
    await expect(share(weight, mirror)).rejects.toThrow(/MW-DEPLOY-172/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is not written for what cannot be a name', async () => {
    const { splitter } = await open()
    for (const name of ['b/../c', 'b c', 'naïve', '', '.', 'b\n', 'b@x@y', 'b@']) {
      const attempt = splitter.read({ ...ROLES, canary: { version: '2', name } })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-169/)
    }
  })

  it('is brought back whatever it is, twice as once', async () => {
    writeFileSync(file(), 'http: {services: {other: {}}}\n')
    answers = { 'm@file': { status: 404, text: '' } }
    const { splitter } = await open()
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-170/)
    answers = {}
    const follow = splitter.rollback(ROLES)
    expect(await follow).toMatchObject({ weight: 0, mirror: 0 })
    expect(await splitter.rollback(ROLES)).toEqual(await follow)
  })

  it('is written for a rollback also where Traefik does not answer', async () => {
    await share(50)
    answers = { 'm@file': { status: 500, text: 'no' }, 'b@file': { status: 500, text: 'no' } }
    const { splitter } = await open()
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-173: .*does not answer/)
    expect(written().m.weighted.services[1]).toEqual({ name: 'b', weight: 0 })
  })
})

describe('Traefik', () => {
  it('that does not follow is not believed', async () => {
    follows = false
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-173: .*200 ms: its API shows it otherwise/)
  })

  it('that sends to another version is not divided', async () => {
    await share(10)
    const { splitter } = await open()
    const stale = splitter.read({ stable: { version: 'c' }, canary: { version: 'b' } })
    await expect(stale).rejects.toThrow(/MW-DEPLOY-171: .*a, b, which is not c and b alone/)
  })

  it('that answers with something else is said to', async () => {
    answers = { 'm@file': { status: 200, text: '<html>' } }
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-163: .*no JSON/)
    answers = { 'm@file': { status: 401, text: '{}' } }
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-163/)
  })

  it('without metrics is said to count nothing', async () => {
    const { signals } = await open({ 'copies-suffix': '-copies' })
    await signals?.mark?.({ stable: 'a', canary: 'b' })
    const between = signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    await expect(between).rejects.toThrow(/MW-DEPLOY-175/)
  })
})
