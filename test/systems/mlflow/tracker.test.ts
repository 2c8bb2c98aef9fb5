import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { openTracker } from '../../../src/adapters/tracking/index.js'
import type { Tracker } from '../../../src/ports/tracker.js'
import { ensureMlflow } from '../../../tools/install/mlflow.js'
import { systemSuite } from '../system-suite.js'
import { type MlflowServer, startMlflow } from './server.js'

// @evidence MLflow, as a tracker: live (3.17.2 with SQLite and proxied artifacts)
await systemSuite('MLflow as a tracker', ensureMlflow, (packages) => {
  let server: MlflowServer
  let folder: string
  let experiment: string
  beforeAll(async () => {
    server = await startMlflow(packages())
    const made = await server.post('experiments/create', { name: 'naïve "forest"' })
    experiment = String(made['experiment_id'])
  })
  afterAll(() => server?.close())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-tracker-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function tracker(): Promise<Tracker> {
    const env = { MLFLOW_TRACKING_URI: `${server.url}/` }
    const found = await openTracker('mlflow', { env, signal: new AbortController().signal })
    if (found === undefined) throw new Error('no adapter')
    return found
  }

  async function newRun(): Promise<string> {
    const made = await server.post('runs/create', {
      experiment_id: experiment,
      start_time: 1_700_000_000_000,
    })
    return (made as { run: { info: { run_id: string } } }).run.info.run_id
  }

  const metric = (id: string, key: string, value: unknown): Promise<unknown> =>
    server.post('runs/log-metric', { run_id: id, key, value, timestamp: 1_700_000_000_001 })

  it('gives a run with its last metrics and when it began; what is not finite is left out', async () => {
    const id = await newRun()
    await metric(id, 'auc', 0.9)
    await metric(id, 'auc', 0.91)
    await metric(id, 'loss/val', 1e-9)
    await metric(id, 'broken', 'NaN')
    const run = await (await tracker()).run(id)
    expect(run).toEqual({
      id,
      url: `${server.url}/#/experiments/${experiment}/runs/${id}`,
      startedAt: new Date(1_700_000_000_000),
      metrics: { auc: 0.91, 'loss/val': 1e-9 },
    })
  })

  it('gives nothing for a run that there is not', async () => {
    expect(await (await tracker()).run('0'.repeat(32))).toBeUndefined()
  })

  it('lists and downloads artifacts byte for byte', async () => {
    const id = await newRun()
    const content = 'id,label\n1,naïve|<b>\n'
    await server.putArtifact(`${experiment}/${id}/artifacts/predictions.csv`, content)
    await server.putArtifact(`${experiment}/${id}/artifacts/eval/more.csv`, 'a')
    const opened = await tracker()
    expect(await opened.files(id, '')).toEqual([
      { path: 'predictions.csv', size: Buffer.byteLength(content) },
    ])
    expect(await opened.files(id, 'eval')).toEqual([{ path: 'eval/more.csv', size: 1 }])
    expect(await opened.files(id, 'none')).toEqual([])
    const target = join(folder, 'predictions.csv')
    await opened.download(id, 'predictions.csv', target)
    expect(await readFile(target, 'utf8')).toBe(content)
  })

  it('leaves nothing behind where there is no such artifact', async () => {
    const id = await newRun()
    const wish = (await tracker()).download(id, 'predictions.csv', join(folder, 'p.csv'))
    await expect(wish).rejects.toMatchObject({ details: { code: 'MW-TRACK-006' } })
    expect(await readdir(folder)).toEqual([])
  })
})
