import type { Action } from '../../runtime/run-action.js'
import { contract } from './contract.js'
import { driftCheck } from './run.js'

/** drift-check with the engine that it can name. */
export const action: Action<typeof contract.settings> = { contract, job: driftCheck }
