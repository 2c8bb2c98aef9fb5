import { afterEach, describe, expect, it } from '@jest/globals'
import { createDatabricks } from '../../../../src/adapters/engine/databricks.js'
import {
  type Asked,
  type FakeEngine,
  type Reply,
  serveEngine,
  settingsFor,
} from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

const PATH = '/api/2.0/sql/statements'
const ENV = { MODELWAY_DATABRICKS_TOKEN: 'hidden-token' }
const COLUMNS = [
  { name: 'a', type_text: 'DOUBLE', position: 0 },
  { name: 'n', type_text: 'TIMESTAMP_NTZ', position: 1 },
  { name: 'l', type_text: 'ARRAY<INT>', position: 2 },
]
const state = (name: string, message?: string) => ({
  statement_id: 's-1',
  status: {
    state: name,
    ...(message === undefined ? {} : { error: { error_code: 'BAD_REQUEST', message } }),
  },
})
const done = (
  rows: readonly (readonly (string | null)[])[],
  more: Readonly<Record<string, unknown>> = {},
) => ({
  ...state('SUCCEEDED'),
  manifest: {
    schema: { column_count: 1, columns: COLUMNS },
    total_row_count: rows.length,
    truncated: false,
    ...more,
  },
  result: { chunk_index: 0, data_array: rows },
})

/** What the Statement Execution API refuses by its reference. */
function strict({ headers, method, path, body }: Asked, reply: Reply): Reply {
  if (headers['authorization'] !== 'Bearer hidden-token')
    return { status: 403, body: { message: 'Invalid access token' } }
  if (method === 'POST' && path === PATH) {
    const { statement, warehouse_id, wait_timeout, disposition, format, on_wait_timeout, ...rest } =
      JSON.parse(body) as Record<string, unknown>
    const isKnown = Object.keys(rest).every((name) => ['catalog', 'schema'].includes(name))
    const seconds = Number(/^(\d+)s$/.exec(String(wait_timeout))?.[1])
    const isRight =
      disposition === 'INLINE' && format === 'JSON_ARRAY' && on_wait_timeout === 'CONTINUE'
    if (
      !isKnown ||
      !isRight ||
      warehouse_id !== 'w1' ||
      seconds < 5 ||
      seconds > 50 ||
      !statement
    ) {
      return { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: body } }
    }
  }
  return reply
}

// @evidence Databricks SQL: contract (Statement Execution API 2.0, its reference)
describe('Databricks', () => {
  let fake: FakeEngine
  afterEach(() => fake.close())

  async function open(reply: (asked: Asked, attempt: number) => Reply) {
    let attempt = 0
    fake = await serveEngine((asked) => strict(asked, reply(asked, ++attempt)))
    const connection = { url: fake.url, warehouse: 'w1', catalog: 'main' }
    return createDatabricks(settingsFor(connection, ENV))
  }

  it('waits for a statement, and fetches all chunks', async () => {
    const engine = await open(({ path }, attempt) => {
      if (attempt < 3) return { body: state(attempt === 1 ? 'PENDING' : 'RUNNING') }
      if (path.endsWith('/result/chunks/1'))
        return { body: { chunk_index: 1, data_array: [['2']] } }
      const first = { chunk_index: 0, data_array: [['1']], next_chunk_index: 1 }
      return { body: { ...done([], { total_row_count: 2 }), result: first } }
    })
    const { rows, columns } = await engine.query('SELECT 1', NEVER)
    expect([columns, rows]).toEqual([
      ['a', 'n', 'l'],
      [['1'], ['2']],
    ])
  })

  it.each([
    ['cut', { truncated: true }],
    ['short', { total_row_count: 5 }],
  ])('uses no answer that is %s', async (_, more) => {
    const engine = await open(() => ({ body: done([['1']], more) }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-762')
  })

  it.each([
    ['FAILED', 'MW-DRIFT-760'],
    ['CANCELED', 'MW-DRIFT-761'],
    ['CLOSED', 'MW-DRIFT-761'],
  ])('tells the state %s', async (name, code) => {
    const engine = await open(() => ({ body: state(name, '[DIVIDE_BY_ZERO] words') }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
  })

  it('cancels there what takes too long', async () => {
    fake = await serveEngine((asked) => strict(asked, { body: state('RUNNING') }))
    const connection = { url: fake.url, warehouse: 'w1', 'timeout-minutes': 0.001 }
    const engine = createDatabricks(settingsFor(connection, ENV))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    expect(fake.asked.at(-1)?.path).toBe(`${PATH}/s-1/cancel`)
  })

  it.each([
    [{ status: 404, body: { error_code: 'NOT_FOUND', message: 'gone' } }, 'MW-DRIFT-762'],
    [{ body: { chunk_index: 1, data_array: [['2']] }, breaks: true }, 'MW-DRIFT-759'],
  ])('uses no rows when a chunk fails half-way: %j', async (chunk, code) => {
    const engine = await open(({ path }) => {
      if (path.endsWith('/result/chunks/1')) return chunk
      const first = { chunk_index: 0, data_array: [['1']], next_chunk_index: 1 }
      return { body: { ...done([], { total_row_count: 2 }), result: first } }
    })
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
  })

  it('describes a table by what it would give, and says that it is missing', async () => {
    const engine = await open(({ body }) => ({
      body: body.includes('nope')
        ? state('FAILED', '[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found')
        : done([]),
    }))
    expect((await engine.describe('main.`a``b`.t', NEVER)).map(({ type }) => type)).toEqual([
      ...['number', 'timestamp', 'other'],
    ])
    expect(fake.asked[0]?.body).toContain('SELECT * FROM `main`.`a``b`.`t` LIMIT 0')
    expect((await refusal(engine.describe('nope', NEVER))).code).toBe('MW-DRIFT-702')
  })

  it('refuses a wrong token, and needs a warehouse', async () => {
    await open(() => ({}))
    const env = { MODELWAY_DATABRICKS_TOKEN: 'wrong' }
    const wrong = createDatabricks(settingsFor({ url: fake.url, warehouse: 'w1' }, env))
    expect((await refusal(wrong.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-756')
    expect(() => createDatabricks(settingsFor({ url: fake.url, warehouse: 'w1' }))).toThrow(
      'MW-DRIFT-751',
    )
    expect(() => createDatabricks(settingsFor({ url: fake.url }, ENV))).toThrow('MW-DRIFT-750')
    const other = createDatabricks(settingsFor({ url: fake.url, warehouse: 'w2' }, ENV))
    expect((await refusal(other.query('SELECT 1', NEVER))).text).toContain(
      'INVALID_PARAMETER_VALUE',
    )
  })
})
