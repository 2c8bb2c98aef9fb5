import { afterEach, describe, expect, it } from '@jest/globals'
import { textIn } from '../../../../src/adapters/engine/hive-protocol.js'
import { createSpark } from '../../../../src/adapters/engine/spark.js'
import { settingsFor } from '../../../fakes/engine/serve.js'
import {
  type FakeThrift,
  serveThrift,
  type ThriftTurn,
  wire,
} from '../../../fakes/engine/thrift.js'
import { NEVER, refusal } from './failures.js'

const OK = wire.struct(1, wire.i32(1, 0))
const failed = (words: string) => wire.struct(1, wire.i32(1, 3), wire.text(5, words))
const HANDLE = wire.struct(1, wire.text(1, Buffer.alloc(16, 1)), wire.text(2, Buffer.alloc(16, 2)))
const state = (code: number, words?: string) => [
  OK,
  wire.i32(2, code),
  ...(words === undefined ? [] : [wire.text(5, words)]),
]
const FINISHED = 2

/** One page of one column of doubles, of which the second is null. */
function server(more: Partial<Record<string, ThriftTurn>> = {}): ThriftTurn {
  let page = 0
  const usual: Record<string, ThriftTurn> = {
    OpenSession: () => [OK, wire.i32(2, 7), wire.struct(3, HANDLE)],
    ExecuteStatement: () => [OK, wire.struct(2, HANDLE, wire.i32(2, 0), wire.bool(3, true))],
    GetOperationStatus: () => state(FINISHED),
    GetResultSetMetadata: () => [
      OK,
      wire.struct(2, wire.structs(1, [[wire.text(1, 'a'), wire.i32(3, 1)]])),
    ],
    FetchResults: () => {
      const values = page++ === 0 ? [0.1, 0, Number.NaN] : []
      const column = wire.struct(6, wire.doubles(1, values), wire.text(2, Buffer.of(0b10)))
      return [OK, wire.bool(2, false), wire.struct(3, wire.structs(3, [[column]]))]
    },
    CancelOperation: () => [OK],
    CloseSession: () => [OK],
    ...more,
  }
  return (call) => usual[call.method]?.(call) ?? [failed(`no call ${call.method}`)]
}

// @evidence Spark, by its Thrift server: live (4.3.0, two executors; SASL over TCP, and HTTP)
describe("Spark's Thrift server", () => {
  let fake: FakeThrift
  afterEach(() => fake?.close())

  async function open(
    turn: ThriftTurn,
    more: Readonly<Record<string, unknown>> = {},
    env: Readonly<Record<string, string>> = {},
  ) {
    fake = await serveThrift(turn)
    return createSpark(settingsFor({ via: 'thrift', url: fake.url, ...more }, env))
  }

  it('asks in a session of its own, and reads pages until one is empty', async () => {
    let sql = ''
    const engine = await open(
      server({
        ExecuteStatement: ({ request }) => {
          sql = textIn(request, 2)
          return [OK, wire.struct(2, HANDLE, wire.i32(2, 0), wire.bool(3, true))]
        },
      }),
      { user: 'me' },
      { MODELWAY_SPARK_PASSWORD: 'hidden-word' },
    )
    expect(await engine.query('SELECT a FROM t', NEVER)).toEqual({
      columns: ['a'],
      rows: [[0.1], [null], ['NaN']],
    })
    expect([sql, fake.signedIn]).toEqual(['SELECT a FROM t', ['me:hidden-word']])
    expect(fake.called).toEqual([
      ...['OpenSession', 'ExecuteStatement', 'GetOperationStatus', 'GetResultSetMetadata'],
      ...['FetchResults', 'FetchResults', 'CloseSession'],
    ])
  })

  it('refuses a wrong password without showing it', async () => {
    const engine = await open(server(), {}, { MODELWAY_SPARK_PASSWORD: 'wrong' })
    const { code, text } = await refusal(engine.query('SELECT 1', NEVER))
    expect([code, text.includes('wrong')]).toEqual(['MW-DRIFT-756', false])
  })

  it.each([
    [5, 'MW-DRIFT-760'],
    [3, 'MW-DRIFT-761'],
    [8, 'MW-DRIFT-761'],
  ])('tells the state %s of an operation by %s', async (code, expected) => {
    const engine = await open(server({ GetOperationStatus: () => state(code, 'words\n at x') }))
    const found = await refusal(engine.query('SELECT 1', NEVER))
    expect([found.code, found.text.includes('words'), found.text.includes('at x')]).toEqual([
      ...[expected, true, code !== 5],
    ])
  })

  it('says that a table is missing', async () => {
    const engine = await open(
      server({
        ExecuteStatement: () => [failed('[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found')],
      }),
    )
    expect((await refusal(engine.describe('nope', NEVER))).code).toBe('MW-DRIFT-702')
  })

  it.each([
    ['FetchResults', 'hang up'],
    ['FetchResults', 'say half'],
    ['GetOperationStatus', 'hang up'],
  ] as const)('uses nothing when %s makes it %s', async (method, what) => {
    const engine = await open(server({ [method]: () => what }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-759')
  })

  it('uses no rows when a page is refused half-way', async () => {
    let page = 0
    const usual = server()
    const engine = await open((call) =>
      call.method === 'FetchResults' && page++ > 0 ? [failed('executor lost')] : usual(call),
    )
    expect((await refusal(engine.query('SELECT 1', NEVER))).text).toContain('executor lost')
  })

  it('cancels there what nobody waits for, and what takes too long', async () => {
    const controller = new AbortController()
    const engine = await open(
      server({
        GetOperationStatus: () => {
          controller.abort()
          return state(1)
        },
      }),
      { 'timeout-minutes': 0.005 },
    )
    expect((await refusal(engine.query('SELECT 1', controller.signal))).code).toBe('CancelledError')
    expect(fake.called.at(-1)).toBe('CancelOperation')
    fake.called.length = 0
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    expect(fake.called.at(-1)).toBe('CancelOperation')
  })

  it.each([
    ['spark.example.com:10000', {}, 'MW-DRIFT-772'],
    ['thrift://me@spark.example.com', {}, 'MW-DRIFT-772'],
    ['thrift://spark.example.com/;auth=noSasl', {}, 'MW-DRIFT-772'],
    ['thrift://spark.example.com', { MODELWAY_SPARK_PASSWORD: 'x' }, 'MW-DRIFT-707'],
    ['http://spark.example.com/cliservice', { MODELWAY_SPARK_TOKEN: 'x' }, 'MW-DRIFT-707'],
  ])('refuses the address %s', (url, env, code) => {
    const given = env as Record<string, string>
    expect(() => createSpark(settingsFor({ via: 'thrift', url }, given))).toThrow(code)
  })

  it('takes encrypted addresses, and says that nobody is there', async () => {
    const env = { MODELWAY_SPARK_PASSWORD: 'x' }
    const url = 'thrift://spark.example.com:10001/;ssl=true'
    expect(createSpark(settingsFor({ via: 'thrift', url }, env)).name).toContain(
      'example.com:10001',
    )
    const nobody = createSpark(settingsFor({ via: 'thrift', url: 'thrift://127.0.0.1:9' }))
    expect((await refusal(nobody.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-754')
    await expect(nobody.query('DROP TABLE x', NEVER)).rejects.toThrow(TypeError)
  })
})
