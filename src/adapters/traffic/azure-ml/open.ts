import { azureAddress, createAzureSignIn } from '../../../clouds/azure.js'
import { createAzureRest } from '../../../clouds/azure-rest.js'
import type { AzureMlTarget } from '../../../config/deploy/azure-ml.js'
import { AzureMonitorSignals } from '../../../config/deploy/azure-monitor.js'
import type { System, SystemTools } from '../system.js'
import { createEndpointApi } from './endpoint.js'
import { createAzureMlSplitter } from './splitter.js'

const REQUEST_MS = 60_000
const FIRST_DELAY_MS = 1000

/** An online endpoint of Azure Machine Learning, which is counted by Azure Monitor. */
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
  const splitter = createAzureMlSplitter({ api, now, sleep, limitMs: settings.timeout })
  return { splitter, countedBy: { 'azure-monitor': metricOf(settings) } }
}

/** The endpoint's own metric, which needs no setting up. */
function metricOf(settings: AzureMlTarget): AzureMonitorSignals {
  const { cloud, endpoint, subscription, workspace } = settings
  const group = `/subscriptions/${subscription}/resourceGroups/${settings['resource-group']}`
  const inWorkspace = `/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`
  const resource = `${group}${inWorkspace}/onlineEndpoints/${settings['online-endpoint']}`
  return AzureMonitorSignals.parse({ resource, cloud, ...(endpoint && { endpoint }) })
}
