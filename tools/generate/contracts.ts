import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ActionContract } from '../../src/runtime/contract.js'
import { actionNames } from '../action-names.js'

/** All contracts, in the order of the pipeline. */
export async function loadContracts(root: string): Promise<readonly ActionContract[]> {
  const order = ['data', 'train', 'gate', 'registry', 'deploy', 'drift']
  const contracts: ActionContract[] = []
  for (const name of actionNames()) {
    const module = await import(
      pathToFileURL(join(root, 'src', 'actions', name, 'contract.ts')).href
    )
    contracts.push(module.contract)
  }
  return contracts.sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section))
}
