import { type Aws, awsOperation, openAws } from '../../../clouds/aws.js'
import { awsHost } from '../../../clouds/aws-endpoint.js'
import type { SageMakerTarget } from '../../../config/deploy/sagemaker.js'
import type { System, SystemTools } from '../system.js'
import { createSageMakerApi } from './api.js'
import { sagemakerCounts } from './counted-by.js'
import { createGuardrailsSplitter } from './guardrails.js'
import { createSageMakerSplitter } from './splitter.js'

const WHERE = 'deploy.sagemaker'

/** The variants of an endpoint. Tags hold 256 characters each: no place for the rollout's record. */
export async function openSageMaker(
  settings: SageMakerTarget,
  { env, now, sleep }: SystemTools,
): Promise<System> {
  const { region, endpoint, canary, shadow, guardrails, timeout: timeoutMs } = settings
  const endpointName = settings['endpoint-name']
  const names = { name: 'SageMaker', host: 'api.sagemaker', signing: 'sagemaker', where: WHERE }
  const aws = openAws({ ...names, region, endpoint, env })
  const api = createSageMakerApi(aws, endpointName)
  const url =
    endpoint === undefined
      ? `https://${awsHost('runtime.sagemaker', aws.region)}/endpoints/${endpointName}/invocations`
      : undefined
  const sagemaker = { api, endpointName, url, timeoutMs, now, sleep, canary }
  const countedBy = sagemakerCounts(settings)
  if (guardrails === undefined) {
    return { splitter: createSageMakerSplitter({ ...sagemaker, shadow }), countedBy }
  }
  const stop = guardrails['stop-alarm']
  const openMonitoring = () => {
    const cloudwatch = { name: 'CloudWatch', host: 'monitoring', signing: 'monitoring' }
    return openAws({ ...cloudwatch, where: WHERE, region, endpoint, env })
  }
  const alarm = stop === undefined ? undefined : () => setOff(openMonitoring(), stop)
  return { splitter: createGuardrailsSplitter({ ...sagemaker, guardrails, alarm }), countedBy }
}

async function setOff(aws: Aws, alarm: string): Promise<void> {
  const input = {
    AlarmName: alarm,
    StateValue: 'ALARM',
    StateReason: 'Modelway rolls the deployment back.',
  }
  await aws.send(awsOperation('GraniteServiceVersion20100801.SetAlarmState', '1.0', input))
}
