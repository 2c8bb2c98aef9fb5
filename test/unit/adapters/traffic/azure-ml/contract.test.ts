// @evidence Azure Machine Learning: contract (a stateful fake by the models of azure-ai-ml 1.35.2)
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAzureLogsSignals } from '../../../../../src/adapters/telemetry/azure-logs.js'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import { AzureLogsSignals } from '../../../../../src/config/deploy/azure-monitor.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import {
  AZURE_ENV,
  type AzureFake,
  LOG_WORKSPACE,
  startAzure,
} from '../../../../fakes/azure/server.js'
import { CANARY, clockOf, open, STABLE } from './bench.js'

const LOG = `AmlOnlineEndpointTrafficLog
| where TimeGenerated >= {from} and TimeGenerated < {to}
| where EndpointName == "churn" and DeploymentName == "{name}"`

function signalsOf(azure: AzureFake) {
  const settings = AzureLogsSignals.parse({
    workspace: LOG_WORKSPACE,
    endpoint: azure.url,
    requests: `${LOG}\n| count`,
    errors: `${LOG} and ResponseCode >= 500\n| count`,
    latency: [{ 'up-to': '100ms', count: `${LOG} and TotalDurationMs <= 100\n| count` }],
  })
  const http = { signal: new AbortController().signal, timeoutMs: 5000, firstDelayMs: 1 }
  return createAzureLogsSignals(settings, { env: AZURE_ENV, http })
}

trafficContract('an online endpoint of Azure Machine Learning', async () => {
  const azure = await startAzure()
  const { clock, ...tools } = clockOf()
  const { splitter } = await open(azure, tools)
  const signals = signalsOf(azure)
  const folder = mkdtempSync(join(tmpdir(), 'modelway-azure-'))
  const random = createRandom(7)
  const target = () =>
    createKeptTarget({
      splitter,
      store: createFileRolloutStore(folder),
      signals,
      stable: STABLE,
      isReady: async ({ name }) => name !== 'dead',
      ...tools,
      settleMs: 0,
    })
  const serve = () => {
    const DeploymentName = azure.endpoint.route(random.next()) ?? 'none'
    azure.rows.push({
      TimeGenerated: clock.now,
      EndpointName: 'churn',
      DeploymentName,
      ResponseCode: 200,
      TotalDurationMs: random.next() * 200,
    })
    return [STABLE, CANARY].find(({ name }) => name === DeploymentName)?.version ?? 'none'
  }
  return {
    target: target(),
    again: target,
    stable: STABLE,
    canary: CANARY,
    dead: { version: 'dead', name: 'dead' },
    send: async (count) => Array.from({ length: count }, serve),
    settled: async () => {
      clock.now += signals.lagMs + 1
    },
    end: () => azure.close(),
  }
})
