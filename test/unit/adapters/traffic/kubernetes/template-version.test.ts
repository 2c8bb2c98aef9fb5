import { describe, expect, it } from '@jest/globals'
import { refTo, SERVICE } from '../../../../../src/adapters/traffic/kubernetes/client/resource.js'
import {
  canaryValue,
  otherVersion,
  refuseSameValue,
  requireVersionPlace,
  templateValue,
  versionPlace,
} from '../../../../../src/adapters/traffic/kubernetes/template-version.js'
import { ArgoRolloutsTarget } from '../../../../../src/config/deploy/argo-rollouts.js'
import { FlaggerTarget } from '../../../../../src/config/deploy/flagger.js'

const object = {
  spec: {
    template: {
      spec: {
        containers: [
          { name: 'proxy', image: 'proxy:3' },
          {
            name: 'server',
            image: 'fraud:1',
            env: [
              { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
              { name: 'MODEL_URI', value: 's3://models/fraud/1' },
            ],
          },
        ],
      },
    },
  },
}
const CONTAINERS = '/spec/template/spec/containers'

describe('the version in a pod template', () => {
  it('is the image of the first container unless another is named', () => {
    expect(versionPlace(object, {})).toMatchObject({
      path: `${CONTAINERS}/0/image`,
      value: 'proxy:3',
    })
    expect(versionPlace(object, { container: 'server' })).toEqual({
      path: `${CONTAINERS}/1/image`,
      value: 'fraud:1',
      tests: [{ op: 'test', path: `${CONTAINERS}/1/name`, value: 'server' }],
    })
  })

  it('may be a variable, and is written only where the list is still as it was', () => {
    expect(versionPlace(object, { container: 'server', env: 'MODEL_URI' })).toEqual({
      path: `${CONTAINERS}/1/env/1/value`,
      value: 's3://models/fraud/1',
      tests: [
        { op: 'test', path: `${CONTAINERS}/1/name`, value: 'server' },
        { op: 'test', path: `${CONTAINERS}/1/env/1/name`, value: 'MODEL_URI' },
      ],
    })
  })

  it.each([
    { container: 'sidecar' },
    { container: 'server', env: 'SECRET' },
    { container: 'server', env: 'toString' },
    { env: 'MODEL_URI' },
  ])('is not guessed where it is not said: %j', (field) => {
    expect(() => requireVersionPlace(object, field, 'Rollout fraud')).toThrow(/MW-DEPLOY-206/)
    expect(() => requireVersionPlace({}, field, 'Rollout fraud')).toThrow(/MW-DEPLOY-206/)
  })

  it.each([undefined, '', 'fraud 1', 'fraud:1\n', 'a\u2028b', 'x'.repeat(3000)])(
    'cannot be %j',
    (name) => {
      expect(() => templateValue({ version: '1', name })).toThrow(/MW-DEPLOY-207/)
      expect(canaryValue({ version: '1', name })).toBeUndefined()
    },
  )

  it('differs between the two, and is one of the two', () => {
    expect(() => refuseSameValue('fraud:1', 'fraud:1', 'Rollout fraud')).toThrow(/MW-DEPLOY-207/)
    expect(() => refuseSameValue('fraud:1', 'fraud:2', 'Rollout fraud')).not.toThrow()
    expect(otherVersion('Rollout fraud', 'fraud:9').message).toMatch(/MW-DEPLOY-201: .*fraud:9/)
  })
})

describe('the settings of controllers that are followed', () => {
  it('name objects, containers and variables as Kubernetes does', () => {
    expect(ArgoRolloutsTarget.parse({ rollout: 'fraud', env: 'MODEL_URI' })).toMatchObject({
      timeout: 900_000,
    })
    expect(FlaggerTarget.parse({ canary: 'fraud', timeout: '10m' }).timeout).toBe(600_000)
    for (const wrong of [
      {},
      { rollout: 'Fraud/..' },
      { rollout: 'a', env: '1 x' },
      { rollout: 'a', steps: [] },
    ]) {
      expect(ArgoRolloutsTarget.safeParse(wrong).success).toBe(false)
    }
    expect(FlaggerTarget.safeParse({ canary: 'a', container: 'A B' }).success).toBe(false)
    expect(() => refTo(SERVICE, 'default', '../secrets')).toThrow(/MW-DEPLOY-123/)
  })
})
