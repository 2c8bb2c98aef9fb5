import { openDataSource } from '../../adapters/data/index.js'
import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { driftCheck } from './run.js'

/** drift-check with the systems that it can name. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) =>
    driftCheck(context, {
      openSource: (source) =>
        openDataSource(source, { workspace: context.workspace, log: context.log }),
    }),
}
