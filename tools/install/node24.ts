import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { npmInstall } from './packages.js'

export const node24Version = '24.21.0'

/** The folder that holds the program `node` of the version that GitHub's runner uses for `using: node24`. */
export async function ensureNode24(): Promise<string> {
  const name = packageName()
  const fill = async (folder: string): Promise<void> => {
    await npmInstall(folder, { [name]: node24Version })
    const version = await command(join(binaries(folder, name), 'node'), ['--version'])
    if (version.trim() !== `v${node24Version}`) throw new Error(`${name} holds ${version.trim()}`)
  }
  return binaries(await ensureCached({ name: 'node', version: node24Version, fill }), name)
}

function binaries(folder: string, name: string): string {
  return join(folder, 'node_modules', name, 'bin')
}

function packageName(): string {
  const { platform, arch } = process
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return `node-linux-${arch}`
  throw new Error(
    `Node 24 is installed for linux-x64 and linux-arm64 only; this is ${platform}-${arch}. ` +
      'Run the system tests in a Linux machine or container.',
  )
}
