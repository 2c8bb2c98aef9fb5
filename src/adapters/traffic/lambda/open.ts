import { openAws } from '../../../clouds/aws.js'
import type { LambdaTarget } from '../../../config/deploy/lambda.js'
import type { System, SystemTools } from '../system.js'
import { createAliasApi } from './api.js'
import { lambdaCounts } from './counted-by.js'
import { createLambdaSplitter } from './splitter.js'

/** The alias of a function. Its description holds 256 characters: no place for the rollout's record. */
export async function openLambda(
  settings: LambdaTarget,
  { env, now, sleep }: SystemTools,
): Promise<System> {
  const { region, endpoint, timeout: timeoutMs } = settings
  const names = { name: 'Lambda', host: 'lambda', signing: 'lambda', where: 'deploy.lambda' }
  const aws = openAws({ ...names, region, endpoint, env })
  const api = createAliasApi(aws, settings)
  const splitter = createLambdaSplitter({ api, timeoutMs, now, sleep })
  return { splitter, countedBy: lambdaCounts(settings) }
}
