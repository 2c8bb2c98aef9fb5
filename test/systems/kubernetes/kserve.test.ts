import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  INFERENCE_SERVICE,
  refTo,
} from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { createKserveSplitter } from '../../../src/adapters/traffic/kubernetes/kserve.js'
import { KserveTarget } from '../../../src/config/deploy/kserve.js'
import type { Stretch } from '../../../src/ports/signals.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { trafficContract } from '../../contracts/traffic.contract.js'
import { systemSuite } from '../system-suite.js'
import { openTarget, simulatedBench } from './bench.js'
import { type Cluster, startCluster } from './cluster.js'
import { createCountingSignals } from './counting.js'
import { type KserveController, specOf, startKserveController } from './kserve-controller.js'
import { until } from './processes.js'

const STABLE = { version: '1', name: 's3://models/fraud/1' }
const CANARY = { version: '2', name: 's3://models/fraud/2' }
const DEAD = { version: 'dead', name: 's3://models/fraud/dead' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: null }
const PATH = '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices'

// @evidence KServe InferenceService: genuine API server and CRD (KServe 0.20.0); its controller is a stand-in written after its source
await systemSuite('KServe', ensureKubernetesPrograms, (programs) => {
  let cluster: Cluster
  let controller: KserveController
  let made = 0
  beforeAll(async () => {
    cluster = await startCluster(programs())
    await cluster.define('kserve')
    controller = startKserveController(cluster)
  }, 180_000)
  afterAll(async () => {
    await controller?.stop()
    await cluster?.close()
  })

  const ref = (name: string) => refTo(INFERENCE_SERVICE, 'default', name)
  const read = (name: string) => cluster.client.get(ref(name))
  const create = async (annotations: object = {}) => {
    const name = `fraud-${++made}`
    await cluster.raw({
      method: 'POST',
      path: PATH,
      body: {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { name, annotations },
        spec: {
          predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: STABLE.name } },
        },
      },
    })
    return name
  }
  const make = async () => {
    const name = await create()
    await until('the first revision', async () => {
      const rolledOut = textAt(
        await read(name),
        'status',
        'components',
        'predictor',
        'latestRolledoutRevision',
      )
      return rolledOut !== undefined && rolledOut !== ''
    })
    return name
  }
  const opened = (name: string) => {
    const settings = KserveTarget.parse({ 'inference-service': name, timeout: '10s' })
    return {
      splitter: () =>
        createKserveSplitter({
          client: cluster.client,
          inferenceService: settings['inference-service'],
          timeoutMs: settings.timeout,
        }),
      keeper: ref(name),
      stable: STABLE,
    }
  }
  const open = (name: string) => openTarget(cluster, opened(name))

  trafficContract('an InferenceService', async () => {
    const name = await make()
    return simulatedBench(cluster, {
      ...opened(name),
      canary: CANARY,
      dead: DEAD,
      shares: () => controller.shares(name),
      labels: () => controller.revisions(name),
    })
  })

  describe('an InferenceService', () => {
    it('gets the model and the share in one write, and no user meets the new model at 0 %', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      expect(specOf(await read(name))).toEqual({ uri: CANARY.name, percent: 0 })
      expect(controller.met.get(name)).toEqual([STABLE.name])
      const state = await target.set({ weight: 30, mirror: 0 })
      expect(state).toMatchObject({ weight: 30, url: `http://${name}.test` })
    })

    it('is known to signals by its revisions, also to a run that comes after a rollback that was killed half-way', async () => {
      const name = await make()
      const signals = createCountingSignals()
      const asked: Stretch[] = []
      const watched = {
        ...signals,
        between: (stretch: Stretch) => {
          asked.push(stretch)
          return signals.between(stretch)
        },
      }
      const target = openTarget(cluster, opened(name), watched)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 30, mirror: 0 })
      await target.record(ROLLOUT)
      const revision = (number: number) => `${name}-predictor-0000${number}`
      await cluster.client.patch(ref(name), [
        { op: 'add', path: '/spec/predictor/canaryTrafficPercent', value: 0 },
        { op: 'replace', path: '/spec/predictor/model/storageUri', value: STABLE.name },
      ])
      await openTarget(cluster, opened(name), watched).rollback({ reason: 'bad', to: 'stable' })
      expect(asked.at(-1)).toMatchObject({ stable: revision(3), canary: revision(2) })
      expect(asked.at(-1)?.versions).toMatchObject({ stable: STABLE, canary: CANARY })
    })

    it('leaves nothing after a rollback that would promote the bad model later', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 30, mirror: 0 })
      await target.rollback({ reason: 'worse', to: 'stable' })
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
      expect(await controller.shares(name)).toEqual(new Map([[STABLE.name, 100]]))
      const next = { version: '3', name: 's3://models/fraud/3' }
      await target.prepare({ ...ROLLOUT, id: 'rollout-2' }, next)
      expect((await target.set({ weight: 10, mirror: 0 })).weight).toBe(10)
    })

    it('goes back from 100 %, which KServe takes for rolled out', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 100, mirror: 0 })
      await target.rollback({ reason: 'worse', to: 'stable' })
      expect(await controller.shares(name)).toEqual(new Map([[STABLE.name, 100]]))
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
    })

    it('goes on with a rollback that was killed half-way', async () => {
      const name = await make()
      const target = open(name)
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 30, mirror: 0 })
      await cluster.client.patch(ref(name), [
        { op: 'add', path: '/spec/predictor/canaryTrafficPercent', value: 0 },
        { op: 'replace', path: '/spec/predictor/model/storageUri', value: STABLE.name },
      ])
      await open(name).rollback({ reason: 'worse', to: 'stable' })
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
      expect(await controller.shares(name)).toEqual(new Map([[STABLE.name, 100]]))
    })

    it('says why a model cannot be loaded, and goes back from it', async () => {
      const name = await make()
      const bad = { version: 'bad', name: `s3://models/${name}/bad` }
      controller.broken.add(bad.name)
      const target = open(name)
      await expect(target.prepare(ROLLOUT, bad)).rejects.toThrow(/MW-DEPLOY-113: .*no such model/)
      const { state } = await target.observe()
      expect(state).toMatchObject({ weight: 0, ejected: 'no such model' })
      await target.rollback({ reason: 'not loaded', to: 'stable' })
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
      expect(controller.met.get(name)).toEqual([STABLE.name])
    })

    it.each(['RawDeployment', 'Standard'])(
      'in the mode %s divides nothing, and is refused before anything is written',
      async (mode) => {
        const name = await create({
          'serving.kserve.io/deploymentMode': mode,
          'test/ignored': 'true',
        })
        await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(/MW-DEPLOY-118/)
        expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
      },
    )

    it('without a revision that was rolled out is refused: its share would be passed over', async () => {
      const name = await create({ 'test/ignored': 'true' })
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(/MW-DEPLOY-119/)
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
    })

    it('that serves another model than stable is said to', async () => {
      const name = await make()
      const stable = { version: '9', name: 's3://models/fraud/9' }
      const target = openTarget(cluster, { ...opened(name), stable })
      await expect(target.observe()).rejects.toThrow(
        /MW-DEPLOY-115: .*serves "s3:\/\/models\/fraud\/1", which is neither/,
      )
    })

    it('takes whole percentages and models with an address alone', async () => {
      const name = await make()
      const target = open(name)
      const nameless = { version: '2', name: 'fraud v2' }
      await expect(target.prepare(ROLLOUT, nameless)).rejects.toThrow(/MW-DEPLOY-120/)
      await target.rollback({ reason: 'start again', to: 'stable' })
      await target.prepare(ROLLOUT, CANARY)
      await expect(target.set({ weight: 0.5, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-117/)
    })

    it('whose share git keeps is left as it is', async () => {
      const name = await make()
      await cluster.raw({
        method: 'PATCH',
        path: `${PATH}/${name}?fieldManager=argocd-controller&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: { name },
          spec: { predictor: { model: { storageUri: STABLE.name } } },
        },
      })
      await expect(open(name).prepare(ROLLOUT, CANARY)).rejects.toThrow(
        /MW-DEPLOY-111: .*storageUri is owned by argocd-controller/,
      )
      expect(specOf(await read(name))).toEqual({ uri: STABLE.name, percent: undefined })
    })
  })
})
