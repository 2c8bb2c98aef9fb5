import { createGitCode } from '../../adapters/code/git.js'
import { openTrainer } from '../../adapters/compute/index.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { trainOnRunner } from './run.js'

/** train-on-runner with the systems that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: async (context) =>
    trainOnRunner(context, {
      trainer: await openTrainer(context.settings.backend),
      code: createGitCode(),
    }),
}
