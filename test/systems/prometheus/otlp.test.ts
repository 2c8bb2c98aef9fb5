import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createOtlp } from '../../../src/adapters/telemetry/otlp.js'
import { driftFamilies } from '../../../src/domain/drift/monitoring/families.js'
import { ensureOtlpProto } from '../../../tools/install/otlp-proto.js'
import { emptyBody, measuredColumn } from '../../unit/domain/drift/monitoring/bodies.js'
import { systemSuite } from '../system-suite.js'

const RECEIVER = fileURLToPath(new URL('otlp_receiver.py', import.meta.url))
const AT = new Date('2026-11-23T10:00:00.500Z')

// @evidence OpenTelemetry collector: contract (opentelemetry-proto 1.45.2, read by protobuf's own strict JSON parser)
await systemSuite('OTLP by its published description', ensureOtlpProto, (packages) => {
  let child: ChildProcess
  let url: string
  beforeAll(async () => {
    child = spawn('python3', [RECEIVER], {
      env: { ...process.env, PYTHONPATH: packages() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (child.stdout === null) throw new Error('no output')
    const [port] = (await once(child.stdout, 'data')) as [Buffer]
    url = `http://127.0.0.1:${port.toString('utf8').trim()}`
  })
  afterAll(() => {
    child?.kill('SIGKILL')
  })

  const sink = () =>
    createOtlp(
      { url, job: 'modelway', project: 'p', env: {}, at: AT },
      { signal: new AbortController().signal, timeoutMs: 5000, firstDelayMs: 1 },
    )

  it('takes all that a check gives, hostile names too', async () => {
    const columns = ['naïve|<b>', 'a\nb\u0000', 'half \ud83d pair'].map((name) =>
      measuredColumn({ name }),
    )
    const families = driftFamilies(emptyBody({ columns }), {
      project: 'p',
      labels: { team: 'x' },
      at: AT,
    })
    expect(await sink().send(families)).toEqual([])
    const received = (await (await fetch(url)).json()) as [string, string, unknown[]][]
    expect(received.map(([name]) => name)).toEqual(families.map(({ name }) => name))
    const drifted = received.find(([name]) => name === 'modelway_drift_column_drifted')
    expect(drifted?.[2]).toHaveLength(3)
    expect(drifted?.[2][2]).toEqual([
      { project: 'p', team: 'x', column: 'half \ufffd pair' },
      1,
      1795428000500000000,
    ])
    expect(received.find(([name]) => name === 'modelway_drift_drifted_ratio')?.[1]).toBe('1')
  })

  it('remarks data points that are rejected', async () => {
    const families = [
      { name: 'rejected', help: '', unit: '' as const, samples: [{ labels: {}, value: 1 }] },
    ]
    expect(await sink().send(families)).toEqual(['1 data points were rejected: unwanted'])
  })
})
