import { azureAddress, createAzureSignIn } from '../../../clouds/azure.js'
import { createAzureRest } from '../../../clouds/azure-rest.js'
import type { AzureMlTarget } from '../../../config/deploy/azure-ml.js'
import type { System, SystemTools } from '../system.js'
import { createEndpointApi } from './endpoint.js'
import { createAzureMlSplitter } from './splitter.js'

const REQUEST_MS = 60_000
const FIRST_DELAY_MS = 1000

/** An online endpoint of Azure Machine Learning. */
export async function openAzureMl(settings: AzureMlTarget, tools: SystemTools): Promise<System> {
  const { cloud, endpoint } = settings
  const { env, now, sleep } = tools
  const rest = createAzureRest({
    env,
    tokens: createAzureSignIn({ env, cloud, now }),
    timeoutMs: REQUEST_MS,
    firstDelayMs: FIRST_DELAY_MS,
  })
  const api = createEndpointApi({
    rest,
    address: endpoint ?? azureAddress(cloud, 'management'),
    subscription: settings.subscription,
    resourceGroup: settings['resource-group'],
    workspace: settings.workspace,
    name: settings['online-endpoint'],
  })
  return { splitter: createAzureMlSplitter({ api, now, sleep, limitMs: settings.timeout }) }
}
