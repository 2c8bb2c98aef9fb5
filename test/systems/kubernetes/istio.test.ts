import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { refTo, VIRTUAL_SERVICE } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createIstioSplitter } from '../../../src/adapters/traffic/kubernetes/istio.js'
import { at, numberAt, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { IstioTarget } from '../../../src/config/deploy/istio.js'
import type { Backend } from '../../../src/ports/traffic.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'

const STABLE: Backend = { version: '1', name: 'v1' }
const CANARY: Backend = { version: '2', name: 'v2' }
const DEAD: Backend = { version: 'dead', name: 'dead' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }

// @evidence Istio VirtualService: genuine API server and CRD (istio.io/api 1.31.1); no mesh moves requests
await systemSuite('Istio', ensureKubernetesPrograms, (programs) => {
  let cluster: Cluster
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.define('istio')
  }, 180_000)
  afterAll(() => cluster?.close())

  const ref = (name: string) => refTo(VIRTUAL_SERVICE, 'default', name)
  const http = async (name: string) =>
    objectsAt(await cluster.client.get(ref(name)), 'spec', 'http')
  const make = async (more: object = {}) => {
    const name = `model-${++made}`
    await cluster.raw({
      method: 'POST',
      path: '/apis/networking.istio.io/v1/namespaces/default/virtualservices',
      body: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name },
        spec: {
          hosts: ['model'],
          http: [
            {
              name: 'predict',
              timeout: '3s',
              route: [{ destination: { host: 'model', subset: 'v1', port: { number: 80 } } }],
              ...more,
            },
          ],
        },
      },
    })
    return name
  }
  const opened = (name: string) => {
    const settings = IstioTarget.parse({ 'virtual-service': name })
    return {
      splitter: () =>
        createIstioSplitter({
          client: cluster.client,
          virtualService: settings['virtual-service'],
          by: settings.by,
          timeoutMs: settings.timeout,
        }),
      keeper: ref(name),
      stable: STABLE,
    }
  }
  const open = (name: string) => openTarget(cluster, opened(name))

  trafficContract('a VirtualService', async () => {
    const name = await make()
    return simulatedBench(cluster, {
      ...opened(name),
      canary: CANARY,
      dead: DEAD,
      shares: async () => {
        const [rule] = await http(name)
        const routes = objectsAt(rule, 'route')
        return new Map(
          routes.map((one) => [
            textAt(one, 'destination', 'subset') ?? '',
            numberAt(one, 'weight') ?? (routes.length === 1 ? 100 : 0),
          ]),
        )
      },
    })
  })

  describe('a VirtualService', () => {
    it('gets weights that sum to 100, keeps the rest of its route, and mirrors', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      const state = await target.set({ weight: 25, mirror: 40 })
      expect(state).toMatchObject({ weight: 25, mirror: 40 })
      const destination = (subset: string) => ({ host: 'model', subset, port: { number: 80 } })
      expect((await http(name))[0]).toEqual({
        name: 'predict',
        timeout: '3s',
        route: [
          { destination: destination('v1'), weight: 75 },
          { destination: destination('v2'), weight: 25 },
        ],
        mirror: destination('v2'),
        mirrorPercentage: { value: 40 },
      })
      await target.rollback({ reason: 'worse', to: 'stable' })
      expect((await http(name))[0]).toEqual({
        name: 'predict',
        timeout: '3s',
        route: [{ destination: destination('v1'), weight: 100 }],
      })
    })

    it('takes no weight that its definition would accept and no mesh could mean', async () => {
      const name = await make()
      const accepted = await cluster.client.patch(ref(name), [
        { op: 'add', path: '/spec/http/0/route/0/weight', value: 150 },
      ])
      expect(numberAt(accepted, 'spec', 'http', 0, 'route', 0, 'weight')).toBe(150)
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      for (const weight of [0.5, -5, 150]) {
        await expect(target.set({ weight, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-117/)
      }
      expect((await target.observe()).state.weight).toBe(0)
    })

    it('with mirrors of its own is not mirrored by us too', async () => {
      const name = await make({
        mirrors: [{ destination: { host: 'audit' }, percentage: { value: 100 } }],
      })
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await expect(target.set({ weight: 0, mirror: 100 })).rejects.toThrow(/MW-DEPLOY-125/)
      expect(at((await http(name))[0], 'mirror')).toBeUndefined()
    })

    it('that Flux keeps is left as it is', async () => {
      const name = await make()
      await cluster.raw({
        method: 'PATCH',
        path: `/apis/networking.istio.io/v1/namespaces/default/virtualservices/${name}?fieldManager=kustomize-controller&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: { name },
          spec: { http: [{ route: [{ destination: { host: 'model', subset: 'v1' } }] }] },
        },
      })
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(
        /MW-DEPLOY-111: .*spec\.http is owned by kustomize-controller/,
      )
    })
  })
})
