import type { ModelRegistry } from '../../../ports/registry.js'
import type { RegistryContext } from '../index.js'
import { createBranchStore } from './branch-store.js'
import { createFolderStore } from './folder-store.js'
import { createStoredRegistry } from './registry.js'

const BRANCH = 'branch:'

/** A registry of plain files: in a folder, or on a branch of the repository that the working directory is in. */
export function createFilesRegistry({
  workspace,
  location,
  now,
  env,
}: RegistryContext): ModelRegistry {
  const store = location.startsWith(BRANCH)
    ? createBranchStore({ repository: workspace.root, branch: location.slice(BRANCH.length), env })
    : createFolderStore(workspace.resolve(location, 'registry.location'))
  return createStoredRegistry({ store, location, now })
}
