import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTraffic } from '../../../../../src/adapters/traffic/index.js'
import { CloudRunTarget } from '../../../../../src/config/deploy/cloud-run.js'
import type { SignalsSection } from '../../../../../src/config/deploy/signals.js'
import { VertexAiTarget } from '../../../../../src/config/deploy/vertex-ai.js'
import { DeploySection } from '../../../../../src/config/deploy.js'
import { type GoogleFake, startGoogle } from '../../../../fakes/google/start-google.js'
import { STABLE, toolsFor } from './bench.js'

let fake: GoogleFake
let folder: string
beforeEach(async () => {
  fake = await startGoogle()
  folder = mkdtempSync(join(tmpdir(), 'google-'))
})
afterEach(async () => {
  await fake.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the target is counted by where the settings name no signals. */
async function countedBy(section: object): Promise<SignalsSection | undefined> {
  let counted: SignalsSection | undefined
  const traffic = createTraffic({
    ...toolsFor(fake),
    settings: DeploySection.parse(section),
    routerPath: 'none',
    register: undefined,
    openSignals: async (otherwise) => {
      counted = otherwise
      return undefined
    },
    answers: async () => true,
  })
  const listen = { host: '127.0.0.1', port: 0 }
  const settings = { requestTimeoutMs: 1000 }
  const options = { stateDir: folder, listen, stable: STABLE, healthPath: '', settings }
  const target = await traffic.openTarget(options)
  expect((await target.observe()).state.weight).toBe(0)
  return counted
}

describe('targets of Google Cloud', () => {
  const place = { project: 'shop', location: 'europe-west1' }

  it('count Cloud Run by its own metrics, without a setting', async () => {
    const own = { ...place, service: 'api', endpoint: fake.url }
    const counted = await countedBy({ target: 'cloud-run', 'cloud-run': own })
    expect(counted?.['cloud-monitoring']).toMatchObject({
      project: 'shop',
      requests:
        'metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision" AND resource.labels.location="europe-west1" AND resource.labels.service_name="api" AND resource.labels.revision_name="{name}"',
    })
  })

  it('count Vertex AI by its own metrics, and keep the record in the folder', async () => {
    const own = { ...place, 'endpoint-id': '77', endpoint: fake.url }
    const counted = await countedBy({ target: 'vertex-ai', 'vertex-ai': own })
    expect(counted?.['cloud-monitoring']?.errors).toBe(
      'metric.type="aiplatform.googleapis.com/prediction/online/response_count" AND resource.type="aiplatform.googleapis.com/Endpoint" AND resource.labels.location="europe-west1" AND resource.labels.endpoint_id="77" AND metric.labels.deployed_model_id="{name}" AND metric.labels.response_code=starts_with("5")',
    )
  })

  it.each([
    { service: 'a/../b' },
    { service: 'api', project: 'p?q' },
    { service: 'api', location: 'europe west' },
    { service: 'api', endpoint: 'http://run.example' },
    { service: 'api', endpoint: 'https://user:secret@run.example' },
    { service: 'api', endpoint: 'https://run.example/?x=1' },
    { service: 'api', unknown: 1 },
  ])('refuse settings that are no names or addresses: %j', (more) => {
    expect(CloudRunTarget.safeParse({ ...place, ...more }).success).toBe(false)
  })

  it('refuse a model without its full name', () => {
    const deploy = { model: 'churn', 'machine-type': 'n1-standard-4' }
    const own = { ...place, 'endpoint-id': '77', deploy }
    expect(VertexAiTarget.safeParse(own).success).toBe(false)
  })
})
