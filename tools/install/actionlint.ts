import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { goInstall } from './packages.js'

export const actionlintVersion = '1.7.12'

/** The program `actionlint`. */
export async function ensureActionlint(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await goInstall(folder, `github.com/rhysd/actionlint/cmd/actionlint@v${actionlintVersion}`)
    await command(join(folder, 'actionlint'), ['-version'])
  }
  return join(
    await ensureCached({ name: 'actionlint', version: actionlintVersion, fill }),
    'actionlint',
  )
}
