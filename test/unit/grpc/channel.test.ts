import {
  createServer,
  type Http2Server,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { GRPC_STATUS, type GrpcChannel, openChannel } from '../../../src/grpc/channel.js'

describe('a channel of gRPC', () => {
  let answer: (stream: ServerHttp2Stream) => void
  let server: Http2Server
  const sessions = new Set<Http2Session>()
  const channels: GrpcChannel[] = []

  beforeEach(async () => {
    server = createServer()
    server.on('session', (session) => {
      sessions.add(session)
      session.on('error', () => undefined)
    })
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => undefined)
      stream.resume().on('end', () => answer(stream))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterEach(async () => {
    for (const channel of channels.splice(0)) channel.close()
    for (const session of sessions) session.destroy()
    sessions.clear()
    await new Promise((resolve) => server.close(resolve))
  })

  function open(mostBytes = 1024): GrpcChannel {
    const { port } = server.address() as AddressInfo
    const channel = openChannel({
      origin: new URL(`http://127.0.0.1:${port}`),
      headers: {},
      mostBytes,
    })
    channels.push(channel)
    return channel
  }

  function call(channel = open(), signal = AbortSignal.timeout(5000)) {
    return channel.call('/s/M', Buffer.from('ask'), { signal })
  }

  /** A message of text behind its head. */
  function framed(text: string, compressed = 0): Buffer {
    const head = Buffer.alloc(5)
    head.writeUInt8(compressed)
    head.writeUInt32BE(Buffer.byteLength(text), 1)
    return Buffer.concat([head, Buffer.from(text)])
  }

  function reply(stream: ServerHttp2Stream, body: Buffer, trailers: Record<string, string>): void {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.end(body)
  }

  it('gives the messages of a call that ended with status 0', async () => {
    answer = (stream) => reply(stream, framed('yes'), { 'grpc-status': '0' })
    expect((await call()).map(String)).toEqual(['yes'])
  })

  it('gives the status and the words of a call that failed, percent signs decoded', async () => {
    answer = (stream) =>
      stream.respond({ 'grpc-status': '5', 'grpc-message': 'no%20such model' }, { endStream: true })
    await expect(call()).rejects.toMatchObject({ status: 5, message: 'no such model' })
  })

  it('fails where the answer has no status, as that of a plain web server', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 404 })
      stream.end('not here')
    }
    await expect(call()).rejects.toMatchObject({
      status: GRPC_STATUS.unavailable,
      message: 'it ended without a status (HTTP 404)',
    })
  })

  it('stops reading an answer that is larger than it may be', async () => {
    answer = (stream) => reply(stream, framed('x'.repeat(100_000)), { 'grpc-status': '0' })
    await expect(call(open(1024))).rejects.toMatchObject({ status: GRPC_STATUS.exhausted })
  })

  it('takes a compressed message, which it did not ask for, as cut off', async () => {
    answer = (stream) => reply(stream, framed('yes', 1), { 'grpc-status': '0' })
    await expect(call()).rejects.toMatchObject({ message: 'a message is cut off' })
  })

  it('ends a call when its signal is aborted', async () => {
    const stop = new AbortController()
    answer = () => stop.abort()
    await expect(call(open(), stop.signal)).rejects.toMatchObject({
      status: GRPC_STATUS.unavailable,
    })
  })

  it('makes a lost connection again for the next call', async () => {
    const channel = open()
    answer = () => {
      for (const session of sessions) session.destroy()
    }
    await expect(call(channel)).rejects.toThrow()
    answer = (stream) => reply(stream, framed('back'), { 'grpc-status': '0' })
    expect((await call(channel)).map(String)).toEqual(['back'])
  })

  it('fails where nobody listens', async () => {
    const channel = openChannel({
      origin: new URL('http://127.0.0.1:1'),
      headers: {},
      mostBytes: 1024,
    })
    await expect(call(channel)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
