import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCloudMonitoringSignals } from '../../../../../src/adapters/telemetry/cloud-monitoring.js'
import { openCloudRun, openVertexAi } from '../../../../../src/adapters/traffic/google/open.js'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import { type OpenGoogle, openGoogle } from '../../../../../src/clouds/google.js'
import { CloudRunTarget } from '../../../../../src/config/deploy/cloud-run.js'
import { VertexAiTarget } from '../../../../../src/config/deploy/vertex-ai.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Backend, TrafficTarget } from '../../../../../src/ports/traffic.js'
import type { TrafficBench } from '../../../../contracts/traffic.contract.js'
import { type GoogleFake, startGoogle, TOKEN } from '../../../../fakes/google/start-google.js'

export const STABLE: Backend = { version: '1', name: 'api-00001-abc' }
export const CANARY: Backend = { version: '2', name: 'api-00002-def' }
export const ROLES = { stable: STABLE, canary: CANARY }

/** What adapters get of the process, on the clock of the stand-in. */
export function toolsFor(fake: GoogleFake): OpenGoogle & { readonly home: string } {
  return {
    env: { MODELWAY_GOOGLE_TOKEN: TOKEN },
    home: '/nowhere',
    now: () => fake.clock.now,
    sleep: async (milliseconds) => {
      fake.clock.now += milliseconds
    },
  }
}

export function openRun(fake: GoogleFake, more: object = {}): Promise<System> {
  const place = { project: 'shop', location: 'europe-west1', service: 'api' }
  const settings = CloudRunTarget.parse({ ...place, endpoint: fake.url, timeout: '1m', ...more })
  return openCloudRun(settings, toolsFor(fake))
}

export function openVertex(fake: GoogleFake, more: object = {}): Promise<System> {
  const place = { project: 'shop', location: 'europe-west1', 'endpoint-id': '77' }
  const settings = VertexAiTarget.parse({ ...place, endpoint: fake.url, timeout: '1m', ...more })
  return openVertexAi(settings, toolsFor(fake))
}

interface Benched {
  readonly open: (fake: GoogleFake) => Promise<System>
  readonly serve: (fake: GoogleFake, point: number) => string
  readonly stable: Backend
  readonly canary: Backend
  readonly dead: Backend
}

/** A kept target of a system of Google Cloud, counted by Cloud Monitoring. */
export async function startBench(of: Benched): Promise<TrafficBench & { fake: GoogleFake }> {
  const fake = await startGoogle()
  const folder = mkdtempSync(join(tmpdir(), 'google-'))
  const system = await of.open(fake)
  const random = createRandom(7)
  const versions = new Map([of.stable, of.canary].map(({ name, version }) => [name, version]))
  const settings = system.countedBy?.['cloud-monitoring']
  if (settings === undefined) throw new Error('not counted by Cloud Monitoring')
  const tools = toolsFor(fake)
  const client = openGoogle(tools)
  const make = (): TrafficTarget =>
    createKeptTarget({
      splitter: system.splitter,
      store: system.store ?? createFileRolloutStore(folder),
      signals: createCloudMonitoringSignals({ ...settings, endpoint: fake.url }, client),
      stable: of.stable,
      now: tools.now,
      sleep: tools.sleep,
    })
  return {
    fake,
    target: make(),
    again: make,
    stable: of.stable,
    canary: of.canary,
    dead: of.dead,
    send: async (count) =>
      Array.from({ length: count }, () => versions.get(of.serve(fake, random.next())) ?? 'nobody'),
    settled: async () => {
      fake.clock.now += settings.lag + 120_000
    },
    end: async () => {
      await fake.close()
      rmSync(folder, { recursive: true, force: true })
      if (fake.violations.length > 0) throw new Error(fake.violations.join('\n'))
    },
  }
}
