import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  cloudEvent,
  driftedNames,
  eventPayload,
  filledInputs,
  type KeyedEvent,
} from '../../../../../src/domain/drift/acting/event.js'
import { event } from './arrange.js'

function keyed(more: Partial<KeyedEvent> = {}): KeyedEvent {
  return { ...event(), key: 'modelway-1', ...more }
}

describe('what receivers are told', () => {
  it('is few keys, with null for what is not known', () => {
    expect(eventPayload(keyed({ runUrl: undefined, digest: 'sha256:1' }))).toEqual({
      key: 'modelway-1',
      project: 'census',
      outcome: 'fail',
      decision: 'fail',
      drifted: ['age'],
      drifted_count: 1,
      window: '2026-11-22',
      digest: 'sha256:1',
      run_url: null,
    })
  })

  it('names fifty columns at most, each cut, and says how many there are', () => {
    const { drifted, driftedCount } = driftedNames(
      Array.from({ length: 80 }, (_, index) => `${index}-${'x'.repeat(500)}`),
    )
    expect([drifted.length, driftedCount]).toEqual([50, 80])
    expect(drifted.every((name) => name.length <= 201)).toBe(true)
  })

  it('fits into an event of GitHub, whatever columns, project and window are called', () => {
    const names = fc.array(
      fc.oneof(
        fc.string({ maxLength: 300, unit: 'binary' }),
        fc.constant('\u0000'.repeat(300)),
        fc.constant('💥'.repeat(300)),
      ),
      { maxLength: 60 },
    )
    const text = fc.string({ maxLength: 500, unit: 'binary' })
    fc.assert(
      fc.property(names, text, text, (columns, project, window) => {
        const payload = eventPayload(keyed({ ...driftedNames(columns), project, window }))
        expect(Object.keys(payload).length).toBeLessThanOrEqual(10)
        expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(64_000)
        expect(payload['drifted_count']).toBe(columns.length)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a CloudEvent', () => {
  it('has what CloudEvents 1.0 requires, and a source and id that do not change from run to run', () => {
    const one = cloudEvent(keyed())
    expect(one).toMatchObject({
      specversion: '1.0',
      id: 'modelway-1',
      source: 'https://github.com/modelway-ml/demo',
      type: 'modelway.drift.v1',
      datacontenttype: 'application/json',
      time: '2026-11-23T12:00:00.000Z',
    })
    const other = cloudEvent(keyed({ runUrl: 'https://github.com/x/runs/78' }))
    expect([other['source'], other['id']]).toEqual([one['source'], one['id']])
    const enterprise = cloudEvent(keyed({ serverUrl: 'https://git.example' }))
    expect(enterprise['source']).toBe('https://git.example/modelway-ml/demo')
  })

  it.each([['naïve|<b> --'], ['\ud800 lone'], ['a/b?c#d']])(
    'has a source that is a URI where there is no repository: %j',
    (project) => {
      const { source } = cloudEvent(keyed({ repository: undefined, project }))
      expect(source).toMatch(/^urn:modelway:[\w.!~*'()%-]+$/)
    },
  )
})

describe('inputs of a workflow', () => {
  it('are filled in by what no data can write', () => {
    const inputs = { a: '{key}/{outcome}/{decision}', b: '{run-url}', c: '{drifted} {project}' }
    expect(filledInputs(inputs, keyed({ outcome: 'warn' }))).toEqual({
      a: 'modelway-1/warn/fail',
      b: 'https://github.com/modelway-ml/demo/actions/runs/77',
      c: '{drifted} {project}',
    })
  })
})
