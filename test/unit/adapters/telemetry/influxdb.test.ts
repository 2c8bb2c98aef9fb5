// @evidence InfluxDB 3 by SQL, what users met: contract (the shape of its answers)
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  fluxNumbers,
  influxqlNumbers,
  sqlNumbers,
} from '../../../../src/adapters/telemetry/influxdb-answer.js'
import { open, STRETCH } from './open-signals.js'
import { startServer, type TestServer } from './server.js'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('numbers of InfluxQL', () => {
  const series = (columns: string[], values: unknown[][], more: object = {}) =>
    JSON.stringify({ results: [{ statement_id: 0, series: [{ columns, values, ...more }] }] })

  it('are those of the one column beside the time', () => {
    expect(
      influxqlNumbers(
        series(
          ['time', 'sum'],
          [
            [0, 5],
            [1, 6],
          ],
        ),
        'x',
      ),
    ).toEqual([5, 6])
  })

  it('are none where there is no series', () => {
    expect(influxqlNumbers('{"results":[{"statement_id":0}]}', 'x')).toEqual([])
  })

  it('are not taken for zero where a value is null', () => {
    expect(influxqlNumbers(series(['time', 'sum'], [[0, null]]), 'x')).toEqual([Number.NaN])
  })

  it('are a part where the server says so', () => {
    expect(influxqlNumbers(series(['time', 'n'], [[0, 1]], { partial: true }), 'x')).toBe('partial')
  })

  it('are refused where there are two columns', () => {
    expect(() => influxqlNumbers(series(['time', 'a', 'b'], [[0, 1, 2]]), 'x')).toThrow(
      /MW-DEPLOY-287/,
    )
  })

  it.each(['{"error":"wrong"}', '{"results":[{"error":"wrong"}]}'])(
    'are an error in %s',
    (text) => {
      expect(influxqlNumbers(text, 'x')).toEqual({ error: 'wrong' })
    },
  )

  it('are not what is no answer', () => {
    expect(influxqlNumbers('<html>', 'x')).toBeUndefined()
  })
})

describe('numbers of Flux', () => {
  it('are the values of all tables, with texts that hold commas, quotes and lines', () => {
    const text =
      ',result,table,_value,version\r\n,_result,0,5,"a,""b""\nc"\r\n\r\n,result,table,version,_value\r\n,_result,1,x,7\r\n'
    expect(fluxNumbers(text)).toEqual([5, 7])
  })

  it('are none in an empty answer', () => {
    expect(fluxNumbers('\r\n')).toEqual([])
    expect(fluxNumbers('')).toEqual([])
  })

  it('are an error where a table is one', () => {
    expect(fluxNumbers('error,reference\r\nbroken,897\r\n')).toEqual({ error: 'broken' })
  })

  it('are not what is no table of values', () => {
    expect(fluxNumbers('<html>\n')).toBeUndefined()
  })
})

describe('numbers of SQL', () => {
  it('are those of the one column', () => {
    expect(sqlNumbers('[{"sum":5}]', 'x')).toEqual([5])
  })

  it('are none for a sum of nothing', () => {
    expect(sqlNumbers('[{"sum":null}]', 'x')).toEqual([])
  })

  it('are refused in two columns', () => {
    expect(() => sqlNumbers('[{"a":5,"b":6}]', 'x')).toThrow(/MW-DEPLOY-287/)
  })
})

describe('signals of InfluxDB 3', () => {
  const query = "SELECT sum(n) FROM r WHERE v = '{name}' AND time >= {from} AND time < {to}"
  const sql = (url: string, more: object = {}) =>
    open(
      { influxdb: { url, language: 'sql', database: 'ml', requests: query, ...more } },
      { MODELWAY_INFLUXDB_TOKEN: 'secret-token' },
    )

  it('ask in SQL, with a name as a text that nothing in it ends', async () => {
    server = await startServer(() => ({ body: '[{"sum":3}]' }))
    const gained = await (await sql(server.url)).between({ ...STRETCH, canary: "a' OR '1'='1" })
    expect(gained?.counters.canary.requests).toBe(3)
    const { path, headers, body } = server.received[1] ?? {}
    expect(path).toBe('/api/v3/query_sql')
    expect(headers?.authorization).toBe('Bearer secret-token')
    expect(JSON.parse(body ?? '')).toEqual({
      db: 'ml',
      format: 'json',
      q: "SELECT sum(n) FROM r WHERE v = 'a'' OR ''1''=''1' AND time >= '2026-01-01T00:00:00.000Z' AND time < '2026-01-01T00:01:00.000Z'",
    })
  })

  it('send no token in clear text', async () => {
    await expect(sql('http://influxdb.example:8086')).rejects.toThrow(/MW-DRIFT-659/)
  })

  it('need a database, except for Flux', async () => {
    await expect(sql('http://127.0.0.1:1', { database: undefined })).rejects.toThrow(/database/)
  })
})
