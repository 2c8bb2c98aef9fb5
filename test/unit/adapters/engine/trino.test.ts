import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openEngine } from '../../../../src/adapters/engine/index.js'
import { createTrino } from '../../../../src/adapters/engine/trino.js'
import { CancelledError, type ExternalError, type UserError } from '../../../../src/errors.js'

const NEVER = new AbortController().signal

interface Got {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

type Answer = { readonly status?: number; readonly page?: unknown; readonly hang?: boolean }

let server: Server | undefined
const got: Got[] = []

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
  got.length = 0
})

/** A coordinator that answers one request after the other. */
async function coordinator(answers: readonly Answer[]): Promise<string> {
  let next = 0
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url: path = '', headers } = request
    got.push({ method, path, body, headers })
    if (method === 'DELETE') return response.writeHead(204).end()
    const { status = 200, page = {}, hang } = answers[next++] ?? { status: 500 }
    if (hang === true) return undefined
    return response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(page))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function open(url: string, env: Record<string, string> = {}, minutes = 1) {
  const connection = {
    url,
    user: 'ann',
    catalog: 'lake',
    schema: 'prod',
    'timeout-minutes': minutes,
  }
  return createTrino({ connection, env, workingDirectory: '/', firstDelayMs: 1 })
}

interface Failure {
  readonly message: string
  readonly details: ExternalError['details']
  readonly problems: UserError['problems']
}

async function failure(work: Promise<unknown>): Promise<Failure> {
  return (await work.catch((error) => error)) as Failure
}

const columns = [{ name: 'a' }, { name: 'b' }]

describe('a query to Trino', () => {
  it('follows its pages, also those that are still empty, and gives all rows', async () => {
    const url = await coordinator([
      { page: { nextUri: 'http://elsewhere.example/v1/statement/queued/1?slug=x' } },
      { page: { nextUri: '/v1/statement/executing/2', columns, data: [[1.5, 'NaN']] } },
      { page: { nextUri: '/v1/statement/executing/3', columns } },
      { page: { columns, data: [[null, 'Infinity']] } },
    ])
    const answer = await open(url).query('SELECT a, b FROM t', NEVER)
    expect(answer).toEqual({
      columns: ['a', 'b'],
      rows: [
        [1.5, 'NaN'],
        [null, 'Infinity'],
      ],
    })
    expect(got.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/statement',
      'GET /v1/statement/queued/1?slug=x',
      'GET /v1/statement/executing/2',
      'GET /v1/statement/executing/3',
    ])
    expect(got[0]).toMatchObject({
      body: 'SELECT a, b FROM t',
      headers: {
        'x-trino-user': 'ann',
        'x-trino-catalog': 'lake',
        'x-trino-schema': 'prod',
        'x-trino-source': 'modelway',
        'x-trino-time-zone': 'UTC',
      },
    })
    expect(got[0]?.headers.authorization).toBeUndefined()
  })

  it.each([
    [{ MODELWAY_TRINO_PASSWORD: 'pw' }, 'Basic YW5uOnB3'],
    [{ MODELWAY_TRINO_PASSWORD: 'pw', MODELWAY_TRINO_TOKEN: 'tok' }, 'Bearer tok'],
  ])('signs in by %j', async (env, authorization) => {
    const url = await coordinator([{ page: { columns, data: [] } }])
    await open(url, env).query('SELECT 1', NEVER)
    expect(got[0]?.headers.authorization).toBe(authorization)
  })

  it('sends no secret in the clear', async () => {
    const env = { MODELWAY_TRINO_TOKEN: 'tok' }
    expect(() => open('http://trino.example.com', env)).toThrow('MW-DRIFT-707')
    expect(() => open('http://trino.example.com')).not.toThrow()
    expect(() => open('https://trino.example.com', env)).not.toThrow()
  })

  it('is a reading statement or a bug', async () => {
    const url = await coordinator([])
    for (const sql of ['DROP TABLE t', ' INSERT INTO t SELECT 1', 'selectx', 'CALL x()']) {
      await expect(open(url).query(sql, NEVER)).rejects.toThrow(TypeError)
    }
    expect(got).toEqual([])
  })

  it('repeats a page while the coordinator is busy', async () => {
    const url = await coordinator([
      { status: 503 },
      { page: { nextUri: '/v1/statement/x/1' } },
      { status: 429 },
      { status: 502 },
      { page: { columns, data: [[1, 2]] } },
    ])
    expect((await open(url).query('SELECT 1', NEVER)).rows).toEqual([[1, 2]])
  })

  it('that fails half-way gives no row, and says what the engine said without the secret', async () => {
    const url = await coordinator([
      { page: { nextUri: '/v1/statement/x/1', columns, data: [[1, 2]] } },
      { page: { error: { errorName: 'EXCEEDED_MEMORY', message: 'too much for s3cret' } } },
    ])
    const error = await failure(
      open(url, { MODELWAY_TRINO_TOKEN: 's3cret' }).query('SELECT 1', NEVER),
    )
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-760', retryable: false })
    expect(error.message).toContain('EXCEEDED_MEMORY: too much for ***')
  })

  it('that was stopped there may be run again', async () => {
    const page = { error: { errorName: 'ADMINISTRATIVELY_KILLED', message: 'by ops' } }
    const url = await coordinator([{ page }])
    expect((await failure(open(url).query('SELECT 1', NEVER))).details).toMatchObject({
      code: 'MW-DRIFT-761',
      retryable: true,
    })
  })

  it('is cancelled in the engine when its run is', async () => {
    const url = await coordinator([{ page: { nextUri: '/v1/statement/x/1' } }, { hang: true }])
    const controller = new AbortController()
    const running = open(url).query('SELECT 1', controller.signal)
    while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort(new CancelledError())
    await expect(running).rejects.toThrow(CancelledError)
    expect(got.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/statement/x/1' })
  })

  it('is cancelled in the engine when it takes too long', async () => {
    const url = await coordinator([{ page: { nextUri: '/v1/statement/x/1' } }, { hang: true }])
    const error = await failure(open(url, {}, 0.003).query('SELECT 1', NEVER))
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-764' })
    expect(got.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/statement/x/1' })
  })

  it('that is answered by something else names what is likely wrong', async () => {
    const url = await coordinator([{ status: 404, page: '' }, { page: { rows: 5, data: 'x' } }])
    const engine = open(url)
    expect((await failure(engine.query('SELECT 1', NEVER))).details).toMatchObject({
      code: 'MW-DRIFT-720',
      status: 404,
    })
    expect((await failure(engine.query('SELECT 1', NEVER))).details.code).toBe('MW-DRIFT-763')
  })
})

describe('a table of Trino', () => {
  it('is described by its columns and what their types mean', async () => {
    const data = [
      ['a"b', 'double', '', ''],
      ['t', 'timestamp(6) with time zone', '', ''],
      ['l', 'array(bigint)', '', ''],
    ]
    const url = await coordinator([{ page: { columns, data } }])
    expect(await open(url).describe('a."b.c"', NEVER)).toEqual([
      { name: 'a"b', engineType: 'double', type: 'number' },
      { name: 't', engineType: 'timestamp(6) with time zone', type: 'timestamp' },
      { name: 'l', engineType: 'array(bigint)', type: 'other' },
    ])
    expect(got[0]?.body).toBe('DESCRIBE "a"."b.c"')
  })

  it('that is not there is the user’s to mend', async () => {
    const page = { error: { errorName: 'TABLE_NOT_FOUND', message: "Table 'x.y' does not exist" } }
    const url = await coordinator([{ page }])
    const error = await failure(open(url).describe('x.y', NEVER))
    expect(error.problems[0]).toMatchObject({ code: 'MW-DRIFT-702' })
    expect((await failure(open(url).describe('x..y', NEVER))).problems[0]?.code).toBe(
      'MW-DRIFT-702',
    )
  })
})

describe('engines by name', () => {
  it('load the one that is named, which says what it lacks', async () => {
    const connection = { 'timeout-minutes': 1 }
    const settings = { connection, env: {}, workingDirectory: '/' }
    await expect(openEngine('trino', settings)).rejects.toThrow('needs the key "url"')
    const url = 'https://trino.example.com:8443'
    const engine = await openEngine('trino', { ...settings, connection: { ...connection, url } })
    expect(engine.name).toBe('Trino at trino.example.com:8443')
    await engine.close()
  })
})
