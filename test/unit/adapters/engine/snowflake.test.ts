import { afterEach, describe, expect, it } from '@jest/globals'
import { createSnowflake } from '../../../../src/adapters/engine/snowflake.js'
import {
  type Asked,
  type FakeEngine,
  type Reply,
  serveEngine,
  settingsFor,
} from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

const PATH = '/api/v2/statements'
const HANDLE = '019c06a4-0000-df4f-0000-00100006589e'
const ENV = { MODELWAY_SNOWFLAKE_TOKEN: 'hidden-token' }

const set = (
  type: string,
  data: readonly (readonly (string | null)[])[],
  numRows = data.length,
) => ({
  resultSetMetaData: {
    ...{ numRows, format: 'jsonv2', rowType: [{ name: 'A', type }] },
    partitionInfo: [{ rowCount: data.length, uncompressedSize: 9 }],
  },
  ...{ data, code: '090001', statementHandle: HANDLE, message: 'done' },
})

/** What the SQL API refuses by its reference: headers, fields of the body, and several statements in one. */
function strict(asked: Asked, reply: Reply): Reply {
  const { headers, method, body, path } = asked
  if (headers['authorization'] !== 'Bearer hidden-token') {
    return { status: 401, body: { code: '390303', message: 'Invalid OAuth access token hidden-x' } }
  }
  const wanted = headers['user-agent'] !== undefined && headers['accept'] === 'application/json'
  if (!wanted) return { status: 400, body: { code: '391903', message: 'headers' } }
  if (method === 'POST' && path === PATH) {
    const { statement, timeout, ...rest } = JSON.parse(body) as Record<string, unknown>
    const known = ['database', 'schema', 'warehouse', 'role', 'parameters', 'bindings']
    const isKnown = Object.keys(rest).every((name) => known.includes(name))
    if (!isKnown || typeof timeout !== 'number' || String(statement).includes(';')) {
      return { status: 400, body: { code: '391917', message: 'body' } }
    }
  }
  return reply
}

// @evidence Snowflake: contract (SQL API v2, its reference)
describe('Snowflake', () => {
  let fake: FakeEngine
  afterEach(() => fake.close())

  async function open(reply: (asked: Asked, attempt: number) => Reply) {
    let attempt = 0
    fake = await serveEngine((asked) => strict(asked, reply(asked, ++attempt)))
    const connection = { url: fake.url, catalog: 'DB', schema: 'PUBLIC', warehouse: 'XS' }
    return createSnowflake(settingsFor(connection, ENV))
  }
  const statementOf = (at: number) =>
    (JSON.parse(fake.asked[at]?.body ?? '') as { statement: string }).statement

  it('runs a statement where the connection says', async () => {
    const engine = await open(() => ({ body: set('text', [['x'], [null]]) }))
    expect(await engine.query('SELECT 1', NEVER)).toEqual({ columns: ['A'], rows: [['x'], [null]] })
    expect(JSON.parse(fake.asked[0]?.body ?? '')).toMatchObject({
      ...{ statement: 'SELECT 1', database: 'DB', schema: 'PUBLIC', warehouse: 'XS', timeout: 60 },
    })
    expect(fake.asked[0]?.query['requestId']).toMatch(/^[\da-f-]{36}$/)
  })

  it('reads doubles again with every digit, and booleans as such', async () => {
    const engine = await open((_, attempt) => {
      return {
        body:
          attempt === 1
            ? set('real', [['0.3333333333']])
            : set('text', [['3.3333333333333331e-01']]),
      }
    })
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([['3.3333333333333331e-01']])
    expect(statementOf(1)).toBe(`SELECT TO_VARCHAR($1, 'TME') FROM TABLE(RESULT_SCAN('${HANDLE}'))`)
    await fake.close()
    const other = await open(() => ({ body: set('boolean', [['true'], ['false']]) }))
    expect((await other.query('SELECT 1', NEVER)).rows).toEqual([[true], [false]])
  })

  it('waits for a statement that takes long, and fetches its packed partitions', async () => {
    const first = set('text', [['a']], 2)
    first.resultSetMetaData.partitionInfo.push({ rowCount: 1, uncompressedSize: 9 })
    const engine = await open(({ query }, attempt) => {
      if (attempt < 3) return { status: 202, body: { code: '333334', statementHandle: HANDLE } }
      return query['partition'] === '1' ? { gzip: true, body: { data: [['b']] } } : { body: first }
    })
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([['a'], ['b']])
    expect(fake.asked.at(-1)?.path).toBe(`${PATH}/${HANDLE}`)
  })

  it('uses no answer of which rows are missing', async () => {
    const engine = await open(() => ({ body: set('text', [['a']], 2) }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-762')
  })

  it('sends a request that was lost again as the same one', async () => {
    const engine = await open((_, attempt) =>
      attempt === 1 ? { status: 429, body: 'slow down' } : { body: set('text', [['a']]) },
    )
    await engine.query('SELECT 1', NEVER)
    const [one, two] = fake.asked.map(({ query }) => query)
    expect(two).toEqual({ requestId: one?.['requestId'], retry: 'true' })
  })

  it.each([
    [{ status: 422, body: { code: '000605', message: 'gone' } }, 'MW-DRIFT-762'],
    [{ body: { data: [['b']] }, breaks: true }, 'MW-DRIFT-759'],
  ])('uses no rows when a partition fails half-way: %j', async (partition, code) => {
    const first = set('text', [['a']], 2)
    first.resultSetMetaData.partitionInfo.push({ rowCount: 1, uncompressedSize: 9 })
    const engine = await open(({ query }) =>
      query['partition'] === '1' ? partition : { body: first },
    )
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
  })

  it('cancels there what takes too long', async () => {
    await open(({ path }) =>
      path.endsWith('/cancel')
        ? { body: { message: 'done' } }
        : { status: 202, body: { code: '333334', statementHandle: HANDLE } },
    )
    const connection = { url: fake.url, 'timeout-minutes': 0.002 }
    const engine = createSnowflake(settingsFor(connection, ENV))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    expect(fake.asked.at(-1)?.path).toBe(`${PATH}/${HANDLE}/cancel`)
  })

  it('cancels there what nobody waits for', async () => {
    const controller = new AbortController()
    const engine = await open(({ path }, attempt) => {
      if (attempt === 3) controller.abort()
      if (path.endsWith('/cancel')) return { body: { message: 'done' } }
      return { status: 202, body: { code: '333334', statementHandle: HANDLE } }
    })
    expect((await refusal(engine.query('SELECT 1', controller.signal))).code).toBe('CancelledError')
    expect(fake.asked.at(-1)?.path).toBe(`${PATH}/${HANDLE}/cancel`)
  })

  it.each([
    [422, '001003', 'MW-DRIFT-760'],
    [422, '000604', 'MW-DRIFT-761'],
    [408, '000630', 'MW-DRIFT-761'],
    [307, '0', 'MW-DRIFT-757'],
  ])('tells status %s with code %s by %s', async (status, code, expected) => {
    const engine = await open(() => ({
      status,
      body: { code, message: 'words', sqlState: '42000' },
    }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(expected)
  })

  it('describes a table in the case that Snowflake keeps, and says that it is missing', async () => {
    const rows = [
      ['ID', 'NUMBER(38,0)', 'COLUMN'],
      ['a"b', 'FLOAT', 'COLUMN'],
      ['AT', 'TIMESTAMP_TZ(9)', 'COLUMN'],
    ]
    const engine = await open(({ body }) =>
      body.includes('NOPE')
        ? { status: 422, body: { code: '002003', message: 'Object does not exist' } }
        : { body: set('text', rows) },
    )
    const columns = await engine.describe('DB."pub.lic".T', NEVER)
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['ID', 'integer'],
      ['a"b', 'number'],
      ['AT', 'timestamp'],
    ])
    expect(statementOf(0)).toBe('DESCRIBE TABLE "DB"."pub.lic"."T"')
    expect((await refusal(engine.describe('NOPE', NEVER))).code).toBe('MW-DRIFT-702')
  })

  it('refuses without a token, and with a wrong one, which it does not show', async () => {
    await open(() => ({}))
    expect(() => createSnowflake(settingsFor({ url: fake.url }))).toThrow('MW-DRIFT-751')
    const env = { MODELWAY_SNOWFLAKE_TOKEN: 'hidden-x' }
    const wrong = createSnowflake(settingsFor({ url: fake.url }, env))
    const { code, text } = await refusal(wrong.query('SELECT 1', NEVER))
    expect([code, text.includes('hidden-x')]).toEqual(['MW-DRIFT-756', false])
    const broken = { MODELWAY_SNOWFLAKE_TOKEN: 'a\nb' }
    expect(() => createSnowflake(settingsFor({ url: fake.url }, broken))).toThrow('MW-DRIFT-752')
  })
})
