import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FEATURES, readRows, run, Script, temporaryFolder, writeSample } from './census-example.js'

const folder = temporaryFolder()
const at = (name: string): string => join(folder.path, name)
const serve = (...args: string[]): Script =>
  new Script('serve.mjs', ['--model', at('model'), '--latency-ms', '0', ...args])

let server: Script
let url: string

beforeAll(async () => {
  writeSample({ year: 2015, step: 40, to: at('2015.csv') })
  writeSample({ year: 2017, step: 200, to: at('2017.csv') })
  const trained = await run('train.mjs', [
    ...['--data', at('2015.csv'), '--evaluate', at('2017.csv'), '--params', 'rounds=10'],
    ...['--model', at('model/model.json'), '--metrics', at('metrics.json')],
    ...['--predictions', at('predictions.csv')],
  ])
  expect(trained.code).toBe(0)
  server = serve('--version', '3')
  url = await server.address()
})

afterAll(async () => {
  expect((await server.stop()).code).toBe(0)
  folder.remove()
})

interface Input {
  name: string
  shape: unknown
  datatype: string
  data: unknown
}

/** One input tensor a feature, for the people given or for one. */
function inputs(
  people: ReturnType<typeof readRows> = readRows(at('2017.csv')).slice(0, 1),
): Input[] {
  return FEATURES.map((name) => ({
    name,
    shape: [people.length],
    datatype: 'INT64',
    data: people.map((person) => Number(person[name])),
  }))
}

/** The inputs with the fields of the first one changed. */
function changed(change: Partial<Input>): { inputs: Input[] } {
  const [first, ...rest] = inputs()
  if (first === undefined) throw new Error('no inputs')
  return { inputs: [{ ...first, ...change }, ...rest] }
}

interface Body {
  readonly error: string
  readonly inputs: unknown
  readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[]
}

async function call(path: string, body?: unknown, base = url) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const init = body === undefined ? {} : { method: 'POST', body: text }
  const response = await fetch(base + path, init)
  return {
    status: response.status,
    body: (await response.json()) as Body,
    headers: response.headers,
  }
}

describe('serve.mjs answers the Open Inference Protocol v2', () => {
  it.each([
    ['/v2', { name: 'census-server', version: '1.0.0', extensions: [] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2/models/census/ready', { name: 'census', ready: true }],
    ['/v2/models/census/versions/3/ready', { name: 'census', ready: true }],
  ])('GET %s', async (path, expected) => {
    expect(await call(path)).toMatchObject({ status: 200, body: expected })
  })

  it.each(['/v2/models/census', '/v2/models/census/versions/3'])('GET %s', async (path) => {
    const { status, body } = await call(path)
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'census', versions: ['3'] })
    expect(body.inputs).toEqual(FEATURES.map((name) => ({ name, datatype: 'INT64', shape: [-1] })))
    expect(body.outputs.map((output) => output.name)).toEqual(['employed', 'probability'])
  })

  it('answers a batch with the very numbers of predictions.csv', async () => {
    const expected = readRows(at('predictions.csv'))
    const people = readRows(at('2017.csv'))
    const { status, body } = await call('/v2/models/census/infer', {
      id: 'batch-1',
      inputs: inputs(people).reverse(),
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      model_name: 'census',
      model_version: '3',
      id: 'batch-1',
      outputs: [
        {
          name: 'employed',
          datatype: 'INT64',
          shape: [people.length],
          data: expected.map((row) => Number(row['prediction'])),
        },
        {
          name: 'probability',
          datatype: 'FP64',
          shape: [people.length],
          data: expected.map((row) => Number(row['score'])),
        },
      ],
    })
  })

  it('takes tensors of shape [n, 1] with nested data, and gives only the outputs asked for', async () => {
    const people = readRows(at('2017.csv')).slice(0, 2)
    const nested = inputs(people).map((input) => ({
      ...input,
      shape: [2, 1],
      data: (input.data as number[]).map((value) => [value]),
    }))
    const { status, body } = await call('/v2/models/census/versions/3/infer', {
      inputs: nested,
      outputs: [{ name: 'probability' }],
    })
    expect(status).toBe(200)
    expect(body.outputs).toHaveLength(1)
    expect(body.outputs[0]).toMatchObject({ name: 'probability', shape: [2] })
    expect(body.outputs[0]?.data[0]).toBe(Number(readRows(at('predictions.csv'))[0]?.['score']))
  })
})

describe('serve.mjs refuses', () => {
  it.each<[string, () => unknown, string]>([
    ['what is not JSON', () => '{"inputs": [', 'not JSON'],
    ['null', () => 'null', '"inputs"'],
    ['a request without inputs', () => ({ id: '1' }), '"inputs"'],
    ['a missing input', () => ({ inputs: inputs().slice(1) }), '"AGEP" is missing'],
    ['an unknown input', () => changed({ name: 'HEIGHT' }), '"HEIGHT"'],
    ['an input given twice', () => ({ inputs: [...inputs(), ...inputs()] }), 'twice'],
    ['an input that is null', () => ({ inputs: [null] }), 'Unknown input'],
    ['another datatype', () => changed({ datatype: 'FP32' }), '"FP32"'],
    ['a shape without rows', () => changed({ shape: [0], data: [] }), 'shape'],
    ['a shape that is no list', () => changed({ shape: 'one' }), 'shape'],
    ['a shape of two columns', () => changed({ shape: [1, 2], data: [1, 2] }), 'shape'],
    ['a shape that the data do not have', () => changed({ shape: [3] }), '1 values'],
    ['inputs of unequal length', () => changed({ shape: [2], data: [1, 2] }), '"SCHL" has 1'],
    ['a fraction', () => changed({ data: [1.5] }), 'integers'],
    ['a text', () => changed({ data: ['1'] }), 'integers'],
    ['an integer that does not fit', () => changed({ data: [2 ** 31] }), 'integers'],
    ['an unknown output', () => ({ inputs: inputs(), outputs: [{ name: 'x' }] }), '"x"'],
    ['an id that is no string', () => ({ inputs: inputs(), id: 7 }), '"id"'],
  ])('%s with status 400', async (_, request, named) => {
    const { status, body } = await call('/v2/models/census/infer', request())
    expect(status).toBe(400)
    expect(body.error).toContain(named)
  })

  it.each([
    '/',
    '//',
    '/v2/models/other',
    '/v2/models/census/versions/4',
    '/v2/models/census/explain',
  ])('%s with status 404', async (path) => {
    expect((await call(path)).status).toBe(404)
  })

  it('another method with status 405 and the one that is allowed', async () => {
    const wrong = await call('/v2/models/census/infer')
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('POST')
    expect((await call('/v2/health/live', {})).status).toBe(405)
  })

  it('a body over 1 MiB with status 413, and still serves', async () => {
    const { status } = await call('/v2/models/census/infer', ' '.repeat(1024 * 1024 + 1))
    expect(status).toBe(413)
    expect((await call('/v2/health/ready')).status).toBe(200)
  })
})

describe('serve.mjs as a process', () => {
  it('fails as many inferences as --error-rate says, and no other request', async () => {
    const failing = serve('--error-rate', '0.5')
    const base = await failing.address()
    const statuses: number[] = []
    for (let i = 0; i < 40; i++) {
      statuses.push((await call('/v2/models/census/infer', { inputs: inputs() }, base)).status)
      expect((await call('/v2/health/ready', undefined, base)).status).toBe(200)
    }
    await failing.stop()
    const failed = statuses.filter((status) => status === 500).length
    expect(failed).toBeGreaterThan(8)
    expect(failed).toBeLessThan(32)
    expect(new Set(statuses)).toEqual(new Set([200, 500]))
  })

  it('finishes the request under way when it is told to stop, and ends with code 0', async () => {
    const slow = serve('--latency-ms', '1000')
    const base = await slow.address()
    const answer = call('/v2/models/census/infer', { inputs: inputs() }, base)
    await new Promise((done) => setTimeout(done, 250))
    const stopped = slow.stop()
    expect((await answer).status).toBe(200)
    expect((await stopped).code).toBe(0)
    await expect(fetch(`${base}/v2`)).rejects.toThrow()
  })

  it('ends with a message when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const finished = await serve('--port', port).finished()
    other.close()
    expect(finished.code).toBe(2)
    expect(finished.stderr).toContain('EADDRINUSE')
  })

  it.each([
    ['a model that is not there', ['--model', 'no-such-model'], 'no-such-model'],
    ['a port that is no number', ['--port', 'http'], '--port'],
    ['a port that cannot be', ['--port', '70000'], '70000'],
  ])('ends with a message for %s', async (_, args, named) => {
    const finished = await serve(...args).finished()
    expect(finished.code).toBe(2)
    expect(finished.stderr).toContain(named)
  })
})
