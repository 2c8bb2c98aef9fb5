import { openGoogle } from '../../../clouds/google.js'
import type { CloudRunTarget } from '../../../config/deploy/cloud-run.js'
import type { VertexAiTarget } from '../../../config/deploy/vertex-ai.js'
import type { System, SystemTools } from '../system.js'
import { createCloudRunSplitter } from './cloud-run.js'
import { openCloudRunApi } from './cloud-run-api.js'
import { createCloudRunStore } from './cloud-run-store.js'
import { cloudRunCounts, vertexCounts } from './counted-by.js'
import { createVertexSplitter } from './vertex-ai.js'
import { openVertexApi } from './vertex-api.js'

/** A service of Cloud Run, which keeps the record in an annotation and is counted by Cloud Monitoring. */
export async function openCloudRun(settings: CloudRunTarget, tools: SystemTools): Promise<System> {
  const api = openCloudRunApi(settings, openGoogle(tools))
  return {
    splitter: createCloudRunSplitter(api),
    store: createCloudRunStore(api),
    countedBy: cloudRunCounts(settings),
  }
}

/** An endpoint of Vertex AI, whose labels are too short for a record, and which is counted by Cloud Monitoring. */
export async function openVertexAi(settings: VertexAiTarget, tools: SystemTools): Promise<System> {
  const api = openVertexApi(settings, openGoogle(tools))
  const splitter = createVertexSplitter({ api, deploy: settings.deploy })
  return { splitter, countedBy: vertexCounts(settings) }
}
