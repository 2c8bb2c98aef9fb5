import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

export const zizmorVersion = '1.32.0'

/** The program `zizmor`. */
export async function ensureZizmor(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `zizmor==${zizmorVersion}`)
    await command(join(folder, 'bin', 'zizmor'), ['--version'])
  }
  return join(await ensureCached({ name: 'zizmor', version: zizmorVersion, fill }), 'bin', 'zizmor')
}
