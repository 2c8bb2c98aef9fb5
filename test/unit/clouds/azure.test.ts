import { afterEach, describe, expect, it } from '@jest/globals'
import { azureAddress, createAzureSignIn } from '../../../src/clouds/azure.js'
import { createAzureRest } from '../../../src/clouds/azure-rest.js'
import { UserError } from '../../../src/errors.js'
import { startServer, type TestServer } from '../adapters/telemetry/server.js'

/** Gives a token that holds for an hour, and remembers what it was asked for. */
function credentialAt(clock: { now: number }) {
  const asked: string[] = []
  const credential = {
    getToken: async (scopes: string | string[]) => {
      asked.push(String(scopes))
      return { token: `token-${asked.length}`, expiresOnTimestamp: clock.now + 3_600_000 }
    },
  }
  return { asked, credential: async () => credential }
}

describe('signing in to Azure', () => {
  const signIn = (clock: { now: number }, env = {}) => {
    const { asked, credential } = credentialAt(clock)
    const tokens = createAzureSignIn({ env, cloud: 'public', now: () => clock.now, credential })
    return { asked, tokens }
  }

  it('takes a token that is given, of that audience only', async () => {
    const { asked, tokens } = signIn({ now: 0 }, { MODELWAY_AZURE_TOKEN: ' given\n' })
    expect(await tokens('management')).toBe('given')
    expect(await tokens('logs')).toBe('token-1')
    expect(asked).toEqual(['https://api.loganalytics.io/.default'])
  })

  it('keeps a token for as long as it holds, and makes a new one before it ends', async () => {
    const clock = { now: 0 }
    const { asked, tokens } = signIn(clock)
    expect(await tokens('management')).toBe('token-1')
    clock.now = 54 * 60_000
    expect(await tokens('management')).toBe('token-1')
    clock.now = 56 * 60_000
    expect(await tokens('management')).toBe('token-2')
    expect(asked[0]).toBe('https://management.azure.com/.default')
  })

  it('asks the addresses of other clouds there', async () => {
    const { asked, credential } = credentialAt({ now: 0 })
    const tokens = createAzureSignIn({ env: {}, cloud: 'china', now: () => 0, credential })
    await tokens('logs')
    expect(asked).toEqual(['https://api.loganalytics.azure.cn/.default'])
    expect(azureAddress('us-government', 'management')).toBe('https://management.usgovcloudapi.net')
  })

  it('says how to, where nothing does, and shows no secret', async () => {
    const env = { AZURE_CLIENT_SECRET: 'very-secret' }
    const credential = async () => ({
      getToken: async () => {
        throw new Error('the secret very-secret is wrong')
      },
    })
    const tokens = createAzureSignIn({ env, cloud: 'public', now: () => 0, credential })
    const error = await tokens('management').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect(String(error)).toMatch(/MW-DEPLOY-270.*azure\/login/)
    expect(String(error)).not.toContain('very-secret')
  })

  it('may be tried again where the network is what is wrong', async () => {
    const credential = async () => ({
      getToken: async () => {
        const error = new Error('Status code: 400 More details: network_error: no way')
        error.name = 'AuthenticationError'
        throw error
      },
    })
    const tokens = createAzureSignIn({ env: {}, cloud: 'public', now: () => 0, credential })
    const error = await tokens('management').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ details: { code: 'MW-DEPLOY-294', retryable: true } })
  })

  it('refuses a given token that no header can hold', async () => {
    const { tokens } = signIn({ now: 0 }, { MODELWAY_AZURE_TOKEN: 'a\nb' })
    await expect(tokens('management')).rejects.toThrow(/MODELWAY_AZURE_TOKEN/)
  })
})

describe('a request to Azure', () => {
  let server: TestServer | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })
  const rest = () =>
    createAzureRest({
      env: {},
      tokens: async () => 'the-token',
      timeoutMs: 300,
      firstDelayMs: 1,
    })
  const get = (url: string) => rest()({ method: 'GET', url: new URL(url), audience: 'management' })

  it('is tried again after errors of the server and throttling', async () => {
    server = await startServer((_, count) => {
      if (count === 1) return { drop: true }
      return count === 2 ? { status: 429, headers: { 'retry-after': '0.01' } } : { body: '{"a":1}' }
    })
    expect((await get(server.url)).json).toEqual({ a: 1 })
    expect(server.received).toHaveLength(3)
  })

  it('ends where the server stays away', async () => {
    server = await startServer(() => ({ status: 503, body: '{"error":{"code":"Away"}}' }))
    await expect(get(server.url)).rejects.toThrow(/MW-DEPLOY-295.*Away/)
    expect(server.received).toHaveLength(4)
  })

  it('ends where nothing answers', async () => {
    server = await startServer(() => ({ hang: true }))
    await expect(get(server.url)).rejects.toThrow(/MW-DEPLOY-272/)
  })

  it('goes nowhere else with its token', async () => {
    server = await startServer(() => ({
      status: 307,
      headers: { location: 'http://127.0.0.1:1/' },
    }))
    await expect(get(server.url)).rejects.toThrow(/MW-DEPLOY-271.*\(status 307\)/)
    expect(server.received).toHaveLength(1)
  })

  it('shows no token that an answer repeats', async () => {
    const error = { code: 'Forbidden', message: 'Bearer the-token may not' }
    server = await startServer(() => ({ status: 403, body: JSON.stringify({ error }) }))
    const thrown = await get(server.url).catch(String)
    expect(thrown).toMatch(/MW-DEPLOY-271.*Forbidden/)
    expect(thrown).not.toContain('the-token')
  })
})
