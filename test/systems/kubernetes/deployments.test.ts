import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  DEPLOYMENT,
  refTo,
  SERVICE,
} from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createDeploymentsSplitter } from '../../../src/adapters/traffic/kubernetes/deployments.js'
import { numberAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { DeploymentsTarget } from '../../../src/config/deploy/deployments.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'
import { until } from './processes.js'

const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
const PATH = '/apis/apps/v1/namespaces/default/deployments'

// @evidence Kubernetes Deployments: live (kube-apiserver and kube-controller-manager 1.36.3; a stand-in for the node says that pods are ready, and draws among them)
await systemSuite('Deployments', ensureKubernetesPrograms, (programs) => {
  let cluster: Cluster
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.withControllers()
  }, 180_000)
  afterAll(() => cluster?.close())

  const ref = (name: string) => refTo(DEPLOYMENT, 'default', name)
  const replicas = async (name: string, where: 'spec' | 'status') =>
    numberAt(
      await cluster.client.get(ref(name)),
      where,
      where === 'spec' ? 'replicas' : 'readyReplicas',
    ) ?? 0
  const makeDeployment = async (name: string, count: number, annotations = {}) => {
    await cluster.raw({
      method: 'POST',
      path: PATH,
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas: count,
          progressDeadlineSeconds: 2,
          minReadySeconds: 0,
          selector: { matchLabels: { version: name } },
          template: {
            metadata: { labels: { app: 'model', version: name }, annotations },
            spec: { containers: [{ name: 'server', image: 'test/server:1' }] },
          },
        },
      },
    })
  }
  const make = async (stablePods: number, canaryPods: number, timeout = '20s') => {
    const group = `group-${++made}`
    const [stable, canary] = [
      { version: '1', name: `${group}-stable` },
      { version: '2', name: `${group}-canary` },
    ]
    await makeDeployment(stable.name, stablePods)
    await makeDeployment(canary.name, canaryPods)
    await cluster.client.apply(refTo(SERVICE, 'default', group), {
      spec: { ports: [{ port: 80 }], selector: { app: 'model' } },
    })
    await until(
      'the stable pods',
      async () => (await replicas(stable.name, 'status')) === stablePods,
    )
    const opened = {
      splitter: () => {
        const settings = DeploymentsTarget.parse({ service: group, timeout })
        return createDeploymentsSplitter({
          client: cluster.client,
          replicas: settings.replicas,
          timeoutMs: settings.timeout,
        })
      },
      keeper: refTo(SERVICE, 'default', group),
      stable,
    }
    const end = async () => {
      for (const { name } of [stable, canary]) await cluster.client.remove(ref(name))
    }
    return { opened, stable, canary, end }
  }

  trafficContract('two Deployments', async () => {
    const { opened, stable, canary, end } = await make(20, 0)
    return simulatedBench(cluster, {
      ...opened,
      canary,
      dead: { version: 'dead', name: 'dead' },
      shares: async () =>
        new Map([
          [stable.name, await replicas(stable.name, 'status')],
          [canary.name, await replicas(canary.name, 'status')],
        ]),
      end,
    })
  })

  describe('two Deployments', () => {
    it('give the share that whole pods allow, and say which', async () => {
      const { opened, stable, canary, end } = await make(4, 0)
      const target = openTarget(cluster, opened)
      await target.prepare(ROLLOUT, canary)
      expect((await target.set({ weight: 5, mirror: 0 })).weight).toBe(25)
      expect(await replicas(stable.name, 'spec')).toBe(3)
      expect((await target.set({ weight: 99, mirror: 0 })).weight).toBe(75)
      expect((await target.rollback({ reason: 'worse', to: 'stable' })).weight).toBe(0)
      expect(await replicas(stable.name, 'status')).toBe(4)
      expect(await replicas(canary.name, 'spec')).toBe(0)
      await end()
    })

    it('give a canary that began with pods no user before it is admitted with a share', async () => {
      const { opened, stable, canary, end } = await make(3, 2)
      const target = openTarget(cluster, opened)
      expect((await target.prepare(ROLLOUT, canary)).weight).toBe(0)
      expect(await replicas(canary.name, 'status')).toBe(0)
      expect(await replicas(stable.name, 'status')).toBe(5)
      await end()
    })

    it('say that the canary is gone, and go back without it', async () => {
      const { opened, canary, end } = await make(2, 0)
      const target = openTarget(cluster, opened)
      await target.prepare(ROLLOUT, canary)
      await cluster.client.remove(ref(canary.name))
      const { state } = await target.observe()
      expect(state.ejected).toBe('its Deployment is not there')
      const back = await target.rollback({ reason: 'gone', to: 'stable' })
      expect(back.canary).toBeUndefined()
      await end()
    })

    it('of one pod cannot be divided, and stay as they are', async () => {
      const { opened, stable, canary, end } = await make(1, 0)
      const target = openTarget(cluster, opened)
      await target.prepare(ROLLOUT, canary)
      await expect(target.set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-121/)
      expect(await replicas(stable.name, 'spec')).toBe(1)
      expect(await replicas(canary.name, 'spec')).toBe(0)
      await end()
    })

    it('take no user to a canary whose pods do not come up: stable keeps its pods', async () => {
      const { opened, stable, end } = await make(3, 0, '3s')
      const broken = { version: '3', name: `${stable.name}-broken` }
      await makeDeployment(broken.name, 0, { 'test/never-ready': 'true' })
      const target = openTarget(cluster, opened)
      await target.prepare(ROLLOUT, broken)
      await expect(target.set({ weight: 34, mirror: 0 })).rejects.toThrow(
        /MW-DEPLOY-11[23]: .*(exceeded its progress deadline|0 of 1 pods are ready)/,
      )
      expect(await replicas(stable.name, 'status')).toBe(3)
      expect((await target.observe()).state.weight).toBe(0)
      await target.rollback({ reason: 'does not come up', to: 'stable' })
      expect(await replicas(broken.name, 'spec')).toBe(0)
      await cluster.client.remove(ref(broken.name))
      await end()
    })

    it('that an autoscaler or git counts are left to them', async () => {
      for (const [manager, code] of [
        ['kube-controller-manager', 'MW-DEPLOY-122'],
        ['argocd-controller', 'MW-DEPLOY-111'],
      ] as const) {
        const { opened, stable, canary, end } = await make(2, 0)
        await cluster.raw({
          method: 'PATCH',
          path: `${PATH}/${stable.name}/scale?fieldManager=${manager}`,
          contentType: 'application/merge-patch+json',
          body: { spec: { replicas: 3 } },
        })
        await expect(openTarget(cluster, opened).prepare(ROLLOUT, canary)).rejects.toThrow(
          new RegExp(`${code}: .*${manager}`),
        )
        expect(await replicas(stable.name, 'spec')).toBe(3)
        await end()
      }
    })
  })
})
