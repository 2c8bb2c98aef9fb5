import { openRegistry } from '../../adapters/registry/index.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { registerModel } from './run.js'

/** register-model with the systems that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: async (context) => {
    const { workspace, now, env, settings } = context
    return registerModel(context, {
      registry: await openRegistry(settings.registry, {
        workspace,
        location: settings.location,
        now,
        env,
      }),
    })
  },
}
