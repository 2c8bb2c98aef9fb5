import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Gained } from '../../../../../src/ports/signals.js'
import { openLog, VERSIONS } from './arrange.js'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function serve(
  answer: (request: IncomingMessage, url: URL, response: ServerResponse) => void,
): Promise<string> {
  const running = createServer((request, response) =>
    answer(request, new URL(request.url ?? '/', 'http://localhost'), response),
  )
  server = running
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(running.address() as AddressInfo).port}`
}

const requests = (gained: Gained | undefined) =>
  gained && [gained.counters.stable.requests, gained.counters.canary.requests]
const now = (from = Date.now() - 60_000) => ({ ...VERSIONS, from, to: Date.now() })
const line = (version: string) =>
  `${JSON.stringify({ time: new Date().toISOString(), version, id: 'r' })}\n`

interface Held {
  readonly content: string
  readonly updated: number
}

/** Google Cloud Storage as its discovery document has it: pages of two, startOffset inclusive, media by alt=media, ranges. */
function gcs(objects: Map<string, Held>, seen: string[]) {
  return (request: IncomingMessage, url: URL, response: ServerResponse): void => {
    seen.push(`${request.headers.authorization} ${url.pathname}${url.search}`)
    const root = '/storage/v1/b/bucket/o'
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.headers.authorization !== 'Bearer token-1') {
      json(401, { error: { code: 401, message: 'Invalid Credentials' } })
      return
    }
    if (url.pathname === root) {
      const { prefix = '', startOffset = '', pageToken = '' } = Object.fromEntries(url.searchParams)
      const names = [...objects.keys()]
        .filter((name) => name.startsWith(prefix) && name >= startOffset && name > pageToken)
        .sort()
      const page = names.slice(0, 2)
      const items = page.map((name) => ({
        name,
        updated: new Date(objects.get(name)?.updated ?? 0).toISOString(),
        generation: String(objects.get(name)?.updated),
      }))
      json(200, { items, ...(names.length > 2 ? { nextPageToken: page.at(-1) } : {}) })
      return
    }
    const held = objects.get(decodeURIComponent(url.pathname.slice(root.length + 1)))
    if (held === undefined || url.searchParams.get('alt') !== 'media') {
      json(404, { error: { code: 404, message: 'No such object' } })
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from > 0 && from >= held.content.length) {
      json(416, { error: { code: 416 } })
      return
    }
    response.writeHead(from > 0 ? 206 : 200).end(held.content.slice(from))
  }
}

// @evidence Google Cloud Storage, a log of predictions: fake (storage/v1 as its documentation has it)
describe('a log in Google Cloud Storage', () => {
  const env = { GOOGLE_OAUTH_ACCESS_TOKEN: 'token-1' }
  const open = (endpoint: string, more: object = {}) =>
    openLog('.', { objects: { store: 'gcs', bucket: 'bucket', endpoint, ...more } }, { env })

  it('counts what is in new objects under the prefix, over pages, once, and reads on in what grows', async () => {
    const objects = new Map<string, Held>()
    const seen: string[] = []
    const endpoint = await serve(gcs(objects, seen))
    objects.set('p/old.jsonl', { content: line('v1'), updated: Date.now() })
    const signals = await open(endpoint, { prefix: 'p/' })
    await signals.mark?.(VERSIONS)
    for (const name of ['a/b c.jsonl', 'd.jsonl', 'e.jsonl', 'f.jsonl']) {
      objects.set(`p/${name}`, { content: line('v1'), updated: Date.now() })
    }
    objects.set('q/other.jsonl', { content: line('v2'), updated: Date.now() })
    const first = now()
    expect(requests(await signals.between(first))).toEqual([4, 0])
    const grown = `${objects.get('p/d.jsonl')?.content}${line('v2')}`
    objects.set('p/d.jsonl', { content: grown, updated: Date.now() + 1 })
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 0])
  })

  it('asks for names after the last one where objects are ordered', async () => {
    const objects = new Map<string, Held>()
    const seen: string[] = []
    const signals = await open(await serve(gcs(objects, seen)), { ordered: true })
    objects.set('1.jsonl', { content: line('v1'), updated: Date.now() })
    const first = now()
    expect(requests(await signals.between(first))).toEqual([1, 0])
    objects.set('2.jsonl', { content: line('v2'), updated: Date.now() })
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
    expect(seen.some((asked) => asked.includes('startOffset=1.jsonl'))).toBe(true)
  })

  it('passes over old objects without a mark', async () => {
    const objects = new Map([
      ['old.jsonl', { content: line('v1'), updated: Date.now() - 3_600_000 }],
      ['new.jsonl', { content: line('v2'), updated: Date.now() }],
    ])
    const seen: string[] = []
    const signals = await open(await serve(gcs(objects, seen)))
    expect(requests(await signals.between(now()))).toEqual([0, 1])
    expect(seen.some((asked) => asked.includes('old.jsonl'))).toBe(false)
  })

  it('says where it is not let in, without the token', async () => {
    const endpoint = await serve(gcs(new Map(), []))
    const place = { store: 'gcs', bucket: 'bucket', endpoint }
    const wrong = { GOOGLE_OAUTH_ACCESS_TOKEN: 'token-wrong' }
    const signals = await openLog('.', { objects: place }, { env: wrong })
    const failure = await signals.mark?.(VERSIONS).catch(String)
    expect(failure).toContain('MW-DEPLOY-313')
    expect(failure).not.toContain('token-wrong')
  })

  it('goes on after a connection that broke off, and counts nothing twice', async () => {
    const objects = new Map<string, Held>()
    const content = Array.from({ length: 50_000 }, () => line('v1')).join('')
    objects.set('a.jsonl', { content, updated: Date.now() })
    let breaks = 1
    const plain = gcs(objects, [])
    const endpoint = await serve((request, url, response) => {
      if (!url.searchParams.has('alt') || breaks === 0) {
        plain(request, url, response)
        return
      }
      breaks -= 1
      response.writeHead(200, { 'content-length': String(content.length) })
      response.write(content.slice(0, 2_000_000))
      setTimeout(() => response.destroy(), 200)
    })
    const signals = await open(endpoint)
    const stretch = now()
    await expect(signals.between(stretch)).rejects.toThrow('MW-DEPLOY-320')
    expect(requests(await signals.between(stretch))).toEqual([50_000, 0])
  }, 20_000)

  it('is tried again where the store is away for a moment', async () => {
    const plain = gcs(new Map(), [])
    let failures = 2
    const endpoint = await serve((request, url, response) => {
      if (failures-- > 0) response.writeHead(503).end('slow down')
      else plain(request, url, response)
    })
    expect(requests(await (await open(endpoint)).between(now()))).toEqual([0, 0])
  }, 20_000)
})

describe('a store', () => {
  const aws = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' }

  it('whose answer is no list is none', async () => {
    const endpoint = await serve((_, __, response) => response.end('<html>welcome</html>'))
    for (const store of ['s3', 'gcs', 'azure']) {
      const env = { ...aws, GOOGLE_OAUTH_ACCESS_TOKEN: 't', MODELWAY_AZURE_STORAGE_TOKEN: 't' }
      const objects = { store, bucket: 'bucket', endpoint }
      const signals = await openLog('.', { objects }, { env })
      await expect(signals.mark?.(VERSIONS)).rejects.toThrow('MW-DEPLOY-317')
    }
  })

  it.each([
    ['s3', 'MW-DEPLOY-222'],
    ['gcs', 'MW-DEPLOY-318'],
    ['azure', 'MW-DEPLOY-318'],
  ])('%s is signed in to over https alone, or on this machine', async (store, code) => {
    const objects = { store, bucket: 'bucket', endpoint: 'http://store.example' }
    await expect(openLog('.', { objects }, { env: aws })).rejects.toThrow(code)
  })

  it('of Azure needs an account', async () => {
    const objects = { store: 'azure', bucket: 'bucket' }
    await expect(openLog('.', { objects }, { env: {} })).rejects.toThrow('MW-DEPLOY-319')
  })

  it('that refuses a request for good is not asked again', async () => {
    let asked = 0
    const endpoint = await serve((_, __, response) => {
      asked += 1
      response.writeHead(400).end('<Code>InvalidArgument</Code>')
    })
    const signals = await openLog(
      '.',
      { objects: { store: 's3', bucket: 'bucket', endpoint } },
      { env: aws },
    )
    await expect(signals.mark?.(VERSIONS)).rejects.toThrow(/MW-DEPLOY-315.*InvalidArgument/)
    expect(asked).toBe(1)
  })

  it('signs requests to S3 as Signature Version 4 says', async () => {
    let checked = false
    const endpoint = await serve((request, url, response) => {
      checked = isSigned(request, url, 'b')
      response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>')
    })
    const place = { store: 's3', bucket: 'bucket', endpoint, prefix: 'a b+c/ü&' }
    await (await openLog('.', { objects: place }, { env: aws })).mark?.(VERSIONS)
    expect(checked).toBe(true)
  })
})

/** The signature, computed anew from the request as the server sees it. */
function isSigned({ headers, method }: IncomingMessage, url: URL, secret: string): boolean {
  const match =
    /Credential=a\/(\d{8})\/us-east-1\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w+)/.exec(
      headers.authorization ?? '',
    )
  const [, day = '', names = '', signature] = match ?? []
  const query = [...url.searchParams]
    .map(([name, value]) => [name, value].map(encoded).join('='))
    .sort()
    .join('&')
  const canonical = [
    method,
    url.pathname,
    query,
    ...names.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n')
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const key = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day))
  const text = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'],
    `${day}/us-east-1/s3/aws4_request`,
    sha256(canonical),
  ]
  return createHmac('sha256', key).update(text.join('\n')).digest('hex') === signature
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
