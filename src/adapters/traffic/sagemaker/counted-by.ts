import type { SageMakerTarget } from '../../../config/deploy/sagemaker.js'
import { SignalsSection } from '../../../config/deploy/signals.js'

/** The metrics by which SageMaker counts what a variant was asked: each invocation gives one value of each. */
export function sagemakerCounts(settings: SageMakerTarget): SignalsSection {
  const { region, 'endpoint-name': EndpointName } = settings
  return SignalsSection.parse({
    cloudwatch: {
      region,
      namespace: 'AWS/SageMaker',
      dimensions: { EndpointName, VariantName: '{name}' },
      requests: 'Invocations',
      errors: 'Invocation5XXErrors',
      'errors-with-zeros': true,
      latency: 'ModelLatency',
      'latency-unit': 'us',
    },
  })
}
