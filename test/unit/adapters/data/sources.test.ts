import { createHash } from 'node:crypto'
import { readFileSync, symlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createHttpSource } from '../../../../src/adapters/data/http.js'
import { openDataSource } from '../../../../src/adapters/data/index.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import {
  CONTENT,
  dataSourceContract,
  type SourceUnderTest,
} from '../../../contracts/data-source.contract.js'
import { createFakeHost } from '../../runtime/fake-host.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function serve(answer: Answer): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function httpSource(folder: string) {
  const workspace = createWorkspace(folder)
  return createHttpSource({ workspace, log: createFakeHost().log }, 1)
}

// @evidence HTTP server, as a data source: live (Node's own on loopback, without TLS)
dataSourceContract('the http source', async (folder): Promise<SourceUnderTest> => {
  const { url } = await serve(({ url }, response) => {
    response.statusCode = url === '/data/train.csv' ? 200 : 404
    response.end(url === '/data/train.csv' ? CONTENT : 'no')
  })
  return {
    source: httpSource(folder),
    name: `${url}/data/train.csv`,
    absent: `${url}/data/absent.csv`,
    close: async () => undefined,
  }
})

const sourceFolder = useTemporaryFolder()
for (const scheme of ['', 'file:', 'file://'])
  dataSourceContract(`the file source by ${scheme || 'a path'}`, async (folder) => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/train.csv'), CONTENT)
    const root = scheme === 'file://' ? `${folder}/` : ''
    const context = { workspace: createWorkspace(folder), log: createFakeHost().log }
    return {
      source: await openDataSource(`${scheme}x`, context),
      name: `${scheme}${root}data/train.csv`,
      absent: `${scheme}${root}data/absent.csv`,
      close: async () => undefined,
    }
  })

describe('the file source', () => {
  const fetchFrom = async (source: string) => {
    const context = { workspace: createWorkspace(sourceFolder.path), log: createFakeHost().log }
    const adapter = await openDataSource(source, context)
    const signal = new AbortController().signal
    return adapter.fetch({ source, revision: undefined, target: sourceFolder.path, signal })
  }

  it.each(['../x.csv', 'file:../x.csv', 'file:///etc/hosts', '/etc/hosts', '../*.csv'])(
    'refuses %s, which leads outside',
    async (source) => {
      await expect(fetchFrom(source)).rejects.toThrow('MW-PATH-001: data.source')
    },
  )

  it('refuses kinds of sources that it does not know, and names those that it knows', async () => {
    await expect(fetchFrom('constructor:x')).rejects.toThrow('MW-DATA-101')
    await expect(fetchFrom('s3://b/k')).rejects.toThrow(
      'Known: a path or glob, file:, https:, http:.',
    )
    await expect(fetchFrom('file://elsewhere/x')).rejects.toThrow('MW-DATA-102')
  })
})

describe('the http source', () => {
  const folder = useTemporaryFolder()
  const fetchFrom = (source: string, revision?: string, signal = new AbortController().signal) =>
    httpSource(folder.path).fetch({ source, revision, target: join(folder.path, 'data'), signal })
  const digest = `sha256:${createHash('sha256').update(CONTENT).digest('hex')}`

  it('asks again when the server is busy, and gives up after the fourth time', async () => {
    let refusals = 2
    const { url, asked } = await serve((_, response) => {
      response.statusCode = refusals-- > 0 ? 503 : 200
      response.end(CONTENT)
    })
    expect((await fetchFrom(`${url}/a.csv`)).cacheHit).toBe(false)
    expect(asked).toHaveLength(3)
    refusals = Number.POSITIVE_INFINITY
    await expect(fetchFrom(`${url}/b.csv`)).rejects.toThrow(/^MW-DATA-105: .*\(status 503\)/)
    expect(asked).toHaveLength(3 + 4)
    expect(folder.list()).toEqual(['data/a.csv'])
  })

  it('does not ask again for what is not there', async () => {
    const { url, asked } = await serve((_, response) => response.writeHead(404).end())
    await expect(fetchFrom(`${url}/a.csv`)).rejects.toThrow('MW-DATA-105')
    expect(asked).toHaveLength(1)
  })

  it('refuses a body that ends too early, and keeps the file that was there', async () => {
    folder.write('data/a.csv', 'old')
    const { url, asked } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half')
      setTimeout(() => response.destroy(), 5)
    })
    await expect(fetchFrom(`${url}/a.csv`)).rejects.toThrow('MW-DATA-106')
    expect(asked).toHaveLength(4)
    expect(folder.list()).toEqual(['data/a.csv'])
    expect(readFileSync(join(folder.path, 'data/a.csv'), 'utf8')).toBe('old')
  })

  it('delivers what is pinned, once, and refuses anything else', async () => {
    const { url, asked } = await serve((_, response) => response.end(CONTENT))
    expect(await fetchFrom(`${url}/a.csv`, digest)).toMatchObject({
      revision: digest,
      cacheHit: false,
    })
    expect(await fetchFrom(`${url}/a.csv`, digest)).toMatchObject({
      revision: digest,
      cacheHit: true,
    })
    expect(asked).toHaveLength(1)
    folder.write('data/a.csv', 'changed here')
    expect(await fetchFrom(`${url}/a.csv`, digest)).toMatchObject({ cacheHit: false })
    await expect(fetchFrom(`${url}/a.csv`, `sha256:${'0'.repeat(64)}`)).rejects.toThrow(
      'MW-DATA-107',
    )
    expect(readFileSync(join(folder.path, 'data/a.csv'), 'utf8')).toBe(CONTENT)
    await expect(fetchFrom(`${url}/a.csv`, 'v1')).rejects.toThrow('MW-DATA-104')
    expect(folder.list()).toEqual(['data/a.csv'])
  })

  it('takes the bytes as they are, without an encoding on the way', async () => {
    const { url, asked } = await serve((_, response) => response.end(CONTENT))
    await fetchFrom(`${url}/a.csv`)
    expect(asked[0]?.headers['accept-encoding']).toBe('identity')
  })

  it('follows redirects on this machine, not in circles, and none to plain HTTP elsewhere', async () => {
    const { url } = await serve(({ url }, response) => {
      const to: Record<string, string> = {
        '/a.csv': '/b.csv',
        '/circle': '/circle',
        '/out': 'http://192.0.2.1/x.csv',
        '/ftp': 'ftp://192.0.2.1/x.csv',
        '/file': 'file:///etc/hosts',
      }
      const location = to[url ?? '']
      if (location === undefined) response.end(CONTENT)
      else response.writeHead(302, { location }).end()
    })
    const { files } = await fetchFrom(`${url}/a.csv`)
    expect(files).toEqual([join(folder.path, 'data/a.csv')])
    for (const path of ['out', 'ftp', 'file'])
      await expect(fetchFrom(`${url}/${path}`)).rejects.toThrow(/^MW-DATA-113: data\.source: 127/)
    await expect(fetchFrom(`${url}/circle`)).rejects.toThrow('too many redirects')
  })

  it.each(['http://example.com/a.csv', 'http://127.0.0.1.example.com/', 'https:', 'ftp://x/a'])(
    'refuses %s without asking',
    async (source) => {
      await expect(fetchFrom(source)).rejects.toThrow('MW-DATA-103')
    },
  )

  it('refuses a URL with a password, and does not repeat it', async () => {
    const error = await errorOf(() => fetchFrom('https://user:s3cret@example.com/a.csv'))
    expect(error.message).toMatch(/^MW-DATA-114: /)
    expect(error.message).not.toContain('s3cret')
  })

  it.each([
    ['/..%2f..%2fetc%2fpasswd', 'passwd'],
    ['/%', '_'],
    ['/', 'data'],
    ['/..', 'data'],
    [`/${'n'.repeat(300)}.csv`, `${'n'.repeat(196)}.csv`],
    ['/a%00b%0a.csv', 'a_b_.csv'],
  ])('puts what is at %s into the target folder as a plain name', async (path, name) => {
    const { url } = await serve((_, response) => response.end(CONTENT))
    await fetchFrom(`${url}${path}`)
    expect(folder.list()).toEqual([`data/${name}`])
  })

  it('does not read through a link in the place of the target', async () => {
    folder.write('data/x', '')
    symlinkSync('/etc/hosts', join(folder.path, 'data/a.csv'))
    const { url, asked } = await serve((_, response) => response.end(CONTENT))
    await expect(fetchFrom(`${url}/a.csv`)).rejects.toThrow('MW-PATH-001: data.path')
    expect(asked).toHaveLength(0)
  })

  it('leaves no half file when it is cancelled in the middle', async () => {
    const controller = new AbortController()
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half', () => setTimeout(() => controller.abort(), 10))
    })
    await expect(fetchFrom(`${url}/a.csv`, undefined, controller.signal)).rejects.toThrow(
      'Fetching was cancelled.',
    )
    expect(folder.list()).toEqual([])
  })
})
