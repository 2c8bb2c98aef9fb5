import { describe, expect, it } from '@jest/globals'
import {
  stopAt,
  stopsOf,
} from '../../../../../src/adapters/traffic/kubernetes/argo-rollouts/steps.js'

const rollout = (steps: readonly object[], index = 0, maxTrafficWeight?: number) => ({
  spec: { strategy: { canary: { steps, trafficRouting: { maxTrafficWeight } } } },
  status: { currentStepIndex: index },
})
const pause = { pause: {} }

describe('the stops of a Rollout', () => {
  const steps = [
    { setWeight: 0 },
    pause,
    { analysis: { templates: [] } },
    { setWeight: 10 },
    { pause: { duration: '5m' } },
    { setWeight: 25 },
    pause,
    { setWeight: 60 },
  ]

  it('are where it waits for somebody, with all that is run on the way', () => {
    expect(stopsOf(rollout(steps))).toEqual([
      { weight: 0, first: 0, pause: 1 },
      { weight: 25, first: 2, pause: 6 },
    ])
  })

  it('are counted in percent, whatever the traffic router counts in', () => {
    expect(stopsOf(rollout([{ setWeight: 5 }, pause], 0, 1000))).toEqual([
      { weight: 0.5, first: 0, pause: 1 },
    ])
  })

  it.each([
    [0, 0],
    [1, 0],
    [2, 25],
    [4, 25],
    [6, 25],
    [7, undefined],
    [8, undefined],
  ])('of step %i is the one it is on its way to: %p', (index, weight) => {
    expect(stopAt(rollout(steps, index))?.weight).toBe(weight)
  })

  it('are none where there are no steps, or none that can be read', () => {
    expect(stopsOf({})).toEqual([])
    expect(stopsOf(rollout([{ setWeight: '5' }, { pause: undefined }]))).toEqual([])
  })
})
