import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { INGRESS, refTo } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createIngressNginxSplitter } from '../../../src/adapters/traffic/kubernetes/ingress-nginx.js'
import { at, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { IngressNginxTarget } from '../../../src/config/deploy/ingress-nginx.js'
import type { Backend } from '../../../src/ports/traffic.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'

const STABLE: Backend = { version: '1', name: 'model-1' }
const CANARY: Backend = { version: '2', name: 'model-2' }
const DEAD: Backend = { version: 'dead', name: 'dead' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
const PREFIX = 'nginx.ingress.kubernetes.io/'
const BACKEND = ['spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service', 'name'] as const

// @evidence ingress-nginx canary annotations: genuine API server (kube-apiserver 1.36.3); no ingress-nginx moves requests
await systemSuite('ingress-nginx', ensureKubernetesPrograms, (programs) => {
  let cluster: Cluster
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs())
  }, 180_000)
  afterAll(() => cluster?.close())

  const ref = (name: string) => refTo(INGRESS, 'default', name)
  const path = '/apis/networking.k8s.io/v1/namespaces/default/ingresses'
  const ingress = (name: string, service: string, annotations: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, annotations },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['model.test'], secretName: 'model-tls' }],
      rules: [
        {
          host: 'model.test',
          http: {
            paths: [
              {
                path: '/v2',
                pathType: 'Prefix',
                backend: { service: { name: service, port: { number: 80 } } },
              },
              {
                path: '/docs',
                pathType: 'Prefix',
                backend: { service: { name: 'docs', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  })
  const make = async () => {
    const name = `model-${++made}`
    const annotations = { [`${PREFIX}proxy-body-size`]: '20m', 'other.test/it': 'there' }
    await cluster.raw({ method: 'POST', path, body: ingress(name, 'model-1', annotations) })
    return name
  }
  const opened = (name: string) => {
    const settings = IngressNginxTarget.parse({ ingress: name })
    return {
      splitter: () =>
        createIngressNginxSplitter({
          client: cluster.client,
          ingress: settings.ingress,
          canaryIngress: settings['canary-ingress'],
        }),
      keeper: ref(name),
      stable: STABLE,
    }
  }
  const open = (name: string) => openTarget(cluster, opened(name))

  trafficContract('a pair of Ingresses', async () => {
    const name = await make()
    return simulatedBench(cluster, {
      ...opened(name),
      canary: CANARY,
      dead: DEAD,
      shares: async () => {
        const main = await cluster.client.get(ref(name))
        const side = await cluster.client.find(ref(`${name}-canary`))
        const told = (key: string) => textAt(side, 'metadata', 'annotations', PREFIX + key)
        const canary =
          told('canary') === 'true'
            ? (100 * Number(told('canary-weight'))) / Number(told('canary-weight-total') ?? 100)
            : 0
        const shares = new Map([[textAt(main, ...BACKEND) ?? '', 100 - canary]])
        const to = textAt(side, ...BACKEND) ?? 'nobody'
        return shares.set(to, (shares.get(to) ?? 0) + canary)
      },
    })
  })

  describe('the second Ingress', () => {
    it('is made like the first, for the paths of the model alone, and goes when the rollout ends', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      expect(await target.set({ weight: 0.5, mirror: 0 })).toMatchObject({
        weight: 0.5,
        url: 'https://model.test',
      })
      const side = await cluster.client.get(ref(`${name}-canary`))
      expect(at(side, 'metadata', 'annotations')).toEqual({
        [`${PREFIX}proxy-body-size`]: '20m',
        [`${PREFIX}canary`]: 'true',
        [`${PREFIX}canary-weight`]: '50',
        [`${PREFIX}canary-weight-total`]: '10000',
      })
      expect(at(side, 'spec')).toEqual({
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'model.test',
            http: {
              paths: [
                {
                  path: '/v2',
                  pathType: 'Prefix',
                  backend: { service: { name: 'model-2', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      })
      await target.rollback({ reason: 'worse', to: 'stable' })
      expect(await cluster.client.find(ref(`${name}-canary`))).toBeUndefined()
    })

    it('that others have made is used, and left at nothing', async () => {
      const name = await make()
      const annotations = { [`${PREFIX}canary`]: 'true', [`${PREFIX}canary-weight`]: '0' }
      const own = ingress(`${name}-canary`, 'model-0', annotations)
      await cluster.raw({ method: 'POST', path, body: own })
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 30, mirror: 0 })
      const side = await cluster.client.get(ref(`${name}-canary`))
      expect(textAt(side, ...BACKEND)).toBe('model-2')
      await target.promote()
      const after = await cluster.client.get(ref(`${name}-canary`))
      expect(textAt(after, 'metadata', 'annotations', `${PREFIX}canary-weight`)).toBe('0')
      const main = await cluster.client.get(ref(name))
      expect(textAt(main, ...BACKEND)).toBe('model-2')
      expect(
        textAt(main, 'spec', 'rules', 0, 'http', 'paths', 1, 'backend', 'service', 'name'),
      ).toBe('docs')
    })
  })

  describe('an Ingress', () => {
    it('whose canary weight is no number gives the canary nothing', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      for (const weight of ['many', '-5', '1e999']) {
        await cluster.client.patch(ref(`${name}-canary`), [
          {
            op: 'add',
            path: `/metadata/annotations/${PREFIX.replace('/', '~1')}canary-weight`,
            value: weight,
          },
        ])
        expect((await target.observe()).state.weight).toBe(0)
      }
    })

    it('that git keeps is not led elsewhere, and the promotion says who keeps it', async () => {
      const name = await make()
      await cluster.raw({
        method: 'PATCH',
        path: `${path}/${name}?fieldManager=argocd-controller&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: ingress(name, 'model-1', {}),
      })
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 50, mirror: 0 })
      await expect(target.promote()).rejects.toThrow(
        /MW-DEPLOY-111: .*spec\.rules is owned by argocd-controller/,
      )
      expect(textAt(await cluster.client.get(ref(name)), ...BACKEND)).toBe('model-1')
      expect((await target.observe()).state.weight).toBe(50)
      await target.rollback({ reason: 'kept in git', to: 'stable' })
      expect(await cluster.client.find(ref(`${name}-canary`))).toBeUndefined()
    })

    it('that does not send to stable is said to be so', async () => {
      const name = await make()
      const stable = { version: '7', name: 'model-7' }
      const target = openTarget(cluster, { ...opened(name), stable })
      await expect(target.observe()).rejects.toThrow(
        /MW-DEPLOY-115: .*does not send to Service model-7\. Found: model-1, docs/,
      )
    })
  })
})
