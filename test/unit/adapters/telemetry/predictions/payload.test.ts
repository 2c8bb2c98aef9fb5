import { describe, expect, it } from '@jest/globals'
import { payloadReader } from '../../../../../src/adapters/telemetry/predictions/payload.js'

const settings = { 'latency-unit': 'ms', output: undefined, numbersAreTexts: false } as const
const reader = (columns = {}) => payloadReader({ ...settings, columns })
const ASKED = '2026-11-24T05:00:00.000Z'
const ANSWERED = '2026-11-24T05:00:00.080Z'

const kserve = (type: string, more: object = {}) => ({
  specversion: '1.0',
  type: `org.kubeflow.serving.inference.${type}`,
  source: 'http://localhost:9081/',
  id: 'r1',
  time: type === 'request' ? ASKED : ANSWERED,
  inferenceservicename: 'iris',
  namespace: 'default',
  component: 'predictor',
  endpoint: 'v2',
  ...more,
})

describe('a payload log', () => {
  it('joins question and answer of KServe by their id', () => {
    const read = reader()
    expect(read(kserve('request', { data: { instances: [[1]] } }))).toBe('nothing')
    expect(read(kserve('response', { data: { predictions: [1, 1] } }))).toEqual({
      time: Date.parse(ANSWERED),
      version: 'v2',
      id: 'r1',
      prediction: '1',
      isError: false,
      isRejected: false,
      latencyMs: 80,
      mirrored: undefined,
    })
  })

  it('knows no latency where the question is missing, or dated later', () => {
    const read = reader()
    expect(read(kserve('response'))).toMatchObject({ latencyMs: undefined })
    read(kserve('request', { time: '2026-11-24T06:00:00Z' }))
    expect(read(kserve('response'))).toMatchObject({ latencyMs: undefined })
  })

  it.each([
    ['as JSON in a text', { data: '{"outputs":[{"name":"p","data":["cat"]}]}' }],
    ['as base64', { data_base64: Buffer.from('{"predictions":["cat"]}').toString('base64') }],
  ])('has the answer %s', (_, data) => {
    expect(reader()(kserve('response', data))).toMatchObject({ prediction: 'cat' })
  })

  it.each([
    ['no JSON', { data: 'plain' }],
    ['broken base64', { data_base64: '%%%' }],
    ['nothing', {}],
  ])('counts an answer that is %s, without a prediction', (_, data) => {
    expect(reader()(kserve('response', data))).toMatchObject({
      version: 'v2',
      prediction: undefined,
    })
  })

  it("reads headers and body as Seldon's receivers dump them, joined by the id of the request", () => {
    const read = reader()
    const dump = (type: string, id: string, body: string, time: string) => ({
      path: '/',
      headers: {
        host: 'logger',
        'ce-endpoint': 'canary',
        'CE-Id': id,
        'ce-inferenceservicename': 'model-test',
        'ce-requestid': '12b0d447',
        'ce-specversion': '1.0',
        'Ce-Time': time,
        'ce-type': `io.seldon.serving.inference.${type}`,
        'content-type': 'application/json',
      },
      body,
    })
    expect(read(dump('request', 'e1', '{"data":{"ndarray":[[2,1]]}}', ASKED))).toBe('nothing')
    expect(
      read(dump('response', 'e2', '{"data":{"names":["t:0"],"ndarray":[[0.25]]}}', ANSWERED)),
    ).toMatchObject({ id: '12b0d447', version: 'canary', prediction: '0.25', latencyMs: 80 })
  })

  it('finds the version where it is named, in the answer or in annotations too', () => {
    const data = { model_name: 'm', model_version: '7', outputs: [] }
    expect(reader({ version: 'data.model_version' })(kserve('response', { data }))).toMatchObject({
      version: '7',
    })
    const annotations = '{"revision":"b"}'
    expect(
      reader({ version: 'annotations.revision' })(kserve('response', { annotations })),
    ).toMatchObject({ version: 'b' })
  })

  it('passes over other events', () => {
    const outlier = { ...kserve('response'), type: 'io.seldon.serving.inference.outlier' }
    expect(reader()(outlier)).toBe('nothing')
  })

  it.each([
    ['no event', { version: 'v1' }],
    ['an event without a version', kserve('response', { endpoint: '' })],
    ['headers that are no event', { headers: { host: 'x' }, body: '{}' }],
  ])('cannot read %s', (_, record) => {
    expect(reader()(record)).toBeUndefined()
  })
})
