import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  DEPLOYMENT,
  FLAGGER_CANARY,
  refTo,
  VIRTUAL_SERVICE,
} from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createFlaggerSplitter } from '../../../src/adapters/traffic/kubernetes/flagger/splitter.js'
import { at, numberAt, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { openFlagger } from '../../../src/adapters/traffic/kubernetes/open.js'
import { FlaggerTarget } from '../../../src/config/deploy/flagger.js'
import { ensureFlaggerPrograms } from '../../../tools/install/flagger.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'
import { startFlagger } from './flagger-controller.js'
import { imagesByWeight, labelsByImage } from './pods.js'
import { until } from './processes.js'

const STABLE = { version: '1', name: 'registry.test/fraud:1' }
const CANARY = { version: '2', name: 'registry.test/fraud:2' }
const DEAD = { version: 'dead', name: 'registry.test/fraud:dead' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
const BACK = { reason: 'worse', to: 'stable' } as const
const PATH = '/apis/flagger.app/v1beta1/namespaces/default/canaries'
const MERGE = 'application/merge-patch+json'

const prepare = async () => ({
  kubernetes: await ensureKubernetesPrograms(),
  flagger: await ensureFlaggerPrograms(),
})

// @evidence Flagger: live (1.43.0, its least interval shortened, with kube-apiserver 1.36.3 and Istio's definitions; a stand-in for the node says that pods are ready, and draws by the VirtualService that Flagger made)
await systemSuite('Flagger', prepare, (programs) => {
  let cluster: Cluster
  let controller: { stop(): Promise<void> }
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs().kubernetes)
    await cluster.withControllers()
    await cluster.define('istio')
    await cluster.define('.yaml', programs().flagger.definitions)
    controller = await startFlagger(cluster, programs().flagger)
  }, 180_000)
  afterAll(async () => {
    await controller?.stop()
    await cluster?.close()
  })

  const ref = (name: string) => refTo(FLAGGER_CANARY, 'default', name)
  const read = (name: string) => cluster.client.get(ref(name))
  const phase = async (name: string) => textAt(await read(name), 'status', 'phase')
  const imageOf = async (name: string) =>
    textAt(
      await cluster.client.get(refTo(DEPLOYMENT, 'default', name)),
      'spec',
      'template',
      'spec',
      'containers',
      0,
      'image',
    )
  const specPatch = (name: string, spec: object) =>
    cluster.raw({ method: 'PATCH', path: `${PATH}/${name}`, contentType: MERGE, body: { spec } })
  const create = async (analysis: object = {}, more: object = {}) => {
    const name = `fraud-${++made}`
    await cluster.raw({
      method: 'POST',
      path: '/apis/apps/v1/namespaces/default/deployments',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas: 2,
          progressDeadlineSeconds: 2,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name: 'server', image: STABLE.name }] },
          },
        },
      },
    })
    await cluster.raw({
      method: 'POST',
      path: PATH,
      body: {
        apiVersion: 'flagger.app/v1beta1',
        kind: 'Canary',
        metadata: { name },
        spec: {
          targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          progressDeadlineSeconds: 2,
          service: { port: 80 },
          analysis: {
            interval: '400ms',
            threshold: 3,
            stepWeights: [10, 25, 50, 100],
            ...analysis,
          },
          ...more,
        },
      },
    })
    return name
  }
  const make = async (analysis: object = {}) => {
    const name = await create(analysis)
    await until(`${name} is initialized`, async () => (await phase(name)) === 'Initialized')
    return name
  }
  const weightsOf = async (name: string) => {
    const route = await cluster.client.get(refTo(VIRTUAL_SERVICE, 'default', name))
    const weights = objectsAt(route, 'spec', 'http', 0, 'route').map(
      (one) => [textAt(one, 'destination', 'host') ?? '', numberAt(one, 'weight') ?? 0] as const,
    )
    return new Map(weights)
  }
  const shares = async (name: string) => imagesByWeight(cluster, await weightsOf(name))
  /** Their label `app`, which Flagger writes: the workload that Istio's metrics have. */
  const labels = async (name: string) => {
    const met = [...(await weightsOf(name))].filter(([, weight]) => weight > 0)
    return labelsByImage(
      cluster,
      met.map(([service]) => service),
      'app',
    )
  }
  const images = async (name: string) => [...(await shares(name)).keys()]
  const opened = (canary: string) => {
    const settings = FlaggerTarget.parse({ canary, timeout: '15s' })
    return {
      splitter: () =>
        createFlaggerSplitter({
          client: cluster.client,
          canary: settings.canary,
          field: { container: settings.container, env: settings.env },
          timeoutMs: settings.timeout,
        }),
      keeper: ref(canary),
      stable: STABLE,
    }
  }
  const open = (name: string) => openTarget(cluster, opened(name))
  const end = async (name: string) => {
    await cluster.client.remove(ref(name))
    await cluster.client.remove(refTo(DEPLOYMENT, 'default', name))
  }

  trafficContract('a Canary', async () => {
    const name = await make()
    return simulatedBench(cluster, {
      ...opened(name),
      canary: CANARY,
      dead: DEAD,
      shares: () => shares(name),
      labels: () => labels(name),
      end: () => end(name),
    })
  })

  describe('a Canary', () => {
    it('is opened by its settings, and keeps the record itself', async () => {
      const canary = await make()
      const kubeconfig = cluster.kubeconfigs.admin
      const settings = FlaggerTarget.parse({ canary, kubeconfig, container: 'server' })
      const tools = { env: {}, home: cluster.folder, now: Date.now, sleep: async () => undefined }
      const { splitter, store } = await openFlagger(settings, tools)
      const roles = { stable: STABLE, canary: undefined }
      expect(await splitter.read(roles)).toMatchObject({ weight: 0, ejected: undefined })
      await store?.write({ stable: STABLE })
      expect(at(await read(canary), 'metadata', 'annotations')).toHaveProperty([
        'modelway.dev/rollout',
      ])
      await end(canary)
    })

    it('is held at its weight, and given back as it was', async () => {
      const name = await make()
      const before = at(await read(name), 'spec')
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 25, mirror: 0 })
      expect(at(await read(name), 'spec', 'suspend')).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 950))
      expect((await target.observe()).state.weight).toBe(25)
      await target.rollback(BACK)
      expect(at(await read(name), 'spec')).toEqual({ ...(before as object), suspend: false })
      expect(await imageOf(name)).toBe(STABLE.name)
      expect(await phase(name)).toBe('Failed')
      expect(await images(name)).toEqual([STABLE.name])
      await target.prepare({ ...ROLLOUT, id: 'rollout-2' }, CANARY)
      expect((await target.set({ weight: 10, mirror: 0 })).weight).toBe(10)
      await end(name)
    })

    it('does not bring the bad version in again after a rollback', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 25, mirror: 0 })
      await target.rollback(BACK)
      await new Promise((resolve) => setTimeout(resolve, 950))
      expect(await images(name)).toEqual([STABLE.name])
      expect(await imageOf(`${name}-primary`)).toBe(STABLE.name)
      await end(name)
    })

    it('let go by another hand has a weight that is not ours, and still goes back', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 10, mirror: 0 })
      await specPatch(name, { suspend: false })
      await until('the next weight', async () => (await target.observe()).state.weight > 10)
      await expect(target.set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-004/)
      expect((await target.rollback(BACK)).weight).toBe(0)
      expect(await images(name)).toEqual([STABLE.name])
      await end(name)
    })

    it('goes back from a promotion that a killed driver left to Flagger', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await specPatch(name, { suspend: false })
      await until('it is promoting', async () =>
        /Promoting|Succeeded/.test((await phase(name)) ?? ''),
      )
      await open(name).rollback(BACK)
      expect(await images(name)).toEqual([STABLE.name])
      expect(at(await read(name), 'spec', 'skipAnalysis')).toBe(false)
      await new Promise((resolve) => setTimeout(resolve, 950))
      expect(await imageOf(`${name}-primary`)).toBe(STABLE.name)
      await end(name)
    })

    it('that Flagger takes back is out of service, and restored by a rollback', async () => {
      const name = await make()
      cluster.neverReady.add('registry.test/fraud:broken')
      const target = open(name)
      await target.prepare(ROLLOUT, { version: '3', name: 'registry.test/fraud:broken' })
      await expect(target.set({ weight: 10, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-113/)
      expect((await target.observe()).state.ejected).toMatch(/analysis failed/)
      expect(await images(name)).toEqual([STABLE.name])
      await target.rollback(BACK)
      expect(await imageOf(name)).toBe(STABLE.name)
      await end(name)
    })

    it('that Flagger does not take to a weight that will be asked for is refused before anything is written', async () => {
      const canary = await make()
      const kubeconfig = cluster.kubeconfigs.admin
      const settings = FlaggerTarget.parse({ canary, kubeconfig, container: 'server' })
      const tools = { env: {}, home: cluster.folder, now: Date.now, sleep: async () => undefined }
      const { splitter } = await openFlagger(settings, { ...tools, steps: [10, 33] })
      const roles = { stable: STABLE, canary: CANARY }
      const { revision } = await splitter.read(roles)
      await expect(splitter.admit(roles, { revision })).rejects.toThrow(/MW-DEPLOY-211: .*33 %/)
      expect(await imageOf(canary)).toBe(STABLE.name)
      expect(at(await read(canary), 'spec', 'suspend')).toBeUndefined()
      await end(canary)
    })

    it('is met at its places, which change with a promotion', async () => {
      const name = await make()
      const splitter = opened(name).splitter()
      const roles = { stable: STABLE, canary: CANARY }
      const before = { stable: `${name}-primary`, canary: name }
      const read = await splitter.read(roles)
      expect(read.seenAs).toEqual(before)
      const admitted = await splitter.admit(roles, read)
      expect(admitted.seenAs).toEqual(before)
      const promoted = await splitter.promote(roles, admitted)
      expect(promoted.seenAs).toEqual({ stable: name, canary: `${name}-primary` })
      const back = await splitter.rollback({ stable: STABLE, canary: CANARY })
      expect(back.seenAs).toEqual(before)
      await end(name)
    })

    it('takes no weight that Flagger does not come by', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await expect(target.set({ weight: 33, mirror: 0 })).rejects.toThrow(
        /MW-DEPLOY-211: .*10, 25, 50, 100 %/,
      )
      await end(name)
    })

    it.each([
      [{ suspend: true }, /MW-DEPLOY-212/],
      [{ skipAnalysis: true }, /MW-DEPLOY-213/],
    ])('with %j of another hand is refused before anything is written', async (spec, problem) => {
      const name = await make()
      await specPatch(name, spec)
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(problem)
      expect(await imageOf(name)).toBe(STABLE.name)
      await end(name)
    })

    it('without weights, or in the middle of a run of its own, is refused', async () => {
      const blueGreen = await create({ stepWeights: undefined, iterations: 3 })
      await expect(open(blueGreen).observe()).rejects.toThrow(/MW-DEPLOY-210/)
      const busy = await make()
      const other = 'registry.test/fraud:9'
      await cluster.client.patch(refTo(DEPLOYMENT, 'default', busy), [
        { op: 'replace', path: '/spec/template/spec/containers/0/image', value: other },
      ])
      await until('it progresses', async () => (await phase(busy)) === 'Progressing')
      const stable = { version: '9', name: other }
      const attempt = openTarget(cluster, { ...opened(busy), stable }).prepare(ROLLOUT, CANARY)
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-214/)
      for (const name of [blueGreen, busy]) await end(name)
    })
  })
})
