import { describe, expect, it } from '@jest/globals'
import { fieldAt } from '../../../../../src/adapters/telemetry/predictions/field.js'
import { momentOf } from '../../../../../src/adapters/telemetry/predictions/moment.js'
import {
  predictionOf,
  recordReader,
} from '../../../../../src/adapters/telemetry/predictions/record.js'
import { roleOf } from '../../../../../src/adapters/telemetry/predictions/versions.js'

const settings = { 'latency-unit': 'ms', output: undefined, numbersAreTexts: false } as const

describe('a moment in a log', () => {
  it.each([
    ['2026-11-24T05:00:00Z', Date.UTC(2026, 10, 24, 5)],
    ['2026-11-24T05:00:00.123456789Z', Date.UTC(2026, 10, 24, 5, 0, 0, 123)],
    ['2026-11-24 05:00:00', Date.UTC(2026, 10, 24, 5)],
    ['2026-11-24 05:00:00,250', Date.UTC(2026, 10, 24, 5, 0, 0, 250)],
    ['2026-11-24T05:00:00+0130', Date.UTC(2026, 10, 24, 3, 30)],
    ['2026-11-24 05:00:00-08', Date.UTC(2026, 10, 24, 13)],
    ['2026-11-24 05:00:00 UTC', Date.UTC(2026, 10, 24, 5)],
    ['2026-11-24', Date.UTC(2026, 10, 24)],
    [1795496400, 1795496400_000],
    [1795496400.5, 1795496400_500],
    [1795496400_000, 1795496400_000],
    ['1795496400000000', 1795496400_000],
    [1795496400_000_000_000, 1795496400_000],
    [new Date(7), 7],
  ])('%p is told', (value, expected) => {
    expect(momentOf(value)).toBeCloseTo(expected, 3)
  })

  it.each(['yesterday', '24.11.2026', '2026-13-45T00:00:00Z', -1, Number.NaN, true, {}, '0'])(
    '%p is none',
    (value) => {
      expect(momentOf(value)).toBeUndefined()
    },
  )
})

describe('a place in a record', () => {
  const record = {
    'a.b': 1,
    a: { b: 2, c: '{"d":[{"e":3}]}' },
  }

  it.each([
    ['a.b', 1],
    ['a.c.d.0.e', 3],
    ['a.x', undefined],
    ['a.b.c', undefined],
    ['constructor', undefined],
    ['a.constructor', undefined],
    ['__proto__.a', undefined],
  ])('%s', (path, expected) => {
    expect(fieldAt(path)(record)).toEqual(expected)
  })
})

describe('a record', () => {
  it('is read by its usual columns', () => {
    const read = recordReader({ ...settings, columns: {} })
    expect(
      read({
        time: '2026-11-24T05:00:00Z',
        version: 'v2',
        id: 7,
        prediction: 1,
        status: 503,
        mirrored: true,
      }),
    ).toEqual({
      time: Date.UTC(2026, 10, 24, 5),
      version: 'v2',
      id: '7',
      prediction: '1',
      isError: true,
      isRejected: false,
      latencyMs: undefined,
      mirrored: true,
    })
  })

  it('is read by named columns, in their unit', () => {
    const columns = { latency: 'took.seconds', version: 'model', error: 'failure' }
    const read = recordReader({ ...settings, 'latency-unit': 's', columns })
    const record = read({ model: 'v1', took: { seconds: '0.25' }, failure: 'out of memory' })
    expect(record).toMatchObject({ latencyMs: 250, isError: true, time: undefined })
  })

  it.each([
    ['no version', { id: 1 }],
    ['a version that is an object', { version: {} }],
    ['a date that is none', { version: 'v1', time: 'soon' }],
    ['a latency that is none', { version: 'v1', ms: 'slow' }],
    ['a latency below zero', { version: 'v1', ms: -1 }],
  ])('is none with %s', (_, fields) => {
    expect(recordReader({ ...settings, columns: { latency: 'ms' } })(fields)).toBeUndefined()
  })

  it.each([
    ['false', false],
    ['0', false],
    ['', false],
    [0, false],
    [null, false],
    ['true', true],
    [1, true],
    ['timeout', true],
  ])('with error %p has failed: %p', (error, expected) => {
    const read = recordReader({ ...settings, columns: { error: 'error' } })
    expect(read({ version: 'v1', error })?.isError).toBe(expected)
  })

  it('of CSV has numbers written as those of labels', () => {
    const read = recordReader({ ...settings, numbersAreTexts: true, columns: {} })
    expect(read({ version: '1.0', prediction: '1.0' })).toMatchObject({
      version: '1.0',
      prediction: '1',
    })
    expect(read({ version: '1', prediction: '007' })?.prediction).toBe('007')
  })
})

describe('a prediction', () => {
  const v2 = {
    outputs: [
      { name: 'score', data: [0.25] },
      { name: 'prediction', data: [['cat']] },
    ],
  }
  it.each([
    ['itself', 'cat', undefined, 'cat'],
    ['a number', 1.5, undefined, '1.5'],
    ['the output prediction of v2', v2, undefined, 'cat'],
    ['a named output of v2', v2, 'score', '0.25'],
    ['an output that is not there', v2, 'other', undefined],
    ['v2 as JSON', JSON.stringify(v2), undefined, 'cat'],
    ['predictions of v1', { predictions: [[3, 4]] }, undefined, '3'],
    ["Seldon's ndarray", { data: { names: ['t'], ndarray: [[0.9, 0.1]] } }, undefined, '0.9'],
    ["Seldon's tensor", { data: { tensor: { shape: [1], values: [5] } } }, undefined, '5'],
    ['nothing', undefined, undefined, undefined],
    ['an object of something else', { a: 1 }, undefined, undefined],
  ])('is %s', (_, value, output, expected) => {
    expect(predictionOf(value, output)).toBe(expected)
  })

  it('in lists as deep as a line can be costs no stack', () => {
    const deep = `${'['.repeat(200_000)}1${']'.repeat(200_000)}`
    expect(() => predictionOf(deep, undefined)).not.toThrow()
  })
})

describe('the role of a version', () => {
  it('is by the exact name', () => {
    const role = roleOf({ stable: 'v1', canary: 'v1-b' }, 'exact')
    expect(['v1', 'v1-b', 'v1-b-x', 'v2'].map(role)).toEqual([
      'stable',
      'canary',
      undefined,
      undefined,
    ])
  })

  it('is by the longer of two names that a pod begins with', () => {
    const names = { stable: 'iris-predictor-00001', canary: 'iris-predictor-00001-b' }
    const role = roleOf(names, 'prefix')
    const pods = [
      'iris-predictor-00001-deployment-x',
      'iris-predictor-00001-b-x',
      'iris-predictor-000012',
    ]
    expect(pods.map(role)).toEqual(['stable', 'canary', undefined])
  })
})
