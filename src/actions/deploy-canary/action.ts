import { homedir, hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createEndpoints } from '../../adapters/probe/index.js'
import { openRegistry } from '../../adapters/registry/index.js'
import { createLocalServers } from '../../adapters/serving/local.js'
import { openSignals } from '../../adapters/telemetry/index.js'
import { createTraffic } from '../../adapters/traffic/index.js'
import type { EngineConnection, EngineName } from '../../config/drift/engine.js'
import { isAlive } from '../../files/process.js'
import { requireForge } from '../../runtime/require-forge.js'
import { type Action, actionMode } from '../../runtime/run-action.js'
import { readRecord } from '../../tabular/csv/csv-record.js'
import { tableBatches } from '../../tabular/table-batches.js'
import { runCommand } from './command/run.js'
import { CommandSettings } from './command/settings.js'
import { contract } from './contract.js'
import { answersWanted } from './logged-answers.js'
import { deployCanary } from './run.js'

/** deploy-canary with the targets that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  modes: {
    command: actionMode(CommandSettings, (context) => runCommand(context, requireForge(context))),
  },
  job: (context) => {
    const { workspace, now, env, settings, forge, signal, project } = context
    const servers = createLocalServers()
    const answers = {
      wanted: answersWanted(settings),
      workspace,
      readers: { csvRecord: readRecord, tables: tableBatches },
      openEngine: async (name: Exclude<EngineName, 'embedded'>, connection: EngineConnection) => {
        const { openEngine } = await import('../../adapters/engine/index.js')
        return openEngine(name, { connection, env, workingDirectory: workspace.root })
      },
    }
    const traffic = createTraffic({
      settings,
      env,
      home: homedir(),
      routerPath: fileURLToPath(new URL('router/index.js', context.distribution)),
      openRepository: forge?.openRepository,
      register: forge && {
        registers: forge.registers,
        name: registerName(project, settings.environment),
      },
      openSignals: (otherwise, own) =>
        openSignals(settings.signals, { env, signal, otherwise, own, answers }),
      answers: servers.answers,
      now: () => now().getTime(),
      sleep: async (milliseconds) => void (await wait(milliseconds)),
    })
    return deployCanary(context, {
      servers,
      openRegistry: ({ registry, location }) =>
        openRegistry(registry, { workspace, location, now, env }),
      openEndpoint:
        settings.probe &&
        createEndpoints(settings.probe, { env, healthPath: settings['health-path'] }),
      ...traffic,
      self: { host: hostname(), pid: process.pid },
      isAlive,
      sleep: async (milliseconds, until) => {
        // An abort ends the wait early; the caller looks at the signal.
        await wait(milliseconds, undefined, { signal: until }).catch(() => undefined)
      },
    })
  },
}

/** A register of each environment of a project: what a reference's name may hold. */
function registerName(project: string, environment: string): string {
  const part = (text: string) => encodeURIComponent(text).replaceAll('%', '-').replaceAll('.', '-')
  return `rollouts/${part(project)}/${part(environment)}`
}
