import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { artifactName } from '../../../../../src/adapters/host/github/artifacts.js'
import { cacheKey } from '../../../../../src/adapters/host/github/cache.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

/** A results service that answers every call alike, and what it was asked. */
interface Results {
  readonly url: string
  readonly calls: string[]
  answer: { readonly status: number; readonly body: unknown }
  readonly server: Server
}

const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run-1:job-1' }))
const RUNTIME_TOKEN = `e30.${claims.toString('base64url')}.x`
const NAMES = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_SERVICE_V2',
  'RUNNER_TEMP',
  'GITHUB_WORKSPACE',
]

let under: GitHubUnderTest
let results: Results

async function startResults(): Promise<Results> {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url?.split('/').at(-1) ?? '')
    request.resume().on('end', () => {
      response.writeHead(made.answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(made.answer.body))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const made: Results = { url, calls, server, answer: { status: 200, body: { ok: false } } }
  return made
}

beforeEach(async () => {
  results = await startResults()
  const env = {
    ACTIONS_RUNTIME_TOKEN: RUNTIME_TOKEN,
    ACTIONS_RESULTS_URL: results.url,
    ACTIONS_CACHE_SERVICE_V2: '1',
  }
  under = await startGitHubHost({ env })
  Object.assign(process.env, env, { RUNNER_TEMP: under.folder, GITHUB_WORKSPACE: under.folder })
  await mkdir(join(under.folder, 'data'))
  await writeFile(join(under.folder, 'data', 'a.txt'), 'a')
})
afterEach(async () => {
  for (const name of NAMES) delete process.env[name]
  await under.close()
  results.server.closeAllConnections()
  await new Promise((resolve) => results.server.close(resolve))
})

describe('artifacts on GitHub', () => {
  it('are not to be had on Enterprise Server or without the runner’s token', () => {
    expect(under.host.artifacts).toBeDefined()
    expect(under.another({ GITHUB_SERVER_URL: 'https://ghe.example' }).artifacts).toBeUndefined()
    expect(under.another({ ACTIONS_RUNTIME_TOKEN: '' }).artifacts).toBeUndefined()
    expect(under.another({ GITHUB_SERVER_URL: 'https://x.ghe.com' }).artifacts).toBeDefined()
  })

  it('of a name that the run has already say so, and are not retried', async () => {
    results.answer = { status: 409, body: { code: 'already_exists', msg: 'an artifact exists' } }
    const root = join(under.folder, 'data')
    const upload = under.host.artifacts?.upload('report', [join(root, 'a.txt')], root)
    await expect(upload).rejects.toMatchObject({
      details: { code: 'MW-HOST-007', retryable: false },
    })
    expect(results.calls).toEqual(['CreateArtifact'])
  })

  it('have names that any file system takes', () => {
    expect(artifactName('a/b:c*"<>|?\r\n\\d')).toBe('a-b-c-d')
    expect(artifactName('')).toBe('modelway')
  })
})

describe('the cache on GitHub', () => {
  it('is not to be had where the runner has no service for it', () => {
    expect(under.host.cache).toBeDefined()
    expect(under.another({ ACTIONS_RESULTS_URL: '' }).cache).toBeUndefined()
    // Enterprise Server speaks the first protocol only.
    const enterprise = { GITHUB_SERVER_URL: 'https://ghe.example' }
    expect(under.another(enterprise).cache).toBeUndefined()
    const first = { ...enterprise, ACTIONS_CACHE_URL: results.url }
    expect(under.another(first).cache).toBeDefined()
  })

  it('gives undefined on a miss', async () => {
    const found = await under.host.cache?.restore(['data'], 'key', ['k'])
    expect(found).toBeUndefined()
    expect(results.calls).toEqual(['GetCacheEntryDownloadURL'])
  })

  it('takes keys with commas, long keys and many of them', async () => {
    expect(cacheKey('a,b')).toBe('a-b')
    const many = Array.from({ length: 20 }, (_, i) => `k${i}`)
    const key = `${'long,'.repeat(200)}`
    expect(await under.host.cache?.restore(['data'], key, many)).toBeUndefined()
    expect(results.calls).toHaveLength(1)
    expect(under.raw()).not.toContain('::warning::')
  })

  it('gives a warning and goes on when a key is taken or nothing is there to save', async () => {
    results.answer = { status: 409, body: { code: 'already_exists', msg: 'taken' } }
    const root = join(under.folder, 'data')
    await expect(under.host.cache?.save([root], 'key')).resolves.toBeUndefined()
    await expect(under.host.cache?.save([], 'key')).resolves.toBeUndefined()
    expect(under.raw()).toContain('The cache could not be saved')
  })
})
