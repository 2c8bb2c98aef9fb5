import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openRegistry } from '../../adapters/registry/index.js'
import { createLocalServers } from '../../adapters/serving/local.js'
import { knownStable, openTarget } from '../../adapters/traffic/index.js'
import { isAlive } from '../../files/process.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { deployCanary } from './run.js'

/** deploy-canary with the targets that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) => {
    const { workspace, now, env, settings } = context
    const routerPath = fileURLToPath(new URL('router/index.js', context.distribution))
    return deployCanary(context, {
      servers: createLocalServers(),
      openRegistry: ({ registry, location }) =>
        openRegistry(registry, { workspace, location, now, env }),
      knownStable: (stateDir) => knownStable(settings.target, stateDir),
      openTarget: (options) => openTarget(settings.target, { ...options, routerPath }),
      self: { host: hostname(), pid: process.pid },
      isAlive,
      sleep: async (milliseconds, signal) => {
        // An abort ends the wait early; the caller looks at the signal.
        await wait(milliseconds, undefined, { signal }).catch(() => undefined)
      },
    })
  },
}
