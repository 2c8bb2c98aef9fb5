import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../src/adapters/traffic/kept/index.js'
import { HTTP_ROUTE, refTo } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createGatewayApiSplitter } from '../../../src/adapters/traffic/kubernetes/gateway-api.js'
import { at, numberAt, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { createAnnotationStore } from '../../../src/adapters/traffic/kubernetes/store.js'
import { GatewayApiTarget } from '../../../src/config/deploy/gateway-api.js'
import type { Backend } from '../../../src/ports/traffic.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { ensureTraefik } from '../../../tools/install/traefik.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { type Cluster, startCluster } from './cluster.js'
import { createCountingSignals } from './counting.js'
import { acceptingGateway, type Gateway, startGateway } from './gateway.js'

const STABLE: Backend = { version: '1', name: 'model-1' }
const CANARY: Backend = { version: '2', name: 'model-2' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
/** What the data plane may lag behind its status, with room for a busy machine. */
const FOLLOW_MS = 600

const prepare = async () => ({
  kubernetes: await ensureKubernetesPrograms(),
  traefik: await ensureTraefik(),
})

// @evidence Gateway API HTTPRoute: live (CRDs 1.5.1, kube-apiserver 1.36.3, Traefik 3.7.15)
await systemSuite('Gateway API', prepare, (programs) => {
  const signals = createCountingSignals()
  let cluster: Cluster
  let gateway: Gateway
  let routes = 0
  beforeAll(async () => {
    cluster = await startCluster(programs().kubernetes)
    await cluster.define('gateway-api')
    gateway = await startGateway(cluster, programs().traefik)
    await gateway.serve('model-1', '127.77.1.1', signals.count)
    await gateway.serve('model-2', '127.77.1.2', signals.count)
    await gateway.serve('model-3', '127.77.1.3', signals.count)
  }, 180_000)
  afterAll(async () => {
    await gateway?.close()
    await cluster?.close()
  })

  const open = (route: string) => {
    const settings = GatewayApiTarget.parse({ route, timeout: '20s' })
    return createKeptTarget({
      splitter: createGatewayApiSplitter({
        client: cluster.client,
        route: settings.route,
        timeoutMs: settings.timeout,
      }),
      store: createAnnotationStore(cluster.client, refTo(HTTP_ROUTE, 'default', route)),
      signals,
      stable: STABLE,
      isReady: async ({ name }) => name !== 'dead',
      now: Date.now,
      sleep: async (ms) => void (await sleep(ms)),
      settleMs: 100,
    })
  }
  const newRoute = async () => {
    const route = `model-${++routes}-route`
    await gateway.route(route, 'model-1')
    return route
  }
  const read = (route: string) => cluster.client.get(refTo(HTTP_ROUTE, 'default', route))

  trafficContract('an HTTPRoute on Traefik', async () => {
    const route = await newRoute()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    return {
      target: open(route),
      again: () => open(route),
      stable: STABLE,
      canary: CANARY,
      dead: { version: 'dead', name: 'dead' },
      send: async (count) => {
        await sleep(FOLLOW_MS)
        const served: string[] = []
        for (let i = 0; i < count; i++) {
          const { body } = await gateway.post(`${route}.test`, agent)
          served.push([STABLE, CANARY].find(({ name }) => name === body)?.version ?? body)
        }
        return served
      },
      settled: () => sleep(200),
      end: async () => agent.destroy(),
    }
  })

  describe('users of an HTTPRoute', () => {
    it('lose no request over ten changes of weights, and meet the shares that were set', async () => {
      const route = await newRoute()
      const target = open(route)
      await target.prepare(ROLLOUT, CANARY)
      const agent = new Agent({ keepAlive: true, maxSockets: 16 })
      let isOn = true
      const statuses = new Map<number, number>()
      const bodies: string[] = []
      const client = async () => {
        while (isOn) {
          const { status, body } = await gateway.post(`${route}.test`, agent)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          bodies.push(body)
        }
      }
      const clients = Array.from({ length: 16 }, client)
      const shares: { weight: number; seen: number; of: number }[] = []
      for (const weight of [5, 25, 50, 75, 100, 50, 0, 10, 0.5, 30]) {
        expect((await target.set({ weight, mirror: 0 })).weight).toBeCloseTo(weight, 6)
        await sleep(FOLLOW_MS)
        const from = bodies.length
        while (bodies.length < from + 1000) await sleep(10)
        const during = bodies.slice(from)
        const seen = during.filter((body) => body === 'model-2').length
        shares.push({ weight, seen, of: during.length })
      }
      isOn = false
      await Promise.all(clients)
      agent.destroy()
      expect([...statuses.keys()]).toEqual([200])
      for (const { weight, seen, of } of shares) {
        const p = weight / 100
        // Five standard deviations of a binomial; a weighted round robin is far within.
        expect(Math.abs(seen - of * p)).toBeLessThanOrEqual(5 * Math.sqrt(of * p * (1 - p)) + 1)
      }
    })

    it('are never sent to a mirror that the gateway does not know: it would fail them all', async () => {
      const route = await newRoute()
      const target = open(route)
      await target.prepare(ROLLOUT, CANARY)
      const attempt = target.set({ weight: 0, mirror: 100 })
      await expect(attempt).rejects.toThrow(
        /MW-DEPLOY-116: .*GatewayClass traefik does not list HTTPRouteRequestMirror/,
      )
      const object = await read(route)
      expect(at(object, 'spec', 'rules', 0, 'filters')).toBeUndefined()
    })

    it('would all meet an error with that filter, while the status says that all is well', async () => {
      const route = await newRoute()
      const ref = refTo(HTTP_ROUTE, 'default', route)
      const backendRef = { name: 'model-2', port: 8080 }
      const patched = await cluster.client.patch(ref, [
        {
          op: 'add',
          path: '/spec/rules/0/filters',
          value: [{ type: 'RequestMirror', requestMirror: { backendRef } }],
        },
      ])
      await sleep(2 * FOLLOW_MS)
      const agent = new Agent({ keepAlive: true })
      const { status } = await gateway.post(`${route}.test`, agent)
      agent.destroy()
      expect(status).toBe(500)
      const [parent] = objectsAt(await read(route), 'status', 'parents')
      const accepted = objectsAt(parent, 'conditions').find(
        (one) => textAt(one, 'type') === 'Accepted',
      )
      expect(textAt(accepted, 'status')).toBe('True')
      expect(patched).not.toBe('untrue')
      expect(numberAt(accepted, 'observedGeneration')).toBe(
        numberAt(await read(route), 'metadata', 'generation'),
      )
    })

    it('keep stable where the Service of the canary is not there, and the run is told so', async () => {
      const route = await newRoute()
      const target = open(route)
      const missing = target.prepare(ROLLOUT, { version: '9', name: 'model-9' })
      await expect(missing).rejects.toThrow(/MW-DEPLOY-113: .*ResolvedRefs is not true/)
      await target.rollback({ reason: 'not there', to: 'stable' })
      const agent = new Agent({ keepAlive: true })
      expect((await gateway.post(`${route}.test`, agent)).body).toBe('model-1')
      agent.destroy()
    })
  })

  describe('a gateway that mirrors', () => {
    it('gets copies by percent, by parts of it, and of all, as its definition allows', async () => {
      const features = ['HTTPRouteRequestMirror', 'HTTPRouteRequestPercentageMirror']
      const { stop } = await acceptingGateway(cluster, { name: 'mirror', features })
      const target = open('mirror')
      const filters = async () => at(await read('mirror'), 'spec', 'rules', 0, 'filters')
      await target.prepare(ROLLOUT, CANARY)
      const backendRef = { group: '', kind: 'Service', name: 'model-2', port: 8080 }
      for (const [mirror, how] of [
        [30, { percent: 30 }],
        [0.25, { fraction: { numerator: 25, denominator: 10_000 } }],
        [100, {}],
      ] as const) {
        expect(await target.set({ weight: 10, mirror })).toMatchObject({ weight: 10, mirror })
        expect(await filters()).toEqual([
          { type: 'RequestMirror', requestMirror: { backendRef, ...how } },
        ])
      }
      await target.rollback({ reason: 'worse', to: 'stable' })
      expect(await filters()).toBeUndefined()
      await stop()
    })

    it('is not asked for a percentage that it does not list', async () => {
      const features = ['HTTPRouteRequestMirror']
      const { stop } = await acceptingGateway(cluster, { name: 'whole', features })
      const target = open('whole')
      await target.prepare(ROLLOUT, CANARY)
      await expect(target.set({ weight: 0, mirror: 50 })).rejects.toThrow(
        /MW-DEPLOY-116: .*HTTPRouteRequestPercentageMirror/,
      )
      expect((await target.set({ weight: 0, mirror: 100 })).mirror).toBe(100)
      await stop()
    })
  })

  describe('an HTTPRoute of somebody else', () => {
    it('that git keeps is left as it is, but always brought back', async () => {
      const route = await newRoute()
      const target = open(route)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 40, mirror: 0 })
      await cluster.raw({
        method: 'PATCH',
        path: `/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/${route}?fieldManager=argocd-controller&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name: route },
          spec: {
            rules: [
              {
                backendRefs: [
                  { name: 'model-1', port: 8080, weight: 60 },
                  { name: 'model-2', port: 8080, weight: 40 },
                ],
              },
            ],
          },
        },
      })
      await expect(open(route).set({ weight: 50, mirror: 0 })).rejects.toThrow(
        /MW-DEPLOY-111: .*spec\.rules is owned by argocd-controller/,
      )
      expect((await target.observe()).state.weight).toBe(40)
      const back = await target.rollback({ reason: 'worse', to: 'stable' })
      expect(back.weight).toBe(0)
    })

    it('with a third version that has traffic is not divided', async () => {
      const route = await newRoute()
      await cluster.client.patch(refTo(HTTP_ROUTE, 'default', route), [
        {
          op: 'add',
          path: '/spec/rules/0/backendRefs/-',
          value: { name: 'model-3', port: 8080, weight: 1 },
        },
      ])
      await expect(open(route).prepare(ROLLOUT, CANARY)).rejects.toThrow(
        /MW-DEPLOY-115: .*also sends to Service model-3/,
      )
    })

    it('keeps its other rules, matches and filters as they are', async () => {
      const route = await newRoute()
      // Testers reach the canary there already; it is no part of what is divided.
      const other = {
        matches: [{ path: { type: 'Exact', value: '/preview' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'model-2', port: 8080, weight: 1 }],
      }
      await cluster.client.patch(refTo(HTTP_ROUTE, 'default', route), [
        { op: 'add', path: '/spec/rules/0', value: other },
        {
          op: 'add',
          path: '/spec/rules/1/filters',
          value: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['X-A'] } }],
        },
      ])
      const target = open(route)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 50, mirror: 0 })
      await target.promote()
      const [first, second] = objectsAt(await read(route), 'spec', 'rules')
      expect(first).toEqual(other)
      expect(objectsAt(second, 'backendRefs').map(({ name }) => name)).toEqual(['model-2'])
      expect(at(second, 'filters', 0, 'requestHeaderModifier', 'remove')).toEqual(['X-A'])
    })

    it('that is not there, or does not know stable, is said to be so', async () => {
      await expect(open('nowhere').observe()).rejects.toThrow(/MW-DEPLOY-105/)
      const route = `model-${++routes}-route`
      await gateway.route(route, 'model-3')
      await expect(open(route).observe()).rejects.toThrow(
        /MW-DEPLOY-115: .*no rule sends to Service model-1\. Found: model-3/,
      )
    })
  })
})
