import { ensureCached } from './cache.js'
import { npmInstall } from './packages.js'

export const azuriteVersion = '3.35.0'

/** The client that @actions/artifact 6.2.1 is installed with, so that both sides speak the same protocol version. */
const storageBlobVersion = '12.32.0'

/** A folder whose node_modules hold Azurite (3.35.0 is the last that runs on Node 20) and @azure/storage-blob. */
export function ensureAzurite(): Promise<string> {
  const fill = (folder: string): Promise<void> =>
    npmInstall(folder, { azurite: azuriteVersion, '@azure/storage-blob': storageBlobVersion })
  return ensureCached({ name: 'azurite', version: azuriteVersion, fill })
}
