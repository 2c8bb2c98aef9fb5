import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createArgoRolloutsSplitter } from '../../../src/adapters/traffic/kubernetes/argo-rollouts/splitter.js'
import {
  ARGO_ROLLOUT,
  refTo,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { at, numberAt, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { openArgoRollouts } from '../../../src/adapters/traffic/kubernetes/open.js'
import { ArgoRolloutsTarget } from '../../../src/config/deploy/argo-rollouts.js'
import { ensureArgoRolloutsPrograms } from '../../../tools/install/argo-rollouts.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { startArgoRollouts } from './argo-rollouts-controller.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'
import { imagesBehind, imagesByWeight, labelsByImage } from './pods.js'
import { until } from './processes.js'

const STABLE = { version: '1', name: 'registry.test/fraud:1' }
const CANARY = { version: '2', name: 'registry.test/fraud:2' }
const DEAD = { version: 'dead', name: 'registry.test/fraud:dead' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
const BACK = { reason: 'worse', to: 'stable' } as const
const PATH = '/apis/argoproj.io/v1alpha1/namespaces/default/rollouts'
const STOPS = [0, 10, 25, 50, 100]
const HASH = 'rollouts-pod-template-hash'

const prepare = async () => ({
  kubernetes: await ensureKubernetesPrograms(),
  rollouts: await ensureArgoRolloutsPrograms(),
})

// @evidence Argo Rollouts: live (controller 1.10.1 with kube-apiserver 1.36.3; a stand-in for the node says that pods are ready, and draws by the VirtualService or the pods that the controller made)
await systemSuite('Argo Rollouts', prepare, (programs) => {
  let cluster: Cluster
  let controller: { stop(): Promise<void> }
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs().kubernetes)
    await cluster.withControllers()
    await cluster.define('istio')
    await cluster.define('.yaml', programs().rollouts.definitions)
    controller = await startArgoRollouts(cluster, programs().rollouts)
  }, 180_000)
  afterAll(async () => {
    await controller?.stop()
    await cluster?.close()
  })

  const ref = (name: string) => refTo(ARGO_ROLLOUT, 'default', name)
  const read = (name: string) => cluster.client.get(ref(name))
  const imageOf = async (name: string) =>
    textAt(await read(name), 'spec', 'template', 'spec', 'containers', 0, 'image')
  const statusPatch = (name: string, status: object) =>
    cluster.raw({
      method: 'PATCH',
      path: `${PATH}/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status },
    })
  const specPatch = (name: string, spec: object) =>
    cluster.raw({
      method: 'PATCH',
      path: `${PATH}/${name}`,
      contentType: 'application/merge-patch+json',
      body: { spec },
    })
  const isHealthy = async (name: string) =>
    textAt(await read(name), 'status', 'phase') === 'Healthy'
  const service = (name: string, app: string) =>
    cluster.client.apply(refTo(SERVICE, 'default', name), {
      spec: { ports: [{ port: 80 }], selector: { app } },
    })

  interface Made {
    readonly canary?: object
    readonly spec?: object
    readonly container?: object
    readonly replicas?: number
  }
  const create = async ({ canary, spec, container, replicas = 2 }: Made = {}) => {
    const name = `fraud-${++made}`
    await service(name, name)
    const steps = STOPS.flatMap((setWeight) => [{ setWeight }, { pause: {} }])
    await cluster.raw({
      method: 'POST',
      path: PATH,
      body: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name },
        spec: {
          replicas,
          progressDeadlineSeconds: 3,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name: 'server', image: STABLE.name, ...container }] },
          },
          strategy: { canary: { steps, ...canary } },
          ...spec,
        },
      },
    })
    return name
  }
  const make = async (how: Made = {}) => {
    const name = await create(how)
    await until(`${name} is healthy`, () => isHealthy(name))
    return name
  }
  /** With weights in a VirtualService between two Services, whose selectors are the controller's too. */
  const makeRouted = async (canary: object = {}) => {
    const route = `route-${made + 1}`
    for (const each of ['stable', 'canary']) await service(`${route}-${each}`, `fraud-${made + 1}`)
    await cluster.client.apply(refTo(VIRTUAL_SERVICE, 'default', route), {
      spec: {
        hosts: [route],
        http: [
          {
            name: 'primary',
            route: [
              { destination: { host: `${route}-stable` }, weight: 100 },
              { destination: { host: `${route}-canary` }, weight: 0 },
            ],
          },
        ],
      },
    })
    const name = await make({
      canary: {
        stableService: `${route}-stable`,
        canaryService: `${route}-canary`,
        trafficRouting: { istio: { virtualService: { name: route, routes: ['primary'] } } },
        ...canary,
      },
    })
    const shares = async () => {
      const object = await cluster.client.get(refTo(VIRTUAL_SERVICE, 'default', route))
      const routes = objectsAt(object, 'spec', 'http', 0, 'route').map(
        (one) => [textAt(one, 'destination', 'host') ?? '', numberAt(one, 'weight') ?? 0] as const,
      )
      return imagesByWeight(cluster, new Map(routes))
    }
    return { name, shares }
  }

  const opened = (rollout: string, more: object = {}) => {
    const settings = ArgoRolloutsTarget.parse({ rollout, timeout: '15s', ...more })
    return {
      splitter: () =>
        createArgoRolloutsSplitter({
          client: cluster.client,
          rollout: settings.rollout,
          field: { container: settings.container, env: settings.env },
          timeoutMs: settings.timeout,
        }),
      keeper: ref(rollout),
      stable: STABLE,
    }
  }
  const open = (name: string) => openTarget(cluster, opened(name))
  const end = (name: string) => cluster.client.remove(ref(name))

  trafficContract('a Rollout with a traffic router', async () => {
    const { name, shares } = await makeRouted()
    const labels = () => labelsByImage(cluster, [name], HASH)
    const parts = { ...opened(name), canary: CANARY, dead: DEAD, shares, labels }
    return simulatedBench(cluster, { ...parts, end: () => end(name) })
  })

  trafficContract('a Rollout by its pods', async () => {
    const name = await make({ replicas: 20, canary: { maxSurge: '100%' } })
    const shares = () => imagesBehind(cluster, name)
    const labels = () => labelsByImage(cluster, [name], HASH)
    const parts = { ...opened(name), canary: CANARY, dead: DEAD, shares, labels }
    return simulatedBench(cluster, { ...parts, end: () => end(name) })
  })

  describe('a Rollout', () => {
    it('is opened by its settings, and keeps the record itself', async () => {
      const rollout = await make()
      const kubeconfig = cluster.kubeconfigs.admin
      const settings = ArgoRolloutsTarget.parse({ rollout, kubeconfig, container: 'server' })
      const tools = { env: {}, home: cluster.folder, now: Date.now, sleep: async () => undefined }
      const { splitter, store } = await openArgoRollouts(settings, tools)
      const roles = { stable: STABLE, canary: undefined }
      expect(await splitter.read(roles)).toMatchObject({ weight: 0, ejected: undefined })
      await store?.write({ stable: STABLE })
      expect(at(await read(rollout), 'metadata', 'annotations')).toHaveProperty([
        'modelway.dev/rollout',
      ])
      await end(rollout)
    })

    it('is given back as it was: only its template changes, and that is restored', async () => {
      const { name } = await makeRouted()
      const before = at(await read(name), 'spec')
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 25, mirror: 0 })
      await target.rollback(BACK)
      expect(at(await read(name), 'spec')).toEqual(before)
      await end(name)
    })

    it('does not bring the bad version in again when somebody retries after a rollback', async () => {
      const { name, shares } = await makeRouted()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 25, mirror: 0 })
      await target.rollback(BACK)
      await statusPatch(name, { abort: false, promoteFull: true })
      await until('it is healthy again', () => isHealthy(name))
      expect(await imageOf(name)).toBe(STABLE.name)
      expect([...(await shares()).keys()]).toEqual([STABLE.name])
      await end(name)
    })

    it('aborted by another hand is out of service, takes no weight, and is restored by a rollback', async () => {
      const { name, shares } = await makeRouted()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 25, mirror: 0 })
      await statusPatch(name, { abort: true })
      await until('the abort is seen', async () => (await target.observe()).state.weight === 0)
      const { state, reading } = await target.observe()
      expect(state.ejected).toMatch(/RolloutAborted/)
      expect(reading.canaryReachable).toBe(false)
      await expect(target.set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-004/)
      await expect(open(name).set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-204/)
      await target.rollback(BACK)
      expect(await imageOf(name)).toBe(STABLE.name)
      expect(await isHealthy(name)).toBe(true)
      expect([...(await shares()).keys()]).toEqual([STABLE.name])
      await end(name)
    })

    it('aborted by its own analysis is out of service', async () => {
      const judge = createServer((_request, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ share: 0.2 }))
      })
      await new Promise<void>((resolve) => judge.listen(0, '127.0.0.1', resolve))
      const { port } = judge.address() as AddressInfo
      const template = `share-${made}`
      await cluster.raw({
        method: 'POST',
        path: '/apis/argoproj.io/v1alpha1/namespaces/default/analysistemplates',
        body: {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'AnalysisTemplate',
          metadata: { name: template },
          spec: {
            metrics: [
              {
                name: 'share',
                successCondition: 'result >= 0.9',
                provider: { web: { url: `http://127.0.0.1:${port}`, jsonPath: '{$.share}' } },
              },
            ],
          },
        },
      })
      const { name } = await makeRouted({
        analysis: { templates: [{ templateName: template }], startingStep: 2 },
      })
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      const shared = target.set({ weight: 25, mirror: 0 })
      await shared.catch((error: unknown) => expect(String(error)).toMatch(/MW-DEPLOY-113/))
      await until('it is out', async () => (await target.observe()).state.ejected !== undefined)
      expect((await target.observe()).state.ejected).toMatch(/share.*[Ff]ailed/)
      await target.rollback(BACK)
      expect(await isHealthy(name)).toBe(true)
      judge.close()
      await end(name)
    })

    it('promoted a step by another hand is not written over, and still goes back', async () => {
      const { name } = await makeRouted()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 10, mirror: 0 })
      await statusPatch(name, { pauseConditions: null })
      await until('the next stop', async () => (await target.observe()).state.weight === 25)
      await expect(target.set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-004/)
      expect((await target.rollback(BACK)).weight).toBe(0)
      await end(name)
    })

    it('paused by another hand takes no step, and is let go for a rollback', async () => {
      const { name } = await makeRouted()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 10, mirror: 0 })
      await specPatch(name, { paused: true })
      await expect(target.set({ weight: 25, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-203/)
      await expect(target.promote()).rejects.toThrow(/MW-DEPLOY-203/)
      expect((await target.rollback(BACK)).weight).toBe(0)
      expect(await isHealthy(name)).toBe(true)
      await end(name)
    })

    it('goes on after a driver that was killed between its write and the next stop', async () => {
      const { name } = await makeRouted()
      await open(name).prepare(ROLLOUT, CANARY)
      await statusPatch(name, {
        pauseConditions: null,
        controllerPause: false,
        currentStepIndex: 4,
      })
      const next = open(name)
      expect((await next.set({ weight: 25, mirror: 0 })).weight).toBe(25)
      expect(await next.promote()).toMatchObject({ stable: CANARY, previous: STABLE })
      await end(name)
    })

    it('goes back from a promotion that was killed before it was written down', async () => {
      const { name, shares } = await makeRouted()
      await open(name).prepare(ROLLOUT, CANARY)
      await statusPatch(name, { promoteFull: true })
      await until('it is promoted', () => isHealthy(name))
      await open(name).rollback(BACK)
      expect(await imageOf(name)).toBe(STABLE.name)
      expect([...(await shares()).keys()]).toEqual([STABLE.name])
      await end(name)
    })

    it('says why pods do not come up, with no user lost, and goes back', async () => {
      const { name, shares } = await makeRouted()
      cluster.neverReady.add('registry.test/fraud:broken')
      const target = open(name)
      await target.prepare(ROLLOUT, { version: '3', name: 'registry.test/fraud:broken' })
      await expect(target.set({ weight: 10, mirror: 0 })).rejects.toThrow(
        /MW-DEPLOY-113: .*(timed out|ProgressDeadlineExceeded)/i,
      )
      expect([...(await shares()).keys()]).toEqual([STABLE.name])
      await target.rollback(BACK)
      expect(await isHealthy(name)).toBe(true)
      await end(name)
    })

    it.each([
      [[{ setWeight: 5 }, { pause: {} }]],
      [[{ setWeight: 0 }, { pause: { duration: '10s' } }]],
      [[]],
    ])('whose steps do not wait at 0 is refused before anything is written: %j', async (steps) => {
      const name = await make({ canary: { steps } })
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(/MW-DEPLOY-200/)
      expect(await imageOf(name)).toBe(STABLE.name)
      await end(name)
    })

    it('that does not wait at a weight that will be asked for is refused before anything is written', async () => {
      const rollout = await make()
      const settings = ArgoRolloutsTarget.parse({
        rollout,
        kubeconfig: cluster.kubeconfigs.admin,
        container: 'server',
      })
      const tools = { env: {}, home: cluster.folder, now: Date.now, sleep: async () => undefined }
      const { splitter } = await openArgoRollouts(settings, { ...tools, steps: [10, 33] })
      const roles = { stable: STABLE, canary: CANARY }
      const { revision } = await splitter.read(roles)
      await expect(splitter.admit(roles, { revision })).rejects.toThrow(/MW-DEPLOY-200: .*33 %/)
      expect(await imageOf(rollout)).toBe(STABLE.name)
      await end(rollout)
    })

    it('takes no weight at which its steps do not wait', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await expect(target.set({ weight: 33, mirror: 0 })).rejects.toThrow(
        /MW-DEPLOY-200: .*they wait at 0, 10, 25, 50, 100 %/,
      )
      await end(name)
    })

    it('that divides nothing, serves something else, or is busy is refused', async () => {
      const blueGreen = await create({
        spec: { strategy: { blueGreen: { activeService: `fraud-${made + 1}` } } },
      })
      await expect(open(blueGreen).observe()).rejects.toThrow(/MW-DEPLOY-202/)
      const other = await make({ container: { image: 'registry.test/fraud:9' } })
      await expect(open(other).observe()).rejects.toThrow(/MW-DEPLOY-201: .*fraud:9/)
      await specPatch(other, {
        template: {
          metadata: { labels: { app: other } },
          spec: { containers: [{ name: 'server', image: STABLE.name }] },
        },
      })
      await until(
        'it waits at its first stop',
        async () => textAt(await read(other), 'status', 'phase') === 'Paused',
      )
      await expect(open(other).prepare(ROLLOUT, CANARY)).rejects.toThrow(/MW-DEPLOY-205/)
      for (const name of [blueGreen, other]) await end(name)
    })

    it('promoted to the end by another hand is not taken for a canary again', async () => {
      const name = await make()
      await open(name).prepare(ROLLOUT, CANARY)
      await statusPatch(name, { promoteFull: true })
      await until('it is promoted', () => isHealthy(name))
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(
        /MW-DEPLOY-205: .*to all users already/,
      )
      await end(name)
    })

    it('may be known by a variable instead of an image', async () => {
      const env = [
        { name: 'PORT', value: '80' },
        { name: 'MODEL_URI', value: 's3://models/fraud/1' },
      ]
      const name = await make({ container: { env } })
      const stable = { version: '1', name: 's3://models/fraud/1' }
      const target = openTarget(cluster, { ...opened(name, { env: 'MODEL_URI' }), stable })
      await target.prepare(ROLLOUT, { version: '2', name: 's3://models/fraud/2' })
      const variables = objectsAt(
        await read(name),
        'spec',
        'template',
        'spec',
        'containers',
        0,
        'env',
      )
      expect(variables.map((one) => textAt(one, 'value'))).toEqual(['80', 's3://models/fraud/2'])
      await target.rollback(BACK)
      const none = openTarget(cluster, { ...opened(name, { env: 'MODEL' }), stable })
      await expect(none.observe()).rejects.toThrow(/MW-DEPLOY-206/)
      const sidecar = openTarget(cluster, opened(name, { container: 'sidecar' }))
      await expect(sidecar.observe()).rejects.toThrow(/MW-DEPLOY-206/)
      await end(name)
    })

    it('whose containers git keeps is left as it is', async () => {
      const name = await make()
      await cluster.raw({
        method: 'PATCH',
        path: `${PATH}/${name}?fieldManager=argocd-controller&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          metadata: { name },
          spec: {
            template: {
              metadata: { labels: { app: name } },
              spec: { containers: [{ name: 'server', image: STABLE.name }] },
            },
          },
        },
      })
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(
        /MW-DEPLOY-111: .*containers is owned by argocd-controller/,
      )
      expect(await imageOf(name)).toBe(STABLE.name)
      await end(name)
    })
  })
})
