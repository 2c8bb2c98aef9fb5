// @evidence Flux Kustomization: live (kustomize-controller 1.9.5 on kube-apiserver 1.36.3); source-controller is a stand-in after its source
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { at } from '../../../src/adapters/traffic/kubernetes/json.js'
import { ensureFluxPrograms } from '../../../tools/install/flux.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import {
  FILE,
  type GitopsWorld,
  ROLES,
  ROUTE,
  startWorld,
} from '../../unit/adapters/traffic/gitops/bench.js'
import { systemSuite } from '../system-suite.js'
import { type Cluster, startCluster } from './cluster.js'
import { SOURCE_PATH, startKustomizeController, startSourceController } from './flux-controllers.js'

const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations'
const ROUTES = '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes'
const MERGE = 'application/merge-patch+json'
const AT = (weight: number) => ({ weight, mirror: 0 })

const ensure = async () => ({
  ...(await ensureKubernetesPrograms()),
  flux: await ensureFluxPrograms(),
})

await systemSuite('Flux', ensure, (programs) => {
  let cluster: Cluster
  let world: GitopsWorld
  const stops: { stop(): Promise<void> }[] = []

  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.define('httproutes')
    await cluster.define('toolkit.fluxcd.io', programs().flux.definitions)
    world = await startWorld()
    const { state } = world.under.github
    const filesAt = (commit: string) =>
      new Map(
        [...state.files].flatMap(([key, content]) =>
          key.startsWith(`${commit}:`) ? [[key.slice(commit.length + 1), content] as const] : [],
        ),
      )
    stops.push(await startSourceController(cluster, { head: world.head, filesAt }))
    stops.push(await startKustomizeController(cluster, programs().flux))
    const url = 'https://example.com/repo'
    await cluster.raw({
      method: 'POST',
      path: SOURCE_PATH,
      body: {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'repo' },
        spec: { interval: '10m', url, ref: { branch: 'main' } },
      },
    })
    await cluster.raw({
      method: 'POST',
      path: KUSTOMIZATIONS,
      body: {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'churn' },
        spec: {
          ...{ interval: '10m', path: './apps/churn', prune: true, wait: true, timeout: '20s' },
          ...{ targetNamespace: 'default', sourceRef: { kind: 'GitRepository', name: 'repo' } },
        },
      },
    })
  }, 180_000)
  afterAll(async () => {
    for (const each of stops) await each.stop()
    await world?.close()
    await cluster?.close()
  })
  beforeEach(() => {
    Object.assign(world.tools, {
      now: Date.now,
      sleep: (milliseconds: number) => wait(Math.min(milliseconds, 500)),
    })
  })

  const open = async (more: object = {}) => {
    const flux = { kubeconfig: cluster.kubeconfigs.admin, kustomization: 'churn', ...more }
    return (await world.open({ sync: { flux }, timeout: '45s' })).splitter
  }
  const weights = async () => {
    const route = await cluster.raw({ method: 'GET', path: `${ROUTES}/churn` })
    const refs = at(route, 'spec', 'rules', 0, 'backendRefs') as { weight: number }[]
    return refs.map(({ weight }) => weight)
  }
  const patch = (spec: object) =>
    cluster.raw({
      method: 'PATCH',
      path: `${KUSTOMIZATIONS}/churn`,
      contentType: MERGE,
      body: { spec },
    })
  const admitted = async (splitter: Awaited<ReturnType<typeof open>>) => {
    const { revision } = await splitter.read({ stable: ROLES.stable, canary: undefined })
    return splitter.admit(ROLES, { revision })
  }

  describe('weights that Flux applies', () => {
    it('are in force in the cluster when the change resolves, and after going back', async () => {
      const splitter = await open()
      await splitter.share(ROLES, AT(25), await admitted(splitter))
      expect(await weights()).toEqual([75, 25])
      await splitter.rollback(ROLES)
      expect(await weights()).toEqual([100, 0])
      expect(world.text()).toBe(ROUTE)
    }, 120_000)

    it('fail where the commit cannot be applied, and go back once it can', async () => {
      const splitter = await open()
      const there = await admitted(splitter)
      world.push('apps/churn/broken.yaml', 'kind: [\n')
      await expect(splitter.share(ROLES, AT(10), there)).rejects.toThrow(
        /MW-DEPLOY-418.*BuildFailed/,
      )
      world.push('apps/churn/broken.yaml', '# mended\n')
      await splitter.rollback(ROLES)
      expect(await weights()).toEqual([100, 0])
      expect(world.text(FILE)).toBe(ROUTE)
    }, 120_000)

    it('are not written where nobody would wait for them', async () => {
      const splitter = await open()
      await patch({ suspend: true })
      await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-420.*suspended/)
      await patch({ suspend: false, wait: false })
      await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-420.*wait: true/)
      await patch({ wait: true })
      await splitter.rollback(ROLES)
    }, 120_000)
  })
})
