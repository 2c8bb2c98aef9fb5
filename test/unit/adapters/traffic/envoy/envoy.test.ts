import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openEnvoy } from '../../../../../src/adapters/traffic/envoy/open.js'
import { EnvoyTarget } from '../../../../../src/config/deploy/envoy.js'
import { ExternalError } from '../../../../../src/errors.js'

const ROLES = { stable: { version: 'a' }, canary: { version: 'b' } }

interface Said {
  readonly status?: number
  readonly text: string
}

let server: Server
let asked: string[]
let answer: (url: URL) => Said | undefined

beforeEach(async () => {
  asked = []
  server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://envoy')
    asked.push(`${incoming.method} ${url.pathname}${url.search}`)
    const said = answer(url)
    if (said === undefined) return
    outgoing.statusCode = said.status ?? 200
    outgoing.end(said.text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const open = (more: object = {}) =>
  openEnvoy(
    EnvoyTarget.parse({
      admin: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      'runtime-key-prefix': 'split',
      mirror: { 'runtime-key': 'copies', cluster: 'b' },
      timeout: '300ms',
      ...more,
    }),
  )

/** A runtime that takes what it is told, but for `fixed` keys. */
function serving(values: Record<string, string>, fixed: readonly string[] = []): void {
  answer = ({ pathname, searchParams }) => {
    if (pathname === '/runtime_modify') {
      for (const [key, value] of searchParams) if (!fixed.includes(key)) values[key] = value
      return { text: 'OK\n' }
    }
    const entries = Object.entries(values).map(([key, value]) => [key, { final_value: value }])
    return { text: JSON.stringify({ entries: Object.fromEntries(entries), layers: [] }) }
  }
}

async function share(weight: number, { mirror = 0, ...more }: { mirror?: number } = {}) {
  const { splitter } = await open(more)
  const { revision } = await splitter.read(ROLES)
  return splitter.share(ROLES, { weight, mirror }, { revision })
}

describe('the runtime keys of Envoy', () => {
  it('are written in one request', async () => {
    serving({ 'split.a': '100', 'split.b': '0', copies: '0', other: '7' })
    expect(await share(10, { mirror: 20 })).toEqual({
      weight: 10,
      mirror: 20,
      revision: 'copies=20 split.a=90 split.b=10',
      url: undefined,
      ejected: undefined,
    })
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([
      'POST /runtime_modify?split.a=90&split.b=10&copies=20',
    ])
  })

  it('divide by hundredths where the share is no whole percentage', async () => {
    serving({ 'split.a': '100', 'split.b': '0' })
    expect((await share(0.05)).revision).toBe('copies=0 split.a=9995 split.b=5')
  })

  it.each([
    [0.001, 0],
    [101, 0],
    [-1, 0],
    [10, 0.5],
    [10, 101],
  ])('are not given weight %s and mirror %s', async (weight, mirror) => {
    serving({ 'split.a': '100', 'split.b': '0' })
    await expect(share(weight, { mirror })).rejects.toThrow(/MW-DEPLOY-166/)
    expect(asked.some((line) => line.startsWith('POST'))).toBe(false)
  })

  it('are brought back whatever they are, twice as once', async () => {
    serving({ 'split.a': 'x', 'split.b': '100', copies: '100' })
    const { splitter } = await open()
    const first = await splitter.rollback(ROLES)
    expect(first).toMatchObject({ weight: 0, mirror: 0 })
    expect(await splitter.rollback(ROLES)).toEqual(first)
  })

  it('are not named by what would be another key', async () => {
    const { splitter } = await open()
    for (const name of ['b&x=1', 'b c', 'naïve', '', '.', 'b\n']) {
      const attempt = splitter.read({ ...ROLES, canary: { version: '2', name } })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-161/)
    }
    expect(asked).toEqual([])
  })

  it('that the runtime does not know are not guessed', async () => {
    serving({ 'split.b': '0' })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-164: .*split\.a/)
    serving({ 'split.a': '100' })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-164: .*split\.b/)
  })

  it('that another hand has changed are left as they are', async () => {
    serving({ 'split.a': '90', 'split.b': '10' })
    const { splitter } = await open()
    const stale = splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision: 'split.a=100' })
    await expect(stale).rejects.toThrow(/MW-DEPLOY-004/)
  })

  it('of a third version with a weight are said to be in the way', async () => {
    serving({ 'split.a': '90', 'split.b': '10', 'split.c': '5' })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-165: .*split\.c has a weight too \(5\)/)
  })

  it('that a later layer goes before are noticed', async () => {
    serving({ 'split.a': '100', 'split.b': '0' }, ['split.b'])
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-168: .*split\.b was set to 10 and is 0/)
  })

  it('send no copies to another cluster than the canary', async () => {
    serving({ 'split.a': '100', 'split.b': '0' })
    const mirror = { 'runtime-key': 'copies', cluster: 'z' }
    const { splitter } = await open({ mirror })
    const { revision } = await splitter.read(ROLES)
    const attempt = splitter.share(ROLES, { weight: 0, mirror: 5 }, { revision })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-167: .*cluster z, not to the canary b/)
    expect((await open({ mirror: undefined })).splitter.capabilities.mirror).toBe(false)
  })
})

describe('an admin API of Envoy', () => {
  it('that is not there or does not answer is an outside error', async () => {
    const gone = open({ admin: 'http://127.0.0.1:1' }).then(({ splitter }) => splitter.read(ROLES))
    await expect(gone).rejects.toThrow(/MW-DEPLOY-162: Envoy at http:\/\/127\.0\.0\.1:1: /)
    answer = () => undefined
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-162: .*not within 300 ms/)
    await expect(share(1)).rejects.toThrow(ExternalError)
  })

  it('that refuses, or says something else, is an outside error', async () => {
    answer = () => ({ status: 503, text: 'No admin layer\nspecified' })
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-163: .*503.*No admin layer specified/)
    answer = () => ({ text: '<html>' })
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-163: .*no JSON: <html>/)
    answer = () => ({ text: '{"entries":[]}' })
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-163: .*\/runtime with what is not understood/)
  })

  it('whose statistics are not understood is an outside error', async () => {
    answer = ({ pathname }) => ({ text: pathname === '/stats' ? '{"stats":5}' : '{}' })
    const { signals } = await open()
    await signals?.mark?.({ stable: 'a', canary: 'b' })
    const attempt = signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-163: .*\/stats/)
  })

  it('tells nothing of a stretch whose beginning was not seen', async () => {
    answer = ({ pathname }) => ({ text: pathname === '/stats' ? '{"stats":[]}' : '{}' })
    const { signals } = await open()
    const between = () => signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    expect(await between()).toBeUndefined()
    expect((await between())?.counters.canary).toMatchObject({ requests: 0, latency: [0] })
  })
})
