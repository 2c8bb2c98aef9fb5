import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

export const motoVersion = '5.2.5'

/**
 * A folder of Python packages with moto's server of AWS services, and with botocore's descriptions of them: put it on PYTHONPATH, and
 * run `python3 -m moto.server`.
 */
export function ensureMoto(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `moto[server]==${motoVersion}`, { dependencies: true })
    // Without compiled files each start of the server takes long.
    await command('python3', ['-m', 'compileall', '-q', '-j', '2', join(folder, 'moto')])
  }
  return ensureCached({ name: 'moto', version: motoVersion, fill })
}
