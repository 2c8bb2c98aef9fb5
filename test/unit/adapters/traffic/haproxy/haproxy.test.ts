import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { openHaproxy } from '../../../../../src/adapters/traffic/haproxy/open.js'
import { weightsFor } from '../../../../../src/adapters/traffic/haproxy/weights.js'
import { HaproxyTarget } from '../../../../../src/config/deploy/haproxy.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'

const ROLES = { stable: { version: 'a' }, canary: { version: 'b' } }
const HEAD =
  '# pxname,svname,status,uweight,cookie,desc,lbtot,req_tot,hrsp_4xx,hrsp_5xx,econ,eresp,\n'

let folder: string
let server: Server
let asked: string[]
let answer: (line: string) => string | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haproxy-'))
  asked = []
  server = createServer((connection) => {
    connection.on('error', () => undefined)
    connection.on('data', (chunk) => {
      const line = chunk.toString('utf8')
      asked.push(line)
      const said = answer(line)
      if (said !== undefined) connection.end(said)
    })
  })
  await new Promise<void>((resolve) => server.listen(socket(), resolve))
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const socket = () => join(folder, 'api.sock')
const open = (more: object = {}) =>
  openHaproxy(
    HaproxyTarget.parse({ socket: socket(), backend: 'model', timeout: '300ms', ...more }),
  )

/** Servers that take what they are told; `obeys: false` says so only. */
function serving(weights: Record<string, number>, obeys = true): void {
  answer = (line) => {
    if (line.startsWith('show stat')) {
      const rows = Object.entries(weights).map(
        ([name, weight]) => `model,${name},UP 1/2,${weight},,"a, ""b""",7,6,3,2,1,1,\n`,
      )
      return `${HEAD}${rows.join('')}\n`
    }
    if (line.startsWith('show servers state')) return '1\n# head\nrow\n\n'
    for (const [, name = '', weight] of line.matchAll(/model\/(\S+) weight (\d+)/g)) {
      if (obeys) weights[name] = Number(weight)
    }
    return '\n\n'
  }
}

async function share(weight: number, more: object = {}) {
  const { splitter } = await open(more)
  const { revision } = await splitter.read(ROLES)
  return splitter.share(ROLES, { weight, mirror: 0 }, { revision })
}

describe('weights of HAProxy', () => {
  it('sum to 100 for whole percentages', () => {
    for (let share = 0; share <= 100; share++) {
      expect(weightsFor(share)).toEqual({ stable: 100 - share, canary: share })
    }
  })

  it('are exact, or refused', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 110, noNaN: true }), (share) => {
        try {
          const { stable, canary } = weightsFor(share)
          expect((100 * canary) / (stable + canary)).toBeCloseTo(share, 7)
          expect(Math.max(stable, canary)).toBeLessThanOrEqual(256)
        } catch (error) {
          expect(String(error)).toMatch(/MW-DEPLOY-155|AssertionError/)
          expect(error).toBeInstanceOf(UserError)
        }
      }),
    )
    expect(weightsFor(0.5)).toEqual({ stable: 199, canary: 1 })
    expect(weightsFor(12.5)).toEqual({ stable: 91, canary: 13 })
    expect(() => weightsFor(0.1)).toThrow(/MW-DEPLOY-155/)
  })
})

describe('the servers of HAProxy', () => {
  it('are written in one line, the canary first', async () => {
    serving({ a: 100, b: 0 })
    expect(await share(10)).toMatchObject({ weight: 10, revision: 'a=90 b=10' })
    expect(asked.filter((line) => line.startsWith('set'))).toEqual([
      'set server model/b weight 10;set server model/a weight 90\n',
    ])
  })

  it('are written stable first where stable has nothing, so that somebody always serves', async () => {
    serving({ a: 0, b: 100 })
    await (await open()).splitter.rollback(ROLES)
    expect(asked.filter((line) => line.startsWith('set'))).toEqual([
      'set server model/a weight 100;set server model/b weight 0\n',
    ])
  })

  it('are brought back where the canary is no server any more', async () => {
    serving({ a: 50 })
    const split = await (await open()).splitter.rollback(ROLES)
    expect(split).toMatchObject({ weight: 0, revision: 'a=100' })
  })

  it('are not written by a name that would be another command', async () => {
    serving({ a: 100, b: 0 })
    const { splitter } = await open()
    for (const name of ['b weight 1;shutdown', 'b\nshow', 'b c', 'naïve', '', '#1', 'x/y']) {
      const canary = { version: '2', name }
      const attempt = splitter.read({ ...ROLES, canary })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-150/)
    }
    expect(asked).toEqual([])
  })

  it('of which one is missing are not divided', async () => {
    serving({ c: 1 })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-154: .*stable.*no server a\. Found: c/)
    serving({ a: 1 })
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-154: .*canary.*no server b\. Found: a/)
  })

  it('that another hand has changed are left as they are', async () => {
    serving({ a: 90, b: 10 })
    const { splitter } = await open()
    const stale = splitter.share(ROLES, { weight: 20, mirror: 0 }, { revision: 'a=100 b=0' })
    await expect(stale).rejects.toThrow(/MW-DEPLOY-004/)
    expect(asked.some((line) => line.startsWith('set'))).toBe(false)
  })

  it('that do not take weights although HAProxy says nothing are noticed', async () => {
    serving({ a: 100, b: 0 }, false)
    await expect(share(10)).rejects.toThrow(/MW-DEPLOY-159/)
  })

  it('are kept in a file, and a file that cannot be written is said to be so', async () => {
    serving({ a: 100, b: 0 })
    await share(10, { 'state-file': join(folder, 'state') })
    expect(readFileSync(join(folder, 'state'), 'utf8')).toBe('1\n# head\nrow\n')
    const attempt = share(20, { 'state-file': join(socket(), 'state') })
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-160: .*are in force, and could not be kept/)
  })
})

describe('a runtime API of HAProxy', () => {
  it('that is not there, does not answer, or closes without a word is an outside error', async () => {
    const gone = open({ socket: '127.0.0.1:1' }).then(({ splitter }) => splitter.read(ROLES))
    await expect(gone).rejects.toThrow(/MW-DEPLOY-151: .*ECONNREFUSED/)
    answer = () => undefined
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-151: .*no whole answer in 300 ms/)
    answer = () => ''
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-151: .*closed without an answer/)
    await expect(share(1)).rejects.toThrow(ExternalError)
  })

  it('that answers without an end is not listened to for ever', async () => {
    answer = () => 'x'.repeat(17 * 1024 * 1024)
    await expect(share(1, { timeout: '20s' })).rejects.toThrow(/MW-DEPLOY-151: .*does not end/)
  })

  it('that answers something else is an outside error', async () => {
    answer = () => 'HTTP/1.1 400 Bad Request\n'
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-152: .*HTTP\/1\.1 400 Bad Request/)
    answer = () => `${HEAD}model,a,UP,,,,1,1,1,1,1,1,\n`
    await expect(share(1)).rejects.toThrow(/MW-DEPLOY-152: .*uweight is ""/)
  })

  it('whose counters are not known from before, or have gone down, tells nothing', async () => {
    serving({ a: 100, b: 0 })
    const { signals } = await open()
    const between = () => signals?.between({ from: 0, to: 1, stable: 'a', canary: 'b' })
    expect(await between()).toBeUndefined()
    expect((await between())?.counters.stable).toMatchObject({ assigned: 0, requests: 0 })
    answer = () => `${HEAD}model,a,UP,1,,,0,0,0,0,0,0,\nmodel,b,UP,1,,,0,0,0,0,0,0,\n`
    expect(await between()).toBeUndefined()
  })
})
