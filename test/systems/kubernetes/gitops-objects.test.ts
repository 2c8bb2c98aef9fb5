// @evidence Argo CD Application, Flux HelmRelease: genuine API server and CRDs (Argo CD 3.1.9, helm-controller 1.4.0); their controllers are scripts of the test
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApplicationSync } from '../../../src/adapters/traffic/gitops/sync/argo-cd-application.js'
import { createFluxSync } from '../../../src/adapters/traffic/gitops/sync/flux.js'
import { at, type Json } from '../../../src/adapters/traffic/kubernetes/json.js'
import { ensureFluxPrograms } from '../../../tools/install/flux.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { systemSuite } from '../system-suite.js'
import { type Cluster, startCluster } from './cluster.js'

const MERGE = 'application/merge-patch+json'
const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/default/applications'
const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations'
const RELEASES = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/default/helmreleases'
const SOURCES = '/apis/source.toolkit.fluxcd.io/v1/namespaces/default/gitrepositories'
const COMMIT = 'c'.repeat(40)
const TIME = '2026-01-01T00:00:00Z'

const ensure = async () => ({
  ...(await ensureKubernetesPrograms()),
  flux: await ensureFluxPrograms(),
})

await systemSuite('Objects of Argo CD and Flux', ensure, (programs) => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.define('application-crd', programs().flux.definitions)
    await cluster.define('toolkit.fluxcd.io', programs().flux.definitions)
  }, 180_000)
  afterAll(async () => {
    await cluster?.close()
  })

  const create = (path: string, body: object) => cluster.raw({ method: 'POST', path, body })
  const patch = (path: string, body: object): Promise<Json> =>
    cluster.raw({ method: 'PATCH', path, contentType: MERGE, body })

  describe('an Application on its cluster', () => {
    const sync = () => createApplicationSync(cluster.client, { application: 'churn' })
    const say = (status: object) => patch(`${APPLICATIONS}/churn`, { status })
    const operation = (phase: string, revision: string, message: string) => ({
      operationState: {
        ...{ phase, message, startedAt: TIME, operation: { sync: { revision } } },
        syncResult: { revision, source: { repoURL: 'https://example.com/x' } },
      },
    })

    beforeAll(async () => {
      const source = { repoURL: 'https://example.com/x', path: '.' }
      await create(APPLICATIONS, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'churn' },
        spec: { project: 'default', destination: { namespace: 'default' }, source },
      })
    })

    it('is asked to look by the annotation that its controller takes away', async () => {
      await sync().nudge()
      const object = await cluster.raw({ method: 'GET', path: `${APPLICATIONS}/churn` })
      expect(at(object, 'metadata', 'annotations', 'argocd.argoproj.io/refresh')).toBe('normal')
      expect(await sync().look()).toMatchObject({ is: 'waiting', revisions: [] })
    })

    const comparedTo = { destination: {}, source: { repoURL: 'https://example.com/x' } }
    const compared = (status: string) => ({ sync: { status, revision: COMMIT, comparedTo } })

    it.each([
      ['in-force', 'Synced', 'Healthy', 'Succeeded'],
      ['in-force', 'Synced', 'Suspended', 'Succeeded'],
      ['waiting', 'Synced', 'Progressing', 'Succeeded'],
      ['waiting', 'Synced', 'Healthy', 'Running'],
      ['waiting', 'OutOfSync', 'Healthy', 'Running'],
      ['degraded', 'Synced', 'Degraded', 'Succeeded'],
      ['failed', 'OutOfSync', 'Healthy', 'Failed'],
      ['failed', 'OutOfSync', 'Healthy', 'Error'],
    ])('is %s where it says %s, %s, %s', async (is, status, health, phase) => {
      await say({
        ...compared(status),
        ...operation(phase, COMMIT, 'what it says'),
        health: { status: health },
      })
      expect(await sync().look()).toMatchObject({ is, revisions: [COMMIT] })
    })

    it('waits where only an older operation failed, and says the errors of the comparison', async () => {
      await say({
        ...compared('OutOfSync'),
        ...operation('Failed', 'd'.repeat(40), 'old'),
        conditions: [{ type: 'ComparisonError', message: 'cannot render' }],
      })
      expect(await sync().look()).toMatchObject({
        is: 'waiting',
        on: 'it is OutOfSync (ComparisonError: cannot render)',
      })
    })
  })

  describe('a HelmRelease after its Kustomization', () => {
    const sync = () =>
      createFluxSync(cluster.client, { kustomization: 'apps', 'helm-releases': ['churn'] })
    const ready = (status: string, reason: string, observedGeneration = 1) => ({
      observedGeneration,
      conditions: [
        { type: 'Ready', status, reason, message: 'what it says', lastTransitionTime: TIME },
      ],
    })
    const say = (path: string, status: object) => patch(`${path}/status`, { status })

    beforeAll(async () => {
      const sourceRef = { kind: 'GitRepository', name: 'repo' }
      await create(KUSTOMIZATIONS, {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'apps' },
        spec: { interval: '10m', prune: true, wait: true, sourceRef },
      })
      await create(RELEASES, {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'churn' },
        spec: { interval: '10m', chart: { spec: { chart: './chart', sourceRef } } },
      })
    })

    it('says why nothing comes: there is no source, or it cannot be read', async () => {
      expect(await sync().look()).toMatchObject({
        is: 'waiting',
        on: 'there is no GitRepository repo in namespace default',
      })
      await create(SOURCES, {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'repo' },
        spec: { interval: '10m', url: 'https://example.com/repo' },
      })
      await say(`${SOURCES}/repo`, ready('False', 'GitOperationFailed'))
      expect((await sync().look()).on).toMatch(/GitRepository repo.*GitOperationFailed/)
    })

    it('asks the source and the Kustomization for a look', async () => {
      await sync().nudge()
      for (const path of [`${SOURCES}/repo`, `${KUSTOMIZATIONS}/apps`]) {
        const object = await cluster.raw({ method: 'GET', path })
        const asked = at(object, 'metadata', 'annotations', 'reconcile.fluxcd.io/requestedAt')
        expect(asked).toMatch(/^\d{4}-/)
      }
    })

    it.each([
      ['in-force', 'True', 1],
      ['waiting', 'True', 0],
      ['waiting', 'Unknown', 1],
      ['degraded', 'False', 1],
    ])('is %s where the release is %s at generation %d', async (is, status, generation) => {
      await say(`${KUSTOMIZATIONS}/apps`, {
        ...ready('True', 'ReconciliationSucceeded'),
        lastAppliedRevision: `main@sha1:${COMMIT}`,
        lastAttemptedRevision: `main@sha1:${COMMIT}`,
      })
      await say(`${RELEASES}/churn`, ready(status, 'UpgradeFailed', generation))
      expect(await sync().look()).toMatchObject({ is, revisions: [COMMIT] })
    })
  })
})
