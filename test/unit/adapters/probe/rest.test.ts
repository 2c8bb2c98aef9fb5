import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createEndpoints } from '../../../../src/adapters/probe/index.js'
import { ProbeSection } from '../../../../src/config/deploy/probe.js'
import { type HttpWorld, json, startHttp } from './server.js'

const ROWS = {
  columns: ['a', 'b'],
  rows: [
    [1, 2],
    [3, 4],
  ],
}
const METADATA = {
  name: 'm',
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['-1', '2'] }],
  outputs: [{ name: 'y', datatype: 'INT64', shape: [-1] }],
}
const OUTPUT = { name: 'y', datatype: 'INT64', shape: [2], data: [0, 1] }

describe('a server of the Open Inference Protocol by REST', () => {
  let world: HttpWorld
  beforeEach(async () => {
    world = await startHttp()
    world.answer = ({ path }, response) =>
      json(response, path.endsWith('/infer') ? { outputs: [OUTPUT] } : METADATA)
  })
  afterEach(() => world.close())

  const open = (settings: object = {}, env: Record<string, string> = {}) => {
    const section = ProbeSection.parse({ model: 'm', timeout: '400ms', ...settings })
    return createEndpoints(section, { env, healthPath: '/health' })(world.url)
  }
  const signal = new AbortController().signal

  it('is sent tensors as the model says that it takes them, which it is asked for once', async () => {
    const endpoint = open()
    const prediction = await endpoint.predict(ROWS, signal)
    await endpoint.predict(ROWS, signal)
    expect(prediction).toEqual({ kind: 'tensors', outputs: [OUTPUT] })
    expect(world.asked.map(({ path }) => path)).toEqual([
      '/v2/models/m',
      '/v2/models/m/infer',
      '/v2/models/m/infer',
    ])
    expect(world.asked[1]?.body).toEqual({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] }],
    })
  })

  it('is sent tensors as the settings name them, and asked for outputs by name', async () => {
    const inputs = [
      { name: 'b', datatype: 'INT32' },
      {
        name: 'all',
        datatype: 'BYTES',
        columns: ['b', 'a'],
        shape: [-1, 2, 1],
        parameters: { content_type: 'str' },
      },
    ]
    const golden = { file: 'f', expected: [{ column: 'z', output: 'y' }] }
    await open({ inputs, golden, 'model-version': '3' }).predict(ROWS, signal)
    expect(world.asked).toHaveLength(1)
    expect(world.asked[0]).toMatchObject({
      path: '/v2/models/m/versions/3/infer',
      body: {
        inputs: [
          { name: 'b', datatype: 'INT32', shape: [2, 1], data: [2, 4] },
          {
            name: 'all',
            datatype: 'BYTES',
            shape: [2, 2, 1],
            data: ['2', '1', '4', '3'],
            parameters: { content_type: 'str' },
          },
        ],
        outputs: [{ name: 'y' }],
      },
    })
  })

  it('is sent all columns in one tensor where it does not say what it takes', async () => {
    world.answer = ({ path }, response) =>
      json(response, path.endsWith('/infer') ? { outputs: [OUTPUT] } : { name: 'm', inputs: null })
    await open().predict(ROWS, signal)
    expect(world.asked[1]?.body).toEqual({
      inputs: [{ name: 'input-0', datatype: 'FP64', shape: [2, 2], data: [1, 2, 3, 4] }],
    })
  })

  it('takes shapes that are texts, as JSON of protobuf has them', async () => {
    expect((await open().schema(signal))?.inputs).toEqual([
      { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    ])
  })

  it('is not ready where it says so with a status of success', async () => {
    world.answer = ({ path }, response) =>
      json(response, path.includes('ready') ? { ready: false } : { live: true })
    expect(await open().health(signal)).toEqual([
      { name: 'live', ok: true, what: '' },
      { name: 'ready', ok: false, what: 'status 200 {"ready":false}' },
      { name: 'model ready', ok: false, what: 'status 200 {"ready":false}' },
    ])
  })

  it.each([
    ['no JSON', '<html>', 'answers with what is no JSON: <html>'],
    ['nothing', '', 'answers with what is no JSON: nothing'],
    [
      'NaN',
      '{"outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[NaN]}]}',
      'it holds NaN or Infinity, which JSON has not',
    ],
    ['a list', '[]', 'the answer has no list of outputs'],
    ['null', 'null', 'the answer has no list of outputs'],
    [
      'an output without data',
      '{"outputs":[{"name":"y","datatype":"FP32","shape":[1]}]}',
      'an output has no data',
    ],
    [
      'a tensor without a name',
      '{"outputs":[{"data":[1]}]}',
      'a tensor has no name, datatype or shape',
    ],
    [
      'a shape of words',
      '{"outputs":[{"name":"y","datatype":"FP32","shape":["x"],"data":[1]}]}',
      'a tensor has no name',
    ],
  ])('is not understood where it answers %s', async (_, text, what) => {
    world.answer = (_asked, response) => response.end(text)
    const inputs = [{ name: 'x', datatype: 'FP32' }]
    await expect(open({ inputs }).predict(ROWS, signal)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(what) }),
    )
  })

  it('is not followed to another address', async () => {
    world.answer = (_asked, response) => response.writeHead(307, { location: '/elsewhere' }).end()
    await expect(open().schema(signal)).rejects.toThrow(
      /MW-DEPLOY-347.*sends to another address \(status 307\)/,
    )
    expect(world.asked).toHaveLength(1)
  })

  it('is read up to a limit, unpacked: a small packed answer may be large', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20))
    expect(bomb.length).toBeLessThan(100_000)
    world.answer = (_asked, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    await expect(open({ timeout: '20s' }).schema(signal)).rejects.toThrow(
      'answers with more than 32 MiB',
    )
  })

  it.each([
    ['never answers', () => undefined, 'it took too long'],
    [
      'stops half-way',
      (_: unknown, response: import('node:http').ServerResponse) =>
        void response.writeHead(200).write('{'),
      'it took too long',
    ],
    [
      'breaks off',
      (_: unknown, response: import('node:http').ServerResponse) => void response.destroy(),
      'does not answer',
    ],
  ])('is away where it %s', async (_, answer, what) => {
    world.answer = answer
    await expect(open().schema(signal)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(`MW-DEPLOY-345.*${what}`) }),
    )
  })

  it('is away where nobody listens', async () => {
    const endpoint = open()
    await world.close()
    await expect(endpoint.health(signal)).rejects.toThrow(/MW-DEPLOY-345.*ECONNREFUSED/)
    world = await startHttp()
  })

  it('refuses in its own words, cut and on one line, without the token', async () => {
    world.answer = ({ headers }, response) =>
      json(response, { error: `no ${headers.authorization}\n${'x'.repeat(5000)}` }, 500)
    const endpoint = open({}, { MODELWAY_PROBE_TOKEN: 'secret-token' })
    const error: unknown = await endpoint.schema(signal).catch((reason: unknown) => reason)
    const message = String(error)
    expect(message).toMatch(/MW-DEPLOY-346.*\(status 500\): refused: {"error":"no Bearer \*\*\*/)
    expect(message).not.toContain('secret-token')
    expect(message.length).toBeLessThan(500)
    expect(message).not.toContain('\n')
  })

  it('is sent a token over https or on this machine alone', () => {
    const section = ProbeSection.parse({ model: 'm' })
    const open = createEndpoints(section, {
      env: { MODELWAY_PROBE_TOKEN: 'secret' },
      healthPath: '',
    })
    expect(() => open('http://models.example.com')).toThrow('MW-DEPLOY-342')
    expect(() => open('https://models.example.com')).not.toThrow()
    expect(() => open('http://127.0.0.1:1')).not.toThrow()
  })

  it('has an address without a user and password', () => {
    const section = ProbeSection.parse({ model: 'm' })
    const open = createEndpoints(section, { env: {}, healthPath: '' })
    expect(() => open('http://user:pass@models')).toThrow('MW-DEPLOY-341')
    expect(() => open('http://')).toThrow('MW-DEPLOY-341')
  })

  it('is not sent what does not fit, and it is said which column', async () => {
    const wrong = { columns: ['a', 'b'], rows: [['text', 1]] }
    await expect(open().predict(wrong, signal)).rejects.toThrow(
      /MW-DEPLOY-348.*"a" holds "text".*FP32/,
    )
    const inputs = [{ name: 'x', datatype: 'INT64', columns: ['b'] }]
    await expect(open({ inputs }).predict({ ...wrong, rows: [[0, 1.5]] }, signal)).rejects.toThrow(
      'MW-DEPLOY-348',
    )
    await expect(
      open({ inputs: [{ name: 'x', datatype: 'FP32', columns: ['c'] }] }).predict(ROWS, signal),
    ).rejects.toThrow(/MW-DEPLOY-343.*no column "c"/)
    await expect(
      open({ inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 3] }] }).predict(ROWS, signal),
    ).rejects.toThrow(/MW-DEPLOY-344.*2 columns do not fill input "x"/)
  })
})

describe('a server that takes JSON', () => {
  let world: HttpWorld
  beforeEach(async () => {
    world = await startHttp()
  })
  afterEach(() => world.close())
  const signal = new AbortController().signal
  const open = (settings: object) => {
    const section = ProbeSection.parse({
      protocol: 'json',
      path: '/p',
      timeout: '400ms',
      ...settings,
    })
    return createEndpoints(section, { env: {}, healthPath: '/health' })(world.url)
  }

  it('is sent each row as an object, and answers each', async () => {
    world.answer = ({ body }, response) => json(response, { sum: (body as { a: number }).a })
    expect(await open({ answer: '/sum' }).predict(ROWS, signal)).toEqual({
      kind: 'values',
      values: [1, 3],
    })
    expect(world.asked.map(({ body }) => body)).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ])
  })

  it('is sent a template filled with a row, all rows or columns; other texts stay', async () => {
    world.answer = (_asked, response) => json(response, [0, 0])
    const body = { data: { all: '{rows}', note: 'a {row} in text' }, n: 1, list: [true, null] }
    await open({ body, 'row-as': 'list' }).predict(ROWS, signal)
    expect(world.asked[0]?.body).toEqual({
      data: {
        all: [
          [1, 2],
          [3, 4],
        ],
        note: 'a {row} in text',
      },
      n: 1,
      list: [true, null],
    })
    const one = { row: '{row}', b: '{row.b}', no: '{row.c}' }
    await open({ body: one }).predict({ ...ROWS, rows: [[1, 2]] }, signal)
    expect(world.asked[1]?.body).toEqual({ row: { a: 1, b: 2 }, b: 2, no: '{row.c}' })
  })

  it('is not understood where the answer has no prediction there, or another number of them', async () => {
    world.answer = (_asked, response) => json(response, { other: [1] })
    await expect(open({ answer: '/sum' }).predict(ROWS, signal)).rejects.toThrow(
      'nothing at /sum: {"other":[1]}',
    )
    const all = open({ body: { rows: '{rows}' }, answer: '/other' })
    await expect(all.predict(ROWS, signal)).rejects.toThrow(
      'the answer to 2 rows has 1 predictions',
    )
  })

  it('is healthy by the path of the settings, and by nothing where that is empty', async () => {
    world.answer = ({ path }, response) => json(response, {}, path === '/up' ? 204 : 404)
    expect(await open({ 'health-path': '/up' }).health(signal)).toEqual([
      { name: 'GET /up', ok: true, what: '' },
    ])
    expect(await open({}).health(signal)).toMatchObject([
      { ok: false, what: expect.stringContaining('status 404') },
    ])
    expect(await open({ 'health-path': '' }).health(signal)).toEqual([])
  })
})

describe('a server of the protocol v1', () => {
  let world: HttpWorld
  beforeEach(async () => {
    world = await startHttp()
  })
  afterEach(() => world.close())
  const signal = new AbortController().signal
  const open = (settings: object = {}) => {
    const section = ProbeSection.parse({
      protocol: 'v1',
      model: 'm',
      timeout: '400ms',
      ...settings,
    })
    return createEndpoints(section, { env: {}, healthPath: '' })(world.url)
  }

  it('is sent instances, and answers predictions', async () => {
    world.answer = (_asked, response) => json(response, { predictions: [[0.5], [0.6]] })
    expect(await open().predict(ROWS, signal)).toEqual({ kind: 'values', values: [[0.5], [0.6]] })
    expect(world.asked[0]).toMatchObject({
      path: '/v1/models/m:predict',
      body: {
        instances: [
          [1, 2],
          [3, 4],
        ],
      },
    })
  })

  it.each([
    ['KServe', { name: 'm', ready: true }, true],
    ['KServe, not ready', { name: 'm', ready: 'False' }, false],
    ['TensorFlow Serving', { model_version_status: [{ version: '1', state: 'AVAILABLE' }] }, true],
    [
      'TensorFlow Serving, loading',
      { model_version_status: [{ version: '1', state: 'LOADING' }] },
      false,
    ],
  ])('is ready by what %s says', async (_, body, ok) => {
    world.answer = (_asked, response) => json(response, body)
    expect(await open().health(signal)).toMatchObject([{ name: 'model ready', ok }])
  })

  it('is not understood without predictions', async () => {
    world.answer = (_asked, response) => json(response, { error: 'none' })
    await expect(open().predict(ROWS, signal)).rejects.toThrow('has no list of predictions')
  })
})
