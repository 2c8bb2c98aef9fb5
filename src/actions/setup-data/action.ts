import { openDataSource } from '../../adapters/data/index.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { setupData } from './run.js'

/** setup-data with the systems that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) =>
    setupData(context, {
      openSource: (source) =>
        openDataSource(source, { workspace: context.workspace, log: context.log }),
    }),
}
