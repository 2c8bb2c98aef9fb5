import { openDataSource } from '../../adapters/data/index.js'
import { openSender } from '../../adapters/events/index.js'
import { openTriggerLedger } from '../../adapters/events/ledger/index.js'
import { openRegistry } from '../../adapters/registry/index.js'
import { openPrometheus, openSinks, sendMetrics } from '../../adapters/telemetry/index.js'
import type { DriftSection } from '../../config/drift.js'
import type { JobContext } from '../../runtime/job.js'
import type { Action } from '../../runtime/run-action.js'
import { secretsIn } from '../../secrets.js'
import { contract } from './contract.js'
import { type DriftCheckPorts, driftCheck } from './run.js'

/** drift-check with the systems that it can name; each is loaded when it is. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) => driftCheck(context, portsOf(context)),
}

function portsOf(context: JobContext<DriftSection>): DriftCheckPorts {
  const { settings, workspace, project, env, mask, log, forge, signal, now } = context
  // Some systems are told the environment alone.
  for (const secret of secretsIn(env)) if (secret.trim() !== '') mask(secret.trim())
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
