import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openCluster, UNTRUE } from '../../../src/adapters/traffic/kubernetes/client/index.js'
import {
  HTTP_ROUTE,
  refTo,
  SERVICE,
  VIRTUAL_SERVICE,
} from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { at, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { createAnnotationStore } from '../../../src/adapters/traffic/kubernetes/store.js'
import { UserError } from '../../../src/errors.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { systemSuite } from '../system-suite.js'
import { type Cluster, startCluster } from './cluster.js'

const STABLE = { version: '1', name: 'model-1' }

// @evidence Kubernetes API: live (kube-apiserver 1.36.3, etcd 3.6.14)
await systemSuite('the Kubernetes API', ensureKubernetesPrograms, (programs) => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.define('gateway')
  }, 180_000)
  afterAll(() => cluster?.close())

  const service = (name: string) => refTo(SERVICE, 'default', name)
  const makeService = (name: string) =>
    cluster.client.apply(service(name), { spec: { ports: [{ port: 80 }] } })
  const as = async (who: 'certified' | 'guest' | 'unknown') =>
    openCluster({ kubeconfig: cluster.kubeconfigs[who], env: {}, home: '/none' })

  describe('what is refused', () => {
    it('names the verb, the resource and the namespace that an account misses', async () => {
      const guest = await as('guest')
      const attempt = guest.get(refTo(HTTP_ROUTE, 'shop', 'model'))
      await expect(attempt).rejects.toThrow(UserError)
      await expect(attempt).rejects.toThrow(
        /MW-DEPLOY-104: .*may not get httproutes\.gateway\.networking\.k8s\.io in namespace shop.*apiGroups: \["gateway\.networking\.k8s\.io"\], resources: \["httproutes"\], verbs: \["get"\]/,
      )
    })

    it('says that a sign-in was refused, without the token', async () => {
      const attempt = (await as('unknown')).get(service('model'))
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-103/)
      await expect(attempt).rejects.not.toThrow(/who-is-this/)
    })

    it('tells an object that is missing from a kind that is not installed', async () => {
      await expect(cluster.client.get(service('nowhere'))).rejects.toThrow(
        /MW-DEPLOY-105: Service nowhere in namespace default: there is no such object/,
      )
      await expect(cluster.client.get(refTo(VIRTUAL_SERVICE, 'default', 'model'))).rejects.toThrow(
        /MW-DEPLOY-106: .*does not know virtualservices\.networking\.istio\.io/,
      )
      expect(await cluster.client.find(service('nowhere'))).toBeUndefined()
    })

    it("passes the server's own words on where a value is not allowed", async () => {
      await makeService('worded')
      const patch = cluster.client.patch(service('worded'), [
        { op: 'test', path: '/metadata/name', value: 'worded' },
        { op: 'replace', path: '/spec/ports/0/port', value: 70_000 },
      ])
      await expect(patch).rejects.toThrow(/MW-DEPLOY-108: .*must be between 1 and 65535/)
    })

    it('says who owns a field that another manager has applied', async () => {
      await cluster.raw({
        method: 'PATCH',
        path: '/api/v1/namespaces/default/services/owned?fieldManager=argocd-controller',
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'owned' },
          spec: { ports: [{ port: 80 }], externalName: 'a.test', type: 'ExternalName' },
        },
      })
      const attempt = cluster.client.apply(service('owned'), { spec: { externalName: 'b.test' } })
      await expect(attempt).rejects.toThrow(
        /MW-DEPLOY-107: .*\.spec\.externalName: conflict with "argocd-controller"/,
      )
    })

    it('takes a server for untrusted whose certificate is of another authority', async () => {
      const { kubeconfigs, client } = cluster
      const access = await openCluster({
        kubeconfig: kubeconfigs.admin,
        env: {},
        home: '/none',
      })
      expect(access.service).toBe(client.service)
      const { writeFile, readFile } = await import('node:fs/promises')
      const path = `${cluster.folder}/untrusting.kubeconfig`
      const text = await readFile(kubeconfigs.admin, 'utf8')
      await writeFile(path, text.replace(/^.*certificate-authority:.*$/m, ''))
      const untrusting = await openCluster({ kubeconfig: path, env: {}, home: '/none' })
      await expect(untrusting.get(service('kubernetes'))).rejects.toThrow(
        /MW-DEPLOY-110: .*a secure connection is not possible/,
      )
    })
  })

  it('knows us by a client certificate', async () => {
    const certified = await as('certified')
    expect(await certified.get(service('kubernetes'))).toMatchObject({ kind: 'Service' })
  })

  describe('a guarded patch', () => {
    it('changes all or nothing, and says where its test is no longer true', async () => {
      await makeService('guarded')
      const ref = service('guarded')
      const refused = await cluster.client.patch(ref, [
        { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
        { op: 'test', path: '/spec/ports/0/port', value: 81 },
      ])
      expect(refused).toBe(UNTRUE)
      expect(at(await cluster.client.get(ref), 'metadata', 'labels')).toBeUndefined()
      const done = await cluster.client.patch(ref, [
        { op: 'test', path: '/spec/ports/0/port', value: 80 },
        { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
      ])
      expect(textAt(done, 'metadata', 'labels', 'a')).toBe('b')
    })
  })

  describe('the record in an annotation', () => {
    const open = (name: string) => createAnnotationStore(cluster.client, service(name))

    it('is read as it was written, by whoever comes next', async () => {
      await makeService('record')
      expect(await open('record').read()).toBeUndefined()
      const kept = {
        stable: STABLE,
        canary: { version: '2 <naïve>|\n@mention', name: 'model-2' },
        rollout: { id: 'r1', owner: 'run 1', state: { seen: [1, 2] } },
      }
      await open('record').write(kept)
      expect(await open('record').read()).toEqual(kept)
    })

    it('refuses to write over what another run has written, unless it is forced', async () => {
      await makeService('contended')
      const [one, other] = [open('contended'), open('contended')]
      await one.read()
      await other.read()
      await other.write({ stable: { version: '2' } })
      await expect(one.write({ stable: { version: '3' } })).rejects.toThrow(/MW-DEPLOY-050/)
      await one.write({ stable: { version: '3' } }, { force: true })
      expect(await other.read()).toEqual({ stable: { version: '3' } })
    })

    it('goes on where something else of the object has changed', async () => {
      await makeService('busy')
      const store = open('busy')
      await store.read()
      await cluster.client.patch(service('busy'), [
        { op: 'add', path: '/metadata/annotations', value: { 'other.test/it': 'there' } },
      ])
      await store.write({ stable: STABLE })
      const object = await cluster.client.get(service('busy'))
      expect(textAt(object, 'metadata', 'annotations', 'other.test/it')).toBe('there')
      expect(await store.read()).toEqual({ stable: STABLE })
    })

    it('is refused where an annotation cannot hold it', async () => {
      await makeService('long')
      const rollout = { id: 'r', owner: 'o', state: 'x'.repeat(201 * 1024) }
      await expect(open('long').write({ stable: STABLE, rollout })).rejects.toThrow(/MW-DEPLOY-114/)
    })

    it('one of two that write at once is refused', async () => {
      await makeService('race')
      const stores = Array.from({ length: 4 }, () => open('race'))
      await Promise.all(stores.map((store) => store.read()))
      const outcomes = await Promise.allSettled(
        stores.map((store, i) => store.write({ stable: { version: String(i) } })),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })
  })
})
