import { createHash, createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createAthena } from '../../../../src/adapters/engine/athena.js'
import {
  type Asked,
  type FakeEngine,
  type Reply,
  serveEngine,
  settingsFor,
} from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

const SECRET = 'hidden/secret+key'
const ENV = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_SESSION_TOKEN: 'session',
}
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** Signature Version 4 as AWS documents it, made again from the request that came. */
function isSigned({ headers, method, path, body }: Asked): boolean {
  const [, day = '', region = '', signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/([\w-]+)\/athena\/aws4_request, SignedHeaders=([\w;-]+), Signature=([\da-f]{64})$/.exec(
      headers['authorization'] ?? '',
    ) ?? []
  const names = signed.split(';')
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const canonical = [method, path, '', lines, signed, sha(body)].join('\n')
  const scope = `${day}/${region}/athena/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), 'athena'), 'aws4_request')
  return (
    ['host', 'x-amz-date', 'x-amz-security-token'].every((name) => names.includes(name)) &&
    headers['x-amz-security-token'] === 'session' &&
    hmac(key, text).toString('hex') === signature
  )
}

/** By the model of AWS's own clients: which members an operation has, with * those that it must have. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  StartQueryExecution: ['QueryString*', 'ClientRequestToken', 'WorkGroup', 'QueryExecutionContext'],
  GetQueryExecution: ['QueryExecutionId*'],
  GetQueryResults: ['QueryExecutionId*', 'MaxResults', 'NextToken'],
  StopQueryExecution: ['QueryExecutionId*'],
  GetTableMetadata: ['CatalogName*', 'DatabaseName*', 'TableName*', 'WorkGroup'],
}

function wrongInput(operation: string, input: Record<string, unknown>): string | undefined {
  const members = MEMBERS[operation]
  if (members === undefined) return `no operation ${operation}`
  const names = members.map((name) => name.replace('*', ''))
  const unknown = Object.keys(input).filter((name) => !names.includes(name))
  const missing = names.filter((name, i) => members[i]?.endsWith('*') && !(name in input))
  const token = input['ClientRequestToken']
  const isShort = token !== undefined && !/^.{32,128}$/.test(String(token))
  const isMany = Number(input['MaxResults'] ?? 1) > 1000
  const wrong = [
    ...unknown,
    ...missing,
    ...(isShort ? ['ClientRequestToken'] : []),
    ...(isMany ? ['MaxResults'] : []),
  ]
  return wrong.length === 0 ? undefined : wrong.join()
}

const operationOf = ({ headers }: Asked) =>
  /^AmazonAthena\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1]
const data = (...values: (string | undefined)[]) => ({
  Data: values.map((value) => (value === undefined ? {} : { VarCharValue: value })),
})
const status = (State: string, StateChangeReason?: string) => ({
  QueryExecution: { QueryExecutionId: 'q-1', Status: { State, StateChangeReason } },
})
const results = (rows: readonly unknown[], NextToken?: string) => ({
  ...(NextToken === undefined ? {} : { NextToken }),
  ResultSet: {
    Rows: rows,
    ResultSetMetadata: {
      ColumnInfo: [
        { Name: 'a', Type: 'double' },
        { Name: 'b', Type: 'varchar' },
      ],
    },
  },
})

// @evidence Amazon Athena: contract (its API reference; Signature Version 4 checked)
describe('Athena', () => {
  let fake: FakeEngine
  afterEach(() => fake.close())

  async function open(reply: (operation: string, input: Record<string, unknown>) => Reply) {
    fake = await serveEngine((asked) => {
      if (!isSigned(asked))
        return { status: 400, body: { __type: 'InvalidSignatureException', message: 'no' } }
      if (asked.headers['content-type'] !== 'application/x-amz-json-1.1')
        return { status: 400, body: { __type: 'SerializationException' } }
      const operation = operationOf(asked) ?? ''
      const input = JSON.parse(asked.body) as Record<string, unknown>
      const wrong = wrongInput(operation, input)
      if (wrong !== undefined) {
        return { status: 400, body: { __type: 'InvalidRequestException', Message: wrong } }
      }
      return reply(operation, input)
    })
    return createAthena(
      settingsFor(
        { url: fake.url, region: 'eu-central-1', schema: 'lake', warehouse: 'group' },
        ENV,
      ),
    )
  }

  it('starts a signed query, waits for it, and reads all pages without the line of names', async () => {
    let asked = 0
    const engine = await open((operation, input) => {
      if (operation === 'StartQueryExecution') return { body: { QueryExecutionId: 'q-1' } }
      if (operation === 'GetQueryExecution')
        return { body: status(++asked < 3 ? 'RUNNING' : 'SUCCEEDED') }
      if (input['NextToken'] === 'n') return { body: results([data('2', undefined)]) }
      return { body: results([data('a', 'b'), data('0.1', 'x')], 'n') }
    })
    expect(await engine.query('SELECT 1', NEVER)).toEqual({
      columns: ['a', 'b'],
      rows: [
        ['0.1', 'x'],
        ['2', null],
      ],
    })
    expect(JSON.parse(fake.asked[0]?.body ?? '')).toMatchObject({
      QueryString: 'SELECT 1',
      WorkGroup: 'group',
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'lake' },
    })
  })

  it.each([
    ['FAILED', 'MW-DRIFT-760'],
    ['CANCELLED', 'MW-DRIFT-761'],
  ])('tells the state %s', async (state, code) => {
    const engine = await open((operation) =>
      operation === 'StartQueryExecution'
        ? { body: { QueryExecutionId: 'q-1' } }
        : { body: status(state, 'DIVISION_BY_ZERO: words') },
    )
    const found = await refusal(engine.query('SELECT 1', NEVER))
    expect(found.code).toBe(code)
    expect(found.text).toContain('words')
  })

  it.each([
    [400, 'TooManyRequestsException'],
    [400, 'ThrottlingException'],
    [500, 'InternalServerException'],
  ])('asks again after status %s of %s', async (status_, type) => {
    let asked = 0
    const engine = await open((operation) => {
      if (operation === 'StartQueryExecution') {
        return ++asked === 1
          ? { status: status_, body: { __type: type, message: 'slow down' } }
          : { body: { QueryExecutionId: 'q-1' } }
      }
      if (operation === 'GetQueryExecution') return { body: status('SUCCEEDED') }
      return { body: results([data('a', 'b')]) }
    })
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([])
    const tokens = fake.asked
      .filter((one) => operationOf(one) === 'StartQueryExecution')
      .map(({ body }) => (JSON.parse(body) as { ClientRequestToken: string }).ClientRequestToken)
    expect([tokens.length, new Set(tokens).size]).toEqual([2, 1])
  })

  it.each([
    [
      { status: 400, body: { __type: 'InvalidRequestException', Message: 'words' } },
      'MW-DRIFT-760',
    ],
    [{ body: results([data('2', 'x')]), breaks: true }, 'MW-DRIFT-759'],
  ])('uses no rows when a page fails half-way: %j', async (page, code) => {
    const engine = await open((operation, input) => {
      if (operation === 'StartQueryExecution') return { body: { QueryExecutionId: 'q-1' } }
      if (operation === 'GetQueryExecution') return { body: status('SUCCEEDED') }
      if (operation === 'StopQueryExecution') return { body: {} }
      return input['NextToken'] === 'n' ? page : { body: results([data('a', 'b')], 'n') }
    })
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
  })

  it('stops there what takes too long', async () => {
    await open((operation) => {
      if (operation === 'StartQueryExecution') return { body: { QueryExecutionId: 'q-1' } }
      return { body: operation === 'StopQueryExecution' ? {} : status('RUNNING') }
    })
    const connection = { url: fake.url, region: 'eu-central-1', 'timeout-minutes': 0.002 }
    const engine = createAthena(settingsFor(connection, ENV))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    expect(fake.asked.map(operationOf).at(-1)).toBe('StopQueryExecution')
  })

  it('stops there what nobody waits for', async () => {
    const controller = new AbortController()
    const engine = await open((operation) => {
      if (operation === 'StartQueryExecution') return { body: { QueryExecutionId: 'q-1' } }
      controller.abort()
      return { body: operation === 'StopQueryExecution' ? {} : status('RUNNING') }
    })
    expect((await refusal(engine.query('SELECT 1', controller.signal))).code).toBe('CancelledError')
    expect(fake.asked.map(operationOf).at(-1)).toBe('StopQueryExecution')
  })

  it('describes a table with its partition keys, and says that it is missing', async () => {
    const engine = await open((_, input) =>
      input['TableName'] === 'nope'
        ? {
            status: 400,
            body: {
              __type: 'MetadataException',
              Message: 'EntityNotFoundException: Entity Not Found',
            },
          }
        : {
            body: {
              TableMetadata: {
                Name: 't',
                Columns: [
                  { Name: 'a', Type: 'double' },
                  { Name: 'm', Type: 'map<string,int>' },
                ],
                PartitionKeys: [{ Name: 'day', Type: 'date' }],
              },
            },
          },
    )
    const columns = await engine.describe('other.t', NEVER)
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'number'],
      ['m', 'other'],
      ['day', 'date'],
    ])
    expect(JSON.parse(fake.asked[0]?.body ?? '')).toMatchObject({
      DatabaseName: 'other',
      TableName: 't',
    })
    expect((await refusal(engine.describe('nope', NEVER))).code).toBe('MW-DRIFT-702')
  })

  it('refuses a wrong key without showing it, and says what is missing', async () => {
    await open(() => ({}))
    const connection = { url: fake.url, region: 'eu-central-1' }
    const wrong = createAthena(
      settingsFor(connection, { ...ENV, AWS_SECRET_ACCESS_KEY: 'hidden-wrong' }),
    )
    const { code, text } = await refusal(wrong.query('SELECT 1', NEVER))
    expect([code, text.includes('hidden-wrong')]).toEqual(['MW-DRIFT-756', false])
    expect(() => createAthena(settingsFor(connection, {}))).toThrow('MW-DRIFT-751')
    expect(() => createAthena(settingsFor({}, ENV))).toThrow('MW-DRIFT-750')
    const right = createAthena(settingsFor(connection, ENV))
    expect((await refusal(right.describe('t', NEVER))).code).toBe('MW-DRIFT-771')
  })
})
