import { openAzureMl } from '../../../../../src/adapters/traffic/azure-ml/open.js'
import { AzureMlTarget } from '../../../../../src/config/deploy/azure-ml.js'
import { AZURE_ENV, type AzureFake, SUBSCRIPTION } from '../../../../fakes/azure/server.js'

export const STABLE = { version: '1', name: 'blue' }
export const CANARY = { version: '2', name: 'green' }
export const ROLES = { stable: STABLE, canary: CANARY }

export function clockOf() {
  const clock = { now: Date.UTC(2026, 0, 1) }
  return {
    clock,
    now: () => clock.now,
    sleep: async (milliseconds: number) => {
      clock.now += milliseconds
    },
  }
}

export async function open(
  azure: AzureFake,
  tools: Pick<ReturnType<typeof clockOf>, 'now' | 'sleep'>,
) {
  const settings = AzureMlTarget.parse({
    subscription: SUBSCRIPTION,
    'resource-group': 'ml',
    workspace: 'team',
    'online-endpoint': 'churn',
    endpoint: azure.url,
    timeout: '60s',
  })
  return openAzureMl(settings, { env: AZURE_ENV, home: '/', ...tools })
}
