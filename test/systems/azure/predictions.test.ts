import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Gained } from '../../../src/ports/signals.js'
import { ensureAzurite } from '../../../tools/install/azurite.js'
import { type Azurite, startAzurite } from '../../fakes/results/azurite.js'
import { openLog, VERSIONS } from '../../unit/adapters/telemetry/predictions/arrange.js'
import { systemSuite } from '../system-suite.js'

/** The account that every Azurite has, with the key that its documentation names. */
const ACCOUNT = 'devstoreaccount1'
const KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** A shared access signature of the account for blobs. */
function sas(permissions: string): string {
  const until = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z')
  const version = '2021-12-02'
  const text = [ACCOUNT, permissions, 'b', 'sco', '', until, '', '', version, '', ''].join('\n')
  const signature = createHmac('sha256', Buffer.from(KEY, 'base64')).update(text).digest('base64')
  return new URLSearchParams({
    sv: version,
    ss: 'b',
    srt: 'sco',
    sp: permissions,
    se: until,
    sig: signature,
  }).toString()
}

// @evidence Azure Blob Storage, a log of predictions: emulated (Azurite 3.35.0, by a shared access signature)
await systemSuite('Azure blobs as a log of predictions', ensureAzurite, (folder) => {
  let azurite: Azurite
  let root: string
  const writing = sas('rwlac')

  beforeAll(async () => {
    azurite = await startAzurite(folder())
    root = `${azurite.url}/${ACCOUNT}`
    const made = await fetch(`${root}/log?restype=container&${writing}`, { method: 'PUT' })
    expect(made.status).toBe(201)
  }, 90_000)
  afterAll(() => azurite?.close())

  async function put(name: string, body: string): Promise<void> {
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2021-12-02' }
    const answer = await fetch(`${root}/log/${name}?${writing}`, { method: 'PUT', headers, body })
    expect(answer.status).toBe(201)
  }
  const open = (token: string, container = 'log') =>
    openLog(
      '.',
      { objects: { store: 'azure', bucket: container, endpoint: root, prefix: 'p/' } },
      { env: { MODELWAY_AZURE_STORAGE_SAS_TOKEN: token } },
    )
  const line = (version: string) =>
    `${JSON.stringify({ time: new Date().toISOString(), version, id: 'r' })}\n`
  const requests = (gained: Gained | undefined) =>
    gained && [gained.counters.stable.requests, gained.counters.canary.requests]
  const now = (from = Date.now() - 60_000) => ({ ...VERSIONS, from, to: Date.now() })

  it('counts what is in new blobs, once, and reads on in one that has grown', async () => {
    await put('p/old.jsonl', line('v1'))
    const signals = await open(sas('rl'))
    await signals.mark?.(VERSIONS)
    const begun = line('v1')
    await put('p/a%20%26%20b/c.jsonl', begun)
    await put('p/d.jsonl', line('v2'))
    await put('q/e.jsonl', line('v2'))
    const first = now()
    expect(requests(await signals.between(first))).toEqual([1, 1])
    await put('p/a%20%26%20b/c.jsonl', begun + line('v2'))
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
  }, 30_000)

  it('says where it is not let in, without the signature', async () => {
    const token = sas('rl').replace(/sig=.{9}/, 'sig=AAAAAAAAA')
    const failure = await (await open(token)).mark?.(VERSIONS).catch(String)
    expect(failure).toContain('MW-DEPLOY-313')
    expect(failure).not.toContain('AAAAAAAAA')
  })

  it('says where there is no such container', async () => {
    const signals = await open(sas('rl'), 'nowhere')
    await expect(signals.mark?.(VERSIONS)).rejects.toThrow('MW-DEPLOY-314')
  })
})
