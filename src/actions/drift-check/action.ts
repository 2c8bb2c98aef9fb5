import { openDataSource } from '../../adapters/data/index.js'
import { openSender } from '../../adapters/events/index.js'
import { openTriggerLedger } from '../../adapters/events/ledger/index.js'
import { openRegistry } from '../../adapters/registry/index.js'
import { openPrometheus, openSinks, sendMetrics } from '../../adapters/telemetry/index.js'
import type { DriftSection } from '../../config/drift.js'
import type { JobContext } from '../../runtime/job.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { type DriftCheckPorts, driftCheck } from './run.js'

/** drift-check with the systems that it can name; each is loaded when it is. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) => driftCheck(context, portsOf(context)),
}

/** Read by systems that are told the environment alone. */
const SECRETS = [
  'MODELWAY_PUSHGATEWAY_PASSWORD',
  'MODELWAY_PROMETHEUS_TOKEN',
  'MODELWAY_PROMETHEUS_PASSWORD',
  'MODELWAY_PROMETHEUS_HEADERS',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
]

/** The values, and of headers (`key=value,key=value`) each value. */
function maskSecrets({ env, mask }: JobContext<DriftSection>): void {
  for (const name of SECRETS) {
    const value = env[name]?.trim()
    if (value === undefined || value === '') continue
    mask(value)
    if (!name.endsWith('HEADERS')) continue
    for (const header of value.split(',')) {
      const secret = header.slice(header.indexOf('=') + 1).trim()
      if (secret !== '') mask(secret)
    }
  }
}

function portsOf(context: JobContext<DriftSection>): DriftCheckPorts {
  maskSecrets(context)
  const { settings, workspace, project, env, mask, log, forge, signal, now } = context
  return {
    openSource: (source) => openDataSource(source, { workspace, log }),
    openRegistry: ({ registry, location }) =>
      openRegistry(registry, { workspace, location, now, env }),
    openEngine: async () => {
      const { engine } = settings
      if (engine === 'embedded') throw new TypeError('no engine is named')
      return (await import('../../adapters/engine/index.js')).openEngine(engine, {
        connection: settings.connection,
        env,
        workingDirectory: workspace.root,
      })
    },
    importDrift: async (given) =>
      (await import('../../adapters/telemetry/monitors/index.js')).importDrift(given),
    readOperational: async (prometheus) => {
      const { readOperational } = await import('../../adapters/telemetry/read-operational.js')
      const server = await openPrometheus(prometheus, { env, signal })
      return readOperational({ queries: prometheus.queries, server, now: now().getTime() })
    },
    sendMetrics: async (families) => {
      if (settings.metrics === undefined) return []
      const at = now()
      const sinks = await openSinks(settings.metrics, { env, signal, workspace, project, at })
      return sendMetrics(sinks, families)
    },
    openSender: (trigger) => openSender(trigger, { env, mask, log, dispatches: forge?.dispatches }),
    openLedger: (place) => openTriggerLedger({ ...place, registers: forge?.registers }),
  }
}
