import { afterEach, describe, expect, it } from '@jest/globals'
import { createClickHouse } from '../../../../src/adapters/engine/clickhouse.js'
import {
  type FakeEngine,
  type Reply,
  serveEngine,
  settingsFor,
} from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

const ONE = { meta: [{ name: 'a', type: 'UInt8' }], data: [[1]], rows: 1 }

describe('ClickHouse', () => {
  let fake: FakeEngine
  afterEach(() => fake.close())

  async function open(
    reply: (attempt: number) => Reply,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    let attempt = 0
    fake = await serveEngine(({ body }) => (body.startsWith('KILL') ? {} : reply(++attempt)))
    const env = { MODELWAY_CLICKHOUSE_PASSWORD: 'hidden-word' }
    return createClickHouse(settingsFor({ url: `${fake.url}/proxy/`, ...more }, env))
  }

  it('asks for the whole answer, for reading only, with a sign-in in headers', async () => {
    const engine = await open(() => ({ body: ONE }), { user: 'me', schema: 'lake' })
    expect(await engine.query('SELECT 1 AS a', NEVER)).toEqual({ columns: ['a'], rows: [[1]] })
    const [asked] = fake.asked
    expect(asked?.path).toBe('/proxy/')
    expect(asked?.query).toMatchObject({
      ...{ database: 'lake', default_format: 'JSONCompact', wait_end_of_query: '1', readonly: '1' },
    })
    expect(asked?.headers['x-clickhouse-user']).toBe('me')
    expect(asked?.headers['x-clickhouse-key']).toBe('hidden-word')
  })

  it.each([
    [
      'an error behind the rows',
      `${JSON.stringify(ONE).slice(0, -9)}\nCode: 241. DB::Exception: Memory limit exceeded`,
      'MW-DRIFT-760',
      'Memory limit',
    ],
    [
      'an error within the JSON',
      { ...ONE, exception: 'Code: 241. DB::Exception: Memory limit exceeded' },
      'MW-DRIFT-760',
      'Memory limit',
    ],
    ['no end', JSON.stringify(ONE).slice(0, -3), 'MW-DRIFT-759', 'half-way'],
    ['fewer rows than it counts', { ...ONE, rows: 2 }, 'MW-DRIFT-762', '1 of 2 rows'],
    ['another kind of page', '{"hello": 1}', 'MW-DRIFT-763', 'hello'],
  ])('uses no answer with %s', async (_, body, code, words) => {
    const found = await refusal((await open(() => ({ body }))).query('SELECT 1', NEVER))
    expect(found.code).toBe(code)
    expect(found.text).toContain(words)
  })

  it('takes a text that reads like an error for a text', async () => {
    const text = 'Code: 1. DB::Exception: no'
    const engine = await open(() => ({ body: { ...ONE, data: [[text]] } }))
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([[text]])
  })

  it('asks again when the connection breaks, by another identifier', async () => {
    const engine = await open((attempt) => ({ body: ONE, breaks: attempt < 3 }))
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([[1]])
    expect(new Set(fake.asked.map(({ query }) => query['query_id'])).size).toBe(3)
  })

  it('never writes for want of a setting: only settings that are refused are left out', async () => {
    const text = 'Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)'
    const engine = await open(() => ({ status: 500, body: text }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-760')
    expect(fake.asked.filter(({ body }) => !body.startsWith('KILL'))).toHaveLength(1)
  })

  it('kills there what was asked, and hides the password in what it says', async () => {
    const engine = await open(() => ({ status: 403, body: 'hidden-word is wrong' }))
    const { code, text } = await refusal(engine.query('SELECT 1', NEVER))
    expect(code).toBe('MW-DRIFT-756')
    expect(text).not.toContain('hidden-word')
    const [asked, killed] = fake.asked
    expect(killed?.body).toBe(`KILL QUERY WHERE query_id IN ('${asked?.query['query_id']}') ASYNC`)
  })

  it('gives up when the time is over, and when somebody cancels', async () => {
    fake = await serveEngine(async ({ body }) => {
      if (!body.startsWith('KILL')) await new Promise((resolve) => setTimeout(resolve, 400))
      return { body: ONE }
    })
    const engine = createClickHouse(settingsFor({ url: fake.url, 'timeout-minutes': 0.001 }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    const cancelled = refusal(engine.query('SELECT 1', AbortSignal.timeout(5)))
    expect((await cancelled).code).toBe('CancelledError')
    expect(fake.asked.filter(({ body }) => body.startsWith('KILL'))).toHaveLength(2)
  })

  it('sends no password in the clear, and needs an address without one', async () => {
    fake = await serveEngine(() => ({}))
    const env = { MODELWAY_CLICKHOUSE_PASSWORD: 'x' }
    const open = (url: string | undefined) => () =>
      createClickHouse(settingsFor(url === undefined ? {} : { url }, env))
    expect(open('http://clickhouse.example.com:8123')).toThrow('MW-DRIFT-707')
    expect(open('https://me:secret@clickhouse.example.com')).toThrow('MW-DRIFT-753')
    expect(open('ftp://clickhouse.example.com')).toThrow('MW-DRIFT-753')
    expect(open(undefined)).toThrow('MW-DRIFT-750')
  })
})
