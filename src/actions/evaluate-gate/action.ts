import { createGitCode } from '../../adapters/code/git.js'
import { openRegistry } from '../../adapters/registry/index.js'
import { openTracker } from '../../adapters/tracking/index.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { evaluateGate } from './run.js'

/** evaluate-gate with everything that a baseline can come from. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) => {
    const { workspace, now, env } = context
    return evaluateGate(context, {
      openRegistry: ({ registry, location }) =>
        openRegistry(registry, { workspace, location, now, env }),
      openTracker: (name, signal) => openTracker(name, { env, signal }),
      history: createGitCode(),
    })
  },
}
