import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createEndpoints } from '../../../../src/adapters/probe/index.js'
import { rawData } from '../../../../src/adapters/probe/raw-data.js'
import { ProbeSection } from '../../../../src/config/deploy/probe.js'
import { field, numberField, varint } from '../../../../src/grpc/protobuf.js'
import type { ModelEndpoint } from '../../../../src/ports/probe.js'

const ROWS = {
  columns: ['a', 'b'],
  rows: [
    [1, 2],
    [3, 4],
  ],
}
const SPEC = (name: string, datatype: string, shape: readonly number[]) =>
  Buffer.concat([field(1, name), field(2, datatype), field(3, Buffer.concat(shape.map(varint)))])

type Answers = Record<
  string,
  Buffer | { readonly status: number; readonly words: string } | 'silence'
>

describe('a server of the Open Inference Protocol by gRPC', () => {
  let answers: Answers
  let asked: { readonly method: string; readonly message: Buffer }[]
  let endpoint: ModelEndpoint
  let url: string
  const sessions = new Set<Http2Session>()
  const server = () => {
    const one = createServer()
    one.on('session', (session) => {
      sessions.add(session)
      session.on('error', () => undefined)
    })
    one.on('stream', (stream: ServerHttp2Stream, headers) => {
      stream.on('error', () => undefined)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const method = String(headers[':path']).split('/').at(-1) ?? ''
        asked.push({ method, message: Buffer.concat(chunks).subarray(5) })
        reply(stream, answers[method] ?? { status: 12, words: 'no such method' })
      })
    })
    return one
  }
  let running: ReturnType<typeof server>

  beforeEach(async () => {
    answers = {}
    asked = []
    running = server()
    await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(running.address() as AddressInfo).port}`
    endpoint = open()
  })
  afterEach(async () => {
    endpoint.close()
    for (const session of sessions) session.destroy()
    sessions.clear()
    await new Promise((resolve) => running.close(resolve))
  })

  function open(settings: object = {}): ModelEndpoint {
    const section = ProbeSection.parse({
      protocol: 'v2-grpc',
      model: 'm',
      timeout: '300ms',
      ...settings,
    })
    return createEndpoints(section, { env: {}, healthPath: '' })(url)
  }
  const signal = new AbortController().signal

  function reply(stream: ServerHttp2Stream, answer: Answers[string]): void {
    if (answer === 'silence') return
    if (!Buffer.isBuffer(answer)) {
      const { status, words } = answer as { status: number; words: string }
      stream.respond({ 'grpc-status': String(status), 'grpc-message': words }, { endStream: true })
      return
    }
    const head = Buffer.alloc(5)
    head.writeUInt32BE(answer.length, 1)
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.concat([head, answer]))
  }

  it('is healthy where it says yes three times; an empty message says no', async () => {
    const yes = numberField(1, 1)
    answers = { ServerLive: yes, ServerReady: yes, ModelReady: Buffer.alloc(0) }
    expect(await endpoint.health(signal)).toEqual([
      { name: 'live', ok: true, what: '' },
      { name: 'ready', ok: true, what: '' },
      { name: 'model ready', ok: false, what: 'it says no' },
    ])
    expect(asked.at(-1)?.message.toString('hex')).toBe(field(1, 'm').toString('hex'))
  })

  it('says its schema, with lengths that are open', async () => {
    answers = {
      ModelMetadata: Buffer.concat([
        field(1, 'm'),
        field(4, SPEC('x', 'FP32', [-1, 2])),
        field(5, Buffer.concat([field(1, 'y'), field(2, 'INT64'), numberField(3, -1)])),
      ]),
    }
    expect(await endpoint.schema(signal)).toEqual({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'INT64', shape: [-1] }],
    })
  })

  it('is read by typed contents and by raw ones, as Triton answers', async () => {
    const doubles = Buffer.alloc(16)
    doubles.writeDoubleLE(0.5, 0)
    doubles.writeDoubleLE(-1, 8)
    const typed = Buffer.concat([
      field(5, Buffer.concat([SPEC('p', 'FP64', [2]), field(5, field(7, doubles))])),
      field(
        5,
        Buffer.concat([
          SPEC('i', 'INT64', [2]),
          field(5, field(3, Buffer.concat([varint(-7), varint(2n ** 60n)]))),
        ]),
      ),
      field(5, Buffer.concat([SPEC('b', 'BOOL', [2]), field(5, field(1, Buffer.from([1, 0])))])),
      field(
        5,
        Buffer.concat([
          SPEC('s', 'BYTES', [2]),
          field(5, Buffer.concat([field(8, 'no'), field(8, 'yes')])),
        ]),
      ),
    ])
    answers = { ModelInfer: typed }
    const inputs = [{ name: 'x', datatype: 'FP64' }]
    endpoint = open({ inputs })
    const data = async () => {
      const prediction = await endpoint.predict(ROWS, signal)
      return prediction.kind === 'tensors' ? prediction.outputs.map((output) => output.data) : []
    }
    expect(await data()).toEqual([
      [0.5, -1],
      [-7, String(2n ** 60n)],
      [true, false],
      ['no', 'yes'],
    ])
    answers = {
      ModelInfer: Buffer.concat([field(5, SPEC('p', 'FP64', [2])), field(6, doubles)]),
    }
    expect(await data()).toEqual([[0.5, -1]])
  })

  it.each([
    ['a message that is cut off', Buffer.from('0aff', 'hex')],
    [
      'raw values that are cut off',
      Buffer.concat([field(5, SPEC('p', 'FP64', [1])), field(6, 'abc')]),
    ],
    [
      'raw values of a type that there is none of',
      Buffer.concat([field(5, SPEC('p', 'COMPLEX', [1])), field(6, 'abcd')]),
    ],
  ])('is not understood where it answers %s', async (_, message) => {
    answers = { ModelInfer: message }
    endpoint = open({ inputs: [{ name: 'x', datatype: 'FP32' }] })
    await expect(endpoint.predict(ROWS, signal)).rejects.toThrow('MW-DEPLOY-347')
  })

  it('is not sent a type that gRPC has no contents for', async () => {
    answers = { ModelMetadata: field(4, SPEC('x', 'BF16', [-1, 2])) }
    await expect(endpoint.predict(ROWS, signal)).rejects.toThrow(/MW-DEPLOY-353.*"BF16"/)
    expect(asked.map(({ method }) => method)).toEqual(['ModelMetadata'])
  })

  it('refuses in its own words, and is away where it says so or nothing', async () => {
    answers = { ModelMetadata: { status: 5, words: 'model%20m%20is not here' } }
    await expect(endpoint.schema(signal)).rejects.toThrow(
      /MW-DEPLOY-346.*status 5.*model m is not here/,
    )
    answers = { ModelMetadata: { status: 14, words: 'starting' } }
    await expect(endpoint.schema(signal)).rejects.toThrow(/MW-DEPLOY-345.*starting/)
    answers = { ModelMetadata: 'silence' }
    await expect(endpoint.schema(signal)).rejects.toThrow(/MW-DEPLOY-345.*it took too long/)
  })
})

describe('raw contents', () => {
  it.each([
    ['FP16', '003c' + '00c0' + '0100', [1, -2, 2 ** -24]],
    ['FP16', '007c' + '00fc', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['BF16', '803f' + '00c0', [1, -2]],
    ['FP32', '0000803f', [1]],
    ['INT8', 'ff01', [-1, 1]],
    ['INT16', 'feff', [-2]],
    ['INT32', 'fdffffff', [-3]],
    ['INT64', 'fcffffffffffffff', [-4]],
    ['UINT8', 'ff', [255]],
    ['UINT16', 'ffff', [65_535]],
    ['UINT32', 'ffffffff', [4_294_967_295]],
    ['UINT64', 'ffffffffffffffff', ['18446744073709551615']],
    ['BOOL', '0100', [true, false]],
    ['BYTES', '02000000' + '6869' + '00000000', ['hi', '']],
  ])('of %s are read: %s', (datatype, hex, values) => {
    expect(rawData(datatype, Buffer.from(hex, 'hex'))).toEqual(values)
  })

  it.each(['05000000' + '6869', 'ffffffff', '0500'])(
    'of texts are refused where they are cut off: %s',
    (hex) => {
      expect(() => rawData('BYTES', Buffer.from(hex, 'hex'))).toThrow('A text is cut off.')
    },
  )
})
