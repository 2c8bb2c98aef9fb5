import { afterEach, describe, expect, it } from '@jest/globals'
import { createBigQuery } from '../../../../src/adapters/engine/bigquery.js'
import {
  type Asked,
  type FakeEngine,
  type Reply,
  serveEngine,
  settingsFor,
} from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

const JOB = { jobReference: { projectId: 'p', jobId: 'job/1', location: 'EU' } }
const SCHEMA = {
  fields: [
    { name: 'a', type: 'FLOAT' },
    { name: 'b', type: 'BOOLEAN' },
  ],
}
const row = (...values: (string | null)[]) => ({ f: values.map((v) => ({ v })) })
const DONE = {
  ...JOB,
  jobComplete: true,
  schema: SCHEMA,
  totalRows: '1',
  rows: [row('0.5', 'true')],
}
const problem = (reason: string, message = 'words') => ({
  error: { message, errors: [{ reason }] },
})
const ENV = { MODELWAY_BIGQUERY_TOKEN: 'hidden-token' }

/** What the API refuses, by its discovery document: operations, required fields, and fields that it does not have. */
function strict(asked: Asked, reply: Reply): Reply {
  const { method, path, headers, body } = asked
  if (headers['authorization'] !== 'Bearer hidden-token')
    return { status: 401, body: problem('authError') }
  const known = /^\/bigquery\/v2\/projects\/p\/(?:queries|queries\/[^/]+|jobs|jobs\/[^/]+\/cancel)$/
  if (!known.test(path)) return { status: 404, body: problem('notFound', path) }
  if (method === 'POST' && path.endsWith('/queries')) {
    const { query, useLegacySql, ...rest } = JSON.parse(body) as Record<string, unknown>
    const fields = ['requestId', 'timeoutMs', 'location', 'defaultDataset', 'maximumBytesBilled']
    const unknown = Object.keys(rest).filter((name) => !fields.includes(name))
    if (unknown.length > 0 || useLegacySql !== false || !/^SELECT /.test(String(query))) {
      return { status: 400, body: problem('invalid', unknown.join()) }
    }
  }
  return reply
}

// @evidence BigQuery: contract (REST API v2, its discovery document)
describe('BigQuery', () => {
  let fake: FakeEngine
  afterEach(() => fake.close())

  async function open(
    reply: (asked: Asked, attempt: number) => Reply,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    let attempt = 0
    fake = await serveEngine((asked) => strict(asked, reply(asked, ++attempt)))
    return createBigQuery(settingsFor({ url: fake.url, catalog: 'p', ...more }, ENV))
  }

  it('runs a query in standard SQL within the limit of bytes', async () => {
    const engine = await open(() => ({ body: DONE }), {
      schema: 'd',
      region: 'EU',
      'maximum-bytes': 1e9,
    })
    expect(await engine.query('SELECT 1', NEVER)).toEqual({
      columns: ['a', 'b'],
      rows: [['0.5', true]],
    })
    const body = JSON.parse(fake.asked[0]?.body ?? '') as Record<string, unknown>
    expect(body['maximumBytesBilled']).toBe('1000000000')
    expect(body['defaultDataset']).toEqual({ projectId: 'p', datasetId: 'd' })
  })

  it('waits for a job in its location, and fetches all pages', async () => {
    const engine = await open(({ query }, attempt) => {
      if (attempt === 1) return { body: { ...JOB, jobComplete: false } }
      if (attempt === 2) return { body: { ...JOB, jobComplete: false } }
      if (query['pageToken'] === 'next') return { body: { ...DONE, totalRows: '2' } }
      return { body: { ...DONE, totalRows: '2', pageToken: 'next' } }
    })
    expect((await engine.query('SELECT 1', NEVER)).rows).toHaveLength(2)
    expect(fake.asked.slice(1).map(({ path, query }) => [path, query['location']])).toEqual(
      Array(3).fill(['/bigquery/v2/projects/p/queries/job%2F1', 'EU']),
    )
  })

  it('uses no answer of which rows are missing', async () => {
    const engine = await open(() => ({ body: { ...DONE, totalRows: '3' } }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-762')
  })

  it('repeats a request that was lost as the same one', async () => {
    const engine = await open((_, attempt) => (attempt === 1 ? { status: 503 } : { body: DONE }))
    await engine.query('SELECT 1', NEVER)
    const ids = fake.asked.map(({ body }) => (JSON.parse(body) as { requestId: string }).requestId)
    expect(new Set(ids).size).toBe(1)
  })

  it.each([
    [403, 'rateLimitExceeded'],
    [403, 'jobRateLimitExceeded'],
    [500, 'backendError'],
  ])('asks again after status %s for %s', async (status, reason) => {
    const engine = await open((_, attempt) =>
      attempt === 1 ? { status, body: problem(reason) } : { body: DONE },
    )
    expect((await engine.query('SELECT 1', NEVER)).rows).toHaveLength(1)
  })

  it.each([
    ['quotaExceeded', 'MW-DRIFT-760'],
    ['accessDenied', 'MW-DRIFT-756'],
  ])('tells by status 403 %s from the others', async (reason, code) => {
    const engine = await open(() => ({ status: 403, body: problem(reason) }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
    expect(fake.asked).toHaveLength(1)
  })

  it('gives up in the middle of its pages when the time is over, and cancels the job', async () => {
    const engine = await open(
      ({ path }) => ({
        body: path.endsWith('/cancel') ? {} : { ...JOB, jobComplete: false },
      }),
      { 'timeout-minutes': 0.002 },
    )
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-764')
    expect(fake.asked.at(-1)?.path).toBe('/bigquery/v2/projects/p/jobs/job%2F1/cancel')
  })

  it('uses no page that breaks off', async () => {
    const engine = await open(({ query }) =>
      query['pageToken'] === 'next'
        ? { body: DONE, breaks: true }
        : { body: { ...DONE, totalRows: '2', pageToken: 'next' } },
    )
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-759')
  })

  it('cancels the job when a page of its answer is refused', async () => {
    const engine = await open(({ path }, attempt) => {
      if (attempt === 1) return { body: { ...JOB, jobComplete: false } }
      return path.endsWith('/cancel')
        ? { body: {} }
        : { status: 400, body: problem('invalidQuery', 'Division by zero') }
    })
    expect((await refusal(engine.query('SELECT 1', NEVER))).text).toContain('Division by zero')
    expect(fake.asked.at(-1)?.path).toBe('/bigquery/v2/projects/p/jobs/job%2F1/cancel')
  })

  it.each([
    ['bytesBilledLimitExceeded', 'MW-DRIFT-770'],
    ['stopped', 'MW-DRIFT-761'],
    ['invalidQuery', 'MW-DRIFT-760'],
  ])('tells %s from other failures', async (reason, code) => {
    const engine = await open(() => ({ status: 400, body: problem(reason) }))
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe(code)
  })

  it('describes a table without running anything', async () => {
    const fields = [...SCHEMA.fields, { name: 'l', type: 'STRING', mode: 'REPEATED' }]
    const engine = await open(() => ({ body: { statistics: { query: { schema: { fields } } } } }))
    const columns = await engine.describe('other-project.d.`t`', NEVER)
    expect(columns.map(({ type }) => type)).toEqual(['number', 'boolean', 'other'])
    const { configuration } = JSON.parse(fake.asked[0]?.body ?? '') as {
      configuration: { dryRun: boolean; query: { query: string } }
    }
    expect(configuration.dryRun).toBe(true)
    expect(configuration.query.query).toBe('SELECT * FROM `other-project`.`d`.`t`')
  })

  it('says that a table is missing, and that a token is', async () => {
    const engine = await open(() => ({
      status: 404,
      body: problem('notFound', 'Not found: Table p:d.t'),
    }))
    expect((await refusal(engine.describe('d.t', NEVER))).code).toBe('MW-DRIFT-702')
    expect(() => createBigQuery(settingsFor({ catalog: 'p' }))).toThrow('MW-DRIFT-751')
    const other = createBigQuery(
      settingsFor({ url: fake.url, catalog: 'p' }, { GOOGLE_OAUTH_ACCESS_TOKEN: 'other' }),
    )
    expect((await refusal(other.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-756')
    await expect(engine.query('DELETE FROM t', NEVER)).rejects.toThrow(TypeError)
  })
})
