import { describe, expect, it } from '@jest/globals'
import type {
  KubernetesClient,
  Operation,
} from '../../../../../src/adapters/traffic/kubernetes/client/index.js'
import {
  intervalOf,
  otherThanWeights,
  thresholdOf,
  weightsOf,
} from '../../../../../src/adapters/traffic/kubernetes/flagger/analysis.js'
import { asIn, restarted } from '../../../../../src/adapters/traffic/kubernetes/flagger/restart.js'
import { createFlaggerSplitter } from '../../../../../src/adapters/traffic/kubernetes/flagger/splitter.js'
import type { Json } from '../../../../../src/adapters/traffic/kubernetes/json.js'

const canary = (analysis: object, kind = 'Deployment') => ({
  spec: { targetRef: { kind, name: 'fraud' }, analysis },
})

describe('the weights that Flagger comes by', () => {
  it.each([
    [{ stepWeights: [1, 5, 50] }, [1, 5, 50]],
    [{ stepWeight: 20, maxWeight: 50 }, [20, 40, 60]],
    [{ stepWeight: 40 }, [40, 80, 100]],
    [{ stepWeight: 10, stepWeights: [15, 30] }, [10, 20, 30]],
    [{}, []],
    [{ stepWeights: 'all' }, []],
  ])('of %j are %j', (analysis, weights) => {
    expect(weightsOf(canary(analysis))).toEqual(weights)
    expect(weightsOf({ spec: { canaryAnalysis: analysis } })).toEqual(weights)
  })

  it('are none where it does not divide by weights', () => {
    expect(otherThanWeights(canary({ stepWeight: 5 }))).toBeUndefined()
    expect(otherThanWeights(canary({ iterations: 5 }))).toMatch(/blue\/green/)
    expect(otherThanWeights(canary({ iterations: 5, match: [{}] }))).toMatch(/A\/B/)
    expect(otherThanWeights(canary({}, 'DaemonSet'))).toMatch(/DaemonSet/)
  })

  it.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    [undefined, 60_000],
    ['soon', 60_000],
    ['10s later', 60_000],
  ])('come at an interval: %p is %i ms', (interval, ms) => {
    expect(intervalOf(canary({ interval }))).toBe(ms)
  })

  it('are given up after so many failed checks', () => {
    expect(thresholdOf(canary({ threshold: 7 }))).toBe(7)
    expect(thresholdOf(canary({}))).toBe(1)
  })
})

describe('a new revision of the same version', () => {
  const target = (annotations?: object) => ({ spec: { template: { metadata: { annotations } } } })
  const path = '/spec/template/metadata/annotations/modelway.dev~1restart'

  it('is one more, and is taken away where the primary has none', () => {
    expect(restarted(target({}))).toEqual([{ op: 'add', path, value: '1' }])
    expect(restarted(target())).toHaveLength(2)
    const second = target({ 'modelway.dev/restart': '1' })
    expect(restarted(second)).toEqual([{ op: 'add', path, value: '2' }])
    expect(asIn(target({}), second)).toEqual([{ op: 'remove', path }])
    expect(asIn(second, second)).toEqual([])
    expect(restarted(target({ 'modelway.dev/restart': '<b>' }))).toEqual([
      { op: 'add', path, value: '1' },
    ])
  })
})

describe('a Canary that takes two steps at once', () => {
  it('is held where it is, and the rollout ends', async () => {
    const deployment = (image: string) => ({
      spec: { template: { spec: { containers: [{ name: 'server', image }] } } },
    })
    const state = { suspend: true, weight: 0, phase: 'Initialized' }
    const now = (name: string): Json => {
      if (name === 'fraud') return deployment('fraud:2')
      if (name === 'fraud-primary') return deployment('fraud:1')
      return {
        metadata: { resourceVersion: '1', annotations: { 'modelway.dev/hold': 'held' } },
        spec: { ...canary({ stepWeights: [10, 25] }).spec, suspend: state.suspend },
        status: { phase: state.phase, canaryWeight: state.weight },
      }
    }
    let clock = 0
    const client: KubernetesClient = {
      service: 'a cluster',
      namespace: 'default',
      now: () => clock,
      sleep: async (ms) => {
        clock += ms
        if (!state.suspend) Object.assign(state, { weight: 25, phase: 'Progressing' })
      },
      get: async ({ kind, name }) => now(kind === 'Canary' ? '' : name),
      find: async ({ name }) => now(name),
      patch: async (_ref, operations: readonly Operation[]) => {
        for (const each of operations) {
          if (each.op === 'add' && each.path === '/spec/suspend')
            state.suspend = each.value === true
        }
        return {}
      },
      apply: () => Promise.reject(new Error('not asked for')),
      remove: () => Promise.reject(new Error('not asked for')),
    }
    const options = { client, canary: 'shop', field: {}, timeoutMs: 1000 }
    const splitter = createFlaggerSplitter(options)
    const roles = {
      stable: { version: '1', name: 'fraud:1' },
      canary: { version: '2', name: 'fraud:2' },
    }
    const guard = await splitter.read(roles)
    expect(guard.weight).toBe(0)
    await expect(splitter.share(roles, { weight: 10, mirror: 0 }, guard)).rejects.toThrow(
      /MW-DEPLOY-215: .*held at 10 % and is at 25 %/,
    )
    expect(state.suspend).toBe(true)
  })
})
