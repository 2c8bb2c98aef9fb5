import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { tableFromArrays, tableToIPC } from '@uwdata/flechette'
import { createSpark } from '../../../../src/adapters/engine/spark.js'
import { settingsFor } from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

/** What a Spark Connect server does with a call. */
type Turn = (
  stream: ServerHttp2Stream,
  path: string,
  headers: Readonly<Record<string, unknown>>,
) => void

/** A field of protobuf's wire format, of fewer than 16,384 bytes. */
function field(number: number, content: Buffer): Buffer {
  const { length } = content
  return Buffer.concat([Buffer.from([number * 8 + 2, (length % 128) | 0x80, length >> 7]), content])
}

/** A field whose number is above 15. */
function field2(number: number, content: Buffer): Buffer {
  const key = number * 8 + 2
  return Buffer.concat([Buffer.from([(key % 128) | 0x80, key >> 7, content.length]), content])
}

function batch(values: readonly number[], rows = values.length): Buffer {
  const data = Buffer.from(
    tableToIPC(tableFromArrays({ a: [...values] }), { format: 'stream' }) ?? [],
  )
  return field(2, Buffer.concat([Buffer.from([8, rows]), field(2, data)]))
}

function reply(
  stream: ServerHttp2Stream,
  status: number,
  message: string,
  bodies: readonly Buffer[] = [],
): void {
  const trailers = { 'grpc-status': String(status), 'grpc-message': encodeURIComponent(message) }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  for (const body of bodies) {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(body.length, 1)
    stream.write(Buffer.concat([head, body]))
  }
  stream.end()
}

describe('Spark', () => {
  let server: Http2Server
  let turn: Turn
  const paths: string[] = []
  beforeEach(async () => {
    paths.length = 0
    server = createServer()
    server.on('stream', (stream, headers) => {
      paths.push(String(headers[':path']).split('/')[2] ?? '')
      stream.on('error', () => undefined)
      stream.resume()
      stream.on('end', () => turn(stream, paths.at(-1) ?? '', headers))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.close()
  })

  function open(
    more: Readonly<Record<string, unknown>> = {},
    env: Readonly<Record<string, string>> = {},
  ) {
    const { port } = server.address() as AddressInfo
    return createSpark(settingsFor({ url: `sc://127.0.0.1:${port}`, ...more }, env))
  }

  it('puts the batches of an answer together, with its sign-in', async () => {
    let seen: unknown
    turn = (stream, _, headers) => {
      seen = headers['authorization']
      reply(stream, 0, '', [batch([0.1, 0.2]), batch([3])])
    }
    const engine = open({}, { MODELWAY_SPARK_TOKEN: 'hidden-token' })
    expect(await engine.query('SELECT 1', NEVER)).toEqual({
      columns: ['a'],
      rows: [[0.1], [0.2], [3]],
    })
    expect(seen).toBe('Bearer hidden-token')
    await engine.close()
    expect(paths).toEqual(['ExecutePlan', 'ReleaseSession'])
  })

  it('uses no answer that lacks rows or ends within a message', async () => {
    turn = (stream) => reply(stream, 0, '', [batch([1], 2)])
    const engine = open()
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-762')
    turn = (stream) => {
      stream.respond({ ':status': 200 })
      stream.write(Buffer.from([0, 0, 0, 0, 99, 1, 2]))
      stream.close()
    }
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-759')
    await engine.close()
  })

  it('asks again when the server was away, and never what Spark refused', async () => {
    turn = (stream) => {
      const runs = paths.filter((path) => path === 'ExecutePlan').length
      if (runs === 1) reply(stream, 14, 'io exception')
      else reply(stream, 0, '', [batch([1])])
    }
    const engine = open()
    expect((await engine.query('SELECT 1', NEVER)).rows).toEqual([[1]])
    paths.length = 0
    turn = (stream) => reply(stream, 13, '[DIVIDE_BY_ZERO] 100% wrong\n== SQL ==')
    expect((await refusal(engine.query('SELECT 1', NEVER))).text).toMatch(/100% wrong\.$/)
    expect(paths.filter((path) => path === 'ExecutePlan')).toHaveLength(1)
    await engine.close()
  })

  it.each([
    [16, 'MW-DRIFT-756'],
    [7, 'MW-DRIFT-756'],
    [1, 'MW-DRIFT-761'],
    [13, 'MW-DRIFT-760'],
  ])('tells the status %s of gRPC by %s', async (status, code) => {
    turn = (stream) => reply(stream, status, 'hidden-token is not right')
    const engine = open({}, { MODELWAY_SPARK_TOKEN: 'hidden-token' })
    const found = await refusal(engine.query('SELECT 1', NEVER))
    expect([found.code, found.text.includes('hidden-token')]).toEqual([code, false])
    await engine.close()
  })

  it('interrupts there what nobody waits for, once its tasks run: a stage that is submitted later would go on', async () => {
    const controller = new AbortController()
    const told: string[] = []
    turn = (stream, path) => {
      if (path !== 'ExecutePlan') {
        told.push(path)
        reply(stream, 0, '')
        return
      }
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      const tell = (tasks: number) => {
        const body = field2(18, Buffer.from([16, tasks]))
        const head = Buffer.alloc(5)
        head.writeUInt32BE(body.length, 1)
        stream.write(Buffer.concat([head, body]))
      }
      controller.abort()
      tell(0)
      setTimeout(() => {
        told.push('tasks run')
        tell(2)
      }, 100)
    }
    const engine = open()
    expect((await refusal(engine.query('SELECT 1', controller.signal))).code).toBe('CancelledError')
    await engine.close()
    expect(told).toEqual(['tasks run', 'Interrupt', 'ReleaseSession'])
  })

  it('says that nobody is there', async () => {
    const engine = open({ url: 'sc://127.0.0.1:9' })
    expect((await refusal(engine.query('SELECT 1', NEVER))).code).toBe('MW-DRIFT-754')
    await engine.close()
  })

  it.each([
    ['spark.example.com', 'MW-DRIFT-765'],
    ['sc://me@spark.example.com', 'MW-DRIFT-765'],
    ['sc://spark.example.com:15002/;token=abc', 'MW-DRIFT-765'],
    ['sc://spark.example.com:15002', 'MW-DRIFT-707'],
  ])('refuses the address %s', (url, code) => {
    expect(() => open({ url }, { MODELWAY_SPARK_TOKEN: 'x' })).toThrow(code)
  })

  it('takes the addresses of its own clients', () => {
    const token = { MODELWAY_SPARK_TOKEN: 'x' }
    expect(open({ url: 'sc://spark.example.com:443/;use_ssl=true' }, token).name).toBe(
      'Spark at spark.example.com',
    )
    expect(open({ url: 'sc://spark.example.com' }).name).toBe('Spark at spark.example.com:15002')
  })
})
