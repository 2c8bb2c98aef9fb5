import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type GoogleCall, openGoogle } from '../../../src/clouds/google.js'
import { Conflict } from '../../../src/clouds/google-failures.js'
import { CancelledError, ExternalError, UserError } from '../../../src/errors.js'

interface Said {
  readonly status?: number
  readonly text?: string
  readonly headers?: Record<string, string>
}

let server: Server
let base: string
let asked: { line: string; authorization: string | undefined; body: string }[]
let slept: number[]
let answers: Said[]
let folder: string
/** What the token service gives, one after the other. */
let tokens: string[]
let exchanges: number
let tokenStatus: number
/** After how many answers of tokenStatus the token service is well. */
let tokenFailures: number

const TOKEN_FAILURE = { error: 'invalid_grant', error_description: 'The audience is wrong.' }

function tokenAnswer(): object {
  const access_token = tokens[exchanges]
  exchanges++
  const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token'
  return { access_token, issued_token_type, token_type: 'Bearer', expires_in: 3600 }
}

beforeEach(async () => {
  asked = []
  slept = []
  answers = []
  exchanges = 0
  tokenStatus = 200
  tokenFailures = Number.POSITIVE_INFINITY
  tokens = ['federated-token-1', 'federated-token-2', 'federated-token-3']
  folder = mkdtempSync(join(tmpdir(), 'google-'))
  server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk) => {
      body += String(chunk)
    })
    incoming.on('end', () => {
      if (incoming.url === '/v1/token') {
        const isWell = tokenStatus === 200 || tokenFailures-- <= 0
        outgoing.writeHead(isWell ? 200 : tokenStatus, { 'content-type': 'application/json' })
        outgoing.end(JSON.stringify(isWell ? tokenAnswer() : TOKEN_FAILURE))
        return
      }
      const { authorization } = incoming.headers
      asked.push({ line: `${incoming.method} ${incoming.url}`, authorization, body })
      const said = answers.shift() ?? { text: '{}' }
      outgoing.writeHead(said.status ?? 200, said.headers)
      outgoing.end(said.text ?? '{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const EXPLICIT = { GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.explicit' }

function client(
  env: Record<string, string> = EXPLICIT,
  more: { timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds)
  }
  return openGoogle({ env, now: () => 0, sleep, ...more })
}

function call(more: Partial<GoogleCall> = {}): GoogleCall {
  const url = new URL('/v2/thing', base)
  return {
    method: 'GET',
    url,
    subject: 'thing',
    where: 'deploy.thing',
    permission: 'thing.get (roles/thing)',
    ...more,
  }
}

const failure = (status: number, kind: string, message: string): Said => ({
  status,
  text: JSON.stringify({ error: { code: status, status: kind, message } }),
})

/** Workload identity federation as google-github-actions/auth writes it, with the subject token in a file. */
function federated(): Record<string, string> {
  const subject = join(folder, 'subject')
  writeFileSync(subject, 'a.subject.token')
  const file = join(folder, 'credentials.json')
  writeFileSync(
    file,
    JSON.stringify({
      universe_domain: 'googleapis.com',
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${base}/v1/token`,
      credential_source: { file: subject, format: { type: 'text' } },
    }),
  )
  return { GOOGLE_APPLICATION_CREDENTIALS: file }
}

describe('a call of Google Cloud', () => {
  it('is signed in to by the first token that the environment gives', async () => {
    await client({ MODELWAY_GOOGLE_TOKEN: ' ya29.own\n', GOOGLE_OAUTH_ACCESS_TOKEN: 'other' }).call(
      call(),
    )
    await client().call(call({ method: 'PATCH', body: { a: 1 } }))
    expect(asked).toEqual([
      { line: 'GET /v2/thing', authorization: 'Bearer ya29.own', body: '' },
      { line: 'PATCH /v2/thing', authorization: 'Bearer ya29.explicit', body: '{"a":1}' },
    ])
  })

  it.each([429, 500, 502, 503, 504])('is tried again after status %d', async (status) => {
    answers = [failure(status, 'UNAVAILABLE', 'busy'), { text: '{"ok":true}' }]
    expect(await client().call(call())).toEqual({ ok: true })
    expect(slept).toEqual([500])
  })

  it('waits as long as the server asks for', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '7' } }, {}]
    await client().call(call())
    expect(slept).toEqual([7000])
  })

  it('does not wait for a server that wants to be left alone for long', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '600' } }]
    await expect(client().call(call())).rejects.toThrow(/MW-DEPLOY-255/)
    expect(slept).toEqual([])
  })

  it('ends after five attempts, and can be repeated', async () => {
    answers = new Array<Said>(9).fill(failure(503, 'UNAVAILABLE', 'The service is away.'))
    const attempt = client().call(call())
    await expect(attempt).rejects.toThrow(
      /MW-DEPLOY-255: thing \(status 503\): is busy or away \(UNAVAILABLE\): The service is away/,
    )
    await expect(attempt).rejects.toMatchObject({ details: { retryable: true } })
    expect(asked).toHaveLength(5)
    expect(slept).toEqual([500, 1000, 2000, 4000])
  })

  it.each([
    [
      403,
      'PERMISSION_DENIED',
      /MW-DEPLOY-253.*deploy\.thing.*because.*thing\.get \(roles\/thing\)/,
    ],
    [404, 'NOT_FOUND', /MW-DEPLOY-254.*because/],
    [400, 'INVALID_ARGUMENT', /MW-DEPLOY-256.*400 INVALID_ARGUMENT.*because/],
    [401, 'UNAUTHENTICATED', /MW-DEPLOY-252.*because.*federation/],
  ])('says what the user can mend of status %d', async (status, kind, message) => {
    answers = [failure(status, kind, 'because')]
    const attempt = client().call(call())
    await expect(attempt).rejects.toThrow(message)
    await expect(attempt).rejects.toThrow(UserError)
    expect(asked).toHaveLength(1)
  })

  it.each([
    [409, 'ABORTED'],
    [412, ''],
    [400, 'FAILED_PRECONDITION'],
    [409, 'ALREADY_EXISTS'],
  ])('tells a conflict (%d %s) from other refusals', async (status, kind) => {
    answers = [failure(status, kind, 'changed')]
    await expect(client().call(call())).rejects.toThrow(Conflict)
    expect(asked).toHaveLength(1)
  })

  it('says so where what answers is no API of Google', async () => {
    answers = [{ text: '<html>sign in</html>' }]
    await expect(client().call(call())).rejects.toThrow(/MW-DEPLOY-257/)
    answers = [{ status: 302, headers: { location: 'https://elsewhere.example' } }]
    await expect(client().call(call())).rejects.toThrow(/MW-DEPLOY-256.*302/)
  })

  it('says that nobody answers, after as many attempts', async () => {
    const url = new URL('http://127.0.0.1:9/v2/thing')
    const attempt = client().call(call({ url }))
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-250.*127\.0\.0\.1:9/)
    await expect(attempt).rejects.toThrow(ExternalError)
    expect(slept).toHaveLength(4)
  })

  it('never shows the token, nor what Google says of it', async () => {
    answers = [failure(400, 'INVALID_ARGUMENT', 'Bearer ya29.explicit is strange')]
    const attempt = client().call(call())
    await expect(attempt).rejects.toThrow(/Bearer \*\*\* is strange/)
  })

  it('refuses a token that no header can have', async () => {
    const attempt = client({ MODELWAY_GOOGLE_TOKEN: 'a\nb' }).call(call())
    await expect(attempt).rejects.toThrow(/MW-DRIFT-658.*MODELWAY_GOOGLE_TOKEN/)
  })

  it('is cancelled as everything else', async () => {
    const controller = new AbortController()
    controller.abort()
    const attempt = client(EXPLICIT, { signal: controller.signal }).call(call())
    await expect(attempt).rejects.toThrow(CancelledError)
  })
})

describe('application default credentials', () => {
  it('exchange the token of the runner once, and use what they got until it ends', async () => {
    const google = client(federated())
    await google.call(call())
    await google.call(call())
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer federated-token-1',
      'Bearer federated-token-1',
    ])
    expect(exchanges).toBe(1)
  })

  it('are exchanged again where a token has ended in the middle of a rollout', async () => {
    const google = client(federated())
    await google.call(call())
    answers = [failure(401, 'UNAUTHENTICATED', 'expired'), { text: '{"ok":true}' }]
    expect(await google.call(call())).toEqual({ ok: true })
    expect(asked.at(-1)?.authorization).toBe('Bearer federated-token-2')
    expect(exchanges).toBe(2)
  })

  it('end where the new token is refused too', async () => {
    answers = new Array<Said>(9).fill(failure(401, 'UNAUTHENTICATED', 'federated-token-2 is bad'))
    await expect(client(federated()).call(call())).rejects.toThrow(/MW-DEPLOY-252.*\*\*\* is bad/)
    expect(asked).toHaveLength(2)
  })

  it('say why they cannot sign in', async () => {
    tokenStatus = 400
    const attempt = client(federated()).call(call())
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-251.*The audience is wrong/)
    await expect(attempt).rejects.toThrow(UserError)
    expect(asked).toEqual([])
  })

  it('are waited for while the token service is away', async () => {
    tokenStatus = 503
    // The library itself tries four times.
    tokenFailures = 4
    await client(federated()).call(call())
    expect(slept).toEqual([500])
    expect(asked).toHaveLength(1)
  })

  it('say which file is missing', async () => {
    const attempt = client({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'none.json') }).call(
      call(),
    )
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-251.*none\.json.*google-github-actions\/auth/)
  })
})
