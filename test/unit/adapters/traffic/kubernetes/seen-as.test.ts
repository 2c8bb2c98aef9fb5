import { describe, expect, it } from '@jest/globals'
import { hashesOf } from '../../../../../src/adapters/traffic/kubernetes/argo-rollouts/status.js'
import { revisionsSeen } from '../../../../../src/adapters/traffic/kubernetes/kserve-status.js'

const roles = {
  stable: { version: '1', name: 'fraud:1' },
  canary: { version: '2', name: 'fraud:2' },
}

describe('the revisions of an InferenceService', () => {
  const service = (created?: string, rolledOut?: string, previous?: string) => ({
    status: {
      components: {
        predictor: {
          latestCreatedRevision: created,
          latestRolledoutRevision: rolledOut,
          previousRolledoutRevision: previous,
        },
      },
    },
  })

  it.each([
    ['stable alone', service('r1', 'r1', ''), undefined, { stable: 'r1' }],
    ['a rollback half-way', service('r3', 'r1'), undefined, { stable: 'r1' }],
    ['a share', service('r2', 'r1'), { percent: 30 }, { stable: 'r1', canary: 'r2' }],
    ['all users', service('r2', 'r2', 'r1'), { percent: 100 }, { stable: 'r1', canary: 'r2' }],
    ['promoted', service('r2', 'r2'), { percent: undefined }, { canary: 'r2' }],
    ['not looked at yet', service('r1', 'r1'), { percent: 0 }, {}],
    ['nothing', {}, undefined, {}],
  ])('are those that its status names: %s', (_what, object, canary, seenAs) => {
    expect(revisionsSeen(object, canary)).toEqual(seenAs)
  })
})

describe('the hashes of a Rollout', () => {
  const seen = (value: string, stableRS: string, currentPodHash: string, newest = value) => ({
    rollout: {
      metadata: { generation: 3 },
      status: { observedGeneration: '3', stableRS, currentPodHash },
    },
    value,
    newest,
  })

  it.each([
    ['stable alone', seen('fraud:1', 'a', 'a'), { stable: 'a' }],
    ['a canary', seen('fraud:2', 'a', 'b'), { stable: 'a', canary: 'b' }],
    ['promoted', seen('fraud:2', 'b', 'b'), { canary: 'b' }],
    ['a template that was not looked at yet', seen('fraud:2', 'a', 'a', 'fraud:1'), {}],
  ])('are those that its status names: %s', (_what, rollout, seenAs) => {
    expect(hashesOf(rollout, roles)).toEqual(seenAs)
  })
})
