import type { CloudRunTarget } from '../../../config/deploy/cloud-run.js'
import { SignalsSection } from '../../../config/deploy/signals.js'
import type { VertexAiTarget } from '../../../config/deploy/vertex-ai.js'

/** The metrics by which Google itself counts the requests that reach a revision of Cloud Run. */
export function cloudRunCounts(settings: CloudRunTarget): SignalsSection {
  const { project, location, service } = settings
  const of = (metric: string) =>
    [
      `metric.type="run.googleapis.com/${metric}"`,
      'resource.type="cloud_run_revision"',
      `resource.labels.location="${location}"`,
      `resource.labels.service_name="${service}"`,
      'resource.labels.revision_name="{name}"',
    ].join(' AND ')
  return counts(project, {
    requests: of('request_count'),
    errors: `${of('request_count')} AND metric.labels.response_code_class="5xx"`,
    latency: of('request_latencies'),
  })
}

/** The metrics by which Google itself counts the answers of a deployed model of Vertex AI. */
export function vertexCounts(settings: VertexAiTarget): SignalsSection {
  const { project, location, 'endpoint-id': endpoint } = settings
  const of = (metric: string) =>
    [
      `metric.type="aiplatform.googleapis.com/prediction/online/${metric}"`,
      'resource.type="aiplatform.googleapis.com/Endpoint"',
      `resource.labels.location="${location}"`,
      `resource.labels.endpoint_id="${endpoint}"`,
      'metric.labels.deployed_model_id="{name}"',
    ].join(' AND ')
  return counts(project, {
    requests: of('response_count'),
    errors: `${of('response_count')} AND metric.labels.response_code=starts_with("5")`,
    latency: `${of('prediction_latencies')} AND metric.labels.latency_type="total"`,
  })
}

interface Filters {
  readonly requests: string
  readonly errors: string
  readonly latency: string
}

function counts(project: string, filters: Filters): SignalsSection {
  return SignalsSection.parse({ 'cloud-monitoring': { project, ...filters } })
}
