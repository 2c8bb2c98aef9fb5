import type { LambdaTarget } from '../../../config/deploy/lambda.js'
import { SignalsSection } from '../../../config/deploy/signals.js'

/** The metrics by which Lambda counts what each version behind an alias with weights was asked. */
export function lambdaCounts(settings: LambdaTarget): SignalsSection {
  const { region, function: FunctionName, alias } = settings
  return SignalsSection.parse({
    cloudwatch: {
      region,
      namespace: 'AWS/Lambda',
      dimensions: {
        FunctionName,
        Resource: `${FunctionName}:${alias}`,
        ExecutedVersion: '{name}',
      },
      requests: 'Invocations',
      errors: 'Errors',
      'errors-with-zeros': true,
      latency: 'Duration',
    },
  })
}
