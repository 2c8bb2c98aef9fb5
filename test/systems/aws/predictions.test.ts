import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { AwsClient } from 'aws4fetch'
import type { Gained } from '../../../src/ports/signals.js'
import { ensureMoto } from '../../../tools/install/moto.js'
import { openLog, VERSIONS } from '../../unit/adapters/telemetry/predictions/arrange.js'
import { systemSuite } from '../system-suite.js'
import { type Moto, startMoto } from './server.js'

const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' }

// @evidence Amazon S3, a log of predictions: emulated (moto 5.2.5, which checks no signature)
await systemSuite('S3 as a log of predictions', ensureMoto, (packages) => {
  let moto: Moto
  let bucket = 0
  const client = new AwsClient({
    accessKeyId: 'test',
    secretAccessKey: 'test',
    service: 's3',
    region: 'us-east-1',
  })
  beforeAll(async () => {
    moto = await startMoto(packages(), [])
  })
  afterAll(() => moto?.close())

  async function put(path: string, body: string | Buffer = ''): Promise<void> {
    const url = `${moto.url}/${path}`
    const answer = await client.fetch(url, { method: 'PUT', body: body as string })
    expect(answer.status).toBe(200)
  }
  async function newBucket(): Promise<string> {
    const name = `log-${bucket++}`
    await put(name)
    return name
  }
  const open = (name: string, more: object = {}, settings: object = {}) =>
    openLog(
      '.',
      { objects: { store: 's3', bucket: name, endpoint: moto.url, ...more }, ...settings },
      { env },
    )
  let sequence = 0
  const line = (version: string) =>
    `${JSON.stringify({ time: new Date().toISOString(), version, id: `r${sequence++}`, prediction: 1 })}\n`
  const requests = (gained: Gained | undefined) =>
    gained && [gained.counters.stable.requests, gained.counters.canary.requests]
  const now = (from = Date.now() - 60_000) => ({ ...VERSIONS, from, to: Date.now() })

  it('counts what is in new objects under the prefix, over pages, once', async () => {
    const name = await newBucket()
    await put(`${name}/p/old.jsonl`, line('v1'))
    const signals = await open(name, { prefix: 'p/' })
    await signals.mark?.(VERSIONS)
    await put(`${name}/p/a%20b+c&d%25.jsonl`, line('v1') + line('v2'))
    await put(`${name}/p/packed.jsonl.gz`, gzipSync(line('v2')))
    await put(`${name}/p/_SUCCESS`)
    await put(`${name}/q/other.jsonl`, line('v1'))
    for (let i = 0; i < 1005; i++) await put(`${name}/p/many/${i}.jsonl`, line('v1'))
    const first = now()
    expect(requests(await signals.between(first))).toEqual([1006, 2])
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 0])
    await put(`${name}/p/0.jsonl`, line('v2'))
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
  }, 60_000)

  it('lists only the names after the last one where objects are ordered', async () => {
    const name = await newBucket()
    await put(`${name}/2026/01.csv`, 'version,id\nv1,1\n')
    const signals = await open(name, { ordered: true }, { format: 'csv' })
    await signals.mark?.(VERSIONS)
    await put(`${name}/2026/00.csv`, 'version,id\nv1,9\n')
    await put(`${name}/2026/02.csv`, 'version,id\nv2,2\nv1,3')
    const first = now()
    expect(requests(await signals.between(first))).toEqual([1, 1])
    await put(`${name}/2026/03.csv`, 'version,id\nv2,4\n')
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
  }, 30_000)

  it('reads on in an object that has grown', async () => {
    const name = await newBucket()
    const signals = await open(name)
    await signals.mark?.(VERSIONS)
    const begun = line('v1')
    await put(`${name}/a.jsonl`, begun)
    const first = now()
    expect(requests(await signals.between(first))).toEqual([1, 0])
    await put(`${name}/a.jsonl`, begun + line('v2'))
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
  }, 30_000)

  it("reads what KServe's own logger stores", async () => {
    const name = await newBucket()
    const signals = await open(name, {}, { payload: 'cloud-events' })
    await signals.mark?.(VERSIONS)
    const stored = (type: string, body: object) => ({
      url: `s3://${name}`,
      bytes: Buffer.from(JSON.stringify(body)).toString('base64'),
      reqType: `org.kubeflow.serving.inference.${type}`,
      id: 'r1',
      inferenceService: 'iris',
      endpoint: 'v2',
    })
    const events = [
      stored('request', { instances: [[1]] }),
      stored('response', { predictions: [3] }),
    ]
    await put(`${name}/iris/r1.json`, JSON.stringify(events))
    const gained = await signals.between(now())
    expect(gained?.samples).toEqual([
      { requestId: 'r1', version: 'canary', mirrored: false, prediction: '3' },
    ])
  }, 30_000)

  it('says where there is no such bucket', async () => {
    const signals = await open('nowhere')
    await expect(signals.mark?.(VERSIONS)).rejects.toThrow(/MW-DEPLOY-314/)
  })
})
